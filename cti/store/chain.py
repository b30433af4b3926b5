"""The chain of the audit trail: the digest of each row rests on that of the row before it, so that a touched row shows.

Nothing here is secret: whoever can write the whole database can chain it anew from wherever they changed it. Against that helps a
digest noted elsewhere, which `check` compares.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, Literal

from sqlalchemy import Connection, select

from cti.store import meta
from cti.store.codec import dumps
from cti.store.tables import audit

CHECKPOINT, HEAD = "audit-checkpoint", "audit-head"
"""Where the chain begins and where it ends: the number and the digest of the last row that was pruned, and of the last of all."""


Noted = Literal["same", "other", "gone"]
"""What became of a row that was noted elsewhere: it is the same, an other, or went for its age."""


@dataclass(frozen=True, slots=True)
class Link:
    """A row as the chain knows it: its number and its digest, written in hexadecimal digits."""

    id: int
    digest: str


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain breaks. "row": this row does not follow from the one before it (it or that one was changed, or one was put
    in or taken out between them). "end": rows are missing or too many after this one, the last; `at` None: there is none."""

    kind: Literal["row", "end"]
    id: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Checked:
    """What a look at the whole chain found. `first` is the time of the oldest row, `last` the newest row with its time.

    `pruned` is the last row that went for its age; `noted` tells what became of the row that was noted elsewhere.
    """

    rows: int
    first: datetime | None
    last: Link | None
    last_at: datetime | None
    pruned: Link | None
    breaks: tuple[Break, ...]
    noted: Noted | None = None

    @property
    def whole(self) -> bool:
        """Whether nothing was touched, as far as the chain and what was noted can tell."""
        return not self.breaks and self.noted != "other"


def check(tx: Connection, noted: Link | None = None) -> Checked:
    """Goes through the whole trail. `noted`: a row as it was once noted elsewhere."""
    pruned, head = _kept(tx, CHECKPOINT), _kept(tx, HEAD)
    last, rows, at, first = pruned or Link(0, ""), 0, None, None
    breaks: list[Break] = []
    found: Noted | None = "other" if noted is not None else None
    if noted is not None and pruned is not None and noted.id <= pruned.id:
        found = "gone" if noted.id < pruned.id else _compared(noted, pruned)
    number, before = last.id, bytes.fromhex(last.digest)
    for number, at, *said, written in _rows(tx):
        rows, first = rows + 1, first or at
        digest = bytes(written)
        if chained(before, number, at, *said) != digest:
            breaks.append(Break("row", number, at))
        before = digest
        if noted is not None and noted.id == number:
            found = _compared(noted, Link(number, digest.hex()))
    last = Link(number, before.hex())
    if head != last and (head is not None or last.id):
        breaks.append(Break("end", last.id, at))
    newest = last if rows else None
    return Checked(rows, first, newest, at, pruned, tuple(breaks), found)


def chained(before: bytes, number: int, at: datetime, *said: str | int | None) -> bytes:
    """The digest of a row, which rests on that of the row before it."""
    words = dumps([number, at.astimezone(UTC).isoformat(), *said])
    return blake2b(before + words.encode(), digest_size=16).digest()


def _kept(tx: Connection, key: str) -> Link | None:
    said = meta.get(tx, key)
    return Link(said["id"], said["digest"]) if said else None


def _compared(noted: Link, found: Link) -> Noted:
    return "same" if noted.digest == found.digest else "other"


def _rows(tx: Connection) -> Iterator[Any]:
    with tx.execute(select(audit).order_by(audit.c.id), execution_options={"yield_per": 1000}) as rows:
        yield from rows
