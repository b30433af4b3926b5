"""What people do about a prompt beside answering it: put its reminder off, hand it to a colleague; and what came of an act.

Acting twice is harmless. Every act says what happened, so that a page can tell it: that it was done, that it stood so already,
or that it came too late because someone else was first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Connection

from cti.core.people import Person, Staff
from cti.core.prompts import Stored, state
from cti.engine.auditing import audit
from cti.engine.people import staff_of
from cti.engine.system import System
from cti.i18n import mark
from cti.post.delivery import Recipient
from cti.post.routing import route
from cti.problems import Problems, closest, problem
from cti.store import assignments, prompts, sent

Kind = Literal["done", "already", "replaced", "too-late"]
"""What came of an act: it was done; it stood so already; it was done in place of an earlier answer; or it came too late, and
changed nothing."""

OPEN = ("pending", "sent", "unroutable")
"""The states of a prompt that still asks something of somebody."""

MAY_HOLD = ("worker", "team-lead")
"""The roles that may have a prompt: the others see no clients."""


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as it stood: the word, when it was given, and by whom (None where that was not said)."""

    answer: str
    at: datetime
    by: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an act: `prompt` as it stands now, its `state` before the act (as `cti.core.prompts.state` calls it), and the
    answer that stood `before` it, if one did."""

    kind: Kind
    prompt: Stored
    state: str
    before: Said | None = None


def snooze(system: System, number: int, until: date, now: datetime, by: str) -> Outcome:
    """Puts off the telling, the reminder or the escalation of a prompt to that day; its deadline stays. Raises Problems."""
    calendar = system.config.calendar
    with system.database.write() as tx:
        row = one(tx, number)
        over = too_late(row, now)
        if over is not None:
            return over
        end = calendar.day(row.plan.until) if row.plan.until is not None else None
        if until <= calendar.day(now):
            raise Problems([problem(mark("choose a day after today"), field="until")])
        if end is not None and until >= end:
            text = mark("this prompt's time ends on {end}: choose a day before that")
            raise Problems([problem(text, field="until", end=end)])
        at = calendar.at(until, calendar.opens)
        if row.snoozed_until == at:
            return Outcome("already", row, state(row, now))
        prompts.snooze(tx, number, at)
        return _done(tx, system, row, now, by, "snoozed")


def wake(system: System, number: int, now: datetime, by: str) -> Outcome:
    """Takes a snooze back, whenever. Raises Problems."""
    with system.database.write() as tx:
        row = one(tx, number)
        if row.snoozed_until is None:
            return Outcome("already", row, state(row, now))
        prompts.snooze(tx, number, None)
        return _done(tx, system, row, now, by, "woken")


def hand_over(system: System, number: int, to: str, now: datetime, by: str) -> Outcome:
    """Hands a prompt to a colleague, who is told of it once, and whom its reminders go to. Raises Problems.

    To whom it would go by itself, it goes back. A snooze ends: it was the wish of whoever had the prompt before.
    """
    with system.database.write() as tx:
        row = one(tx, number)
        over = too_late(row, now)
        if over is not None:
            return over
        staff = staff_of(tx, system)
        _may_hold(staff, to)
        own = _by_role(tx, system, staff, row, now)
        target = None if own is not None and own.id == to else to
        if row.handed_to == target:
            return Outcome("already", row, state(row, now))
        prompts.hand(tx, number, target, by, now)
        prompts.snooze(tx, number, None)
        return _done(tx, system, row, now, by, "handed-over")


def hand_back(system: System, number: int, now: datetime, by: str) -> Outcome:
    """The prompt goes back to whoever its role comes down to, whoever of the two asks for it. Raises Problems."""
    with system.database.write() as tx:
        row = one(tx, number)
        over = too_late(row, now)
        if over is not None:
            return over
        if row.handed_to is None:
            return Outcome("already", row, state(row, now))
        prompts.hand(tx, number, None, by, now)
        return _done(tx, system, row, now, by, "handed-back")


def one(tx: Connection, number: int) -> Stored:
    """The prompt with our number. Raises Problems where there is none."""
    row = prompts.by_id(tx, number)
    if row is None:
        raise Problems([problem(mark("there is no prompt {prompt}; cti prompts lists them"), prompt=number)])
    return row


def too_late(row: Stored, now: datetime) -> Outcome | None:
    """That the prompt asks nothing any more, where that is so."""
    called = state(row, now)
    if called == "sent" and row.plan.until is not None and row.plan.until <= now:
        called = "expired"
    return None if called in OPEN else Outcome("too-late", row, called, said_before(row))


def said_before(row: Stored) -> Said | None:
    """The answer that stands."""
    if row.answer is None or row.answered_at is None:
        return None
    return Said(row.answer, row.answered_at, row.answered_by)


def _done(tx: Connection, system: System, before: Stored, now: datetime, by: str, what: str) -> Outcome:
    """Notes the act, and has the post office look at the prompt again."""
    client = prompts.client_of(tx, before.id)
    audit(tx, system, by, what, now, client, before.id)
    sent.follow(tx, [before.id], now)
    return Outcome("done", one(tx, before.id), state(before, now), said_before(before))


def _may_hold(staff: Staff, who: str) -> Person:
    """The person, if they may have prompts and can be told of them. Raises Problems."""
    able = [one.id for one in staff.people.values() if one.role in MAY_HOLD and (one.address or "").strip()]
    if who in able:
        return staff.people[who]
    if who not in staff.people:
        text = mark("there is nobody called {person}")
        raise Problems([problem(text, field="to", person=who, guess=closest(who, able))])
    if staff.people[who].role not in MAY_HOLD:
        text = mark("{person} is no worker and no team lead, so prompts cannot go there")
    else:
        text = mark("{person} has no mail address, so prompts cannot go there")
    raise Problems([problem(text, field="to", person=staff.people[who].name)])


def _by_role(tx: Connection, system: System, staff: Staff, row: Stored, now: datetime) -> Person | None:
    """The person to whom the prompt would go by itself today."""
    today = system.config.calendar.day(now)
    assigned = assignments.assigned(tx, [row.plan.client], today)
    to = route(row.plan.role, replace(row, handed_to=None), assigned.get(row.plan.client), staff, today)
    return to.person if isinstance(to, Recipient) else None
