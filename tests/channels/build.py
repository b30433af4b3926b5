"""A small outbox in memory, with the store's ways, and messages to put in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from cti.core.messages import Item, Message
from cti.post.outbox import LEASE, Failed, Outbox, Outcome, Retry, Sent, Settled

NOW = datetime(2026, 3, 16, 8, 0, tzinfo=UTC)


def message(number: int = 1, **more: object) -> Message:
    """A message to w1, number 2 to w2, and so on."""
    made = Message(
        id=number,
        kind="digest",
        person=f"w{number}",
        address=f"w{number}@example.org",
        subject="Er staan 2 herinneringen voor je klaar",
        text="Hallo,\n\nEr staan er 2 voor je klaar.\n",
        html="<p>Hallo</p>\n",
        message_id=f"<{number:032x}@example.org>",
        in_reply_to=None,
        references=(),
        items=(Item(number, "prompt", 0),),
        day=date(2026, 3, 16),
    )
    return made._replace(**more)  # type: ignore[arg-type]


@dataclass
class Shelf:
    """What waits, what became of it, and when it may be tried again."""

    waiting: dict[int, Message] = field(default_factory=dict)
    at: dict[int, datetime] = field(default_factory=dict)
    claimed: set[int] = field(default_factory=set)
    outcomes: dict[int, list[Outcome]] = field(default_factory=dict)

    @property
    def sent(self) -> list[int]:
        return sorted(n for n, became in self.outcomes.items() if Sent() in became)

    @property
    def failed(self) -> dict[int, str]:
        return {n: o[-1].error for n, o in self.outcomes.items() if isinstance(o[-1], Failed)}

    def outbox(self, now: datetime, stop_after: int | None = None, lease: timedelta = LEASE) -> Outbox:
        """The outbox at that time; with `stop_after`, the service is told to stop once that many are settled."""
        settled = 0

        def claim(most: int) -> Sequence[Message]:
            due = [n for n in sorted(self.waiting) if n not in self.claimed and self.at.get(n, now) <= now]
            self.claimed |= set(due[:most])
            return [self.waiting[n] for n in due[:most]]

        def settle(ended: Sequence[Settled]) -> None:
            nonlocal settled
            for one, outcome in ended:
                assert one.id in self.claimed, "settled without a claim"
                settled += 1
                self.claimed.discard(one.id)
                self.outcomes.setdefault(one.id, []).append(outcome)
                if isinstance(outcome, Retry):
                    self.at[one.id] = outcome.at
                    self.waiting[one.id] = one._replace(attempts=one.attempts + 1)
                else:
                    del self.waiting[one.id]

        def stopping() -> bool:
            return stop_after is not None and settled >= stop_after

        def give_back(messages: Sequence[Message]) -> None:
            self.claimed -= {one.id or 0 for one in messages}

        return Outbox(claim, settle, lease, stopping, give_back)


def shelf(*messages: Message) -> Shelf:
    return Shelf({one.id or 0: one for one in messages})


def many(number: int) -> Shelf:
    return shelf(*(message(n) for n in range(1, number + 1)))
