"""What was known of a client on a day: what had been read by then, and what came in only later.

Of days before a source was first read, what its records say they were recorded by is taken for known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from cti.core.events import (
    Assignment,
    Closed,
    Event,
    Expected,
    Fact,
    History,
    Record,
    RecordId,
    Stay,
    Version,
)
from cti.store.histories import Entry

FirstRead = Mapping[str, datetime]
"""When each source was first read."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """What a record says now and did not say then: `before` and `after` are None where it said nothing, or says nothing any more.

    `known` is when that was recorded, `seen` when it was read.
    """

    id: RecordId
    before: Event | None
    after: Event | None
    known: datetime
    seen: datetime


def seen(entry: Entry, at: datetime, first_read: FirstRead) -> datetime:
    """From when on this version counts, as of `at`."""
    first = first_read.get(entry.id.source)
    return entry.known if first is not None and at < first else entry.learned


def history_at(
    entries: Iterable[Entry], client: str, number: int, at: datetime, first_read: FirstRead
) -> History:
    """The client's history (our number) as it was known at that moment."""
    records = []
    for key, versions in _by_record(entries):
        by_then = [entry for entry in versions if seen(entry, at, first_read) <= at]
        if by_then and by_then[-1].client == number:
            said = tuple(Version(entry.event, entry.known) for entry in by_then)
            records.append(Record(key, said))
    return History(client, tuple(sorted(records, key=lambda record: record.id)))


def not_yet_known(
    entries: Iterable[Entry], number: int, day: date, at: datetime, first_read: FirstRead
) -> tuple[Unknown, ...]:
    """What is known of the client now about that day or an earlier one, and was not at that moment; by when it was seen."""
    found = []
    for key, versions in _by_record(entries):
        then = [entry for entry in versions if seen(entry, at, first_read) <= at]
        later = [entry for entry in versions if seen(entry, at, first_read) > at]
        if not later:
            continue
        before = then[-1].event if then and then[-1].client == number else None
        after = later[-1].event if later[-1].client == number else None
        if before != after and _is_about(before, after, day):
            first = next(entry for entry in later if entry.event == later[-1].event)
            found.append(Unknown(key, before, after, first.known, first.learned))
    return tuple(sorted(found, key=lambda one: (one.seen, one.known, one.id)))


def _by_record(entries: Iterable[Entry]) -> Iterator[tuple[RecordId, list[Entry]]]:
    for key, versions in groupby(entries, key=lambda entry: entry.id):
        yield key, list(versions)


def _is_about(before: Event | None, after: Event | None, day: date) -> bool:
    """Whether they differ in something of that day or of an earlier one."""
    return any(when <= day for when, _ in _points(before) ^ _points(after))


def _points(event: Event | None) -> set[tuple[date, tuple[object, ...]]]:
    """What it says of which days; of an expectation what it says is of all of them, of an answer nothing."""
    match event:
        case Stay(situation, begin, end, destination):
            left = {(end, ("left", destination))} if end is not None else set()
            return {(begin, ("came", situation))} | left
        case Expected(situation, day):
            return {(date.min, (situation, day))}
        case Fact(name, value, day):
            return {(day, (name, value))}
        case Assignment(day, worker, team):
            return {(day, (worker, team))}
        case Closed(day, reason, until):
            return {(day, ("closed", reason))} | ({(until, ("opened",))} if until is not None else set())
    return set()
