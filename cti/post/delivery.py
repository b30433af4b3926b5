"""Deliveries as values: what one mailbox is told at one time, before it is worded.

The agenda makes them, `compose` words them into messages.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Literal, NamedTuple

from cti.core.messages import Item, ItemKind, MessageKind
from cti.core.people import Person
from cti.core.prompts import Stored

Turn = Literal["withdrawn", "moved", "reinstated"]
"""What a notice tells: the prompt is no longer needed, is due on another day, or is needed again."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How the organisation sends: at most `cap` new prompts a person a day, in a daily message from `digest_at` on.

    `digest_at` None: when the organisation opens. An earlier time makes prompts that are due at opening wait a day.
    """

    cap: int = 3
    digest_at: time | None = None


class Recipient(NamedTuple):
    """The mailbox that a role comes down to today. `person` is None for a team's inbox and for a desk.

    `stands_in_for` is the member of staff in whose place it is told (away, or without an address). `language` None: the default.
    """

    address: str
    person: Person | None = None
    language: str | None = None
    stands_in_for: str | None = None

    @property
    def mailbox(self) -> str:
        """Two recipients with the same mailbox get one message."""
        return mailbox(self.address)


class Entry(NamedTuple):
    """One thing to tell about a prompt; `number` as in Item. `covers` are the prompts it names as missed."""

    prompt: Stored
    kind: ItemKind
    number: int = 0
    urgent: bool = False
    covers: tuple[Stored, ...] = ()
    turn: Turn | None = None
    stands_in_for: str | None = None

    @property
    def about(self) -> tuple[Stored, ...]:
        """The prompts that it speaks of."""
        return (self.prompt, *self.covers)

    @property
    def items(self) -> tuple[Item, ...]:
        covered = [Item(prompt.id, "covered", self.prompt.id) for prompt in self.covers]
        return (Item(self.prompt.id, self.kind, self.number), *covered)


class Delivery(NamedTuple):
    """One message to be worded: for whom, about what, in answer to which earlier mail. `left` prompts wait for the cap."""

    kind: MessageKind
    to: Recipient
    day: date
    entries: tuple[Entry, ...]
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    left: int = 0

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple([item for entry in self.entries for item in entry.items])


Why = Literal["outside-hours", "before-digest", "day-off", "mailed", "cap", "snoozed"]
"""Why a due prompt is not told now: the organisation is closed (urgent prompts), the hour of the daily message has not come,
the recipient does not work today, has had today's message, has its fill of prompts, or someone asked to be left alone."""

Lack = Literal["no-worker", "no-address", "no-inbox", "no-team-lead", "no-desk"]
"""What was missing when a role came down to nobody."""


@dataclass(frozen=True, slots=True)
class Deferred:
    """A due prompt (our number) that waits for a later tick, and why."""

    prompt: int
    why: Why


@dataclass(frozen=True, slots=True)
class Unroutable:
    """A prompt (our number) whose role has no mailbox, what was to be told of it, and what is missing."""

    prompt: int
    kind: ItemKind
    role: str
    lack: Lack


@dataclass(frozen=True, slots=True)
class Agenda:
    """What is to be sent now, what cannot be, and what waits. Each due, unsent prompt stands in exactly one of the three.

    `passing`: the sent prompts (our numbers) of which someone is still to be told that they are theirs now.
    """

    deliveries: tuple[Delivery, ...]
    unroutable: tuple[Unroutable, ...]
    deferred: tuple[Deferred, ...]
    passing: tuple[int, ...] = ()


def mailbox(address: str) -> str:
    """The address as it is compared: mail servers that tell upper and lower case apart are not found in practice."""
    return address.strip().casefold()
