"""The tables of what other tools are told: webhooks, and the calendars of people."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field

from cti.store.base import CLUSTERED, NEVER_AGAIN, Row, some, table_of


class WebhookRow(Row, table=True):
    """How it goes with a webhook of the config, by its name. What was over before `since` is not told. While its address does not
    take what is sent, `failing_since` says since when, `error` why, and nothing is tried before `wait_until`."""

    __tablename__ = "webhook"
    name: str = Field(primary_key=True)
    since: datetime
    attempts: int
    wait_until: datetime | None = None
    failing_since: datetime | None = None
    error: str | None = None


class WebhookToldRow(Row, table=True):
    """What a webhook was told last of a prompt ("open", "answered" or "over"), and how many times it was told something."""

    __tablename__ = "webhook_told"
    __table_args__ = (CLUSTERED,)
    hook: str = Field(primary_key=True)
    prompt_id: int = Field(primary_key=True)
    number: int
    state: str
    answered_at: datetime | None = None


class WebhookEventRow(Row, table=True):
    """One thing that a webhook is to be told, until it was; `state` is queued, claimed or failed. `body` may tell of a client."""

    __tablename__ = "webhook_event"
    __table_args__ = (some("state <> 'failed'", "ix_webhook_event_waiting", "hook", "id"), NEVER_AGAIN)
    id: int | None = Field(default=None, primary_key=True)
    hook: str
    prompt_id: int = Field(index=True)
    webhook_id: str = Field(unique=True)
    body: str
    state: str
    attempts: int
    created_at: datetime
    next_attempt_at: datetime
    claimed_until: datetime | None = None
    error: str | None = None


class FeedRow(Row, table=True):
    """The private calendar of a person. Its address is worked out from `nonce` and our key, and found by a hash of it."""

    __tablename__ = "feed"
    person: str = Field(primary_key=True)
    nonce: str
    found_by: bytes = Field(unique=True)
    made_at: datetime


class FeedItemRow(Row, table=True):
    """A prompt in a person's calendar: on which day, and how it stands there ("open", "cancelled", or "answered", which is not
    shown). `sequence` counts how often that changed."""

    __tablename__ = "feed_item"
    __table_args__ = (CLUSTERED,)
    person: str = Field(primary_key=True)
    prompt_id: int = Field(primary_key=True, index=True)
    day: date
    standing: str
    sequence: int
    changed_at: datetime


webhook = table_of(WebhookRow)
webhook_told = table_of(WebhookToldRow)
webhook_event = table_of(WebhookEventRow)
feed = table_of(FeedRow)
feed_item = table_of(FeedItemRow)
