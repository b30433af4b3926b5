"""The tables of what registrations push: what waits to be read, and what was delivered before."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from cti.store.base import CLUSTERED, NEVER_AGAIN, Row, some, table_of


class InboxRow(Row, table=True):
    """An event that a sender was told we have, until the journal has it. `client` is the registration's reference, `fields`
    (JSON) what the event says in the fields that are mapped. `unread`: it was in a reading, and could not be read."""

    __tablename__ = "inbox"
    __table_args__ = (some("NOT unread", "ix_inbox_waiting", "source", "id"), NEVER_AGAIN)
    id: int | None = Field(default=None, primary_key=True)
    source: str
    client: str = Field(index=True)
    kind: str
    recorded: datetime
    fields: str
    received_at: datetime
    unread: bool


class DeliveryRow(Row, table=True):
    """That a source delivered an event: a hash of what its sender calls it, so that the same is not taken twice."""

    __tablename__ = "delivery"
    __table_args__ = (CLUSTERED,)
    source: str = Field(primary_key=True)
    key: bytes = Field(primary_key=True)
    at: datetime = Field(index=True)


inbox = table_of(InboxRow)
delivery = table_of(DeliveryRow)
