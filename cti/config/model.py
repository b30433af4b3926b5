"""What a config file may hold, section by section. `[mail]` and `[[sources]]` are described where they are used."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from cti.config.values import Address, Clock, Country, Day, Id, Share, Weekday, Zone
from cti.sources.server import ServerOptions

Language = Literal["nl", "en"]
Role = Literal["worker", "team-lead", "manager", "administrator", "auditor"]


class Section(BaseModel):
    """A table of the config. A key that it does not know is an error, never ignored.

    What stands below a field describes it, here and in an editor (`cti rules schema config`).
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, str_strip_whitespace=True, use_attribute_docstrings=True
    )


class Organisation(Section):
    """`[organisation]`: what working days and texts need to know."""

    name: str = ""
    """Stands in texts and on pages."""
    country: Country = "NL"
    """Whose public holidays are no working days, as two letters; "" for none."""
    subdivision: str | None = None
    """A part of the country with holidays of its own."""
    closing_days: tuple[Day, ...] = ()
    """Further days on which nobody works."""
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1)] = ("mon", "tue", "wed", "thu", "fri")
    """The days of the week on which the organisation works."""
    opens: Clock = time(9)
    """Urgent mails go between opening and closing; prompts are due at opening."""
    closes: Clock = time(17)
    """When working hours end."""
    digest_at: Clock | None = None
    """When the daily mail goes; at opening where this is left out."""
    cap: Annotated[int, Field(ge=1)] = 3
    """New prompts per person per day; urgent ones and team inboxes stand outside it."""
    counts: Literal["monthly", "off"] = "monthly"
    """Whether team leads get the counts of each month."""
    coordinator: str = ""
    """A text that prompts can quote: how to reach those who organise conferences."""
    places: str = ""
    """A text that prompts can quote: where people can meet."""
    funding: str = ""
    """A text that prompts can quote: who pays."""


class Team(Section):
    """`[[teams]]`: a team and the inbox that stands in where a worker cannot be reached."""

    id: Id
    """As the registration names the team."""
    inbox: Address | None = None
    """Gets what reaches no worker."""
    language: Language | None = None
    """Of the inbox, and of people of the team who have none of their own."""


class Absence(Section):
    """`away = [{ from = …, until = …, deputy = … }]`: both days included."""

    first: Day = Field(alias="from")
    """The first day."""
    until: Day
    """The last day."""
    deputy: str | None = None
    """The id of whoever stands in."""


class Person(Section):
    """`[[people]]`: a member of staff."""

    id: Id
    """As the registration names the worker."""
    name: Annotated[str, Field(min_length=1)]
    """How the person is called in mails."""
    address: Address | None = None
    """The work address; without one the team's inbox is mailed."""
    role: Role = "worker"
    """What the person is told, and may see."""
    team: str | None = None
    """The id of a team."""
    language: Language | None = None
    """Else the team's, else the first of languages."""
    works: tuple[Weekday, ...] = ()
    """The days on which this person is mailed; else the organisation's."""
    away: tuple[Absence, ...] = ()
    """Absences, with who stands in."""


class Limits(Section):
    """`[limits]`: a change that touches more clients than this waits for a person to look at it."""

    share: Share = 0.1
    """Of the clients in care; a tenth is 0.1."""
    floor: Annotated[int, Field(ge=0)] = 20
    """But never fewer clients than this."""


class Retention(Section):
    """`[retention]`: how long what we know of a client is kept."""

    months_after_closing: Annotated[int, Field(ge=1, le=240)] = 6
    """So long after the file was closed, or all was taken back, what is kept about a client is erased, but for what keeps it from
    coming back."""
    months_of_quiet: Annotated[int, Field(ge=12, le=240)] = 24
    """The same where nobody closes the file, no stay lasts, and nothing was registered for so long."""
    audit_years: Annotated[int, Field(ge=2, le=30)] = 5
    """How long it is kept who saw and did what, in numbers that lead to nobody once a client is erased."""


class Oidc(Section):
    """`[web.oidc]`: single sign-on by OpenID Connect."""

    issuer: Annotated[str, Field(min_length=1)]
    """The provider's name for itself, an address; what it says of itself stands under it."""
    client_id: Annotated[str, Field(min_length=1)]
    """Our name there."""
    client_secret: SecretStr | None = None
    """Our password there, where it gives one."""
    claim: str = "email"
    """What of the person is the work address that the config has."""
    acr: tuple[str, ...] = ()
    """Ways of logging in of which one must have been used, such as one with a second factor."""
    amr: tuple[str, ...] = ()
    """Means of which one must have been used, such as "mfa" or "otp"."""


LoginBy = Literal["mail", "oidc"]


class Web(Section):
    """`[web]`: the pages, which `cti run` serves."""

    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    """The address to listen on: this machine only, for a proxy that does https; "0.0.0.0" for all networks."""
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    """The port to listen on; 0 for any that is free."""
    proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    """The proxies whose word is taken for who asks and by which scheme."""
    draft: Annotated[str, Field(min_length=1)] = "draft"
    """The folder with the draft of the managers: in it a folder rules and, where texts change, a folder templates."""
    session_hours: Annotated[int, Field(ge=1, le=168)] = 12
    """How long someone stays logged in."""
    login: Annotated[tuple[LoginBy, ...], Field(min_length=1)] = ("mail",)
    """How people come in: by a link that is mailed to them, by single sign-on, or by either."""
    oidc: Oidc | None = None
    """Single sign-on by OpenID Connect."""
    client_url: str | None = None
    """A client in the registration system, with {client} where the reference goes."""
    calendar: Literal["none", "full"] = "none"
    """What the calendars of workers tell: only that a prompt waits, or the client's reference and what is to be done too."""
    metrics_token: SecretStr | None = None
    """Whoever bears this may read /metrics; without one, this machine only."""
    ping: str | None = None
    """An address that is asked after each good pass, so that someone notices when it no longer is."""


WebhookKind = Literal["prompt.created", "prompt.answered", "prompt.withdrawn"]
WEBHOOK_KINDS: tuple[WebhookKind, ...] = get_args(WebhookKind)


class Webhook(Section):
    """`[[webhooks]]`: an address that is told what becomes of prompts, signed (Standard Webhooks)."""

    name: Id
    """What it is called in the log and on the administrator's page."""
    url: str
    """Where it is posted; https where it is not this machine."""
    secret: SecretStr
    """What it is signed with: whsec_ and the base64 of 24 to 64 random bytes."""
    events: tuple[WebhookKind, ...] = WEBHOOK_KINDS
    """What it is told of: that a prompt was sent, answered, or is no longer asked."""
    content: Literal["none", "full"] = "none"
    """ "none" tells only the number of a prompt; "full" tells the client's reference, the step, and what was answered too."""


class Tasks(ServerOptions, Section):
    """`[[tasks]]`: a FHIR R4 server on which each prompt stands as a Task, and where it can be answered."""

    name: Id
    """What it is called in the log and on the administrator's page."""
    client: str | None = None
    """The system of the identifier that a client's reference is there; without it, the reference is the id of a Patient."""
    worker: str | None = None
    """The same of whom a prompt is for; without it, their id is that of a Practitioner."""

    @property
    def queue(self) -> str:
        """What it is called among all that are told what becomes of prompts."""
        return f"tasks:{self.name}"


class File(Section):
    """The config file as a whole."""

    database: Annotated[str, Field(min_length=1)] = "sqlite:///cti.db"
    """SQLite in a file, or postgresql+psycopg://USER:PASSWORD@HOST/NAME for several services at once."""
    base_url: str = "http://localhost:8080"
    """Where the links in mails lead; https where it is not this machine."""
    timezone: Zone = "Europe/Amsterdam"
    """Of working hours, daily mails, and times that a registration writes without a zone."""
    languages: Annotated[tuple[Language, ...], Field(min_length=1)] = ("nl", "en")
    """Rules must have their texts in all of these; the first is the default."""
    rules: str = "rules"
    """The folder of the vocabulary, the rules and their tests."""
    templates: str = "templates"
    """The folder of the texts of prompts, and of the mails around them."""
    mail: dict[str, Any] = Field(default_factory=dict)
    """How mail leaves."""
    sources: tuple[dict[str, Any], ...] = ()
    """Where the registration comes from."""
    organisation: Organisation = Organisation()
    """What working days and texts need to know."""
    desks: dict[str, Address] = Field(default_factory=dict)
    """Further roles that a step can be for, each with its mail address."""
    teams: tuple[Team, ...] = ()
    """Teams, each with the inbox that stands in where a worker cannot be reached."""
    people: tuple[Person, ...] = ()
    """Who works here."""
    limits: Limits = Limits()
    """A change that touches more clients than this waits for a person to look at it."""
    retention: Retention = Retention()
    """How long what is known of a client is kept after the file was closed."""
    web: Web = Web()
    """The pages, which `cti run` serves."""
    webhooks: tuple[Webhook, ...] = ()
    """Addresses that are told what becomes of prompts."""
    tasks: tuple[Tasks, ...] = ()
    """FHIR servers on which prompts stand as Tasks."""
