"""Who works here today: the people of the config and of the lists, with what was entered on the pages: absences, languages. The
one place that knows all of them, for the tick, the routing and the pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from cti.core.people import Away, Listed, Person, Staff
from cti.engine.system import System
from cti.sources import LISTS
from cti.store import absences, meta, people

LANGUAGE = "language:"
"""Before a person's id: the language that they chose on their page."""


def lists(system: System) -> list[str]:
    """The names of the sources that are lists of people, in the order of the config."""
    return [source.name for source in system.config.sources if source.type in LISTS]


def unread_lists(tx: Connection, system: System) -> list[str]:
    """The lists that were never read yet, by name."""
    return [name for name in lists(system) if people.kept(tx, name) is None]


def known_staff(tx: Connection, system: System) -> Staff:
    """Everybody whom the config or a list has. What the config says of a person goes before any list, and a list before those
    after it; but the absences of all of them count."""
    texts = tuple(people.kept(tx, name) for name in lists(system))
    if not any(texts):
        return system.config.staff
    if (known := system.people.get(texts)) is None:
        # Pages ask again and again, and lists change a few times a week.
        known = _merged(system.config.staff, [people.listed_in(text) for text in texts if text is not None])
        system.people.clear()
        system.people[texts] = known
    return known


def _merged(staff: Staff, found: list[Listed]) -> Staff:
    everyone: dict[str, Person] = dict(staff.people)
    left: dict[str, str] = {}
    for says in found:
        for person in says.people:
            everyone.setdefault(person.id, person)
        left |= {one: team for one, (team, _) in says.left.items()}
    for says in found:
        for one, days in says.away.items():
            if one in everyone:
                everyone[one] = replace(everyone[one], away=(*everyone[one].away, *days))
    gone = {one: team for one, team in left.items() if one not in everyone}
    return replace(staff, people=everyone, left=gone)


def origins(tx: Connection, system: System) -> dict[str, str]:
    """The list that tells of each person whom the config does not have, by name."""
    found: dict[str, str] = {}
    for name in lists(system):
        for person in (people.listed(tx, name) or Listed()).people:
            if person.id not in system.config.staff.people:
                found.setdefault(person.id, name)
    return found


def staff_known(system: System) -> Staff:
    """The same, for whoever has no transaction at hand."""
    if not lists(system):
        return system.config.staff
    with system.database.read() as tx:
        return known_staff(tx, system)


def staff_of(tx: Connection, system: System, by: datetime | None = None) -> Staff:
    """Everybody, with the language they chose and all their absences, or those that were entered by then. What was entered last
    counts first: of two that overlap, its deputy stands in."""
    staff = known_staff(tx, system)
    chosen = meta.beginning_with(tx, LANGUAGE)
    entered: dict[str, list[Away]] = {}
    for one in absences.listing(tx):
        if by is not None and one.entered_at > by:
            continue
        entered.setdefault(one.person, []).insert(0, Away(one.first, one.last, one.deputy))
    if not entered and not chosen:
        return staff
    everyone = {
        person.id: replace(
            person,
            away=(*entered.get(person.id, ()), *person.away),
            language=chosen.get(person.id, person.language),
        )
        for person in staff.people.values()
    }
    return replace(staff, people=everyone)


def language_of(tx: Connection, person: str) -> str | None:
    """The language that this person chose; None where they did not."""
    found: str | None = meta.get(tx, LANGUAGE + person)
    return found


def speak(tx: Connection, person: str, language: str) -> None:
    """Keeps the language that this person chose, for pages and mail."""
    meta.put(tx, LANGUAGE + person, language)
