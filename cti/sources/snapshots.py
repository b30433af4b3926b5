"""A snapshot, the complete state of a registration: what follows from the rows that it holds and from those that it lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from cti.core.events import Event, Expected, Reading, RecordId, Stay
from cti.i18n import mark
from cti.sources.base import Absent, Counts, Note, Quarantined, note
from cti.sources.columns import RowOptions
from cti.sources.rows import Row

MOST_SHOWN = 100_000
"""Rows that cannot be read, of one file: more are counted only."""

Missing = Literal["retracted", "ended", "kept"]


@dataclass(frozen=True, slots=True)
class Read:
    """The rows of a file or of a query, those that could not be read, and how many of these tell no record at all.

    `parts` are the parts that a row's record may have, `silent` counts the rows that say nothing, and `unshown` those that could
    not be read beyond what anyone looks through.
    """

    rows: Sequence[Row]
    quarantined: Sequence[Quarantined]
    nameless: int
    parts: tuple[str, ...]
    count: int = 0
    silent: int = 0
    unshown: int = 0


def collect(
    entries: Iterable[Row | Quarantined],
    parts: tuple[str, ...],
    options: RowOptions,
    take: Callable[[Row], None] | None = None,
) -> Read:
    """Gathers rows and those that could not be read. Rows that someone else takes are only counted."""
    rows: list[Row] = []
    quarantined: list[Quarantined] = []
    put = take or rows.append
    count = silent = nameless = unshown = 0
    # A row without an id may be any record, but one without a client as well is a total or the like.
    client = options.columns.get("client", "client")
    for entry in entries:
        if isinstance(entry, Row):
            put(entry)
            count += 1
            silent += entry.silent
        elif len(quarantined) < MOST_SHOWN:
            quarantined.append(entry)
            nameless += not entry.ref and entry.field != client
        else:
            unshown += 1
            nameless += 1  # of which record it is, is not kept
    return Read(rows, quarantined, nameless, parts, count, silent, unshown)


def snapshot_readings(read: Read, source: str) -> list[Reading]:
    """What the rows say. A part that a row does not mention is left to `absent_from`."""
    return [
        Reading(RecordId(source, row.ref, part), row.client, event, row.recorded)
        for row in read.rows
        for part, event in row.parts.items()
    ]


def absent_from(read: Read, options: RowOptions, today: date) -> Absent | None:
    """What follows from absence: nothing where the snapshot is empty, or has rows of which the record cannot be told."""
    if not read.rows or read.nameless:
        return None
    told = {row.ref for row in read.rows}
    unreadable = {entry.ref for entry in read.quarantined}
    missing: Missing = options.missing

    def absent(record: RecordId, event: Event) -> Event | None:
        if record.ref in told:
            return None
        if record.ref in unreadable or missing == "kept":
            return event
        return None if missing == "retracted" else _ended(event, today)

    return absent


def snapshot_notes(read: Read) -> tuple[Note, ...]:
    """Why nothing follows from what a snapshot lacks, where that is so."""
    if not read.rows:
        text = mark("the snapshot has no rows that can be read; nothing is taken for deleted")
        return (note(text), *unshown_notes(read))
    if read.nameless:
        text = mark("rows that tell no record: {n}; until they can be read, nothing is taken for deleted")
        return (note(text, n=read.nameless), *unshown_notes(read))
    return ()


def unshown_notes(*reads: Read) -> tuple[Note, ...]:
    """That not all that could not be read is shown, where that is so."""
    unshown = sum(read.unshown for read in reads)
    text = mark("further rows that cannot be read: {n}; they are not listed")
    return (note(text, n=unshown),) if unshown else ()


def counts_of(*reads: Read) -> Counts:
    """The rows that were read, left out because their codes stand for nothing, and quarantined."""
    silent = sum(read.silent for read in reads)
    rows = sum(read.count for read in reads)
    quarantined = sum(len(read.quarantined) + read.unshown for read in reads)
    return Counts(rows - silent, {"codes": silent} if silent else {}, quarantined)


def _ended(event: Event, today: date) -> Event | None:
    if isinstance(event, Stay) and (event.end is None or event.end > today):
        return replace(event, end=max(event.begin, today))
    return None if isinstance(event, Expected) else event
