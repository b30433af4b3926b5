"""Absences that were entered on the pages, beside those of the config."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, delete, select

from cti.store.tables import absence


@dataclass(frozen=True, slots=True)
class Absence:
    """That `person` is away from `first` to `last`, both included, and who stands in; with who entered it, and when."""

    id: int
    person: str
    first: date
    last: date
    deputy: str | None
    entered_by: str
    entered_at: datetime


def listing(tx: Connection, person: str | None = None) -> list[Absence]:
    """The absences of a person (None: of all), in the order in which they were entered."""
    asked = _ALL if person is None else _ALL.where(absence.c.person == person)
    return [Absence(*row) for row in tx.execute(asked)]


_ALL = select(absence).order_by(absence.c.id)


def by_id(tx: Connection, number: int) -> Absence | None:
    """The absence with our number."""
    row = tx.execute(select(absence).where(absence.c.id == number)).first()
    return Absence(*row) if row is not None else None


def add(
    tx: Connection, person: str, first: date, last: date, deputy: str | None, by: str, now: datetime
) -> Absence:
    """Enters an absence."""
    row = {"person": person, "first": first, "last": last, "deputy": deputy}
    done = tx.execute(absence.insert().values(**row, entered_by=by, entered_at=now))
    number = done.inserted_primary_key
    assert number is not None
    return Absence(number[0], person, first, last, deputy, by, now)


def remove(tx: Connection, number: int) -> None:
    """Takes an absence out."""
    tx.execute(delete(absence).where(absence.c.id == number))


def forget_before(tx: Connection, day: date) -> int:
    """Takes out the absences that were over before that day. Gives how many."""
    return tx.execute(delete(absence).where(absence.c.last < day)).rowcount
