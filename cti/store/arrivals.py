"""When what a record says reached us, beside when it was recorded there and the day it is about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection, select

from cti.core.events import RecordId
from cti.store.tables import record, source, version


def reached(tx: Connection) -> Iterator[tuple[RecordId, tuple[tuple[datetime, datetime], ...]]]:
    """Each record of which a version reached us after it was recorded, with the times of its versions, oldest first: when it was
    known there, and when it reached us.

    What a source's first reading brought counts as having reached us when it was known: it was there before we looked.
    """
    later = version.c.learned > source.c.first_read_at
    slow = (
        select(version.c.record_id)
        .join(record, record.c.id == version.c.record_id)
        .join(source, source.c.name == record.c.source)
        .where(later, version.c.learned > version.c.known)
    )
    asked = (
        select(
            record.c.id,
            record.c.source,
            record.c.ref,
            record.c.part,
            version.c.known,
            version.c.learned,
            later.label("later"),
        )
        .join(version, version.c.record_id == record.c.id)
        .join(source, source.c.name == record.c.source)
        .where(record.c.id.in_(slow))
        .order_by(record.c.id, version.c.seq)
    )
    for _, rows in groupby(tx.execute(asked), key=lambda row: int(row.id)):
        said = list(rows)
        key = RecordId(said[0].source, said[0].ref, said[0].part)
        yield key, tuple((row.known, row.learned if row.later else row.known) for row in said)


def undated(tx: Connection) -> set[tuple[RecordId, int]]:
    """Versions (the record, and which of its versions from nought on) of which nobody knows when they were recorded: the source
    does not say, and its first reading brought them."""
    asked = (
        select(record.c.source, record.c.ref, record.c.part, version.c.seq)
        .join(version, version.c.record_id == record.c.id)
        .join(source, source.c.name == record.c.source)
        .where(version.c.recorded.is_(None), version.c.learned <= source.c.first_read_at)
    )
    return {(RecordId(row.source, row.ref, row.part), row.seq - 1) for row in tx.execute(asked)}
