"""Messages out of the door: claimed, handed to a channel, and settled as they end.

A message is marked sent only once the other side has accepted it. A kill, or a reply that is lost, between the two repeats the
mail later with the same Message-ID; nothing is lost, whatever stops us (design, law 9).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from cti.core.messages import Message

_BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))

LEASE = timedelta(minutes=30)
"""How long a claim should hold: longer than half of it plus the ten minutes that a server may take for one message."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The other side has taken the message over."""


@dataclass(frozen=True, slots=True)
class Retry:
    """It did not go, and may go later: at `at`, for the reason `error`. It is tried for as long as it takes."""

    at: datetime
    error: str


@dataclass(frozen=True, slots=True)
class Failed:
    """It was refused for good; trying again would not help."""

    error: str


Outcome = Sent | Retry | Failed
Settled = tuple[Message, Outcome]
"""A message, and what became of it."""


@dataclass(frozen=True, slots=True)
class Outbox:
    """The store as a channel sees it.

    `claim(n)` hands out at most n messages that are due and nobody else's for the time of `lease`. `settle` writes down what
    became of some, in one transaction. `stopping` says whether to end after the message in hand; `give_back` then returns the
    claims that had no turn. (Whoever cannot end so loses nothing: a claim lapses.)
    """

    claim: Callable[[int], Sequence[Message]]
    settle: Callable[[Sequence[Settled]], None]
    lease: timedelta = LEASE
    stopping: Callable[[], bool] = field(default=lambda: False)
    give_back: Callable[[Sequence[Message]], None] = field(default=lambda messages: None)


Channel = Callable[[Outbox, datetime], str | None]
"""Sends what is due at that time. Returns what is wrong with the way out itself, if anything: then all that waits will wait."""


@dataclass(slots=True)
class Tally:
    """What became of the messages of one run; `error` says what is wrong with the way out itself."""

    sent: int = 0
    retried: int = 0
    failed: int = 0
    error: str | None = None


def send_out(outbox: Outbox, channel: Channel, now: datetime) -> Tally:
    """Delivers all that is due at `now` and says what became of it."""
    tally = Tally()

    def settle(ended: Sequence[Settled]) -> None:
        outbox.settle(ended)
        for _, outcome in ended:
            match outcome:
                case Sent():
                    tally.sent += 1
                case Retry():
                    tally.retried += 1
                case Failed():
                    tally.failed += 1

    tally.error = channel(replace(outbox, settle=settle), now)
    return tally


def retry(message: Message, now: datetime, error: str) -> Retry:
    """The next try after one more that failed."""
    return Retry(now + pause(message.attempts), error)


def pause(attempts: int) -> timedelta:
    """How long to wait after a try that so many had failed before: 1, 5, 15 and 60 minutes, and an hour from then on."""
    return _BACKOFF[min(attempts, len(_BACKOFF) - 1)]
