"""The audit trail: who saw or did what, when, about which client. Rows are only ever added, each chained to the one before it.

It holds our own numbers and no words, so an erasure leaves it as it is: the number of an erased client leads to nobody, and is
never given again. What is older than the config keeps is pruned from the front; a checkpoint stays that the rest chains to.
(NEN 7513 asks for the event, the time, the client, and the user with their role; and for five years at least.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, select, text

from cti.store import meta
from cti.store.bulk import new_ids
from cti.store.codec import dumps
from cti.store.tables import audit, client

CHECKPOINT, HEAD = "audit-checkpoint", "audit-head"
"""Where the chain begins and where it ends: the number and the digest of the last row that was pruned, and of the last of all."""


@dataclass(frozen=True, slots=True)
class Entry:
    """That `person` (an id; "" for nobody known), who had that `role`, did `what` at `at`, concerning that client or prompt.

    `ref` is the registration's reference of the client; None where it concerns none, or one who was erased since.
    """

    id: int
    at: datetime
    person: str
    role: str
    what: str
    client: int | None = None
    prompt: int | None = None
    ref: str | None = None


def add(
    tx: Connection,
    at: datetime,
    person: str,
    role: str,
    what: str,
    client: int | None = None,
    prompt: int | None = None,
) -> None:
    """Adds a row. `client` and `prompt` are our numbers."""
    if tx.dialect.name == "postgresql":
        # Two at once would chain to the same row; on SQLite a writer is alone anyway.
        tx.execute(text("SELECT pg_advisory_xact_lock(hashtext('cti audit'))"))
    head = meta.get(tx, HEAD)
    before = bytes.fromhex(head["digest"]) if head else b""
    [number] = new_ids(tx, audit, 1)
    digest = _chained(before, number, at, person, role, what, client, prompt)
    row = {"id": number, "at": at, "person": person, "role": role, "what": what, "client": client}
    tx.execute(audit.insert().values(**row, prompt=prompt, digest=digest))
    meta.put(tx, HEAD, {"id": number, "digest": digest.hex()})


def listing(
    tx: Connection,
    *,
    client_ref: str | None = None,
    person: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    limit: int | None = None,
) -> list[Entry]:
    """The rows that fulfil all that is asked, the newest first: at most `limit`, with numbers below `before`."""
    conditions: list[ColumnElement[bool]] = []
    if client_ref is not None:
        conditions.append(client.c.ref == client_ref)
    if person is not None:
        conditions.append(audit.c.person == person)
    if since is not None:
        conditions.append(audit.c.at >= since)
    if until is not None:
        conditions.append(audit.c.at < until)
    if before is not None:
        conditions.append(audit.c.id < before)
    names = ("id", "at", "person", "role", "what", "client", "prompt")
    columns: list[ColumnElement[Any]] = [*(audit.c[name] for name in names), client.c.ref]
    asked = (
        select(*columns)
        .join(client, client.c.id == audit.c.client, isouter=True)
        .where(*conditions)
        .order_by(audit.c.id.desc())
        .limit(limit)
    )
    return [Entry(*row) for row in tx.execute(asked)]


def broken(tx: Connection) -> int | None:
    """The number of the first row that does not follow from the one before it, or of the last where rows are missing after it;
    None where the trail is whole."""
    checkpoint, head = meta.get(tx, CHECKPOINT), meta.get(tx, HEAD)
    last, digest = (checkpoint["id"], bytes.fromhex(checkpoint["digest"])) if checkpoint else (0, b"")
    for row in _rows(tx):
        digest = _chained(digest, row.id, row.at, row.person, row.role, row.what, row.client, row.prompt)
        if bytes(row.digest) != digest:
            return int(row.id)
        last = row.id
    whole = (head is None and last == 0) or head == {"id": last, "digest": digest.hex()}
    return None if whole else last


def prune(tx: Connection, before: datetime) -> int:
    """Takes out the rows at the front that are older, and keeps where the rest begins. Gives how many."""
    kept = select(audit.c.id).where(audit.c.at >= before).order_by(audit.c.id).limit(1)
    first = tx.scalar(kept)
    old = audit.c.id < first if first is not None else audit.c.id.is_not(None)
    last = tx.execute(
        select(audit.c.id, audit.c.digest).where(old).order_by(audit.c.id.desc()).limit(1)
    ).first()
    if last is None:
        return 0
    meta.put(tx, CHECKPOINT, {"id": last.id, "digest": bytes(last.digest).hex()})
    return tx.execute(delete(audit).where(old)).rowcount


def _rows(tx: Connection) -> Iterator[Any]:
    with tx.execute(select(audit).order_by(audit.c.id), execution_options={"yield_per": 1000}) as rows:
        yield from rows


def _chained(before: bytes, number: int, at: datetime, *said: str | int | None) -> bytes:
    """The digest of a row, which rests on that of the row before it."""
    words = dumps([number, at.astimezone(UTC).isoformat(), *said])
    return blake2b(before + words.encode(), digest_size=16).digest()
