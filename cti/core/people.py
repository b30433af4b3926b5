"""Who works here: people with their role, team, working days and absences, and the teams' inboxes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

Role = Literal["worker", "team-lead", "manager", "administrator", "auditor"]

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
class Staff:
    """Everybody: people and teams by id, and the staff desks of the config (desk name → address)."""

    people: Mapping[str, Person]
    teams: Mapping[str, Team]
    desks: Mapping[str, str]
