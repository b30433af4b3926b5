"""What a config file may hold, section by section. `[mail]` and `[[sources]]` are described where they are used."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from cti.config.values import Address, Clock, Country, Day, Id, Share, Weekday, Zone

Language = Literal["nl", "en"]
Role = Literal["worker", "team-lead", "manager", "administrator", "auditor"]


class Section(BaseModel):
    """A table of the config. A key that it does not know is an error, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Organisation(Section):
    """`[organisation]`: what working days and texts need to know."""

    name: str = ""
    country: Country = "NL"
    subdivision: str | None = None
    closing_days: tuple[Day, ...] = ()
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1)] = ("mon", "tue", "wed", "thu", "fri")
    opens: Clock = time(9)
    closes: Clock = time(17)
    digest_at: Clock | None = None
    cap: Annotated[int, Field(ge=1)] = 3
    counts: Literal["monthly", "off"] = "monthly"
    coordinator: str = ""
    places: str = ""
    funding: str = ""


class Team(Section):
    """`[[teams]]`: a team and the inbox that stands in where a worker cannot be reached."""

    id: Id
    inbox: Address | None = None
    language: Language | None = None


class Absence(Section):
    """`away = [{ from = …, until = …, deputy = … }]`: both days included."""

    first: Day = Field(alias="from")
    until: Day
    deputy: str | None = None


class Person(Section):
    """`[[people]]`: a member of staff."""

    id: Id
    name: Annotated[str, Field(min_length=1)]
    address: Address | None = None
    role: Role = "worker"
    team: str | None = None
    language: Language | None = None
    works: tuple[Weekday, ...] = ()
    away: tuple[Absence, ...] = ()


class Limits(Section):
    """`[limits]`: a change that touches more clients than this waits for a person to look at it."""

    share: Share = 0.1
    floor: Annotated[int, Field(ge=0)] = 20


class Retention(Section):
    """`[retention]`: how long what we know of a client is kept after the file was closed."""

    months_after_closing: Annotated[int, Field(ge=1, le=240)] = 6


class File(Section):
    """The config file as a whole."""

    database: Annotated[str, Field(min_length=1)] = "sqlite:///cti.db"
    base_url: str = "http://localhost:8080"
    timezone: Zone = "Europe/Amsterdam"
    languages: Annotated[tuple[Language, ...], Field(min_length=1)] = ("nl", "en")
    rules: str = "rules"
    templates: str = "templates"
    mail: dict[str, Any] = Field(default_factory=dict)
    sources: tuple[dict[str, Any], ...] = ()
    organisation: Organisation = Organisation()
    desks: dict[str, Address] = Field(default_factory=dict)
    teams: tuple[Team, ...] = ()
    people: tuple[Person, ...] = ()
    limits: Limits = Limits()
    retention: Retention = Retention()
