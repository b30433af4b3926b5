"""Clients of mine: whom someone works with, what waits for each and what comes next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice

from sqlalchemy import Connection

from cti.core.calendar import Calendar
from cti.core.people import Person, Staff
from cti.core.prompts import Stored
from cti.core.rules import Rulebook
from cti.engine.posting import step_of
from cti.post.days import last_day
from cti.sentences import situation_label
from cti.store import caseload, prompts
from cti.store.caseload import Next, Theirs
from cti.web.views.mine import whose_of

MOST = 60
"""Lines of a list; who has more clients searches."""

MANY = 500
"""Of more clients than this, it is first found out which come into the list."""


@dataclass(frozen=True, slots=True)
class Line:
    """A client in the list. `title` is of the prompt that waits, or comes next ("": none); `day` is its last day, or the first.

    `waiting`: how many wait for an answer. `worker` is "" where it is the reader.
    """

    number: int
    ref: str
    situation: str
    worker: str
    title: str = ""
    day: date | None = None
    waiting: int = 0
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Clients:
    """The list. `more` says how many are not shown; `sought` what was searched for ("": nothing)."""

    waiting: tuple[Line, ...]
    coming: tuple[Line, ...]
    calm: tuple[Line, ...]
    over: tuple[Line, ...]
    """Where no situation is open, and nothing is to come."""
    more: int = 0
    sought: str = ""

    @property
    def count(self) -> int:
        return len(self.waiting) + len(self.coming) + len(self.calm) + len(self.over)


def clients_of(
    tx: Connection,
    person: Person,
    staff: Staff,
    rulebook: Rulebook,
    calendar: Calendar,
    title_of: Callable[[Stored], str],
    lang: str,
    now: datetime,
    sought: str = "",
) -> Clients:
    """The person's clients, and for a team lead the team's; those whose reference holds `sought`, whatever its case."""
    today = calendar.day(now)
    whose = whose_of(person, staff, today)
    count, wanted = caseload.count_of(tx, whose, today), sought.strip().casefold()
    only = caseload.first_of(tx, whose, today, now, MOST) if count > MANY and not wanted else None
    found = [one for one in caseload.clients_of(tx, whose, today, only) if wanted in one.ref.casefold()]
    following = caseload.next_of(tx, [one.number for one in found], now)
    parts: tuple[list[Theirs], ...] = ([], [], [], [])
    for one in found:
        comes = following.get(one.number)
        part = 2 if one.open else 3
        if comes is not None:
            part = 0 if comes.waiting else 1
        parts[part].append(one)
    parts[0].sort(key=lambda one: (following[one.number].until or caseload.FAR, one.ref))
    parts[1].sort(key=lambda one: (following[one.number].due, one.ref))
    shown = set(islice(chain(*parts), MOST))
    rows = prompts.by_ids(tx, [following[one.number].prompt for one in shown if one.number in following])
    step = step_of(rulebook)

    def line(one: Theirs) -> Line:
        comes, worker = following.get(one.number), staff.people.get(one.worker or "")
        row = rows.get(comes.prompt) if comes is not None else None
        of = step(row.plan.rule, row.plan.step) if row is not None else None
        return Line(
            one.number,
            one.ref,
            situation_label(lang, one.situation, rulebook.vocabulary),
            "" if one.worker == person.id else worker.name if worker is not None else one.worker or "",
            title_of(row) if row is not None else "",
            _day(comes, calendar, today) if comes is not None else None,
            comes.waiting if comes is not None else 0,
            comes is not None and comes.waiting > 0 and of is not None and of.urgent,
        )

    lines = [tuple(line(one) for one in part if one in shown) for part in parts]
    return Clients(
        lines[0], lines[1], lines[2], lines[3], (len(found) if wanted else count) - len(shown), sought.strip()
    )


def _day(comes: Next, calendar: Calendar, today: date) -> date | None:
    """The last day of what waits, the first of what is to come."""
    if comes.waiting:
        return last_day(comes.until, calendar, today) if comes.until is not None else None
    return max(calendar.day(comes.due), today)
