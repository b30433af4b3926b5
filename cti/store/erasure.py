"""Erasing a client: all that is kept about them goes, but for keyed hashes that keep it from coming back.

The hashes are of record references and of prompt keys, so that a later export brings nothing back and nothing is sent again.
A client who comes again later has new records, and is a new client.
"""

from __future__ import annotations

import hmac
import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select, update

from cti.core.prompts import Change
from cti.store import feeds, meta
from cti.store.bulk import among, insert_new, pieces
from cti.store.codec import dumps, loads
from cti.store.inbox import erase_client
from cti.store.outbox import discard
from cti.store.tables import (
    assignment,
    client,
    erased,
    message,
    message_item,
    prompt,
    prompt_name,
    quarantine,
    record,
    source,
    version,
)
from cti.store.versions import Decided
from cti.store.webhooks import erase_prompts

_KEY = "erasure-key"
_RECORD, _PROMPT = "record", "prompt"


@dataclass(frozen=True, slots=True)
class Erased:
    """What went: records with all their versions, prompts, and messages of which nothing else was left."""

    records: int
    prompts: int
    messages: int


class Forgotten:
    """What was erased, as far as this transaction sees it."""

    def __init__(self, tx: Connection) -> None:
        self._tx = tx
        self._key = _key(tx)

    def without_erased(self, decided: Sequence[Decided]) -> list[Decided]:
        """What is decided about records that were not erased."""
        if self._key is None:
            return list(decided)
        fresh = [(entry.id.source, entry.id.ref) for entry in decided if entry.latest is None]
        gone = self._among(self._key, _RECORD, fresh)
        return [entry for entry in decided if entry.latest or (entry.id.source, entry.id.ref) not in gone]

    def creatable(self, creates: Sequence[Change]) -> list[Change]:
        """The prompts that were not erased."""
        if self._key is None:
            return list(creates)
        keys = [(change.plan.rule, change.plan.step, change.plan.name) for change in creates]
        gone = self._among(self._key, _PROMPT, keys)
        return [change for change, key in zip(creates, keys, strict=True) if key not in gone]

    def _among(self, key: bytes, kind: str, things: Iterable[tuple[str, ...]]) -> set[tuple[str, ...]]:
        found: set[tuple[str, ...]] = set()
        for piece in pieces(dict.fromkeys(things)):
            hashes = {_hash(key, thing): thing for thing in piece}
            asked = select(erased.c.hash).where(erased.c.kind == kind, among(self._tx, erased.c.hash, hashes))
            found |= {hashes[bytes(known)] for known in self._tx.scalars(asked)}
        return found


def erase(tx: Connection, client_ref: str) -> Erased | None:
    """Erases a client; None where there is none with this reference.

    Messages that tell of others too lose their words; those that wait are made anew for the others by the next tick.
    """
    number = tx.scalar(select(client.c.id).where(client.c.ref == client_ref).with_for_update())
    if number is None:
        return None
    key = _key(tx) or _new_key(tx)
    asked_refs = select(record.c.source, record.c.ref).where(record.c.client_id == number)
    rows = tx.execute(asked_refs).all()
    refs: set[tuple[str, ...]] = {(name, ref) for name, ref in rows}
    records = len(rows)
    _remember(tx, _RECORD, (_hash(key, ref) for ref in refs))
    asked = select(prompt.c.id, prompt.c.rule, prompt.c.step, prompt.c.name, prompt.c.names)
    prompts: list[int] = []
    names: set[tuple[str, ...]] = set()
    for row in tx.execute(asked.where(prompt.c.client_id == number)):
        prompts.append(row.id)
        names |= {(row.rule, row.step, name) for name in (row.name, *loads(row.names))}
    _remember(tx, _PROMPT, (_hash(key, name) for name in names))
    messages = _erase_messages(tx, prompts)
    erase_prompts(tx, prompts)
    feeds.erase_prompts(tx, prompts)
    for piece in pieces(prompts):
        tx.execute(delete(prompt_name).where(among(tx, prompt_name.c.prompt_id, piece)))
        tx.execute(delete(prompt).where(among(tx, prompt.c.id, piece)))
    own = select(record.c.id).where(record.c.client_id == number)
    tx.execute(delete(version).where(version.c.record_id.in_(own)))
    tx.execute(delete(record).where(record.c.client_id == number))
    # What a record said while it was this client's, before it moved to another, is now the other's.
    owner = select(record.c.client_id).where(record.c.id == version.c.record_id).scalar_subquery()
    tx.execute(update(version).where(version.c.client_id == number).values(client_id=owner))
    _erase_beside(tx, refs)
    erase_client(tx, client_ref)
    tx.execute(delete(assignment).where(assignment.c.client_id == number))
    tx.execute(delete(client).where(client.c.id == number))
    return Erased(records, len(prompts), messages)


def _erase_messages(tx: Connection, prompts: Collection[int]) -> int:
    """Forgets what messages said of these prompts. Those that were not sent yet, and so still have their words, go altogether."""
    waiting: set[int] = set()
    for piece in pieces(prompts):
        of_these = among(tx, message_item.c.prompt_id, piece)
        asked = select(message_item.c.message).join(message).where(of_these, message.c.state != "sent")
        waiting |= set(tx.scalars(asked))
        tx.execute(delete(message_item).where(of_these))
    discard(tx, waiting)
    return len(waiting)


def _erase_beside(tx: Connection, refs: Collection[tuple[str, ...]]) -> None:
    """Forgets references in the quarantine and in what the sources go on from."""
    by_source: dict[str, set[str]] = defaultdict(set)
    for name, ref in refs:
        by_source[name].add(ref)
    for name, gone in by_source.items():
        for piece in pieces(gone):
            tx.execute(
                delete(quarantine).where(quarantine.c.source == name, among(tx, quarantine.c.ref, piece))
            )
        state = tx.scalar(select(source.c.state).where(source.c.name == name))
        if state is not None:
            kept = {key: _without(value, gone) for key, value in loads(state).items()}
            tx.execute(update(source).where(source.c.name == name).values(state=dumps(kept)))


def _without(data: Any, refs: Collection[str]) -> Any:
    """JSON without what it says of these references, wherever they are keys. (The names at the top are the source's own.)"""
    if isinstance(data, dict):
        return {key: _without(value, refs) for key, value in data.items() if key not in refs}
    return [_without(value, refs) for value in data] if isinstance(data, list) else data


def _remember(tx: Connection, kind: str, hashes: Iterable[bytes]) -> None:
    for piece in pieces(hashes):
        insert_new(tx, erased, [{"kind": kind, "hash": known} for known in piece])


def _hash(key: bytes, thing: tuple[str, ...]) -> bytes:
    # As JSON: ("ab", "c") is not ("a", "bc").
    return hmac.digest(key, dumps(thing).encode(), "sha256")


def _key(tx: Connection) -> bytes | None:
    found = meta.get(tx, _KEY)
    return bytes.fromhex(found) if found else None


def _new_key(tx: Connection) -> bytes:
    key = secrets.token_bytes(32)
    meta.put(tx, _KEY, key.hex())
    return key
