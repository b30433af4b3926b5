// A real OpenID provider, at which one logs in by naming an account instead of typing a password.
//
// node provider.mjs FOLDER SETTINGS: FOLDER has node_modules; SETTINGS is JSON: client (as registered), accounts (what is said
// of each). Writes its address once it answers. GET /interaction/UID/as/ACCOUNT[?acr=…&amr=…] logs in, /interaction/UID/deny does not.
import { createRequire } from "node:module";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

const [folder, text] = process.argv.slice(2);
const { client, accounts } = JSON.parse(text);
const { Provider } = await import(pathToFileURL(createRequire(`${folder}/x.js`).resolve("oidc-provider")).href);

const server = createServer();
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [client],
  claims: { openid: ["sub", "acr", "amr"], email: ["email", "email_verified"] },
  acrValues: ["simple", "strong"],
  cookies: { keys: ["a key for the tests"] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  pkce: { required: () => true },
  findAccount: (_, id) =>
    accounts[id] && { accountId: id, claims: () => ({ sub: id, ...accounts[id] }) },
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope("openid email");
    await grant.save();
    return grant;
  },
});

provider.use(async (ctx, next) => {
  const [, , , act, account] = ctx.path.split("/");
  if (!ctx.path.startsWith("/interaction/") || act === undefined) return next();
  const { acr, amr } = ctx.query;
  const login = { accountId: account, acr, amr: amr && amr.split(" ") };
  const result = act === "as" ? { login } : { error: "access_denied" };
  await provider.interactionFinished(ctx.req, ctx.res, result);
  ctx.respond = false;
});

server.on("request", provider.callback());
console.log(issuer);
