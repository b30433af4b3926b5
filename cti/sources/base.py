"""What a source gives: readings, what could not be read, counts that add up, and the state to go on from next time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from cti.core.events import Event, Reading, RecordId
from cti.core.people import Away, Person
from cti.core.vocabulary import Vocabulary
from cti.i18n import say
from cti.problems import Problem
from cti.sources.settings import Quiet, read_name, read_pace, read_quiet, read_zone

State = dict[str, Any]
"""What a source remembers between two readings; JSON. Empty before the first reading."""

Absent = Callable[[RecordId, Event], Event | None]
"""What a known record says now that it is missing from a reading: the same event (nothing follows from its absence), a changed
one (a stay that ended), or None (retracted)."""

Unsaid = Callable[[RecordId], Sequence[Reading]]
"""What was read says, by not mentioning it, of a known record of which no reading speaks; nothing where it says nothing."""


Pieces = Callable[[], Iterable[tuple[Sequence[Reading], Unsaid]]]
"""Readings of which memory has no room for all, and what they leave unsaid: from the beginning each time this is asked. All that
is said of one record stands in one piece, or in pieces that follow one another."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """An event that was pushed and waits to be read, under our own `number`: about which client, what it tells (its `kind`), when
    it was recorded there (aware, UTC), and what it says, by field."""

    number: int
    client: str
    kind: str
    recorded: datetime
    fields: Mapping[str, str]


def _nothing(again: bool) -> Sequence[Pushed]:
    return ()


@dataclass(frozen=True, slots=True)
class Context:
    """What a reading stands in: words that may be used, the organisation's zone, the moment (aware, UTC), and the folder
    that relative paths start from. `pushed` gives what was pushed to the source and waits, in the order in which it came; called
    with True, also what could not be read before. `teams` are the ids of the config's teams (None: they are not known)."""

    vocabulary: Vocabulary
    zone: ZoneInfo
    now: datetime
    folder: Path
    pushed: Callable[[bool], Sequence[Pushed]] = _nothing
    teams: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A row that could not be read, and why; never the row itself. `value` is masked: its first character and its length.

    `ref` is the source's reference of the record ("" where that is what is missing), `file` a file's name or a source's.
    """

    ref: str
    file: str
    line: int | None
    field: str
    value: str
    reason: str
    params: tuple[tuple[str, str], ...] = ()

    def sentence(self, lang: str) -> str:
        """The reason, in the reader's language."""
        return say(lang, self.reason, **({"field": self.field, "value": self.value} | dict(self.params)))


@dataclass(frozen=True, slots=True)
class Note:
    """Something about the quality of what was read; param `n` is how often it occurs."""

    text: str
    params: tuple[tuple[str, str], ...] = ()

    def sentence(self, lang: str) -> str:
        return say(lang, self.text, **dict(self.params))


def note(text: str, **params: object) -> Note:
    """A Note with the keywords as its params."""
    return Note(text, tuple((name, str(value)) for name, value in params.items()))


@dataclass(frozen=True, slots=True)
class Counts:
    """Every row is exactly one of these: read, left out by a setting (by the setting's name), or quarantined."""

    read: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)
    quarantined: int = 0

    @property
    def rows(self) -> int:
        return self.read + sum(self.left_out.values()) + self.quarantined


@dataclass(frozen=True, slots=True)
class PeopleRead:
    """What a reading of a list of people gives: people without their absences, and who is away when, by id.

    `doubtful` are the ids of rows of which something could not be read: what is known of them stands, and someone new is taken as
    far as they stand among `people`. `whole`: who is not in it does not work here any more.
    """

    people: tuple[Person, ...] = ()
    away: Mapping[str, tuple[Away, ...]] = field(default_factory=dict)
    doubtful: frozenset[str] = frozenset()
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Batch:
    """What one reading of a source gives.

    `readings` stand in an order in which the journal can take them: the versions of one record oldest first, and where the
    registration states times, last what holds now with `recorded` None (it only matters where the stated times hide a
    change, such as a row that came back as it was).
    `absent` tells what the known records of this source say now that are in none of the readings; None: nothing follows.
    `unsaid` tells it of the other parts of the references that are among the readings.
    `pieces` stand in the place of `readings` and `unsaid` where there are too many.
    `state` is to be stored when the readings (and what follows from absences) are in the journal, and not before; where a
    limit holds them back, the old state stays, so that the same is read again.
    `afresh` names the files that were read as a whole, so that what was quarantined of them before stands no longer; None
    means the whole source. What was quarantined of other files stands until its record is among the readings.
    `changed` is False where nothing was read because nothing changed (or nothing is complete yet; `notes` say so).
    `problems` concern parts of the source (one file of many); the rest was read.
    `taken` are the numbers of what was pushed and is read now, `unread` of what could not be.
    `people` is what a list of people says; such a source has no readings.
    """

    readings: Sequence[Reading] = ()
    state: State = field(default_factory=dict)
    changed: bool = True
    quarantined: tuple[Quarantined, ...] = ()
    afresh: frozenset[str] | None = None
    counts: Counts = Counts()
    absent: Absent | None = None
    unsaid: Unsaid | None = None
    notes: tuple[Note, ...] = ()
    problems: tuple[Problem, ...] = ()
    pieces: Pieces | None = None
    taken: tuple[int, ...] = ()
    unread: tuple[int, ...] = ()
    people: PeopleRead | None = None


class SourceOptions(BaseModel):
    """The settings that every source has, as they stand below `[[sources]]` in the config."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, BeforeValidator(read_name)] = Field(
        description="Names the source; part of the identity of its records, so never to be changed later."
    )
    type: str = Field(
        description="The kind of source: csv, sql, fhir, hmis-csv, http or iwmo; of people people-csv, people-sql or scim."
    )
    every: Annotated[timedelta, BeforeValidator(read_pace)] = Field(
        default=timedelta(minutes=5), description='How often it is looked at: "5 minutes", "1 hour".'
    )
    team: str | None = Field(
        default=None, description="The team whose inbox is prompted where the registration names no worker."
    )
    quiet_after: Annotated[Quiet | None, BeforeValidator(read_quiet)] = Field(
        default=None,
        description='Warns when nothing new came for so long: "16 working hours", "3 working days", "2 days".',
    )
    timezone: Annotated[str | None, BeforeValidator(read_zone)] = Field(
        default=None, description="The zone of times without one; the organisation's where this is not set."
    )

    def zone(self, context: Context) -> ZoneInfo:
        """The zone in which times without one are read."""
        return ZoneInfo(self.timezone) if self.timezone else context.zone


def mask(value: object) -> str:
    """The first character and the length of a value: "4••". Enough to find it at the source, too little to tell anything."""
    text = str(value)
    if not text:
        return ""
    first = text[0] if text[0].isprintable() else "?"
    return first + "•" * (min(len(text), 16) - 1)


def settings_digest(options: SourceOptions, vocabulary: Vocabulary, *more: str) -> str:
    """Changes when the mapping or the words change, and what was read before must be read again.

    A value that was quarantined for want of a mapping is read by this once the mapping is there.
    """
    settings = options.model_dump(mode="json", exclude={"name", "type", "every", "quiet_after"})
    words = [
        sorted(vocabulary.situations),
        sorted((fact.name, fact.type, sorted(fact.values)) for fact in vocabulary.facts.values()),
    ]
    return digest(json.dumps([settings, words, *more], sort_keys=True, default=str).encode())


def read_again(state: State) -> State:
    """The state with which a source reads everything from the beginning, as after a change of its settings.

    It keeps what no export tells a second time: since when a snapshot says something, which homes are expected.
    """
    return {key: value for key, value in state.items() if key != "settings"}


def digest(data: bytes) -> str:
    """A short fingerprint of bytes."""
    return hashlib.sha256(data).hexdigest()[:24]
