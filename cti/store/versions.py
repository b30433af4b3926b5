"""What a reading adds to its record: the decisions of the journal, without its database.

An older reading never overrides a newer one, equal content adds nothing, and a return to an earlier content is a new version.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from cti.core.calendar import Calendar
from cti.core.events import Answer, Event, Expected, Reading, RecordId, Stay
from cti.store.codec import RETRACTED, digest, event_text

SKEW = timedelta(days=1)
"""How far another computer's clock may be ahead of ours. What is said to be recorded later than that is mistyped."""

EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Latest:
    """What a record's latest version says; `recorded` is the latest stated time of all its versions."""

    id: int
    client: str
    client_id: int
    seq: int
    digest: bytes
    recorded: datetime | None
    known: datetime


@dataclass(frozen=True, slots=True)
class New:
    """A version to be added. `text` None: retracted."""

    client: str
    text: str | None
    digest: bytes
    day: date | None
    recorded: datetime | None
    known: datetime


@dataclass(frozen=True, slots=True)
class Decided:
    """What the readings of one record come to. `recorded` is the record's latest stated time from now on."""

    id: RecordId
    latest: Latest | None
    new: tuple[New, ...]
    older: int
    recorded: datetime | None


@dataclass(frozen=True, slots=True)
class When:
    """The times of one reading of a source: when it was `learned`, by whose calendar days begin, whether it is its `first`."""

    learned: datetime
    calendar: Calendar
    first: bool = False


Said = Callable[[int, datetime, str, bytes], bool]
"""Whether a version of a record (our number) already says this: stated time, client, digest."""


def decide(
    record: RecordId, readings: Sequence[Reading], latest: Latest | None, said: Said, when: When
) -> Decided:
    """The versions that these readings of one record add. They count in the order in which they were recorded.

    Readings without a stated time say what holds when they are learned; of several, the last counts. A file is read again and
    again, so what was said before at the same stated time is no return to it, unless it is all that the latest time has to say.
    """
    mark = latest.recorded if latest is not None else None
    limit = when.learned + SKEW
    strange, older = [], 0
    stated: list[tuple[datetime, Reading]] = []
    present: Reading | None = None
    for reading in readings:
        if reading.recorded is None:
            present = reading
        elif reading.recorded > limit:
            strange.append((reading.recorded, reading))
        elif mark is not None and reading.recorded < mark:
            older += 1
        else:
            stated.append((reading.recorded, reading))
    if len(stated) > 1:
        stated.sort(key=lambda pair: pair[0])
    row = _Row(latest, said, when)
    for recorded, reading in strange:
        row.take(reading, recorded, again=True)
    for recorded, reading in stated:
        row.take(reading, recorded, again=recorded == mark)
    if present is not None:
        row.take(present)
    elif stated and row.passed_over:
        recorded, reading = stated[-1]
        row.take(reading, recorded)
    return Decided(record, latest, tuple(row.new), older, stated[-1][0] if stated else mark)


def day_of(event: Event, calendar: Calendar) -> date | None:
    """The day that an event is about: that of an answer is when it was given."""
    match event:
        case Stay():
            return event.begin
        case Answer():
            return calendar.day(event.at)
        case Expected():
            return event.day
        case _:
            return event.day


class _Row:
    """A record as it grows. `new` are the versions that were added to it."""

    __slots__ = ("_client", "_digest", "_known", "_latest", "_said", "_when", "new", "passed_over")

    def __init__(self, latest: Latest | None, said: Said, when: When) -> None:
        self.new: list[New] = []
        self.passed_over = False
        self._latest = latest
        self._client = latest.client if latest is not None else None
        self._digest = latest.digest if latest is not None else RETRACTED
        self._known = latest.known if latest is not None else EARLIEST
        self._said = said
        self._when = when

    def take(self, reading: Reading, recorded: datetime | None = None, again: bool = False) -> None:
        """Adds a version where the reading differs from the latest one; one read `again` only if no version said it then."""
        event = reading.event
        text = None if event is None else event_text(event)
        # A retraction says nothing, not even whose record it was.
        client = self._client if event is None else reading.client
        mark = digest(text)
        if client is None or (mark == self._digest and client == self._client):
            return
        if again and recorded is not None and self._was_said(recorded, client, mark):
            self.passed_over = True
            return
        day = None if event is None else day_of(event, self._when.calendar)
        self._known = max(self._known, self._known_at(day, recorded))
        self.new.append(New(client, text, mark, day, recorded, self._known))
        self._client, self._digest = client, mark

    def _was_said(self, recorded: datetime, client: str, mark: bytes) -> bool:
        return self._latest is not None and self._said(self._latest.id, recorded, client, mark)

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
