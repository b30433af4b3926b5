"""What is still to be said about a prompt that was sent and not answered: that it changed, that it waits, that nobody answers.

None of these is a row of the plan: they count from the sending, and an answer, the end of the window or a withdrawal ends them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from cti.core.calendar import Calendar
from cti.core.messages import HOLDING, ItemKind, Told
from cti.core.people import Staff
from cti.core.prompts import WANTED, Stored
from cti.core.rules import Delay, Step
from cti.post.days import calendar_of
from cti.post.delivery import Entry, Turn

A_DAY = Delay(1, "working days")
"""What whoever is passed a prompt has, before anyone is told that nobody answers."""


def follow_ups(
    prompt: Stored, step: Step | None, told: Sequence[Told], staff: Staff, calendar: Calendar, now: datetime
) -> tuple[Entry, ...]:
    """What is to be told of a sent prompt today: one notice, else the reminder and the escalation that are due.

    `told` is everything that messages said of it, in order. Someone who reads that a prompt changed is not reminded of it in the
    same breath.
    """
    if prompt.sent_at is None or prompt.answer is not None or prompt.covered_by is not None:
        return ()
    turn = turned(prompt, calendar, now)
    if turn is not None:
        return (Entry(prompt, "notice", count(told, "notice") + 1, turn=turn),)
    if step is None or not asked_now(prompt, now):
        return ()
    today, entries = calendar.day(now), []
    reminder = _reminder_day(prompt, step, told, staff, calendar)
    if reminder is not None and reminder <= today:
        entries.append(Entry(prompt, "reminder", count(told, "reminder") + 1))
    escalation = _escalation_day(prompt, step, told, staff, calendar)
    if escalation is not None and escalation <= today:
        entries.append(Entry(prompt, "escalation", 1))
    return tuple(entries)


def turned(prompt: Stored, calendar: Calendar, now: datetime) -> Turn | None:
    """How the prompt differs from what its recipient was last told, where that is worth a notice.

    Why it is not needed may change without notice, and so may the day of a prompt that is not needed: it asks nothing of anyone.
    """
    if prompt.sent_at is None or prompt.told_standing is None:
        return None
    plan, was_wanted = prompt.plan, prompt.told_standing == WANTED
    if not plan.wanted:
        return "withdrawn" if was_wanted else None
    if plan.due is None or (plan.until is not None and plan.until <= now):
        return None
    if not was_wanted:
        return "reinstated"
    return "moved" if calendar.day(plan.due) != prompt.told_due else None


def follow_up_role(entry: Entry, step: Step | None) -> str:
    """The role that an entry goes to: that of the prompt, but an escalation's own."""
    if entry.kind == "escalation" and step is not None and step.escalate is not None:
        return step.escalate.to
    return entry.prompt.plan.role


def asked_now(prompt: Stored, now: datetime) -> bool:
    """Whether an answer is wanted today: the window is open and nobody asked to be left alone for a while."""
    plan = prompt.plan
    if not plan.wanted or plan.due is None or plan.due > now:
        return False
    if plan.until is not None and plan.until <= now:
        return False
    return prompt.snoozed_until is None or prompt.snoozed_until <= now


def look_again(
    prompt: Stored, step: Step | None, told: Sequence[Told], staff: Staff, calendar: Calendar, now: datetime
) -> datetime | None:
    """From when on `follow_ups` may have a reminder or an escalation to tell, as things stand at `now`; None: never.

    To be worked out anew whenever a message about the prompt is made, a snooze is set or the plan changes the prompt.
    """
    plan = prompt.plan
    if step is None or prompt.sent_at is None or prompt.answer is not None or not plan.wanted:
        return None
    days = (
        _reminder_day(prompt, step, told, staff, calendar),
        _escalation_day(prompt, step, told, staff, calendar),
    )
    known = [day for day in days if day is not None]
    when = calendar.at(min(known)) if known else None
    if when is None or (plan.until is not None and plan.until <= max(when, now)):
        return None
    return when


def _reminder_day(
    prompt: Stored, step: Step, told: Sequence[Told], staff: Staff, calendar: Calendar
) -> date | None:
    """The day of the next reminder, if there is one left."""
    if step.remind is None or count(told, "reminder") >= step.remind.times:
        return None
    last = max(_sent(prompt, calendar), *_days(told, "reminder", "notice", "handed", "passed"))
    # A snooze, or a due day that moved on, puts the next reminder at its end; a snooze that ended before the last mail is over.
    pause = _pause(prompt, calendar)
    if pause is not None and pause > last:
        return pause
    return _after(step.remind.every, last, told, staff, calendar)


def _escalation_day(
    prompt: Stored, step: Step, told: Sequence[Told], staff: Staff, calendar: Calendar
) -> date | None:
    """The day of the escalation, if it is still to come. It counts anew from a snooze, a notice and a hand-over. That the prompt
    passed on by itself puts it off no further than by a working day for whoever has it now: else the leave of one after another
    would keep it from ever coming."""
    if step.escalate is None or count(told, "escalation"):
        return None
    pause = _pause(prompt, calendar)
    since = max(_sent(prompt, calendar), *_days(told, "notice", "handed"), *([pause] if pause else []))
    day = _after(step.escalate.after, since, told, staff, calendar)
    passed = max(_days(told, "passed"))
    return day if passed < since else max(day, _after(A_DAY, passed, told, staff, calendar))


def _sent(prompt: Stored, calendar: Calendar) -> date:
    return calendar.day(prompt.sent_at) if prompt.sent_at else date.min


def _pause(prompt: Stored, calendar: Calendar) -> date | None:
    """The day until which nothing was to be asked, if there is one."""
    ends = [end for end in (prompt.snoozed_until, prompt.plan.due) if end is not None]
    return calendar.day(max(ends)) if ends else None


def _after(delay: Delay, day: date, told: Sequence[Told], staff: Staff, calendar: Calendar) -> date:
    """That long after the day, in working days of the person who has the prompt. A short absence does not stretch it: then the
    deputy is reminded."""
    last = last_held(told)
    person = staff.people.get(last.person) if last is not None and last.person is not None else None
    theirs = calendar_of(person, calendar)
    return theirs.roll(theirs.add(day, delay))


def count(told: Sequence[Told], kind: ItemKind) -> int:
    """The highest number of what was told of that kind; 0 where nothing was."""
    return max((t.item.number for t in told if t.item.kind == kind), default=0)


def _days(told: Sequence[Told], *kinds: ItemKind) -> list[date]:
    return [t.day for t in told if t.item.kind in kinds] or [date.min]


def last_held(told: Sequence[Told]) -> Told | None:
    """The telling that gave the prompt to whoever has it: the first, or one by which it changed hands."""
    return next((one for one in reversed(told) if one.item.kind in HOLDING), None)
