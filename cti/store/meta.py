"""What the engine remembers between ticks, by key: JSON values (the last tick, digests of plan and folder)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, select

from cti.store.bulk import upsert
from cti.store.codec import dumps, loads
from cti.store.tables import meta


def get(tx: Connection, key: str) -> Any:
    """The value, or None where there is none."""
    found = tx.scalar(_VALUE, {"wanted": key})
    return None if found is None else loads(found)


_VALUE = select(meta.c.value).where(meta.c.key == bindparam("wanted"))


def beginning_with(tx: Connection, prefix: str) -> dict[str, Any]:
    """The values of all keys that begin so, by the rest of the key."""
    return {key.removeprefix(prefix): loads(value) for key, value in tx.execute(_those(prefix))}


@cache
def _those(prefix: str) -> Select[str, str]:
    return select(meta.c.key, meta.c.value).where(meta.c.key.startswith(prefix, autoescape=True))


def put(tx: Connection, key: str, value: Any) -> None:
    """Keeps a JSON value under the key; None forgets it."""
    if value is None:
        tx.execute(delete(meta).where(meta.c.key == key))
    else:
        put_all(tx, {key: value})


def put_all(tx: Connection, values: Mapping[str, Any]) -> None:
    """Keeps each JSON value under its key. None is a value here."""
    upsert(tx, meta, [{"key": key, "value": dumps(value)} for key, value in values.items()])
