"""The histories of clients, as the planner takes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from sqlalchemy import Connection, or_, select

from cti.core.events import Event, History, Record, RecordId, Version
from cti.store.bulk import among, pieces, time_of_many
from cti.store.codec import events_of
from cti.store.tables import client, record, version

AT_ONCE = 500
"""Clients whose histories are held at a time."""

_ID = attrgetter("id")


def histories(tx: Connection, clients: Iterable[int]) -> Iterator[tuple[int, History]]:
    """Each of these clients (our numbers) with its history, in the order given: all records that are its own now, with all their
    versions, also those that named another client. A client without records has an empty history."""
    for piece in pieces(clients, AT_ONCE):
        named = select(client.c.id, client.c.ref).where(among(tx, client.c.id, piece))
        refs = {row.id: row.ref for row in tx.execute(named)}
        records = _records(tx, piece)
        for number in piece:
            yield number, History(refs[number], tuple(sorted(records.get(number, ()), key=_ID)))


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


def _records(tx: Connection, clients: list[int]) -> dict[int, list[Record]]:
    columns = (
        record.c.client_id,
        record.c.id,
        record.c.source,
        record.c.ref,
        record.c.part,
        version.c.event,
        time_of_many(version.c.known),
    )
    asked = (
        select(*columns)
        .join(version, version.c.record_id == record.c.id)
        .where(among(tx, record.c.client_id, clients))
        .order_by(record.c.id, version.c.seq)
    )
    rows = tx.execute(asked).all()
    versions = list(map(Version, events_of([row[5] for row in rows]), [row[6] for row in rows]))
    found: dict[int, list[Record]] = defaultdict(list)
    begin = 0
    for end, row in enumerate(rows, 1):
        if end == len(rows) or rows[end][1] != row[1]:  # the last version of its record
            record_id = RecordId(row[2], row[3], row[4])
            found[row[0]].append(Record(record_id, tuple(versions[begin:end])))
            begin = end
    return found
