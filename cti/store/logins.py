"""Links to come in, as they were asked for: counted, used once, forgotten after a day. All by keyed hashes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select, update

from cti.store.bulk import insert
from cti.store.tables import login

KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asked for a link. `person` None: nobody has that address."""

    link: bytes
    address: bytes
    place: bytes
    at: datetime
    person: str | None


def asked_since(tx: Connection, address: bytes, place: bytes, since: datetime) -> tuple[int, int]:
    """How often a link was asked for since then: for this address, and from this place."""

    def count(*conditions: object) -> int:
        asked = select(func.count()).select_from(login).where(*conditions, login.c.at > since)  # type: ignore[arg-type]
        return tx.scalar(asked) or 0

    return count(login.c.address == address), count(login.c.place == place)


def note(tx: Connection, request: Request) -> None:
    """Notes that a link was asked for, and forgets those of more than a day ago."""
    tx.execute(delete(login).where(login.c.at < request.at - KEPT))
    row = {"link": request.link, "address": request.address, "place": request.place}
    insert(tx, login, [row | {"at": request.at, "person": request.person}])


def is_unused(tx: Connection, link: bytes) -> bool:
    """Whether this link was given out and nobody has come in by it."""
    asked = select(login.c.link).where(
        login.c.link == link, login.c.person.is_not(None), login.c.used_at.is_(None)
    )
    return tx.execute(asked).first() is not None


def use(tx: Connection, link: bytes, at: datetime) -> bool:
    """Uses a link. False where it was used before, or never given out."""
    unused = (login.c.link == link, login.c.person.is_not(None), login.c.used_at.is_(None))
    return tx.execute(update(login).where(*unused).values(used_at=at)).rowcount == 1
