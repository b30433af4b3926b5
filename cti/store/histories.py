"""The histories of clients, as the planner takes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, or_, select

from cti.core.events import Event, History, Record, RecordId, Version
from cti.store.bulk import among, pieces
from cti.store.codec import events_of
from cti.store.tables import client, record, version

AT_ONCE = 500
"""Clients whose histories are held at a time."""


def histories(tx: Connection, clients: Iterable[int]) -> Iterator[tuple[int, History]]:
    """Each of these clients (our numbers) with its history, in the order given: all records that are its own now, with all their
    versions, also those that named another client. A client without records has an empty history."""
    for piece in pieces(clients, AT_ONCE):
        named = select(client.c.id, client.c.ref).where(among(tx, client.c.id, piece))
        refs = {row.id: row.ref for row in tx.execute(named)}
        records = _records(tx, piece)
        for number in piece:
            yield number, History(refs[number], tuple(sorted(records.get(number, ()), key=_by_id)))


@dataclass(frozen=True, slots=True)
class Entry:
    """A version as the journal has it: which client (our number) it named, what it said, when it was known and when learned."""

    id: RecordId
    client: int
    event: Event | None
    known: datetime
    learned: datetime


def entries(tx: Connection, number: int) -> list[Entry]:
    """All versions of all records that ever named this client (our number), by record and in order; for looking back."""
    named = select(version.c.record_id).where(version.c.client_id == number)
    columns = (record.c.source, record.c.ref, record.c.part)
    asked = (
        select(*columns, version.c.client_id, version.c.event, version.c.known, version.c.learned)
        .join(version, version.c.record_id == record.c.id)
        .where(or_(record.c.client_id == number, record.c.id.in_(named)))
        .order_by(*columns, version.c.seq)
    )
    rows = tx.execute(asked).all()
    events = events_of([row[4] for row in rows])
    return [
        Entry(RecordId(*row[:3]), row[3], event, row[5], row[6])
        for row, event in zip(rows, events, strict=True)
    ]


def _by_id(entry: Record) -> tuple[str, str, str]:
    return entry.id.source, entry.id.ref, entry.id.part


def _records(tx: Connection, clients: list[int]) -> dict[int, list[Record]]:
    columns = (
        record.c.client_id,
        record.c.id,
        record.c.source,
        record.c.ref,
        record.c.part,
        version.c.event,
        version.c.known,
    )
    asked = (
        select(*columns)
        .join(version, version.c.record_id == record.c.id)
        .where(among(tx, record.c.client_id, clients))
        .order_by(record.c.id, version.c.seq)
    )
    rows = tx.execute(asked).all()
    events = events_of([row[5] for row in rows])
    found: dict[int, list[Record]] = defaultdict(list)
    for _, said in groupby(zip(rows, events, strict=True), key=_number):
        entries = list(said)
        owner, _, source, ref, part, *_ = entries[0][0]
        versions = tuple(Version(event, row[6]) for row, event in entries)
        found[owner].append(Record(RecordId(source, ref, part), versions))
    return found


def _number(entry: tuple[Sequence[Any], Event | None]) -> int:
    number: int = entry[0][1]
    return number
