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


def hold(
    tx: Connection,
    kinds: Collection[str],
    waiting: Iterable[Waiting],
    now: datetime,
    of: str | None = None,
) -> None:
    """What waits of these kinds (of this source or rule alone, where it is given) is exactly this from now on. What waited
    already keeps its `since`; what is not named is over."""
    standing = [old for old in holding(tx) if old.kind in kinds and of in (None, old.of)]
    since = {(old.kind, old.of): old.since for old in standing}
    if standing:  # mostly nothing waits
        this_one = (held.c.of == of,) if of is not None else ()
        tx.execute(delete(held).where(held.c.kind.in_(kinds), *this_one))
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
    return [Waiting(kind, of, loads(numbers), since) for kind, of, numbers, since in tx.execute(_ALL)]


_ALL = select(held.c.kind, held.c.of, held.c.numbers, held.c.since).order_by(held.c.since, held.c.kind)
