"""A prompt that was told, and is now with someone else: handed over by a colleague, or passed on because its reader is away, or
works with the client no longer. Whoever has it now is told once, in the daily message.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from cti.core.calendar import Calendar
from cti.core.messages import Told
from cti.core.people import Person, Staff
from cti.core.prompts import Stored
from cti.post.bundle import earlier_mails
from cti.post.delivery import Entry, Recipient, mailbox
from cti.post.follow import asked_now, count, last_held

LONG = timedelta(days=7)
"""An absence this long passes on what is open; in a shorter one it waits, unless its time ends before."""


def passed_on(
    prompt: Stored, told: Sequence[Told], to: Recipient, staff: Staff, calendar: Calendar, now: datetime
) -> Entry | None:
    """What is to be told to the mailbox that the prompt's role comes down to now, if it does not know that it has the prompt.

    `told` is everything that messages said of it, in order. Who took a prompt back is not told of it.
    """
    settled = prompt.answer is not None or prompt.covered_by is not None
    if prompt.sent_at is None or settled or not asked_now(prompt, now):
        return None
    untold = prompt.handed_times > count(told, "handed") and not _first_told(prompt, told, to)
    if untold and prompt.handed_by not in _who(to):
        return Entry(prompt, "handed", prompt.handed_times)
    if earlier_mails(told, to) or not _for_long(holder(told, staff), prompt, calendar, calendar.day(now)):
        return None
    return Entry(prompt, "passed", count(told, "passed") + 1)


def _first_told(prompt: Stored, told: Sequence[Told], to: Recipient) -> bool:
    """Whether the prompt changed hands before anyone had heard of it, so that its first message went where it belongs."""
    last = last_held(told)
    if last is None or prompt.sent_at is None or prompt.handed_at is None:
        return False
    return prompt.handed_at <= prompt.sent_at and mailbox(last.address) == to.mailbox


def holder(told: Sequence[Told], staff: Staff) -> Person | None:
    """The person who was told last that a prompt is theirs; None for an inbox, a desk, and someone who has left."""
    last = last_held(told)
    return staff.people.get(last.person) if last is not None and last.person is not None else None


def _who(to: Recipient) -> tuple[str, ...]:
    """The person whose mailbox it is, and the one in whose place they stand."""
    own = to.person.id if to.person is not None else None
    return tuple(one for one in (own, to.stands_in_for) if one is not None)


def _for_long(person: Person | None, prompt: Stored, calendar: Calendar, today: date) -> bool:
    """Whether someone who had the prompt is no longer there for it: not just away for some days within its time."""
    away = [one for one in person.away if one.first <= today <= one.last] if person is not None else []
    if not away:
        return True
    first, last = min(one.first for one in away), max(one.last for one in away)
    until = prompt.plan.until
    return last - first >= LONG - timedelta(days=1) or (until is not None and calendar.day(until) <= last)
