"""Who works here: people with their role, team, working days and absences, and the teams' inboxes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

Role = Literal["worker", "team-lead", "manager", "administrator", "auditor"]
ROLES: tuple[Role, ...] = get_args(Role)

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Away:
    """An absence, both days included, with the person who stands in."""

    first: date
    last: date
    deputy: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff. `works` holds weekday numbers (0 is Monday); empty means the organisation's working days."""

    id: str
    name: str
    address: str | None
    role: Role = "worker"
    team: str | None = None
    language: str | None = None
    works: frozenset[int] = frozenset()
    away: tuple[Away, ...] = ()


@dataclass(frozen=True, slots=True)
class Team:
    id: str
    inbox: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list of people says: who works here, and who is away when (also of people whom it does not tell of otherwise).
    `left` has those who stand in it no longer, with their team and the day on which that was seen."""

    people: tuple[Person, ...] = ()
    away: Mapping[str, tuple[Away, ...]] = field(default_factory=dict)
    left: Mapping[str, tuple[str, date]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody: people and teams by id, and the staff desks of the config (desk name → address). `left` has the team of those
    who are gone from a list of people: what is registered on their name is the team's until someone takes over."""

    people: Mapping[str, Person]
    teams: Mapping[str, Team]
    desks: Mapping[str, str]
    left: Mapping[str, str] = field(default_factory=dict)
