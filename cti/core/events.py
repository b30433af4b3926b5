"""What the registration tells about a client: events, the records they stand in, and a client's history.

A record is (source, ref, part). What it says may change: each change is a version, and a deletion is a version that says
nothing. Identity belongs to the record, never to a version.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

Value = str | bool | int | float | date
"""The value of a fact: a word of the vocabulary, yes or no, a number, or a day."""


class RecordId(NamedTuple):
    """The registration's own stable id: the source's name, its reference, and which part of that reference.

    There are hundreds of thousands of them in an export, each looked up in several tables: a tuple is made and compared fast.
    """

    source: str
    ref: str
    part: str = ""

    def __str__(self) -> str:
        return ":".join(self)


@dataclass(frozen=True, slots=True)
class Stay:
    """A registered period in a situation. `end` is exclusive; `destination` is the situation it ended to, if known."""

    situation: str
    begin: date
    end: date | None = None
    destination: str | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """A situation foreseen, with its day where one is known."""

    situation: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """Anything else registered about a client; it holds from `day`."""

    name: str
    value: Value
    day: date


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who works with the client from `day` on: a worker's id, a team's id, or both."""

    day: date
    worker: str | None = None
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a worker said to a prompt, and the facts that this records.

    `prompt` is the prompt's key, `names` the names of moments that the prompt answered to when it was answered (so that the
    answer is found again when the moment takes another name), `at` the moment of answering.
    """

    prompt: str
    answer: str
    at: datetime
    facts: tuple[tuple[str, Value], ...] = ()
    names: tuple[str, ...] = ()
    by: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Closed:
    """The file was closed on `day`. `reason` is "closed", "deceased" or "opted-out"; the last two end only by an `until`."""

    day: date
    reason: str = "closed"
    until: date | None = None


Event = Stay | Expected | Fact | Assignment | Answer | Closed


@dataclass(frozen=True, slots=True)
class Version:
    """What a record said, from when on we may say that this was known.

    `event` is None where the record was retracted. `known` (aware, UTC) is when it was recorded there; where the source does
    not say, when it was learned here; at a source's first reading, its own day (design, section 5).
    """

    event: Event | None
    known: datetime


@dataclass(frozen=True, slots=True)
class Record:
    """A record with its versions, oldest first. The last one holds."""

    id: RecordId
    versions: tuple[Version, ...]

    @property
    def event(self) -> Event | None:
        """What the record says now; None when it was retracted."""
        return self.versions[-1].event


@dataclass(frozen=True, slots=True)
class History:
    """All records that now belong to one client, sorted by id. `client` is the registration's reference."""

    client: str
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of one record by a source. `event` None retracts. `recorded` is aware, or None where it is not stated."""

    id: RecordId
    client: str
    event: Event | None
    recorded: datetime | None = None
