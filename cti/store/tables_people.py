"""The tables of those who work here: their absences, what they saw and did, and their coming in."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field

from cti.store.base import CLUSTERED, NEVER_AGAIN, Row, some, table_of


class AbsenceRow(Row, table=True):
    """That a person is away from `first` to `last`, both included, and who stands in; entered on a page by `entered_by`."""

    __tablename__ = "absence"
    id: int | None = Field(default=None, primary_key=True)
    person: str
    first: date
    last: date
    deputy: str | None = None
    entered_by: str
    entered_at: datetime


class AuditRow(Row, table=True):
    """Who saw or did what, in our own numbers. Rows are only ever added, and go with age alone: a number leads to nobody once the
    client is erased. `digest` is of this row and of the one before it, so that a row that was changed or taken out shows."""

    __tablename__ = "audit"
    __table_args__ = (
        some("client IS NOT NULL", "ix_audit_client", "client"),
        Index("ix_audit_at", "at"),
        NEVER_AGAIN,
    )
    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    person: str
    role: str
    what: str
    client: int | None = None
    prompt: int | None = None
    digest: bytes


class LoginRow(Row, table=True):
    """That someone asked for a link to come in. All are keyed hashes: of the link, of the address it was asked for, and of the
    place it was asked from. `person` None: nobody has that address."""

    __tablename__ = "login"
    __table_args__ = (
        Index("ix_login_address", "address", "at"),
        Index("ix_login_place", "place", "at"),
        Index("ix_login_at", "at"),
        CLUSTERED,
    )
    link: bytes = Field(primary_key=True)
    address: bytes
    place: bytes
    at: datetime
    person: str | None = None
    used_at: datetime | None = None


absence = table_of(AbsenceRow)
audit = table_of(AuditRow)
login = table_of(LoginRow)
