"""How reading each source goes, and the state that it goes on from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, select, update

from cti.store.bulk import upsert
from cti.store.codec import dumps, loads
from cti.store.tables import source


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source by its name. `state` is what it goes on from (JSON), `counts` are those of its last reading.

    `last_new_at` is when it last said something new; `last_error` why its last reading failed, None where it did not.
    """

    name: str
    first_read_at: datetime | None = None
    last_read_at: datetime | None = None
    last_new_at: datetime | None = None
    state: Mapping[str, Any] = field(default_factory=dict)
    counts: Mapping[str, Any] = field(default_factory=dict)
    last_error: str | None = None
    last_error_at: datetime | None = None


def source_state(tx: Connection, name: str) -> SourceState:
    """How it stands with this source; of one that was never read, empty."""
    found = tx.execute(_NAMED, {"wanted": name}).mappings().one_or_none()
    return _state(found) if found is not None else SourceState(name)


_NAMED = select(source).where(source.c.name == bindparam("wanted"))


def source_states(tx: Connection) -> list[SourceState]:
    """All sources that were ever read, by name."""
    return sorted(map(_state, tx.execute(select(source)).mappings()), key=lambda found: found.name)


def was_read(
    tx: Connection, name: str, now: datetime, state: Mapping[str, Any], counts: Mapping[str, Any], new: bool
) -> None:
    """Notes a reading that went well. `new`: it said something that was not in the journal yet."""
    row: dict[str, Any] = {
        "name": name,
        "first_read_at": now,
        "last_read_at": now,
        "state": dumps(dict(state)),
        "counts": dumps(dict(counts)),
        "last_error": None,
        "last_error_at": None,
    }
    upsert(tx, source, [row | ({"last_new_at": now} if new else {})], fill=("first_read_at",))


def failed(tx: Connection, name: str, now: datetime, error: str) -> None:
    """Notes a reading that failed; what the source goes on from stays."""
    known = tx.scalar(select(source.c.name).where(source.c.name == name))
    if known is None:
        upsert(tx, source, [{"name": name, "state": "{}", "counts": "{}"}])
    values = {"last_error": error, "last_error_at": now}
    tx.execute(update(source).where(source.c.name == name).values(values))


def _state(row: RowMapping) -> SourceState:
    return SourceState(**{**row, "state": loads(row["state"]), "counts": loads(row["counts"])})
