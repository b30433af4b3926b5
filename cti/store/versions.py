"""What a reading adds to its record: the decisions of the journal, without its database.

An older reading never overrides a newer one, equal content adds nothing, and a return to an earlier content is a new version.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from cti.core.calendar import Calendar
from cti.core.events import Answer, Event, Reading, RecordId, Stay
from cti.store.codec import RETRACTED, digest_of, event_text

SKEW = timedelta(days=1)
"""How far another computer's clock may be ahead of ours. What is said to be recorded later than that is mistyped."""

EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Latest:
    """What a record's latest version says, as a digest. `recorded` is the latest time that was stated for any reading of it, and
    `stated` the digest of what was said then (it may have added no version)."""

    id: int
    client: str
    client_id: int
    seq: int
    digest: bytes
    recorded: datetime | None
    stated: bytes | None
    known: datetime


class New(NamedTuple):
    """A version to be added. `text` None: retracted."""

    client: str
    text: str | None
    day: date | None
    recorded: datetime | None
    known: datetime


class Decided(NamedTuple):
    """What the readings of one record come to: versions, how many readings were older than what stands, and the record's digest,
    latest stated time and what was said then, from now on."""

    id: RecordId
    latest: Latest | None
    new: tuple[New, ...]
    older: int
    digest: bytes
    recorded: datetime | None
    stated: bytes | None


@dataclass(frozen=True, slots=True)
class When:
    """The times of one reading of a source: when it was `learned`, by whose calendar days begin, whether it is its `first`."""

    learned: datetime
    calendar: Calendar
    first: bool = False


def decide(record: RecordId, readings: Sequence[Reading], latest: Latest | None, when: When) -> Decided:
    """The versions that these readings of one record add. They count in the order in which they were recorded.

    Readings without a stated time say what holds when they are learned; of several, the last counts. So does one with a mistyped
    time, unless others follow it. A file is read again and again: what was said before at the same time adds nothing, unless it
    is all that is said now (the row went missing and came back).
    """
    if len(readings) == 1 and latest is not None and _says_the_same(readings[0], latest):
        return Decided(record, latest, (), 0, latest.digest, latest.recorded, latest.stated)
    limit = when.learned + SKEW
    if len(readings) == 1 and latest is None:
        first = _first(record, readings[0], when, limit)
        if first is not None:
            return first
    mark = latest.recorded if latest is not None else None
    older = 0
    stated: list[tuple[datetime, Reading]] = []
    present: Reading | None = None
    for reading in readings:
        recorded = reading.recorded
        if recorded is None or recorded > limit:
            present = reading
            continue
        if present is not None and present.recorded is not None:
            present = None
        if mark is not None and recorded < mark:
            older += 1
        else:
            stated.append((recorded, reading))
    if len(stated) > 1:
        stated.sort(key=lambda pair: pair[0])
    row = _Row(latest, when)
    said = [(recorded, reading, *content(reading)) for recorded, reading in stated]
    for recorded, reading, text, digest in said[_read_before(said, latest) :]:
        row.take(reading, text, digest, recorded)
    if present is not None:
        row.take(present, *content(present), present.recorded)
    elif said:
        recorded, reading, text, digest = said[-1]
        row.take(reading, text, digest, recorded)
    last = latest.stated if latest is not None else None
    if said:
        mark, last = said[-1][0], said[-1][3]
    return Decided(record, latest, tuple(row.new), older, row.digest, mark, last)


def _first(record: RecordId, reading: Reading, when: When, limit: datetime) -> Decided | None:
    """What the first reading ever of a record comes to, at a time that can be right: so it is with most rows of a first import.
    None: to be judged as all others are."""
    event, recorded = reading.event, reading.recorded
    if event is None or recorded is None or recorded > limit:
        return None
    text, digest = content(reading)
    known = min(recorded, when.learned)
    new = New(reading.client, text, day_of(event, when.calendar), recorded, known)
    return Decided(record, None, (new,), 0, digest, recorded, digest)


def content(reading: Reading) -> tuple[str | None, bytes]:
    """The text of the reading's event, and a digest of what the reading says: about which client, and what."""
    if reading.event is None:
        return None, RETRACTED
    text = event_text(reading.event)
    # With its length before it, a reference cannot run over into the text.
    return text, digest_of(f"{len(reading.client)}:{reading.client}{text}")


def _says_the_same(reading: Reading, latest: Latest) -> bool:
    """Whether nothing at all follows from this reading; so it is with almost every row of an export that is read again."""
    if reading.recorded != latest.recorded and reading.recorded is not None:
        return False
    digest = content(reading)[1]
    return digest == latest.digest and (reading.recorded is None or digest == latest.stated)


def _read_before(said: Sequence[tuple[datetime, Reading, str | None, bytes]], latest: Latest | None) -> int:
    """How many of these, sorted by time, were read before: up to what was said last at the record's latest stated time."""
    if latest is None or latest.recorded is None:
        return 0
    same = [digest for recorded, _, _, digest in said if recorded == latest.recorded]
    return max((place for place, digest in enumerate(same, 1) if digest == latest.stated), default=0)


def day_of(event: Event, calendar: Calendar) -> date | None:
    """The day that an event is about: that of an answer is when it was given."""
    match event:
        case Stay():
            return event.begin
        case Answer():
            return calendar.day(event.at)
        case _:
            return event.day


class _Row:
    """A record as it grows. `new` are the versions that were added to it."""

    __slots__ = ("_client", "_known", "_when", "digest", "new")

    def __init__(self, latest: Latest | None, when: When) -> None:
        self.new: list[New] = []
        self.digest = latest.digest if latest is not None else RETRACTED
        self._client = latest.client if latest is not None else ""
        self._known = latest.known if latest is not None else EARLIEST
        self._when = when

    def take(self, reading: Reading, text: str | None, digest: bytes, recorded: datetime | None) -> None:
        """Adds a version where the reading says something else than the latest one."""
        if digest == self.digest:
            return
        event = reading.event
        day = None
        if event is not None:
            day = day_of(event, self._when.calendar)
            # A retraction says nothing, not even whose record it was.
            self._client = reading.client
        self._known = max(self._known, self._known_at(day, recorded))
        self.new.append(New(self._client, text, day, recorded, self._known))
        self.digest = digest

    def _known_at(self, day: date | None, recorded: datetime | None) -> datetime:
        """Since when this may be called known; never after it was learned, nor before an earlier version of the record was."""
        learned = self._when.learned
        if recorded is not None:
            return min(recorded, learned)
        if self._when.first and day is not None:
            try:
                return min(self._when.calendar.at(day), learned)
            except OverflowError:  # the first day of the calendar, in a zone ahead of UTC
                return EARLIEST
        return learned
