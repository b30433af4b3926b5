"""Who is away when: what was entered and what the config says, and the form for more."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import Connection

from cti.core.people import Person, Staff
from cti.engine.absence import LONGEST, deputies, to_come
from cti.engine.acting import MAY_HOLD
from cti.problems import Problem
from cti.store.absences import Absence


@dataclass(frozen=True, slots=True)
class Away:
    """That someone is away on these days, and who stands in ("": nobody). `number` None: the config says so, and only there can
    it be changed."""

    person: str
    name: str
    first: date
    last: date
    deputy: str
    number: int | None


@dataclass(frozen=True, slots=True)
class Form:
    """What was filled in, as it was sent, and what is wrong with it, by field."""

    person: str = ""
    first: str = ""
    last: str = ""
    deputy: str = ""
    wrong: Mapping[str, str] = field(default_factory=dict)

    def days(self) -> tuple[date | None, date | None]:
        """The first and the last day; None for what is no day. Without a last day it is one day."""
        first = _day(self.first)
        return first, _day(self.last) if self.last else first

    def with_wrong(self, lang: str, problems: Collection[Problem]) -> Form:
        """The same, with what is wrong beside each field; of one field the first."""
        wrong = {one.field or "first": one.message(lang) for one in reversed(tuple(problems))}
        return replace(self, wrong=wrong)


@dataclass(frozen=True, slots=True)
class Absences:
    """A page's absences: those that are going on or to come, and among whom the form lets choose."""

    listed: tuple[Away, ...]
    deputies: tuple[Person, ...]
    people: tuple[Person, ...] = ()
    longest: int = LONGEST.days


def of_person(tx: Connection, staff: Staff, fixed: Staff, person: str, today: date) -> Absences:
    """The absences of one person. `fixed`: the people as the config and the lists have them."""
    return Absences(tuple(_listed(tx, staff, fixed, person, today)), tuple(_by_name(deputies(staff, person))))


def of_team(tx: Connection, staff: Staff, fixed: Staff, team: str, today: date) -> Absences:
    """The absences of a team, the first to come first."""
    members = _by_name([one for one in staff.people.values() if one.team == team and one.role in MAY_HOLD])
    listed = [away for one in members for away in _listed(tx, staff, fixed, one.id, today)]
    able = {one.id: one for member in members for one in deputies(staff, member.id)}
    return Absences(
        tuple(sorted(listed, key=lambda away: (away.first, away.name.casefold()))),
        tuple(_by_name(list(able.values()))),
        tuple(members),
    )


def _listed(tx: Connection, staff: Staff, fixed: Staff, person: str, today: date) -> list[Away]:
    who = staff.people[person]
    entered = [_entered(one, staff) for one in to_come(tx, person, today)]
    said = [
        Away(person, who.name, one.first, one.last, _name(staff, one.deputy), None)
        for one in fixed.people[person].away
        if one.last >= today
    ]
    return sorted([*entered, *said], key=lambda away: (away.first, away.last))


def _entered(one: Absence, staff: Staff) -> Away:
    name = _name(staff, one.person)
    return Away(one.person, name, one.first, one.last, _name(staff, one.deputy), one.id)


def _name(staff: Staff, who: str | None) -> str:
    if who is None:
        return ""
    return staff.people[who].name if who in staff.people else who


def _by_name(people: Collection[Person]) -> list[Person]:
    return sorted(people, key=lambda one: (one.name.casefold(), one.id))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
