"""The tables. Names are the words of the design; `None` is what is not stated or has not happened.

Table classes of SQLModel do not validate: values are checked where they come in. Aware times are stored in UTC, naive ones
refused (SQLModel's own type does so, on SQLite too). Queries use the `Table` objects at the end, through SQLAlchemy Core.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, UniqueConstraint

from cti.store.base import CLUSTERED, NEVER_AGAIN, Row, fixed, metadata, some, table_of
from cti.store.tables_in import delivery, inbox
from cti.store.tables_out import feed, feed_item, webhook, webhook_event, webhook_told
from cti.store.tables_people import absence, audit, login

# --- the journal --------------------------------------------------------------------------------------------------------


class ClientRow(Row, table=True):
    """A client by the registration's reference. It waits to be planned while `changed` is ahead of `planned`: two counters,
    so that a change that comes in while the plan is made is not lost. `problem` says why it could not be planned."""

    __tablename__ = "client"
    __table_args__ = (
        some("changed > planned", "ix_client_dirty", "id"),
        some("open", "ix_client_open", "id"),
        some("problem IS NOT NULL", "ix_client_problem", "id"),
        NEVER_AGAIN,
    )
    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    changed: int
    planned: int
    situation: str | None = None
    open: bool
    problem: str | None = None


class RecordRow(Row, table=True):
    """A record of a source, with what its latest version says: the client, its number, a digest (empty: retracted) and when it
    became known. `recorded` is the latest time that the source stated for any reading of it, `stated` the digest of that."""

    __tablename__ = "record"
    __table_args__ = (UniqueConstraint("source", "ref", "part"), NEVER_AGAIN)
    id: int | None = Field(default=None, primary_key=True)
    source: str
    ref: str
    part: str
    client_id: int = Field(foreign_key="client.id", index=True)
    seq: int
    digest: bytes
    recorded: datetime | None = None
    stated: bytes | None = None
    known: datetime


class VersionRow(Row, table=True):
    """What a record said, from when on. Rows are only ever added. `event` None: retracted."""

    __tablename__ = "version"
    __table_args__ = (CLUSTERED,)
    record_id: int = Field(primary_key=True, foreign_key="record.id")
    seq: int = Field(primary_key=True)
    client_id: int = Field(foreign_key="client.id")
    event: str | None = None
    day: date | None = None
    recorded: datetime | None = None
    known: datetime
    learned: datetime


class AssignmentRow(Row, table=True):
    """Who works with a client from `day` until the day `until` (None: until further notice): what the records come down to.
    The planner's, worked out anew whenever it plans the client."""

    __tablename__ = "assignment"
    __table_args__ = (
        some("worker IS NOT NULL", "ix_assignment_worker", "worker"),
        some("team IS NOT NULL", "ix_assignment_team", "team"),
        CLUSTERED,
    )
    client_id: int = Field(primary_key=True, foreign_key="client.id")
    day: date = Field(primary_key=True)
    until: date | None = None
    worker: str | None = None
    team: str | None = None


# --- prompts ------------------------------------------------------------------------------------------------------------


class PromptRow(Row, table=True):
    """One step for one client at one moment. Every column has one owner; none writes another's."""

    __tablename__ = "prompt"
    __table_args__ = (
        some(
            "standing = 'wanted' AND sent_at IS NULL AND answer IS NULL AND covered_by IS NULL",
            "ix_prompt_due",
            "due",
            "until",  # after a first import most are over; those are passed by without reading them
        ),
        Index("ix_prompt_counted", "due"),
        some("sent_at IS NOT NULL AND answer IS NULL", "ix_prompt_follow_at", "follow_at"),
        some(
            "sent_at IS NOT NULL AND answer IS NULL AND told_revision <> revision",
            "ix_prompt_turned",
            "id",
        ),
        some("unroutable", "ix_prompt_unroutable", "id"),
        some("handed_to IS NOT NULL", "ix_prompt_handed_to", "handed_to"),
        some("worker IS NOT NULL", "ix_prompt_worker", "worker"),
        some("role <> 'worker'", "ix_prompt_role", "role"),
        NEVER_AGAIN,
    )
    id: int | None = Field(default=None, primary_key=True)
    # The planner's. `revision` counts the changes that someone who was told of the prompt may have to hear of.
    key: str = Field(unique=True)
    rule: str
    step: str
    name: str
    names: str
    client_id: int = Field(foreign_key="client.id", index=True)
    day: date
    known: datetime
    due: datetime | None = None
    wanted_at: datetime | None = None
    until: datetime | None = None
    role: str
    text: str
    worker: str | None = None
    standing: str
    facts: str
    rulebook: str
    revision: int
    # The person's. `handed_times` counts how often it changed hands, also where it came back.
    answer: str | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    snoozed_until: datetime | None = None
    handed_to: str | None = None
    handed_by: str | None = None
    handed_at: datetime | None = None
    handed_times: int | None = None
    # The post office's. `follow_at`: when to look again whether a reminder or an escalation is due.
    sent_at: datetime | None = None
    covered_by: int | None = None
    unroutable: bool
    told_standing: str | None = None
    told_due: date | None = None
    told_revision: int
    follow_at: datetime | None = None


class PromptNameRow(Row, table=True):
    """A name that a prompt answered to when it became final, or later: how it is found again, whatever the client."""

    __tablename__ = "prompt_name"
    __table_args__ = (CLUSTERED,)
    name: str = Field(primary_key=True)
    rule: str = Field(primary_key=True)
    step: str = Field(primary_key=True)
    prompt_id: int = Field(primary_key=True, foreign_key="prompt.id", index=True)


# --- the outbox ---------------------------------------------------------------------------------------------------------


class MessageRow(Row, table=True):
    """What one mailbox is sent at one time; `state` is queued, claimed, sent or failed. Narrow, since claiming rewrites the
    row."""

    __tablename__ = "message"
    __table_args__ = (
        some("state = 'queued'", "ix_message_queued", "next_attempt_at"),
        some("state = 'claimed'", "ix_message_claimed", "claimed_until"),
        some("state = 'failed'", "ix_message_failed", "id"),
        Index("ix_message_day", "day"),
        NEVER_AGAIN,
    )
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    person: str | None = None
    address: str
    day: date
    message_id: str = Field(unique=True)
    state: str
    attempts: int
    created_at: datetime
    next_attempt_at: datetime
    claimed_until: datetime | None = None
    sent_at: datetime | None = None
    error: str | None = None


class MessageBodyRow(Row, table=True):
    """The words of a message, kept until it is sent: they may tell about a client."""

    __tablename__ = "message_body"
    id: int = Field(primary_key=True, foreign_key="message.id", sa_column_kwargs={"autoincrement": False})
    subject: str
    text: str
    html: str
    in_reply_to: str | None = None
    references: str


class MessageItemRow(Row, table=True):
    """One thing that a message says about one prompt; the key sees to it that nothing is said twice.

    `standing`, `due` and `revision` are the prompt's when the message was made: what its reader takes it to be.
    """

    __tablename__ = "message_item"
    __table_args__ = (CLUSTERED,)
    prompt_id: int = Field(primary_key=True, foreign_key="prompt.id")
    kind: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    message: int = Field(foreign_key="message.id", index=True)
    standing: str
    due: date | None = None
    revision: int


# --- sources, rules and what the engine remembers -----------------------------------------------------------------------


class SourceRow(Row, table=True):
    """How reading a source goes. `state` is what it goes on from, `counts` those of its last reading; both JSON."""

    __tablename__ = "source"
    name: str = Field(primary_key=True)
    first_read_at: datetime | None = None
    last_read_at: datetime | None = None
    last_new_at: datetime | None = None
    state: str
    counts: str
    last_error: str | None = None
    last_error_at: datetime | None = None


class QuarantineRow(Row, table=True):
    """What could not be read, and why; never the row itself. `place` is the reference, or file and line where there is none."""

    __tablename__ = "quarantine"
    __table_args__ = (UniqueConstraint("source", "place", "field"),)
    id: int | None = Field(default=None, primary_key=True)
    source: str
    place: str
    field: str
    ref: str
    file: str
    line: int | None = None
    value: str
    reason: str
    params: str
    first_seen: datetime
    last_seen: datetime


class RulebookRow(Row, table=True):
    """A rulebook that was in force from `adopted_at` on. `content` is JSON: its files, path to text."""

    __tablename__ = "rulebook"
    __table_args__ = (NEVER_AGAIN,)
    id: int | None = Field(default=None, primary_key=True)
    digest: str = Field(index=True)
    content: str
    adopted_by: str
    adopted_at: datetime


class MetaRow(Row, table=True):
    """What the engine remembers between ticks, JSON by key."""

    __tablename__ = "meta"
    key: str = Field(primary_key=True)
    value: str


class HeldRow(Row, table=True):
    """A change that is over a limit and waits: what it is, of which rule or source, its numbers (JSON), since when."""

    __tablename__ = "held"
    kind: str = Field(primary_key=True)
    of: str = Field(primary_key=True)
    numbers: str
    since: datetime


class ErasedRow(Row, table=True):
    """The keyed hash of a record's reference or a prompt's key that was erased and must not come back."""

    __tablename__ = "erased"
    __table_args__ = (CLUSTERED,)
    kind: str = Field(primary_key=True)
    hash: bytes = Field(primary_key=True)


client = table_of(ClientRow)
record = table_of(RecordRow)
version = table_of(VersionRow)
assignment = table_of(AssignmentRow)
prompt = table_of(PromptRow)
prompt_name = table_of(PromptNameRow)
message = table_of(MessageRow)
message_body = table_of(MessageBodyRow)
message_item = table_of(MessageItemRow)
source = table_of(SourceRow)
quarantine = table_of(QuarantineRow)
rulebook = table_of(RulebookRow)
meta = table_of(MetaRow)
held = table_of(HeldRow)
erased = table_of(ErasedRow)

__all__ = [
    "absence",
    "assignment",
    "audit",
    "client",
    "delivery",
    "erased",
    "feed",
    "feed_item",
    "fixed",
    "held",
    "inbox",
    "login",
    "message",
    "message_body",
    "message_item",
    "meta",
    "metadata",
    "prompt",
    "prompt_name",
    "quarantine",
    "record",
    "rulebook",
    "source",
    "version",
    "webhook",
    "webhook_event",
    "webhook_told",
]
