"""The provider of single sign-on, by Authlib. Loaded only where the config has one: that takes a third of a second."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, cast
from urllib.parse import urlsplit

import httpx2
from authlib.integrations.base_client import OAuthError  # type: ignore[import-untyped]
from authlib.integrations.httpx_client import OAuth2Client  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken, UserInfo  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from cti.config.model import Oidc
from cti.trust import trusted
from cti.web.oidc import LASTS, Begun, NotIn

PATIENCE = 10
"""Seconds that the provider has for each answer."""
KEPT = timedelta(hours=1)
"""How long what the provider says of itself is taken as known."""
LEEWAY = 60
"""Seconds by which its clock may differ from ours."""
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures by a key that only the provider has."""


class Provider:
    """The provider of the config. What it says of itself, and its keys, are kept for an hour."""

    def __init__(self, settings: Oidc, back: str) -> None:
        self.settings = settings
        self.back = back
        self._lock = Lock()
        self._said: tuple[datetime, Mapping[str, Any]] | None = None
        self._keys: KeySet | None = None

    def address(self, begun: Begun, now: datetime) -> str:
        """Where the browser goes to log in. Raises NotIn."""
        said = self._metadata(now)
        extra = {"acr_values": " ".join(self.settings.acr)} if self.settings.acr else {}
        with self._client(said) as client:
            where, _ = client.create_authorization_url(
                _endpoint(said, "authorization_endpoint"),
                state=begun.state,
                nonce=begun.nonce,
                code_verifier=begun.verifier,
                **extra,
            )
        return str(where)

    def person(self, begun: Begun, answer: Mapping[str, str], now: datetime) -> str:
        """The work address of whoever came back with this answer. Raises NotIn."""
        if not timedelta(0) <= timedelta(seconds=now.timestamp() - begun.at + 1) <= LASTS:
            raise NotIn("over", "late")
        if not secrets.compare_digest(answer.get("state", "").encode(), begun.state.encode()):
            raise NotIn("over", "state")
        if answer.get("iss", self.settings.issuer) != self.settings.issuer:
            raise NotIn("wrong", "issuer")
        if "error" in answer:
            raise NotIn("denied" if answer["error"] in DENIED else "wrong", "answer")
        said = self._metadata(now)
        with self._client(said) as client:
            token = self._token(client, said, answer.get("code", ""), begun)
            claims = self._claims(token, said, begun, now)
            self._second_factor(claims)
            if self.settings.claim not in claims:
                claims = {**self._more(client, said, claims), **claims}
        if claims.get("email_verified") in (False, "false"):
            raise NotIn("unverified", "email_verified")
        found = claims.get(self.settings.claim)
        if not isinstance(found, str) or not found.strip():
            raise NotIn("wrong", "claim")
        return found

    def _second_factor(self, claims: Mapping[str, Any]) -> None:
        """Where the config asks for one, the provider must say that there was one."""
        wanted = self.settings
        if wanted.acr and claims.get("acr") not in wanted.acr:
            raise NotIn("factor", "acr")
        if wanted.amr and not set(wanted.amr) & set(claims.get("amr") or ()):
            raise NotIn("factor", "amr")

    def _token(self, client: Any, said: Mapping[str, Any], code: str, begun: Begun) -> Mapping[str, Any]:
        try:
            token = client.fetch_token(
                _endpoint(said, "token_endpoint"),
                grant_type="authorization_code",
                code=code,
                code_verifier=begun.verifier,
            )
        except OAuthError as error:
            # A code that was used or is too old is nobody's fault; all else is ours or the provider's.
            raise NotIn("over" if error.error == "invalid_grant" else "wrong", "token") from error
        except (httpx2.HTTPError, ValueError) as error:
            raise NotIn("down", type(error).__name__) from error
        if not isinstance(token.get("id_token"), str):
            raise NotIn("wrong", "id_token")
        return dict(token)

    def _claims(
        self, token: Mapping[str, Any], said: Mapping[str, Any], begun: Begun, now: datetime
    ) -> Mapping[str, Any]:
        """What the ID token says, once its signature and all that ties it to this login were found right."""
        settings = self.settings
        try:
            read = self._decoded(token["id_token"], said)
            found = CodeIDToken(
                read.claims,
                read.header,
                {
                    "iss": {"essential": True, "value": settings.issuer},
                    "aud": {"essential": True, "value": settings.client_id},
                },
                {
                    "nonce": begun.nonce,
                    "client_id": settings.client_id,
                    "access_token": token.get("access_token"),
                },
            )
            found.validate(now=int(now.timestamp()), leeway=LEEWAY)
        except (JoseError, ValueError) as error:
            raise NotIn("wrong", type(error).__name__) from error
        return dict(found)

    def _decoded(self, text: str, said: Mapping[str, Any]) -> jwt.Token:
        with self._lock:
            keys = self._keys
        if keys is not None:
            try:
                return jwt.decode(text, keys, algorithms=list(ALGORITHMS))
            except (JoseError, ValueError):
                pass  # it may have been signed with a key that is newer than what we know
        keys = KeySet.import_key_set(cast("Any", _json(_endpoint(said, "jwks_uri"))))
        with self._lock:
            self._keys = keys
        return jwt.decode(text, keys, algorithms=list(ALGORITHMS))

    def _more(self, client: Any, said: Mapping[str, Any], claims: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the provider says of the person where the ID token does not have it all."""
        if "userinfo_endpoint" not in said:
            return {}
        try:
            answer = client.get(_endpoint(said, "userinfo_endpoint"))
            answer.raise_for_status()
            found = UserInfo(answer.json())
        except (httpx2.HTTPError, OAuthError, ValueError, TypeError) as error:
            raise NotIn("down", type(error).__name__) from error
        if found.get("sub") != claims["sub"]:
            raise NotIn("wrong", "sub")
        return dict(found)

    def _metadata(self, now: datetime) -> Mapping[str, Any]:
        with self._lock:
            if self._said is not None and timedelta(0) <= now - self._said[0] < KEPT:
                return self._said[1]
        said = _json(self.settings.issuer.rstrip("/") + "/.well-known/openid-configuration")
        if said.get("issuer") != self.settings.issuer:
            raise NotIn("wrong", "issuer")
        with self._lock:
            self._said = (now, said)
        return said

    def _client(self, said: Mapping[str, Any]) -> Any:
        settings = self.settings
        secret = settings.client_secret.get_secret_value() if settings.client_secret is not None else None
        takes = said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        method = "client_secret_basic" if "client_secret_basic" in takes else "client_secret_post"
        return OAuth2Client(
            settings.client_id,
            secret,
            token_endpoint_auth_method=method if secret is not None else "none",
            scope="openid email",
            redirect_uri=self.back,
            code_challenge_method="S256",
            timeout=PATIENCE,
            verify=trusted(),
        )


DENIED = (
    "access_denied",
    "login_required",
    "interaction_required",
    "consent_required",
    "account_selection_required",
)
"""Errors by which the provider says that the person does not come in."""


def _endpoint(said: Mapping[str, Any], name: str) -> str:
    found = said.get(name)
    if not isinstance(found, str) or urlsplit(found).scheme not in ("http", "https"):
        raise NotIn("wrong", name)
    return found


def _json(address: str) -> dict[str, Any]:
    """What the provider says at this address. Raises NotIn."""
    try:
        answer = httpx2.get(address, timeout=PATIENCE, verify=trusted())
        answer.raise_for_status()
        found = answer.json()
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
        raise NotIn("down", type(error).__name__) from error
    if not isinstance(found, dict):
        raise NotIn("wrong", "json")
    return found
