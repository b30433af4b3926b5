"""Clients: which of them wait to be planned, where they stand, and their numbers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, or_, select, update

from cti.store.bulk import among, hold, pieces, update_each
from cti.store.tables import client


@dataclass(frozen=True, slots=True)
class Dirty:
    """A client whose history changed since it was planned. `changed` tells the change that was seen from later ones."""

    id: int
    changed: int


@dataclass(frozen=True, slots=True)
class Clean:
    """That the client was planned as of `changed`: it stands in `situation`, and its situation is `open` or not.

    `problem` says why it could not be planned; it is left in peace until its history changes.
    """

    id: int
    changed: int
    situation: str | None = None
    open: bool = False
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Client:
    """A client as the last planning left it."""

    id: int
    ref: str
    situation: str | None
    open: bool
    problem: str | None


WAITS = client.c.changed > client.c.planned
"""That a client waits to be planned."""

CHANGED_ITSELF = and_(WAITS, or_(client.c.planned >= 0, client.c.changed > -1 - client.c.planned))
"""That it waits because its own history changed. Of one that waits since all are planned anew, `planned` is turned below zero."""

OF_ALL = and_(WAITS, client.c.planned < 0, client.c.changed == -1 - client.c.planned)
"""That it waits only because all are planned anew."""


def dirty_clients(
    tx: Connection, limit: int | None = None, after: int = 0, which: ColumnElement[bool] = WAITS
) -> list[Dirty]:
    """The clients that wait to be planned, by number: at most `limit`, with numbers beyond `after`."""
    most = {} if limit is None else {"most": limit}
    return [Dirty(*row) for row in tx.execute(_dirty(which, limit is not None), {"after": after, **most})]


@cache
def _dirty(which: ColumnElement[bool], limited: bool) -> Select[int, int]:
    asked = select(client.c.id, client.c.changed).where(which, client.c.id > bindparam("after"))
    asked = asked.order_by(client.c.id)
    return asked.limit(bindparam("most")) if limited else asked


def changed_themselves(tx: Connection) -> set[str]:
    """The references of the clients whose own history changed and who wait to be planned."""
    return set(tx.scalars(select(client.c.ref).where(CHANGED_ITSELF)))


def waiting(tx: Connection, number: int) -> Dirty | None:
    """The client with our number, if it waits to be planned."""
    asked = select(client.c.id, client.c.changed).where(client.c.id == number, WAITS)
    row = tx.execute(asked).first()
    return Dirty(*row) if row is not None else None


def count_dirty(tx: Connection) -> int:
    """How many clients wait to be planned."""
    asked = select(func.count()).select_from(client).where(WAITS)
    return tx.scalar(asked) or 0


def mark_clean(tx: Connection, planned: Iterable[Clean]) -> None:
    """Notes that these were planned. One whose history changed again since it was read still waits."""
    for piece in pieces(planned):
        rows = [
            {
                "id": done.id,
                "planned": done.changed,
                "situation": done.situation,
                "open": done.open,
                "problem": done.problem,
            }
            for done in piece
        ]
        update_each(tx, client, rows)


def mark_dirty(tx: Connection, ids: Collection[int]) -> None:
    """These clients are to be planned again."""
    for piece in pieces(sorted(ids)):
        these = among(tx, client.c.id, piece)
        hold(tx, client, these)
        tx.execute(update(client).where(these).values(changed=client.c.changed + 1))


def mark_all_dirty(tx: Connection, after: int = 0, limit: int | None = None) -> int | None:
    """All clients with numbers beyond `after` are to be planned again, since rules, vocabulary or calendar changed; at most
    `limit` of them. Gives the number of the last one, None where there are no more."""
    few = select(client.c.id).where(client.c.id > after).order_by(client.c.id).limit(limit).subquery()
    last: int | None = tx.scalar(select(func.max(few.c.id)))
    if last is not None:
        these = and_(client.c.id > after, client.c.id <= last, client.c.planned >= 0)
        hold(tx, client, these)
        tx.execute(update(client).where(these).values(planned=-1 - client.c.planned))
    return last


def open_clients(tx: Connection, enough: int | None = None) -> int:
    """How many clients have an open situation, as of their last planning. From `enough` on they are counted no further: all
    there are take a while."""
    some = select(client.c.id).where(client.c.open).limit(enough).subquery("these")
    return tx.scalar(select(func.count()).select_from(some)) or 0


def client_ids(tx: Connection, limit: int | None = None, after: int = 0) -> list[int]:
    """The numbers of all clients in order: at most `limit`, beyond `after`."""
    return list(tx.scalars(select(client.c.id).where(client.c.id > after).order_by(client.c.id).limit(limit)))


def client_id(tx: Connection, ref: str) -> int | None:
    """Our number of the client with this reference."""
    return tx.scalar(select(client.c.id).where(client.c.ref == ref))


def ids_of(tx: Connection, refs: Collection[str]) -> dict[str, int]:
    """Our numbers of the clients with these references, as far as they are known."""
    found: dict[str, int] = {}
    for piece in pieces(refs):
        asked = select(client.c.ref, client.c.id).where(among(tx, client.c.ref, piece))
        found.update((ref, number) for ref, number in tx.execute(asked))
    return found


def clients(tx: Connection, ids: Collection[int]) -> dict[int, Client]:
    """These clients by number."""
    return {row.id: row for piece in pieces(ids) for row in _clients(tx, among(tx, client.c.id, piece))}


def unplannable(tx: Connection) -> list[Client]:
    """The clients that could not be planned, with why."""
    return _clients(tx, client.c.problem.is_not(None))


def situations(tx: Connection) -> Mapping[str, int]:
    """How many clients stand in each situation, as of their last planning."""
    asked = select(client.c.situation, func.count()).group_by(client.c.situation)
    return {situation or "": count for situation, count in tx.execute(asked)}


def _clients(tx: Connection, condition: object) -> list[Client]:
    columns = (client.c.id, client.c.ref, client.c.situation, client.c.open, client.c.problem)
    asked = select(*columns).where(condition).order_by(client.c.id)  # type: ignore[arg-type]
    return [Client(*row) for row in tx.execute(asked)]
