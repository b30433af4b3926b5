"""The settings of a `fhir` source."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, SecretStr, model_validator

from cti.fhir import Login
from cti.i18n import mark
from cti.sources.base import SourceOptions
from cti.sources.settings import read_pace, refuse_citizen_number, wrong

Kind = Literal["Encounter", "EpisodeOfCare", "Condition", "CareTeam"]
KINDS: tuple[Kind, ...] = ("Encounter", "EpisodeOfCare", "Condition", "CareTeam")


def _check_server(value: str) -> str:
    parts = urlsplit(value)
    local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if not parts.hostname or parts.scheme not in ("https", "http") or parts.query or parts.fragment:
        raise wrong(mark('{key} = {value}: not the address of a FHIR server, such as "https://host/fhir"'))
    if parts.scheme == "http" and not local:
        raise wrong(mark("{key} = {value}: what a FHIR server says is about clients; ask it by https"))
    if parts.username or parts.password:
        raise wrong(mark("{key}: a password does not belong into the address; use token or client_secret"))
    return value.rstrip("/")


def _check_system(value: str | None) -> str | None:
    if value is not None:
        refuse_citizen_number(value.rstrip("/").rpartition("/")[2])
    return value


class ServerOptions(BaseModel):
    """Where a FHIR server is, and who we are to it."""

    url: Annotated[str, AfterValidator(_check_server)] = Field(
        description='Where the server answers, up to before the kind of resource: "https://host/fhir".'
    )
    token: SecretStr | None = Field(
        default=None, description="The bearer token by which the server knows us."
    )
    token_url: Annotated[str, AfterValidator(_check_server)] | None = Field(
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


class Options(ServerOptions, SourceOptions):
    """The settings of a `fhir` source."""

    resources: tuple[Kind, ...] = Field(
        default=KINDS, description="The kinds of resource that are read.", min_length=1
    )
    search: dict[Kind, str] = Field(
        default_factory=dict,
        description='What else is asked of a kind, as FHIR writes it: Encounter = "service-provider=Organization/7".',
    )
    client: Annotated[str | None, AfterValidator(_check_system)] = Field(
        default=None,
        description="The system of the identifier that is a client's reference; without it, the id of the Patient.",
    )
    worker_role: str | None = Field(
        default=None,
        description="The code of the role in which someone of a CareTeam, or who takes part in an Encounter, is the worker.",
    )
    codes: dict[str, dict[str, str]] = Field(
        default_factory=dict,
        description='The words that codes stand for: situation = { CS = "crisis-shelter" }. A code may have its system before '
        'it: "http://snomed.info/sct|32911000".',
    )
    overlap: Annotated[timedelta, BeforeValidator(read_pace)] = Field(
        default=timedelta(minutes=10),
        description="How far before the last change is asked again, for what the server stored late.",
    )
