"""Setting absences: a person's own, and a team lead's for the team. Open prompts follow by themselves, since a role comes down to
somebody only when a message is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from cti.core.people import Person, Staff
from cti.engine.auditing import audit
from cti.engine.people import known_staff, staff_of
from cti.engine.system import System
from cti.i18n import mark
from cti.post.routing import is_away
from cti.problems import Problem, Problems, closest, problem
from cti.store import absences
from cti.store.absences import Absence

DEPUTIES = ("worker", "team-lead")
"""The roles that may stand in: the others see no clients."""

LONGEST = timedelta(days=366)
"""More is a year typed wrong."""


def may_set(staff: Staff, person: str, by: str) -> bool:
    """Whether `by` may say that `person` is away: of themselves everybody may, of the team its lead."""
    who, whose = staff.people.get(by), staff.people.get(person)
    if who is None or whose is None:
        return False
    lead = who.role == "team-lead" and who.team is not None and who.team == whose.team
    return who.id == whose.id or lead


def set_absence(
    system: System, person: str, first: date, last: date, deputy: str | None, now: datetime, by: str
) -> Absence:
    """Enters that a person is away from `first` to `last`, both included, and who stands in (None: the team's inbox).

    The same again changes nothing; what was entered before and lies within goes. Raises Problems with all that is wrong.
    """
    with system.database.write() as tx:
        _allowed(known_staff(tx, system), person, by)
        staff = staff_of(tx, system)
        entered = absences.listing(tx, person)
        wrong = _wrong(staff, person, first, last, deputy, system.config.calendar.day(now))
        if wrong := [*_overlapping(staff, entered, first, last), *wrong]:
            raise Problems(wrong)
        for known in entered:
            if (known.first, known.last, known.deputy) == (first, last, deputy):
                return known
            if first <= known.first and known.last <= last:
                absences.remove(tx, known.id)
        made = absences.add(tx, person, first, last, deputy, by, now)
        audit(tx, system, by, "away", now)
        return made


def remove_absence(system: System, number: int, now: datetime, by: str) -> bool:
    """Takes an absence back, or ends one that is going on; False where it was gone already. Raises Problems."""
    with system.database.write() as tx:
        known = absences.by_id(tx, number)
        if known is None:
            return False
        _allowed(known_staff(tx, system), known.person, by)
        absences.remove(tx, number)
        audit(tx, system, by, "not-away", now)
        return True


def to_come(tx: Connection, person: str, today: date) -> list[Absence]:
    """What was entered for a person and is not over, the first to come first. (Those of the config and of lists are not among
    them: they can be changed only there.)"""
    return sorted(
        (one for one in absences.listing(tx, person) if one.last >= today), key=lambda one: one.first
    )


def _allowed(staff: Staff, person: str, by: str) -> None:
    if person not in staff.people:
        raise Problems([problem(mark("there is nobody called {person}"), field="person", person=person)])
    if not may_set(staff, person, by):
        text = mark("only {person} or the team lead can say this")
        raise Problems([problem(text, field="person", person=staff.people[person].name)])


def _overlapping(staff: Staff, entered: Iterable[Absence], first: date, last: date) -> Iterator[Problem]:
    """What was entered before and is neither over before these days, nor begins after them, nor lies within them."""
    for known in entered:
        within = first <= known.first and known.last <= last
        if known.first <= last and first <= known.last and not within:
            text = mark(
                "{person} is away from {first} to {last} already; take that back, or choose other days"
            )
            who = staff.people[known.person].name
            yield problem(text, field="first", person=who, first=known.first, last=known.last)
            return


def deputies(staff: Staff, person: str) -> list[Person]:
    """Who may stand in for this person: colleagues of the same team who work with clients and can be mailed; for a team lead the
    other leads too."""
    return [one for one in staff.people.values() if one.id != person and _may_stand_in(staff, person, one)]


def _may_stand_in(staff: Staff, person: str, one: Person) -> bool:
    able = one.role in DEPUTIES and bool((one.address or "").strip())
    return able and _near(staff.people[person], one)


def _near(whose: Person, one: Person) -> bool:
    both_lead = whose.role == one.role == "team-lead"
    return whose.team is None or one.team == whose.team or both_lead


def _wrong(
    staff: Staff, person: str, first: date, last: date, deputy: str | None, today: date
) -> list[Problem]:
    wrong: list[Problem] = []
    if last < first:
        text = mark("the last day comes before the first")
        wrong.append(problem(text, field="last"))
    elif last < today:
        wrong.append(problem(mark("this absence is over already"), field="last"))
    elif last - first > LONGEST:
        wrong.append(problem(mark("this is more than a year; is the year right?"), field="last"))
    if deputy is None:
        return wrong
    stands_in = staff.people.get(deputy)
    if deputy == person:
        wrong.append(problem(mark("nobody can stand in for themselves"), field="deputy"))
    elif stands_in is None:
        guess = closest(deputy, [one for one in staff.people if one != person])
        text = mark("there is nobody called {person}")
        wrong.append(problem(text, field="deputy", person=deputy, guess=guess))
    elif stands_in.role not in DEPUTIES:
        text = mark("{person} is no worker and no team lead, so cannot stand in")
        wrong.append(problem(text, field="deputy", person=stands_in.name))
    elif not (stands_in.address or "").strip():
        text = mark("{person} has no mail address, so cannot stand in")
        wrong.append(problem(text, field="deputy", person=stands_in.name))
    elif not _near(staff.people[person], stands_in):
        text = mark("{person} works in another team; choose someone of the same team")
        wrong.append(problem(text, field="deputy", person=stands_in.name))
    elif not wrong and _away_throughout(staff, deputy, max(first, today), last):
        text = mark("{person} is away then too; choose someone else")
        wrong.append(problem(text, field="deputy", person=stands_in.name))
    return wrong


def _away_throughout(staff: Staff, person: str, first: date, last: date) -> bool:
    """Whether the person is away on all of these days."""
    days = range(first.toordinal(), last.toordinal() + 1)
    return all(is_away(staff.people[person], date.fromordinal(day)) for day in days)
