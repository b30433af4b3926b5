"""From what is told now to one message per mailbox: what the cap lets through, in which order, as an answer to which mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from cti.core.messages import HOLDING, MessageKind, Told
from cti.core.prompts import Stored
from cti.post.delivery import Delivery, Entry, Habits, Recipient, mailbox

_EARLIER_MAILS = 20  # as many as a thread needs; a header of unlimited length is refused by some servers
_LAST = datetime.max.replace(tzinfo=UTC)


class Routed(NamedTuple):
    """Something to tell, and the mailbox it goes to."""

    entry: Entry
    to: Recipient


def within_cap(items: Sequence[Routed], habits: Habits) -> tuple[list[Routed], list[Routed]]:
    """The items that go and those over the cap. Only a person's new prompts count; the oldest go first."""
    counted = [
        i for i in items if i.entry.kind == "prompt" and not i.entry.urgent and i.to.person is not None
    ]
    counted.sort(key=lambda i: min(map(age, i.entry.about)))
    over = counted[max(habits.cap, 0) :]
    names = {id(item) for item in over}
    return [item for item in items if id(item) not in names], over


def bundle(items: Sequence[Routed], left: int, told: Mapping[int, Sequence[Told]], today: date) -> Delivery:
    """One message for one mailbox; where a person and an inbox share it, it is the person's."""
    to = next((item.to for item in items if item.to.person is not None), items[0].to)
    entries = sorted((item.entry for item in items), key=_place)
    kind = _kind(entries)
    notices = [entry for entry in entries if entry.kind == "notice"]
    # A digest with nothing but news does not hide itself in the thread of an older mail.
    about = notices or ([] if kind in ("digest", "urgent") else entries)
    # Oldest first, and last the mail about the first of them, to which this is the answer (RFC 5322, 3.6.4).
    earlier = [mail for entry in reversed(about) for mail in earlier_mails(told.get(entry.prompt.id, ()), to)]
    newest_first = list(dict.fromkeys(reversed(earlier)))[:_EARLIER_MAILS]
    parent = newest_first[0] if newest_first else None
    references = tuple(reversed(newest_first))
    own = to._replace(stands_in_for=None) if to.stands_in_for else to
    return Delivery(kind, own, today, tuple(entries), parent, references, left)


def earlier_mails(told: Sequence[Told], to: Recipient) -> list[str]:
    """The Message-IDs of the mails to this mailbox that spoke of the prompt, oldest first."""
    return [t.message_id for t in told if mailbox(t.address) == to.mailbox and t.item.kind != "covered"]


def _kind(entries: Sequence[Entry]) -> MessageKind:
    kinds = {entry.kind for entry in entries}
    if kinds & set(HOLDING):
        return "urgent" if all(e.urgent for e in entries) else "digest"
    if "escalation" in kinds:
        return "escalation"
    return "reminder" if "reminder" in kinds else "notice"


_ORDER = {"prompt": 0, "handed": 0, "passed": 0, "reminder": 1, "escalation": 2, "notice": 3}


def _place(entry: Entry) -> tuple[bool, int, tuple[datetime, datetime, int]]:
    """Urgent first, then new prompts, what waits, and what changed; the oldest first."""
    return not entry.urgent, _ORDER.get(entry.kind, 4), age(entry.prompt)


def wanted_at(prompt: Stored) -> datetime:
    """When the prompt was to be sent before lateness moved it: of several overdue steps the one with the latest is told."""
    return prompt.plan.wanted_at or prompt.plan.due or _LAST


def age(prompt: Stored) -> tuple[datetime, datetime, int]:
    """Sorts the oldest prompt first."""
    return prompt.plan.due or _LAST, wanted_at(prompt), prompt.id
