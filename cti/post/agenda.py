"""Who is told what now. Pure: prompts, people and the time in; deliveries, what nobody can receive, and what waits out.

Urgent prompts go at once while the organisation is open. All else goes in one daily message per mailbox, on a working day of the
recipient: new prompts, as many as the cap allows, with reminders, escalations and notices.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from cti.core.calendar import Calendar
from cti.core.events import Assignment
from cti.core.messages import Told
from cti.core.people import Staff
from cti.core.prompts import Stored
from cti.core.rules import Step
from cti.post.bundle import Routed, age, bundle, earlier_mails, wanted_at, within_cap
from cti.post.days import calendar_of, digest_time, open_now
from cti.post.delivery import (
    Agenda,
    Deferred,
    Entry,
    Habits,
    Recipient,
    Unroutable,
    Why,
    mailbox,
)
from cti.post.follow import follow_up_role, follow_ups, last_held
from cti.post.passing import passed_on
from cti.post.routing import again, route

StepOf = Callable[[str, str], Step | None]
"""The step with this rule id and step id in the rulebook in force, or None."""


def agenda(
    prompts: Sequence[Stored],
    *,
    staff: Staff,
    calendar: Calendar,
    habits: Habits,
    assigned: Mapping[str, Assignment],
    step: StepOf,
    told: Mapping[int, Sequence[Told]],
    mailed: Collection[str],
    now: datetime,
) -> Agenda:
    """What is sent now.

    `prompts`: the unsent ones that are wanted and due, and the sent ones without an answer; others do no harm.
    `assigned`: who works with each client now, by the client's reference.
    `told`: what messages in the outbox, sent or waiting, say of each prompt, by our number and in order.
    `mailed`: the addresses whose daily message of today (any kind but "urgent") is already made.
    """
    today = calendar.day(now)
    routed: list[Routed] = []
    unroutable: list[Unroutable] = []
    for entry in [
        *_first_tellings(prompts, step, told, now),
        *_follow_ups(prompts, step, told, staff, calendar, assigned, now),
    ]:
        plan = entry.prompt.plan
        role = follow_up_role(entry, step(plan.rule, plan.step))
        before = told.get(entry.prompt.id, ())
        to = _as_before(entry, before, staff, today) or route(
            role, entry.prompt, assigned.get(plan.client), staff, today
        )
        if isinstance(to, Recipient):
            # Whoever has the prompt already is not told that it was passed on to them.
            if not (entry.kind == "escalation" and earlier_mails(before, to)):
                instead = to.stands_in_for
                routed.append(Routed(entry._replace(stands_in_for=instead) if instead else entry, to))
        else:
            unroutable += [Unroutable(prompt.id, entry.kind, role, to) for prompt in entry.about]

    closed = {mailbox(address) for address in mailed}
    hours = _Hours(today, open_now(calendar, now), digest_time(calendar, habits, now))
    deferred: list[Deferred] = []
    going: dict[str, list[Routed]] = defaultdict(list)
    for item in routed:
        why = _wait(item, calendar, hours, closed, now)
        if why is None:
            going[item.to.mailbox].append(item)
        else:
            deferred += _defer(item, why)
    deliveries = []
    for box in sorted(going):
        within, over = within_cap(going[box], habits)
        deferred += [waiting for item in over for waiting in _defer(item, "cap")]
        if within:
            deliveries.append(bundle(within, len(over), told, today))
    told_now = {id(entry) for delivery in deliveries for entry in delivery.entries}
    held = (item.entry for item in routed if item.entry.kind in ("handed", "passed"))
    passing = tuple(entry.prompt.id for entry in held if id(entry) not in told_now)
    return Agenda(tuple(deliveries), tuple(unroutable), tuple(deferred), passing)


def is_due(prompt: Stored, now: datetime) -> bool:
    """Whether the prompt should be told for the first time: wanted, unsent, and now within its window."""
    plan = prompt.plan
    if prompt.final or not plan.wanted or plan.due is None or plan.due > now:
        return False
    return plan.until is None or plan.until > now


def _first_tellings(
    prompts: Iterable[Stored], step: StepOf, told: Mapping[int, Sequence[Told]], now: datetime
) -> list[Entry]:
    """New prompts. Of the steps of one moment that are overdue together only the latest is told; it covers the earlier ones."""
    moments: dict[tuple[str, str, str, str | None], list[Stored]] = defaultdict(list)
    for prompt in prompts:
        if is_due(prompt, now) and not told.get(prompt.id):
            plan = prompt.plan
            moments[plan.rule, plan.name, plan.role, plan.worker].append(prompt)
    entries = []
    for together in moments.values():
        latest = max(map(wanted_at, together))
        # Steps that were wanted at one time are no later and earlier version of one another: each is told.
        last = sorted((p for p in together if wanted_at(p) == latest), key=lambda p: p.id)
        covered = sorted((p for p in together if wanted_at(p) < latest), key=age)
        for prompt in last:
            covers = tuple(covered) if prompt is last[0] else ()
            # What was urgent stays so when a later step speaks for it.
            urgent = any(_urgent(p, step) for p in (prompt, *covers))
            entries.append(Entry(prompt, "prompt", urgent=urgent, covers=covers))
    return entries


def _urgent(prompt: Stored, step: StepOf) -> bool:
    found = step(prompt.plan.rule, prompt.plan.step)
    return found is not None and found.urgent


def _follow_ups(
    prompts: Iterable[Stored],
    step: StepOf,
    told: Mapping[int, Sequence[Told]],
    staff: Staff,
    calendar: Calendar,
    assigned: Mapping[str, Assignment],
    now: datetime,
) -> list[Entry]:
    """What is still to be said of prompts that were told. Who hears that a prompt is theirs now hears how it stands; that it
    moved, or waits for an answer, would be no news, and that nobody answers is not yet to be said of them."""
    entries: list[Entry] = []
    for prompt in prompts:
        if prompt.sent_at is None:
            continue
        plan, said = prompt.plan, told.get(prompt.id, ())
        more = follow_ups(prompt, step(plan.rule, plan.step), said, staff, calendar, now)
        to = route(plan.role, prompt, assigned.get(plan.client), staff, calendar.day(now))
        new = passed_on(prompt, said, to, staff, calendar, now) if isinstance(to, Recipient) else None
        if new is not None:
            entries.append(new)
        else:
            entries += more
    return entries


def _as_before(entry: Entry, told: Sequence[Told], staff: Staff, today: date) -> Recipient | None:
    """A notice that a prompt is off, or on another day, goes to whoever has it, if they are there to read it.

    All else goes by role as it stands today: what someone has to act on must reach the one who can.
    """
    last = last_held(told)
    if entry.kind != "notice" or entry.turn == "reinstated" or last is None:
        return None
    return again(last, staff, today)


class _Hours(NamedTuple):
    """The day, whether the organisation is open now, and whether the hour of the daily message has come: the same for all."""

    today: date
    open: bool
    daily: bool


def _wait(
    item: Routed, calendar: Calendar, hours: _Hours, mailed: Collection[str], now: datetime
) -> Why | None:
    """Why this is not told now, or None."""
    snoozed = item.entry.prompt.snoozed_until
    if item.entry.kind == "prompt" and snoozed is not None and snoozed > now:
        return "snoozed"
    if item.entry.urgent:
        return None if hours.open else "outside-hours"
    if not calendar_of(item.to.person, calendar).works(hours.today):
        return "day-off"
    if not hours.daily:
        return "before-digest"
    return "mailed" if item.to.mailbox in mailed else None


def _defer(item: Routed, why: Why) -> list[Deferred]:
    """Only prompts that nobody knows of yet are accounted for; a reminder that waits comes by itself."""
    if item.entry.kind != "prompt":
        return []
    return [Deferred(prompt.id, why) for prompt in item.entry.about]
