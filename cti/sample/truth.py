"""The hidden truth: what really happened to the clients of an invented shelter organisation, and who works there.

The truth is net of all that registration does to it (late entry, corrections, short absences within a stay). It holds only what
can be registered: where nobody knows where a client went, the truth says "unknown", and nothing more happens to the client
until somebody of the organisation sees them again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Form = Literal["stay", "destination", "inside", "return"]
"""How a spell can be seen in a registration: by a stay of its own; only as the destination of the stay before; by a stay while
the one before it stays open; or by coming back to that open stay."""

Value = str | bool | date


@dataclass(frozen=True, slots=True)
class Guidance:
    """Guidance at home: foreseen from a day before the move, begun at or soon after it, `end` None while it lasts."""

    foreseen: date
    begin: date
    end: date | None


@dataclass(frozen=True, slots=True)
class Spell:
    """An unbroken time in one situation; `end` (exclusive) is None while it lasts."""

    situation: str
    begin: date
    end: date | None
    form: Form
    guidance: Guidance | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """Something known about a client from `day` on."""

    name: str
    value: Value
    day: date


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who works with the client from `day` on."""

    day: date
    worker: str
    team: str


@dataclass(frozen=True, slots=True)
class Foresight:
    """A situation that is expected: what was thought on which day (the day of the move as thought then, None if not known).

    `came` is the day on which it came true, `withdrawn` the day on which the plan was given up; neither where it still stands.
    `guided` means that guidance at home was opened for it.
    """

    situation: str
    thought: tuple[tuple[date, date | None], ...]
    came: date | None = None
    withdrawn: date | None = None
    guided: bool = False


@dataclass(frozen=True, slots=True)
class Closing:
    """The file was closed on `day`: "closed", "deceased" or "opted-out"; `until` takes an opting out back."""

    day: date
    reason: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Client:
    """One client's life as the organisation could know it. `members` counts the others of the household."""

    id: str
    team: str
    spells: tuple[Spell, ...]
    facts: tuple[Fact, ...]
    assignments: tuple[Assignment, ...]
    foresights: tuple[Foresight, ...]
    closings: tuple[Closing, ...]
    members: int = 0

    def closed_on(self, day: date) -> bool:
        """Whether the file is closed on that day. (No file is opened again by a stay: none begins after "closed".)"""
        return any(
            closing.day <= day and (closing.until is None or day < closing.until) for closing in self.closings
        )


@dataclass(frozen=True, slots=True)
class Absence:
    """Both days included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Worker:
    """`works` holds "mon" to "fri"; `deputy` stands in during absences."""

    id: str
    team: str
    works: tuple[str, ...]
    deputy: str
    absences: tuple[Absence, ...]


@dataclass(frozen=True, slots=True)
class Transition:
    """The step from one spell to the next; `from_situation` is None at the beginning of the line."""

    client: str
    from_situation: str | None
    to: str
    day: date


@dataclass(frozen=True, slots=True)
class Truth:
    """Everything, from `start` until `end` (exclusive)."""

    seed: int
    start: date
    end: date
    workers: tuple[Worker, ...]
    clients: tuple[Client, ...]

    def transitions(self, until: date | None = None) -> tuple[Transition, ...]:
        """Every true transition in order of client and day, deaths among them; with `until`, those before that day."""
        return tuple(
            Transition(client.id, origin, spell.situation, spell.begin)
            for client in self.clients
            for origin, spell in zip(
                (None, *(spell.situation for spell in client.spells)), client.spells, strict=False
            )
            if until is None or spell.begin < until
        )
