"""The audit trail: who saw or did what, when, about which client. Rows are only ever added, each chained to the one before it.

It holds our own numbers and no words, so an erasure leaves it as it is: the number of an erased client leads to nobody, and is
never given again. What is older than the config keeps is pruned from the front; a checkpoint stays that the rest chains to.
(NEN 7513 asks for the event, the time, the client, and the user with their role; and for five years at least.)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, select, text

from cti.store import meta
from cti.store.bulk import new_ids
from cti.store.chain import CHECKPOINT, HEAD, chained
from cti.store.tables import audit, client


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


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows are asked for: about this client (our number), of this person ("" for nobody known), from `since` on and before
    `until`. None: whatever it is."""

    client: int | None = None
    person: str | None = None
    since: datetime | None = None
    until: datetime | None = None


EVERYTHING = Wanted()


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
    digest = chained(before, number, at, person, role, what, client, prompt)
    row = {"id": number, "at": at, "person": person, "role": role, "what": what, "client": client}
    tx.execute(audit.insert().values(**row, prompt=prompt, digest=digest))
    meta.put(tx, HEAD, {"id": number, "digest": digest.hex()})


def listing(
    tx: Connection, wanted: Wanted = EVERYTHING, before: int | None = None, limit: int | None = None
) -> list[Entry]:
    """The rows that are wanted, the newest first: at most `limit`, with numbers below `before`."""
    conditions = _conditions(wanted)
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


def count(tx: Connection, wanted: Wanted = EVERYTHING) -> int:
    """How many rows are wanted."""
    return tx.scalar(select(func.count()).select_from(audit).where(*_conditions(wanted))) or 0


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


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.client is not None:
        found.append(audit.c.client == wanted.client)
    if wanted.person is not None:
        found.append(audit.c.person == wanted.person)
    if wanted.since is not None:
        found.append(audit.c.at >= wanted.since)
    if wanted.until is not None:
        found.append(audit.c.at < wanted.until)
    return found
