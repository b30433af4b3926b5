"""Talking with a server that holds what we ask for or write: who we are to it, and what it answers. What an answer means is for
whoever asked."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import httpx2

from cti.trust import trusted

ANSWER_WITHIN = 30.0
"""Seconds."""

MOST_BYTES = 64 * 1024**2
"""Of one answer."""

Wrong = Literal["silent", "token", "too-much", "certificate", "not-a-bundle", "not-a-list", "elsewhere"]


class RemoteError(Exception):
    """Nothing to go by came from the server: it does not answer, gives no token, sends too much or what it should not, points to
    another server, or our certificate cannot be read. `why` is a name or the system's words, never an address or a secret."""

    def __init__(self, what: Wrong, why: str = "") -> None:
        super().__init__(what, why)
        self.what, self.why = what, why


@dataclass(frozen=True, slots=True)
class Login:
    """Where a server is, and who we are to it: by a token, by one that is given for a secret, by a certificate, or by nothing."""

    url: str
    token: str | None = field(default=None, repr=False)
    token_url: str | None = None
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    certificate: Path | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def document(self) -> Mapping[str, Any] | None:
        """The JSON object that the body is; None where it is none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None


class Remote:
    """One server, which speaks `media`, a type of JSON. Raises RemoteError."""

    def __init__(self, login: Login, media: str) -> None:
        self.login = login
        self._media = media
        self._token = login.token
        self._client = httpx2.Client(
            timeout=ANSWER_WITHIN, follow_redirects=False, trust_env=False, verify=_certified(login)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def address(self, kind: str, query: list[tuple[str, str]]) -> str:
        """The address of a search among resources of this kind."""
        return str(httpx2.URL(f"{self.login.url}/{kind}", params=query))

    def ask(
        self, method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        """What the server answers at an address of its own. A token that it no longer takes is asked for anew, once."""
        answer = self._once(method, url, headers or {}, body)
        if answer.status == 401 and self.login.token_url is not None:
            self._token = None
            answer = self._once(method, url, headers or {}, body)
        return answer

    def _once(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        ours = {
            "accept": self._media,
            **headers,
            **({"content-type": self._media} if body is not None else {}),
        }
        if (token := self._shown()) is not None:
            ours["authorization"] = f"Bearer {token}"
        try:
            with self._client.stream(method, url, headers=ours, content=body) as answer:
                said = bytearray()
                for piece in answer.iter_bytes():
                    said += piece
                    if len(said) > MOST_BYTES:
                        raise RemoteError("too-much")
                return Answer(answer.status_code, dict(answer.headers), bytes(said))
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            raise RemoteError("silent", type(error).__name__) from None

    def _shown(self) -> str | None:
        """The token to show, if any."""
        login = self.login
        if self._token is None and login.token_url is not None:
            who = (login.client_id or "", login.client_secret or "")
            try:
                form = {"grant_type": "client_credentials"}
                answer = self._client.post(login.token_url, data=form, auth=who)
                given = answer.json().get("access_token") if answer.status_code == 200 else None
            except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
                raise RemoteError("silent", type(error).__name__) from None
            except (ValueError, AttributeError):
                given = None
            if not isinstance(given, str):
                raise RemoteError("token")
            self._token = given
        return self._token


def _certified(login: Login) -> ssl.SSLContext:
    if login.certificate is None:
        return trusted()
    ours = ssl.create_default_context()
    try:
        ours.load_cert_chain(login.certificate)
    except OSError as error:
        raise RemoteError("certificate", error.strerror or type(error).__name__) from None
    return ours
