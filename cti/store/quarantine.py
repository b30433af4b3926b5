"""What could not be read, and why. One entry for each record and field, however often it is read again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from cti.store.bulk import among, pieces, upsert
from cti.store.codec import dumps, loads
from cti.store.tables import quarantine


@dataclass(frozen=True, slots=True)
class Unread:
    """A field of a row that could not be read. `value` is masked. `reason` is a message with `params`, put into words when shown.

    `ref` is "" where the row has none. The times are set by the store.
    """

    source: str
    ref: str
    file: str
    line: int | None
    field: str
    value: str
    reason: str
    params: tuple[tuple[str, str], ...] = ()
    first_seen: datetime | None = None
    last_seen: datetime | None = None


def put(tx: Connection, entries: Iterable[Unread], now: datetime) -> None:
    """Keeps these; one that is there already keeps its `first_seen`, and has the newest place, value and reason."""
    rows = {
        (entry.source, _place(entry), entry.field): {
            "source": entry.source,
            "place": _place(entry),
            "field": entry.field,
            "ref": entry.ref,
            "file": entry.file,
            "line": entry.line,
            "value": entry.value,
            "reason": entry.reason,
            "params": dumps(entry.params),
            "first_seen": now,
            "last_seen": now,
        }
        for entry in entries
    }
    upsert(tx, quarantine, list(rows.values()), on=("source", "place", "field"), keep=("first_seen",))


def read_well(tx: Connection, source: str, refs: Iterable[str], now: datetime) -> int:
    """Removes what was wrong with these references and is no longer: entries that the reading at `now` did not find again."""
    mended = set(refs) - {""}
    if not mended:
        return 0
    asked = select(quarantine.c.id, quarantine.c.ref).where(
        quarantine.c.source == source, quarantine.c.last_seen < now
    )
    gone = [number for number, ref in tx.execute(asked) if ref in mended]
    for piece in pieces(gone):
        tx.execute(delete(quarantine).where(among(tx, quarantine.c.id, piece)))
    return len(gone)


def file_read(tx: Connection, source: str, file: str, now: datetime) -> int:
    """Removes what a whole reading of the file at `now` did not find again."""
    old = (quarantine.c.source == source, quarantine.c.file == file, quarantine.c.last_seen < now)
    return tx.execute(delete(quarantine).where(*old)).rowcount


def read_whole(tx: Connection, source: str, now: datetime) -> int:
    """Removes what a whole reading of the source at `now` did not find again."""
    old = (quarantine.c.source == source, quarantine.c.last_seen < now)
    return tx.execute(delete(quarantine).where(*old)).rowcount


def forget_before(tx: Connection, moment: datetime) -> int:
    """Removes what was found last before that moment, and so is in no export that is still read."""
    return tx.execute(delete(quarantine).where(quarantine.c.last_seen < moment)).rowcount


def entries(tx: Connection, source: str | None = None) -> list[Unread]:
    """What is in quarantine, by source, file and line."""
    asked = select(quarantine)
    if source is not None:
        asked = asked.where(quarantine.c.source == source)
    found = [
        Unread(
            row.source,
            row.ref,
            row.file,
            row.line,
            row.field,
            row.value,
            row.reason,
            tuple((name, value) for name, value in loads(row.params)),
            row.first_seen,
            row.last_seen,
        )
        for row in tx.execute(asked)
    ]
    return sorted(
        found, key=lambda entry: (entry.source, entry.file, entry.line or 0, entry.ref, entry.field)
    )


def counts(tx: Connection) -> dict[str, int]:
    """How many fields of each source could not be read; only of sources that have any."""
    asked = select(quarantine.c.source, func.count()).group_by(quarantine.c.source)
    return {row[0]: row[1] for row in tx.execute(asked.order_by(quarantine.c.source))}


def _place(entry: Unread) -> str:
    # The next export has the same record in another file, or on another line.
    return f"ref:{entry.ref}" if entry.ref else f"line:{entry.file}:{entry.line or ''}"
