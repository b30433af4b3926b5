"""Servers that a source asks: where they are, who we are to them, and patience where they are busy."""

from __future__ import annotations

import time
from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, Field, SecretStr, model_validator

from cti.i18n import mark
from cti.problems import Problem, Problems, problem
from cti.remote import Answer, Login, Remote, RemoteError
from cti.sources.settings import wrong

PAUSES = (2.0, 8.0, 30.0)
"""Seconds of patience with a server that is busy, where it names none of its own; after these the next reading tries again."""

LONGEST_PAUSE = 60.0

WRONG = {
    "silent": mark('source "{source}": the server does not answer: {why}'),
    "token": mark('source "{source}": no token is given for client_id and client_secret'),
    "too-much": mark('source "{source}": the server sends far too much at once'),
    "certificate": mark('source "{source}": the certificate cannot be read: {why}'),
    "not-a-bundle": mark('source "{source}": what the server answers is not a FHIR Bundle'),
    "not-a-list": mark('source "{source}": what the server answers is not a SCIM ListResponse'),
    "elsewhere": mark('source "{source}": the next page is said to be on another server'),
}


def check_server(value: str) -> str:
    """The address of a server, to which no secret goes in clear."""
    parts = urlsplit(value)
    local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if not parts.hostname or parts.scheme not in ("https", "http") or parts.query or parts.fragment:
        raise wrong(mark('{key} = {value}: not the address of a server, such as "https://host/fhir"'))
    if parts.scheme == "http" and not local:
        raise wrong(
            mark("{key} = {value}: what goes between the server and cti is about people; ask it by https")
        )
    if parts.username or parts.password:
        raise wrong(mark("{key}: a password does not belong into the address; use token or client_secret"))
    return value.rstrip("/")


class ServerOptions(BaseModel):
    """Where a server is, and who we are to it."""

    url: Annotated[str, AfterValidator(check_server)] = Field(
        description='Where the server answers, up to before the kind of resource: "https://host/fhir".'
    )
    token: SecretStr | None = Field(
        default=None, description="The bearer token by which the server knows us."
    )
    token_url: Annotated[str, AfterValidator(check_server)] | None = Field(
        default=None, description="Where a token is given for client_id and client_secret (OAuth 2)."
    )
    client_id: str | None = Field(default=None, description="As whom a token is asked for.")
    client_secret: SecretStr | None = Field(default=None, description="By which secret it is asked for.")
    certificate: str | None = Field(
        default=None,
        description="A file with our certificate and its key (PEM), where the server asks for it (mTLS).",
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        login = (self.token_url, self.client_id, self.client_secret)
        if any(login) and not all(login):
            raise wrong(mark("token_url, client_id and client_secret belong together"))
        return self

    def login(self, folder: Path) -> Login:
        """Who we are to the server; relative paths start from the folder."""
        return Login(
            self.url,
            self.token.get_secret_value() if self.token is not None else None,
            self.token_url,
            self.client_id,
            self.client_secret.get_secret_value() if self.client_secret is not None else None,
            folder / self.certificate if self.certificate is not None else None,
        )


def asked(
    server: Remote,
    url: str,
    source: str,
    headers: dict[str, str] | None = None,
    fine: Collection[int] = (200, 304),
) -> Answer:
    """What the server answers, with patience where it is busy. Raises Problems for what is not `fine`, and RemoteError."""
    answer = server.ask("GET", url, headers)
    for pause in PAUSES:
        if answer.status not in (429, 502, 503, 504):
            break
        time.sleep(_pause_of(answer, pause))
        answer = server.ask("GET", url, headers)
    if answer.status not in fine:
        why = mark('source "{source}": the server answers {status}')
        if answer.status in (401, 403):
            why = mark('source "{source}": the server answers {status}; it does not let us read')
        raise Problems([problem(why, field="url", source=source, status=answer.status)])
    return answer


def problem_of(error: RemoteError, source: str) -> Problem:
    """What went wrong between us and the server, without secrets."""
    return problem(WRONG[error.what], field="url", source=source, why=error.why)


def _pause_of(answer: Answer, otherwise: float) -> float:
    said = answer.headers.get("retry-after", "")
    return min(float(said), LONGEST_PAUSE) if said.isdecimal() and len(said) < 9 else otherwise
