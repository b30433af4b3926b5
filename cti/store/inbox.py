"""What registrations push, kept from the answer to their sender until the journal has it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, not_, select, text, update

from cti.store.bulk import among, insert, pieces
from cti.store.codec import dumps, loads
from cti.store.tables import delivery, inbox


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event as it was delivered. `key` is a hash of what its sender calls it, `client` the registration's reference, `kind`
    what it tells, `recorded` when it was recorded there (aware, UTC), `fields` what it says, by field."""

    key: bytes
    client: str
    kind: str
    recorded: datetime
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery that was not read yet, under our own number."""

    number: int
    client: str
    kind: str
    recorded: datetime
    fields: Mapping[str, str]


def put(tx: Connection, source: str, deliveries: Sequence[Delivery], now: datetime) -> int:
    """Keeps what this source did not deliver before; gives how many that are. Of two with one key the first counts."""
    if tx.dialect.name == "postgresql":  # else two could keep one delivery, each unseen by the other
        tx.execute(text("SELECT pg_advisory_xact_lock(hashtext('cti inbox'))"))
    fresh: dict[bytes, Delivery] = {}
    for piece in pieces(deliveries):
        keys = {one.key for one in piece}
        asked = select(delivery.c.key).where(delivery.c.source == source, among(tx, delivery.c.key, keys))
        known = {bytes(key) for key in tx.scalars(asked)}
        for one in piece:
            if one.key not in known:
                fresh.setdefault(one.key, one)
    insert(tx, delivery, [{"source": source, "key": key, "at": now} for key in fresh])
    rows = [
        {
            "source": source,
            "client": one.client,
            "kind": one.kind,
            "recorded": one.recorded,
            "fields": dumps(dict(one.fields)),
            "received_at": now,
            "unread": False,
        }
        for one in fresh.values()
    ]
    insert(tx, inbox, rows)
    return len(fresh)


def count(tx: Connection, source: str) -> int:
    """How many deliveries of this source wait to be read."""
    waits = (inbox.c.source == source, not_(inbox.c.unread))
    return tx.scalar(select(func.count()).select_from(inbox).where(*waits)) or 0


def deliveries(tx: Connection, source: str, again: bool = False) -> list[Waiting]:
    """What waits to be read of this source, in the order in which it came; `again`: also what could not be read before."""
    asked = select(inbox.c.id, inbox.c.client, inbox.c.kind, inbox.c.recorded, inbox.c.fields)
    asked = asked.where(inbox.c.source == source).order_by(inbox.c.id)
    if not again:
        asked = asked.where(not_(inbox.c.unread))
    return [Waiting(*row[:-1], loads(row[-1])) for row in tx.execute(asked)]


def settle(tx: Connection, read: Collection[int], unread: Collection[int]) -> None:
    """Lets go of the deliveries that were read, by our numbers, and keeps those that could not be, until they can."""
    for piece in pieces(read):
        tx.execute(delete(inbox).where(among(tx, inbox.c.id, piece)))
    for piece in pieces(unread):
        tx.execute(update(inbox).where(among(tx, inbox.c.id, piece)).values(unread=True))


def waits_about(tx: Connection, refs: Collection[str]) -> bool:
    """Whether something waits to be read about one of these clients, by the registration's references."""
    asked = select(inbox.c.id).where(among(tx, inbox.c.client, refs), not_(inbox.c.unread))
    return tx.scalar(asked.limit(1)) is not None


def erase_client(tx: Connection, ref: str) -> None:
    """Forgets what waits about this client, by the registration's reference."""
    tx.execute(delete(inbox).where(inbox.c.client == ref))


def forget(tx: Connection, delivered_before: datetime, unread_before: datetime) -> None:
    """Forgets what was delivered, and what came and could not be read, before these moments."""
    tx.execute(delete(delivery).where(delivery.c.at < delivered_before))
    tx.execute(delete(inbox).where(inbox.c.unread, inbox.c.received_at < unread_before))
