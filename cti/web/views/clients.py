"""Clients of mine: whom someone works with, what waits for each and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from cti.core.calendar import Calendar
from cti.core.people import Person, Staff
from cti.core.prompts import Stored
from cti.core.rules import Rulebook
from cti.engine.posting import step_of
from cti.post.days import last_day
from cti.sentences import situation_label
from cti.store import caseload
from cti.store.caseload import Theirs
from cti.web.views.mine import whose_of

MOST = 60
"""Lines of a list; who has more clients searches."""


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
    found = caseload.clients_of(tx, whose_of(person, staff, today), today)
    wanted = sought.strip().casefold()
    found = [one for one in found if wanted in one.ref.casefold()]
    asks = caseload.asking(tx, [one.number for one in found], now)
    parts: tuple[list[tuple[Theirs, list[Stored]]], ...] = ([], [], [], [])
    for one in found:
        rows = asks.get(one.ref, [])
        waits = [row for row in rows if row.sent_at is not None]
        parts[0 if waits else 1 if rows else 2 if one.open else 3].append((one, waits or rows))
    parts[0].sort(key=lambda entry: (min(until(row) for row in entry[1]), entry[0].ref))
    parts[1].sort(key=lambda entry: (entry[1][0].plan.due or now, entry[0].ref))
    step = step_of(rulebook)

    def line(one: Theirs, rows: Sequence[Stored], waiting: bool) -> Line:
        first = min(rows, key=until) if waiting else rows[0] if rows else None
        worker = staff.people.get(one.worker or "")
        day: date | None = None
        if first is not None:
            day = _last(first, calendar) if waiting else _first(first, calendar, today)
        return Line(
            one.number,
            one.ref,
            situation_label(lang, one.situation, rulebook.vocabulary),
            "" if one.worker == person.id else worker.name if worker is not None else one.worker or "",
            title_of(first) if first is not None else "",
            day,
            len(rows) if waiting else 0,
            any(
                of.urgent
                for row in rows
                if waiting and (of := step(row.plan.rule, row.plan.step)) is not None
            ),
        )

    room, shown = MOST, []
    for number, part in enumerate(parts):
        shown.append(tuple(line(*entry, waiting=number == 0) for entry in part[: max(0, room)]))
        room -= len(part)
    return Clients(shown[0], shown[1], shown[2], shown[3], max(0, -room), sought.strip())


def until(row: Stored) -> date:
    """The day on which the prompt's time ends; far away where it has no end."""
    return row.plan.until.date() if row.plan.until is not None else date.max


def _last(row: Stored, calendar: Calendar) -> date | None:
    return last_day(row.plan.until, calendar) if row.plan.until is not None else None


def _first(row: Stored, calendar: Calendar, today: date) -> date | None:
    return max(calendar.day(row.plan.due), today) if row.plan.due is not None else None
