// nools on the work of benchmarks/matching.py, 1,000 changes a session: one at a time costs ten times as much, all at once does not
// end. Prints [seconds, checksum].
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [work, modules] = process.argv.slice(2);
const nools = createRequire(`${modules}/`)("nools");
const { changes, rules, facts } = JSON.parse(readFileSync(work, "utf8"));
const AT_ONCE = 1000;

class Change {
  constructor(row) {
    [this.client, this.before, this.now, this.day] = row;
    facts.forEach((fact, number) => { this[fact] = row[4 + number]; });
  }
}

const list = (words) => "[" + words.map((word) => `'${word}'`).join(", ") + "]";
let found = [];
const flow = nools.flow("changes", (flow) => {
  rules.forEach(([id, situation, origins, known, days], number) => {
    const parts = [`c.now == '${situation}'`, `c.before in ${list(origins)}`];
    for (const [fact, said] of Object.entries(known))
      parts.push(Array.isArray(said) ? `c.${fact} in ${list(said)}` : `c.${fact} >= ${said}`);
    flow.rule(id, [Change, "c", parts.join(" && ")], ({ c }) =>
      days.forEach((after, step) => found.push([c.client, number, step, c.day + after])));
  });
});

const times = [];
for (let run = 0; run < 2; run++) {
  found = [];
  const began = performance.now();
  for (let first = 0; first < changes.length; first += AT_ONCE) {
    const session = flow.getSession();
    for (const row of changes.slice(first, first + AT_ONCE)) session.assert(new Change(row));
    await session.match();
    session.dispose();
  }
  times.push((performance.now() - began) / 1000);
}
const total = found.reduce((sum, [client, rule, step, day]) => sum + ((client * 131 + rule * 31 + step * 7 + day) % 1000003), 0);
console.log(JSON.stringify([Math.min(...times), total]));
