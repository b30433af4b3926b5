"""All that the tables hold about a client, table by table: what a request for access is answered from, and what an erasure
empties. A table or column that is not named here fails a test, so that neither forgets one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, exists, func, or_, select

from cti.store import tables
from cti.store.bulk import among
from cti.store.codec import RETRACTED, loads
from cti.store.tables import (
    client,
    message,
    message_body,
    message_item,
    prompt,
    quarantine,
    record,
    source,
    version,
)

Row = dict[str, Any]

BY_NUMBER = ("client_id", "prompt_id")
"""A column of this name tells whom a row is about."""

BY_OTHERS = ("client", "version", "message", "message_body", "quarantine", "inbox", "audit")
"""Tables with rows about clients that are found in another way (a version names the client that it named then)."""

ABOUT = tuple(
    table
    for table in tables.metadata.sorted_tables
    if table.name in BY_OTHERS or any(name in table.c for name in BY_NUMBER)
)
"""The tables with rows that are about a client."""

STAYS: Mapping[str, str] = {"audit": "our own numbers alone, which lead to nobody once the client is gone"}
"""The rows about a client that an erasure leaves, and why."""

MEANINGLESS: Mapping[str, frozenset[str]] = {
    "record": frozenset(("digest", "stated")),
    "audit": frozenset(("digest",)),
}
"""Columns that are digests of what the others say."""

JSON: Mapping[str, frozenset[str]] = {
    "version": frozenset(("event",)),
    "prompt": frozenset(("names", "facts")),
    "quarantine": frozenset(("params",)),
    "inbox": frozenset(("fields",)),
    "message_body": frozenset(("references",)),
    "webhook_event": frozenset(("body",)),
}

NOT_ABOUT: Mapping[str, Mapping[str, str]] = {
    "source": {
        "name, first_read_at, last_read_at, last_new_at, counts, last_error, last_error_at": "of the source as a whole",
        "state": "partly about clients: what it says of their records is told and erased with them",
    },
    "rulebook": {"id, digest, content, adopted_by, adopted_at": "rules"},
    "meta": {"key, value": "of the engine as a whole"},
    "held": {"kind, of, numbers, since": "counts of a change that waits"},
    "erased": {"kind, hash": "keyed hashes, which keep what was erased from coming back"},
    "delivery": {"source, key, at": "hashes of what senders call an event, for a month"},
    "absence": {"id, person, first, last, deputy, entered_by, entered_at": "of those who work here"},
    "webhook": {"name, since, attempts, wait_until, failing_since, error": "of a webhook of the config"},
    "feed": {"person, nonce, found_by, made_at": "of those who work here"},
    "login": {"link, address, place, at, person, used_at": "of those who work here; keyed hashes, for a day"},
}
"""The columns of the other tables, and why they tell of no client."""


def rows_about(tx: Connection, clients: Collection[int]) -> dict[str, list[Row]]:
    """All rows about these clients (our numbers), by table; under "source" what the sources go on from that is about them."""
    conditions = _conditions(tx, clients)
    found = {table.name: _rows(tx, table, conditions[table.name]) for table in ABOUT}
    refs = {(row["source"], row["ref"]) for row in found["record"]}
    found["source"] = _kept_by_sources(tx, refs)
    return found


def once_of(tx: Connection, number: int) -> set[int]:
    """The clients (our numbers) that a record which is now this client's belonged to before."""
    asked = (
        select(version.c.client_id)
        .join(record, record.c.id == version.c.record_id)
        .where(record.c.client_id == number, version.c.client_id != number)
    )
    return set(tx.scalars(asked))


def passed_to(tx: Connection, number: int) -> set[int]:
    """The clients (our numbers) that records of this one belong to now."""
    asked = (
        select(record.c.client_id)
        .join(version, record.c.id == version.c.record_id)
        .where(version.c.client_id == number, record.c.client_id != number)
    )
    return set(tx.scalars(asked))


def is_registered(tx: Connection, number: int, ours: str) -> bool:
    """Whether a record says something of this client now, other than those of the source `ours`."""
    asked = select(record.c.id).where(
        record.c.client_id == number, record.c.source != ours, record.c.digest != RETRACTED
    )
    return tx.scalar(asked.limit(1)) is not None


def known_before(tx: Connection, clients: Collection[int], moment: datetime) -> set[int]:
    """Those of these clients (our numbers) of whom all that is known was known before that moment."""
    return _all_before(tx, clients, version.c.known, moment)


def learned_before(tx: Connection, clients: Collection[int], moment: datetime) -> set[int]:
    """Those of these clients (our numbers) of whom nothing was learned from that moment on."""
    return _all_before(tx, clients, version.c.learned, moment)


def _all_before(
    tx: Connection, clients: Collection[int], time: ColumnElement[Any], moment: datetime
) -> set[int]:
    asked = (
        select(record.c.client_id)
        .join(version, version.c.record_id == record.c.id)
        .where(among(tx, record.c.client_id, clients))
        .group_by(record.c.client_id)
        .having(func.max(time) < moment)
    )
    return set(tx.scalars(asked))


def _conditions(tx: Connection, clients: Collection[int]) -> dict[str, ColumnElement[bool]]:
    own = select(record.c.id).where(among(tx, record.c.client_id, clients))
    prompts = select(prompt.c.id).where(among(tx, prompt.c.client_id, clients))
    messages = select(message_item.c.message).where(message_item.c.prompt_id.in_(prompts))
    # The words of a message that tells of others too are theirs as well.
    of_others = select(message_item.c.message).where(message_item.c.prompt_id.not_in(prompts))
    unread = and_(record.c.source == quarantine.c.source, record.c.ref == quarantine.c.ref)
    others = {
        "client": among(tx, client.c.id, clients),
        "version": or_(version.c.record_id.in_(own), among(tx, version.c.client_id, clients)),
        "message": message.c.id.in_(messages),
        "message_body": and_(message_body.c.id.in_(messages), message_body.c.id.not_in(of_others)),
        "quarantine": exists().where(unread, among(tx, record.c.client_id, clients)),
        "inbox": tables.inbox.c.client.in_(select(client.c.ref).where(among(tx, client.c.id, clients))),
        "audit": among(tx, tables.audit.c.client, clients),
    }
    for table in ABOUT:
        if "client_id" in table.c:
            others.setdefault(table.name, among(tx, table.c.client_id, clients))
        elif "prompt_id" in table.c:
            others.setdefault(table.name, table.c.prompt_id.in_(prompts))
    return others


def _rows(tx: Connection, table: Table, condition: ColumnElement[bool]) -> list[Row]:
    left_out, json = MEANINGLESS.get(table.name, frozenset()), JSON.get(table.name, frozenset())
    columns = [column for column in table.c if column.name not in left_out]
    asked = select(*columns).where(condition).order_by(*table.primary_key)
    return [
        {
            name: loads(value) if name in json and value is not None else value
            for name, value in row._mapping.items()
        }
        for row in tx.execute(asked)
    ]


def _kept_by_sources(tx: Connection, refs: set[tuple[str, str]]) -> list[Row]:
    found = []
    for name in sorted({name for name, _ in refs}):
        state = tx.scalar(select(source.c.state).where(source.c.name == name))
        if state is not None:
            of_these = {ref for of, ref in refs if of == name}
            said = [entry for value in loads(state).values() for entry in _said_of(value, of_these)]
            found += [{"name": name, "ref": ref, "state": entry} for ref, entry in said]
    return found


def _said_of(data: Any, refs: Collection[str]) -> list[tuple[str, Any]]:
    """What JSON says of these references, wherever they are keys; as `cti.store.erasure` takes it out."""
    if isinstance(data, dict):
        here = [(key, value) for key, value in data.items() if key in refs]
        below = [entry for key, value in data.items() if key not in refs for entry in _said_of(value, refs)]
        return here + below
    return [entry for value in data for entry in _said_of(value, refs)] if isinstance(data, list) else []
