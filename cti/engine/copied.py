"""A database that was put back from a copy: no mail goes until someone says what was sent since the copy was made.

The copy knows what was sent until then. What the lost machine sent later it cannot know, and would send again. So it reads and
plans, shows what waits, and keeps its mail until it is told up to when the lost machine was at work. What it would itself have
sent in that time then counts as sent, with the same Message-IDs where it is the same; all else goes. Links to come in always go.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import Connection

from cti.core.calendar import Calendar
from cti.engine import LAST_PLANNED, Busy, last_done
from cti.engine.auditing import audit
from cti.engine.locks import POST
from cti.engine.posting import make_messages
from cti.engine.rulebooks import standing
from cti.engine.system import System
from cti.i18n import mark
from cti.post.delivery import Habits
from cti.problems import Problems, problem
from cti.store import outbox, prompts, sent
from cti.store.backup import copied_at, go_on


@dataclass(frozen=True, slots=True)
class Copy:
    """What waits in a database that was put back: of when the copy is, how many messages were about to be sent then, and how
    many prompts are due that it has told nobody of."""

    at: datetime
    messages: int
    prompts: int


def copy_of(tx: Connection, now: datetime) -> Copy | None:
    """What waits, or None where the database goes on from no copy."""
    at = copied_at(tx)
    if at is None:
        return None
    return Copy(at, len(outbox.waiting(tx)), sum(1 for _ in prompts.due(tx, now)))


def resume(system: System, until: datetime | None, now: datetime, by: str) -> int:
    """Lets mail go again. What would have been sent from the copy on up to `until` counts as sent; None: nothing does.

    Gives how many messages count as sent. A kill in between loses nothing: it is done again from where it was. Raises Busy, and
    Problems where there is nothing to resume, no pass was made since the copy was put back, or `until` does not lie between the
    two.
    """
    with system.database.lock(POST) as mine:
        if not mine:
            raise Busy
        return _resume(system, until, now, by)


def _resume(system: System, until: datetime | None, now: datetime, by: str) -> int:
    with system.database.read() as tx:
        since = copied_at(tx)
    if since is None:
        raise Problems([problem(mark("This database is no copy that was put back: mail goes as ever."))])
    last, rules = last_done(system, LAST_PLANNED), standing(system)
    if last is None or rules is None or last <= since:
        # What was registered meanwhile decides what would have been sent.
        raise Problems(
            [problem(mark("no pass was made since the copy was put back; make one first: cti tick"))]
        )
    if until is not None and not since <= until <= now:
        text = mark("a time between that of the copy and now is asked for")
        raise Problems([problem(text, field="--sent-until")])
    taken = 0
    if until is not None:
        taken += _count_as_sent(system, since)
        for moment in _moments(system.config.calendar, system.config.habits, since, until):
            make_messages(system, rules, moment, resuming=True)
            taken += _count_as_sent(system, moment)
    with system.database.write() as tx:
        go_on(tx)
        audit(tx, system, by, "resumed", now)
    return taken


def _count_as_sent(system: System, at: datetime) -> int:
    with system.database.write() as tx:
        numbers = outbox.waiting(tx)
        sent.mark_sent(tx, numbers, at)
    return len(numbers)


def _moments(calendar: Calendar, habits: Habits, since: datetime, until: datetime) -> Iterator[datetime]:
    """When mail goes in this time: each day with the daily message, and just before closing for what was urgent; then the end."""
    before_closing = _before(calendar.closes)
    day = calendar.day(since)
    while day <= calendar.day(until):
        for clock in sorted({habits.digest_at or calendar.opens, before_closing}):
            moment = calendar.at(day, clock)
            if since < moment < until:
                yield moment
        day += timedelta(days=1)
    yield until


def _before(clock: time) -> time:
    """A minute before this time of a day."""
    minutes = max(clock.hour * 60 + clock.minute - 1, 0)
    return time(minutes // 60, minutes % 60)
