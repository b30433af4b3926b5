"""Who works here today: the people of the config, with what was entered on the pages: absences, languages. The one place that
knows both, for the tick, the routing and the pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from cti.core.people import Away, Staff
from cti.engine.system import System
from cti.store import absences, meta

LANGUAGE = "language:"
"""Before a person's id: the language that they chose on their page."""


def staff_of(tx: Connection, system: System, by: datetime | None = None) -> Staff:
    """Everybody, with the language they chose and all their absences, or those that were entered by then. What was entered last
    counts first: of two that overlap, its deputy stands in."""
    staff = system.config.staff
    chosen = meta.beginning_with(tx, LANGUAGE)
    entered: dict[str, list[Away]] = {}
    for one in absences.listing(tx):
        if by is not None and one.entered_at > by:
            continue
        entered.setdefault(one.person, []).insert(0, Away(one.first, one.last, one.deputy))
    if not entered and not chosen:
        return staff
    people = {
        person.id: replace(
            person,
            away=(*entered.get(person.id, ()), *person.away),
            language=chosen.get(person.id, person.language),
        )
        for person in staff.people.values()
    }
    return replace(staff, people=people)


def language_of(tx: Connection, person: str) -> str | None:
    """The language that this person chose; None where they did not."""
    found: str | None = meta.get(tx, LANGUAGE + person)
    return found


def speak(tx: Connection, person: str, language: str) -> None:
    """Keeps the language that this person chose, for pages and mail."""
    meta.put(tx, LANGUAGE + person, language)
