"""Changes that are over a limit and wait, with their numbers and since when."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select

from cti.store.bulk import insert
from cti.store.codec import dumps, loads
from cti.store.tables import held


@dataclass(frozen=True, slots=True)
class Waiting:
    """A change that waits: its kind ("retractions", "withdrawals", "due", "people", "clock"), `of` which source or rule, its
    numbers."""

    kind: str
    of: str
    numbers: Mapping[str, object]
    since: datetime | None = None


def hold(tx: Connection, kinds: Collection[str], waiting: Iterable[Waiting], now: datetime) -> None:
    """What waits of these kinds is exactly this from now on. What waited already keeps its `since`; what is not named is over."""
    since = {(old.kind, old.of): old.since for old in holding(tx)}
    tx.execute(delete(held).where(held.c.kind.in_(kinds)))
    rows = [
        {
            "kind": new.kind,
            "of": new.of,
            "numbers": dumps(dict(new.numbers)),
            "since": since.get((new.kind, new.of)) or now,
        }
        for new in waiting
    ]
    insert(tx, held, rows)


def holding(tx: Connection) -> list[Waiting]:
    """All that waits, the longest first."""
    asked = select(held.c.kind, held.c.of, held.c.numbers, held.c.since).order_by(held.c.since, held.c.kind)
    return [Waiting(kind, of, loads(numbers), since) for kind, of, numbers, since in tx.execute(asked)]
