"""The rulebooks that were in force: files, digest, who adopted them and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from cti.core.former import Renaming
from cti.store import meta
from cti.store.bulk import insert
from cti.store.codec import dumps, loads
from cti.store.tables import prompt, rulebook

FORMER_NAMES = "former-names"
REMEMBERED = 10
"""How many can be put back."""


@dataclass(frozen=True, slots=True)
class Adopted:
    """A rulebook that came into force. `number` is ours; `files` are paths below the rules folder with their texts."""

    number: int
    digest: str
    files: Mapping[str, str]
    by: str
    at: datetime


def adopt(tx: Connection, digest: str, files: Mapping[str, str], by: str, at: datetime) -> None:
    """Puts a rulebook in force; putting an earlier one back is adopting its files again."""
    content = dumps(dict(sorted(files.items())))
    insert(tx, rulebook, [{"digest": digest, "content": content, "adopted_by": by, "adopted_at": at}])


def remember_names(tx: Connection, renamings: Iterable[Renaming]) -> None:
    """Keeps, for good, what steps were called before."""
    known = dict.fromkeys(former_names(tx)) | dict.fromkeys(renamings)
    meta.put(tx, FORMER_NAMES, [[*was, *now] for was, now in known])


def former_names(tx: Connection) -> list[Renaming]:
    """What steps were called before, in all rulebooks that were ever in force."""
    said = meta.get(tx, FORMER_NAMES) or ()
    return [((rule, step), (next_rule, next_step)) for rule, step, next_rule, next_step in said]


def in_force(tx: Connection) -> Adopted | None:
    """The one that was adopted last; None before the first."""
    return next(iter(history(tx, 1)), None)


def number_in_force(tx: Connection) -> int | None:
    """The number of the one that was adopted last; None before the first."""
    found: int | None = tx.scalar(_LAST)
    return found


_LAST = select(func.max(rulebook.c.id))


def in_force_at(tx: Connection, at: datetime) -> Adopted | None:
    """The one that was in force at that moment; before the first one that one, None where there never was any."""
    standing = select(rulebook).where(rulebook.c.adopted_at <= at).order_by(rulebook.c.id.desc()).limit(1)
    first = select(rulebook).order_by(rulebook.c.id).limit(1)
    return next(iter((*_adopted(tx, standing), *_adopted(tx, first))), None)


def first_adopted(tx: Connection) -> datetime | None:
    """When the first one came into force: with the first pass."""
    return tx.scalar(select(rulebook.c.adopted_at).order_by(rulebook.c.id).limit(1))


def history(tx: Connection, limit: int | None = REMEMBERED) -> list[Adopted]:
    """The last ones, the newest first; None: all of them."""
    return _adopted(tx, select(rulebook).order_by(rulebook.c.id.desc()).limit(limit))


def prompts_made(tx: Connection) -> dict[str, int]:
    """How many of the prompts that are there each rulebook made, by its digest."""
    asked = select(prompt.c.rulebook, func.count()).group_by(prompt.c.rulebook)
    return {row[0]: row[1] for row in tx.execute(asked)}


def adopted(tx: Connection, number: int) -> Adopted | None:
    """The one with our number."""
    return next(iter(_adopted(tx, select(rulebook).where(rulebook.c.id == number))), None)


def by_digest(tx: Connection, digest: str) -> Adopted | None:
    """The last one with this digest: what the prompts that it made were made of."""
    asked = select(rulebook).where(rulebook.c.digest == digest).order_by(rulebook.c.id.desc()).limit(1)
    return next(iter(_adopted(tx, asked)), None)


def _adopted(tx: Connection, asked: object) -> list[Adopted]:
    return [
        Adopted(row.id, row.digest, loads(row.content), row.adopted_by, row.adopted_at)
        for row in tx.execute(asked)  # type: ignore[call-overload]
    ]
