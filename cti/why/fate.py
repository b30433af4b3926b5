"""What became of a prompt by a moment: told, covered, still to come, or kept back that day, and by what.

Pure: rows, people and what was mailed in; nothing is decided here. It tells after the event what the agenda did.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from cti.core.calendar import ONE_DAY, Calendar
from cti.core.events import Assignment
from cti.core.people import Staff
from cti.core.prompts import Stored
from cti.core.rules import Step
from cti.post.bundle import wanted_at
from cti.post.days import calendar_of
from cti.post.delivery import Habits, Lack, Recipient, mailbox
from cti.post.routing import route
from cti.store.told import Mail, Telling

K = TypeVar("K")

AHEAD = 120
"""How many days ahead the first possible day is looked for."""

TOLD, ANSWERED, COVERED, PENDING, EXPIRED = "told", "answered", "covered", "pending", "expired"
WOULD = "would-come"
"""Of a day on which no pass was made yet: it would have been told by then."""


@dataclass(frozen=True)
class Then:
    """The post office at the moment `at` (aware, UTC) of the local day `day`: the last that counts.

    `assigned` says who works with the client on a day. `mails` are the daily messages made on that day, by mailbox. `lived`:
    passes were made by then. `stood` says which keys the plan wanted, due and current, by what was known at a moment.
    `waiting` are the keys of changes that no pass has carried out yet, and `held` those of them that wait for a limit.
    """

    at: datetime
    day: date
    calendar: Calendar
    staff: Staff
    habits: Habits
    assigned: Callable[[date], Assignment]
    mails: Callable[[], Mapping[str, Sequence[Mail]]] = dict
    lived: bool = True
    stood: Callable[[datetime], Collection[str]] = lambda at: ()
    waiting: Collection[str] = ()
    held: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a prompt.

    `code`: "told", "answered" (without having been told), "covered" (`by` is the key of the prompt whose mail named it),
    "pending" (not due yet), "expired" (its window closed before it could be told), "unroutable", "would-come", the planner's
    standing of a prompt that is not wanted, or what keeps it back although it is due: "snoozed", "outside-hours", "day-off",
    "before-digest", "mailed", "cap", "later-step" (`by` will speak for it), "held" (a limit), "next-pass", "no-message".
    `to` is whoever has its role on the day that counts (`comes`, else `Then.day`), or what is lacking. `comes` is the day on
    which it was told, or the first on which it can be as things stand; None where there is none before its window closes. `mail`
    is the message of the day that it did not get into.
    """

    code: str
    tellings: tuple[Telling, ...] = ()
    to: Recipient | Lack | None = None
    comes: date | None = None
    by: str | None = None
    mail: Mail | None = None


def fate(row: Stored, step: Step | None, tellings: Sequence[Telling], then: Then) -> Fate:
    """What became of one prompt, as if it were the only one of its moment. `row` is as it stood at `then.at`."""
    plan = row.plan
    first = next((one for one in tellings if one.kind == "prompt"), None)
    if first is not None:
        meant = _to(row, then, first.day)
        to: Recipient | Lack | None = (
            meant if isinstance(meant, Recipient) and meant.mailbox == mailbox(first.address) else None
        )
        return Fate(TOLD, tuple(tellings), to, first.day)
    if row.covered_by is not None or any(one.kind == "covered" for one in tellings):
        return Fate(COVERED, tuple(tellings))
    if row.answer is not None:
        return Fate(ANSWERED)
    if not plan.wanted or plan.due is None:
        return Fate(plan.reason.code)
    if plan.until is not None and plan.until <= then.at:
        return _expired(row, step, then)
    if not then.lived:
        return _without_us(row, step, then)
    comes, to = first_day(row, step, then, max(plan.due, then.at))
    if plan.due > then.at:
        return Fate(PENDING, to=to, comes=comes)
    code, mail = _kept_back(row, step, then)
    return Fate(code, to=to if comes else _to(row, then, then.day), comes=comes, mail=mail)


def together(fates: Mapping[K, tuple[Stored, Fate]]) -> dict[K, tuple[Stored, Fate]]:
    """The same, with each that is due together with a later step of the same moment covered by that."""
    found = dict(fates)
    for key, (row, own) in fates.items():
        later = [
            other
            for other, theirs in fates.values()
            if _same_moment(other, row) and wanted_at(other) > wanted_at(row) and _goes_along(own, theirs)
        ]
        if later:
            code = COVERED if own.code == WOULD else "later-step"
            found[key] = row, replace(own, code=code, by=max(later, key=wanted_at).plan.key)
    return found


def _goes_along(own: Fate, later: Fate) -> bool:
    """Whether they are told together: both wait, or both would have been told on one day."""
    if own.code == WOULD:
        return later.code == WOULD and later.comes == own.comes
    return own.code in _DUE and later.code in _DUE


_DUE = ("outside-hours", "day-off", "before-digest", "mailed", "cap", "no-message")
WAITS = (*_DUE, "snoozed", "later-step", "held", "next-pass", "unroutable")
"""What is due and was not told yet."""


@dataclass(frozen=True, slots=True)
class Deferral:
    """From `first` to `last`, both included, a prompt that was due was not told, for this reason.

    `code` is one of `Fate`, or "unread" (by then it was not known), or "no-pass" (before the first one). `to` is who had its
    role, `mail` the message that it did not get into.
    """

    first: date
    last: date
    code: str
    to: Recipient | Lack
    mail: Mail | None = None


def deferrals(row: Stored, step: Step | None, until: date, then_on: Callable[[date], Then]) -> list[Deferral]:
    """What kept a prompt back on each day from its due until `until` (exclusive), days of one reason together."""
    due = row.plan.due
    if due is None:
        return []
    found: list[Deferral] = []
    day = due_day = then_on(until).calendar.day(due)
    while day < until and (day - due_day).days < AHEAD:
        then = then_on(day)
        code, mail = "no-pass", None
        if then.lived:
            known = row.plan.key in then.stood(then.at)
            code, mail = _kept_back(row, step, then) if known else ("unread", None)
        last = found[-1] if found else None
        # Who would have received it while no pass was made is told of the first day only, and not worked out for the others.
        still_none = last is not None and last.code == code == "no-pass"
        to = last.to if last is not None and still_none else _to(row, then, day)
        if last is not None and (last.code, last.to, last.mail) == (code, to, mail):
            found[-1] = replace(last, last=day)
        else:
            found.append(Deferral(day, day, code, to, mail))
        day += ONE_DAY
    return found


def _same_moment(one: Stored, other: Stored) -> bool:
    mine, theirs = one.plan, other.plan
    return (mine.rule, mine.name, mine.role, mine.worker) == (
        theirs.rule,
        theirs.name,
        theirs.role,
        theirs.worker,
    )


def _expired(row: Stored, step: Step | None, then: Then) -> Fate:
    if then.lived or row.plan.due is None:
        return Fate(EXPIRED)
    comes, to = first_day(row, step, then, row.plan.due)
    return Fate(WOULD if comes is not None else EXPIRED, to=to, comes=comes)


def _without_us(row: Stored, step: Step | None, then: Then) -> Fate:
    """Of a day before the first pass: what a pass on each day would have made of it. The cap is not counted."""
    due = row.plan.due or then.at
    comes, to = first_day(row, step, then, due)
    if comes is not None and comes <= then.day:
        return Fate(WOULD, to=to, comes=comes)
    code = PENDING if due > then.at else _kept_back(row, step, then)[0]
    return Fate(code, to=to, comes=comes)


def _kept_back(row: Stored, step: Step | None, then: Then) -> tuple[str, Mail | None]:
    """Why a prompt that is due was not told on that day."""
    plan, calendar, day = row.plan, then.calendar, then.day
    due = plan.due or then.at
    if plan.key in then.held:
        return "held", None
    if plan.key in then.waiting:
        return "next-pass", None
    to = _to(row, then, day)
    if not isinstance(to, Recipient):
        return "unroutable", None
    if row.snoozed_until is not None and row.snoozed_until > then.at:
        return "snoozed", None
    if step is not None and step.urgent:
        closed = not calendar.works(day) or calendar.at(day, calendar.closes) <= due
        early = then.at < calendar.at(day, calendar.opens)
        return ("outside-hours" if closed or early else "no-message"), None
    if not calendar_of(to.person, calendar).works(day):
        return "day-off", None
    if then.at < digest_of(day, then):
        return "before-digest", None
    mails = then.mails().get(to.mailbox, ())
    if not mails:
        return "no-message", None
    in_time = to.person is not None and plan.key in then.stood(mails[-1].made_at)
    return ("cap" if in_time else "mailed"), mails[-1]


def first_day(
    row: Stored, step: Step | None, then: Then, since: datetime
) -> tuple[date | None, Recipient | Lack | None]:
    """The first day from `since` on which the prompt can be told while its window is open, and to whom."""
    calendar, until = then.calendar, row.plan.until
    urgent = step is not None and step.urgent
    to: Recipient | Lack | None = None
    for number in range(AHEAD):
        day = calendar.day(since) + number * ONE_DAY
        to = _to(row, then, day)
        hours = _hours(to, urgent, then, day) if isinstance(to, Recipient) else None
        if hours is None or _tried(to, hours[0], urgent, then, day, since):
            continue
        told = max(hours[0], since)
        if until is not None and until <= told:
            return None, to
        if told < hours[1]:
            return day, to
    return None, to


def _hours(to: Recipient, urgent: bool, then: Then, day: date) -> tuple[datetime, datetime] | None:
    """From when until when this recipient is told something on that day; None: not on that day."""
    calendar = then.calendar
    if urgent:
        return (
            (calendar.at(day, calendar.opens), calendar.at(day, calendar.closes))
            if calendar.works(day)
            else None
        )
    works = calendar_of(to.person, calendar).works(day)
    return (digest_of(day, then), calendar.at(day + ONE_DAY)) if works else None


def _tried(
    to: Recipient | Lack | None, begins: datetime, urgent: bool, then: Then, day: date, since: datetime
) -> bool:
    """Whether that day has had its chance: it was due and not told, or the message of the day is made."""
    if not then.lived:
        return False
    mailed = day == then.day and isinstance(to, Recipient) and to.mailbox in then.mails()
    return (since <= then.at and begins <= then.at) or (mailed and not urgent)


def digest_of(day: date, then: Then) -> datetime:
    """The hour of the daily message."""
    return then.calendar.at(day, then.habits.digest_at or then.calendar.opens)


def _to(row: Stored, then: Then, day: date) -> Recipient | Lack:
    return route(row.plan.role, row, then.assigned(day), then.staff, day)


def by_mailbox(mails: Sequence[Mail]) -> dict[str, list[Mail]]:
    """Daily messages by the mailbox that they went to."""
    found: dict[str, list[Mail]] = {}
    for mail in mails:
        found.setdefault(mailbox(mail.address), []).append(mail)
    return found
