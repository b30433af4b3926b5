"""What webhooks are to be told of prompts, and how it goes with telling it.

What a prompt has to tell is worked out from how it stands and from what was told of it before, so that nothing that changes a
prompt need know of webhooks, and nothing that changed while nobody looked is missed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, case, delete, func, or_, select, update

from cti.core.prompts import WANTED
from cti.store.bulk import among, insert, insert_new, new_ids, pieces, upsert
from cti.store.tables import fixed, prompt, webhook, webhook_event, webhook_told

QUEUED, CLAIMED, FAILED = "queued", "claimed", "failed"
OPEN, ANSWERED, OVER = "open", "answered", "over"
"""How a prompt stands for others: it asks something of somebody, it was answered, or neither any more."""


@dataclass(frozen=True, slots=True)
class Change:
    """That a prompt (our number) stands otherwise than a webhook was told; `number` counts what it is told of this prompt."""

    prompt: int
    state: str
    answered_at: datetime | None
    number: int


@dataclass(frozen=True, slots=True)
class Event:
    """One thing to be told. `id` stays the same however often it is tried; None in `number`: not in the database yet."""

    number: int | None
    prompt: int
    id: str
    body: str
    created_at: datetime
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How it goes with a webhook: how many events wait and how many were given up; since when and why nothing arrives."""

    name: str
    waiting: int = 0
    failed: int = 0
    failing_since: datetime | None = None
    error: str | None = None


def begin(tx: Connection, hook: str, now: datetime) -> datetime:
    """Since when this webhook is told of prompts; from `now` on, where it is new. Others that tell it something wait for us."""
    insert_new(tx, webhook, [{"name": hook, "since": now, "attempts": 0}])
    asked = select(webhook.c.since).where(webhook.c.name == hook).with_for_update()
    found: datetime = tx.execute(asked).scalar_one()
    return found


def since(tx: Connection, hook: str) -> datetime | None:
    """Since when this webhook is told of prompts; None where it is new."""
    return tx.scalar(select(webhook.c.since).where(webhook.c.name == hook))


def changed(tx: Connection, hook: str, since: datetime, now: datetime, limit: int) -> list[Change]:
    """Prompts that stand otherwise than this webhook was told. One that was over before `since` has nothing to tell."""
    told = webhook_told
    lasts = or_(prompt.c.until.is_(None), prompt.c.until > now)
    asks = and_(prompt.c.sent_at.is_not(None), prompt.c.standing == fixed(WANTED), lasts)
    state = case((prompt.c.answer.is_not(None), ANSWERED), (asks, OPEN), else_=OVER)
    of_this = and_(told.c.prompt_id == prompt.c.id, told.c.hook == hook)
    again = and_(state == ANSWERED, told.c.answered_at != prompt.c.answered_at)
    new = or_(state == OPEN, and_(state == ANSWERED, prompt.c.answered_at >= since))
    asked = (
        select(prompt.c.id, state, prompt.c.answered_at, func.coalesce(told.c.number, 0) + 1)
        .select_from(prompt.outerjoin(told, of_this))
        .where(
            or_(
                and_(told.c.hook.is_(None), new),
                and_(told.c.hook.is_not(None), or_(told.c.state != state, again)),
            )
        )
        .order_by(prompt.c.id)
        .limit(limit)
    )
    return [Change(*row) for row in tx.execute(asked)]


def tell(tx: Connection, hook: str, changes: Sequence[Change], events: Sequence[Event]) -> None:
    """Notes that these changes are told, and puts the events that tell them in the queue."""
    told = [
        {
            "hook": hook,
            "prompt_id": one.prompt,
            "number": one.number,
            "state": one.state,
            "answered_at": one.answered_at,
        }
        for one in changes
    ]
    upsert(tx, webhook_told, told)
    numbers = new_ids(tx, webhook_event, len(events))
    rows = [
        {
            "id": number,
            "hook": hook,
            "prompt_id": one.prompt,
            "webhook_id": one.id,
            "body": one.body,
            "state": QUEUED,
            "attempts": 0,
            "created_at": one.created_at,
            "next_attempt_at": one.created_at,
        }
        for number, one in zip(numbers, events, strict=True)
    ]
    insert(tx, webhook_event, rows)


def claim(tx: Connection, hook: str, now: datetime, limit: int, lease: timedelta) -> list[Event]:
    """Takes the events that are to be told next, the oldest first. None while the address is left alone, or another process
    tells this webhook something: what comes first is to arrive first."""
    row = tx.execute(select(webhook.c.wait_until).where(webhook.c.name == hook).with_for_update()).first()
    if row is None or (row.wait_until is not None and row.wait_until > now):
        return []
    mine = (webhook_event.c.hook == hook, webhook_event.c.state != fixed(FAILED))
    lapsed = (webhook_event.c.state == fixed(CLAIMED), webhook_event.c.claimed_until <= now)
    tx.execute(update(webhook_event).where(*mine, *lapsed).values(state=QUEUED, claimed_until=None))
    if tx.scalar(select(webhook_event.c.id).where(*mine, webhook_event.c.state == fixed(CLAIMED)).limit(1)):
        return []
    asked = (
        select(webhook_event)
        .where(*mine, webhook_event.c.state == fixed(QUEUED), webhook_event.c.next_attempt_at <= now)
        .order_by(webhook_event.c.id)
        .limit(limit)
    )
    found = [
        Event(row.id, row.prompt_id, row.webhook_id, row.body, row.created_at, row.attempts)
        for row in tx.execute(asked)
    ]
    _set(tx, found, state=CLAIMED, claimed_until=now + lease)
    return found


def give_back(tx: Connection, events: Iterable[Event]) -> None:
    """Returns claimed events that had no turn."""
    _set(tx, list(events), state=QUEUED, claimed_until=None)


def arrived(tx: Connection, hook: str, event: Event) -> None:
    """The event was taken: it goes, and the address is known to answer."""
    tx.execute(delete(webhook_event).where(webhook_event.c.id == event.number))
    _well(tx, hook)


def refused(
    tx: Connection, hook: str, event: Event, now: datetime, again: datetime | None, error: str
) -> None:
    """The address answers, and does not take this event: it is tried again at that time, or (None) given up."""
    state = FAILED if again is None else QUEUED
    values = {"state": state, "attempts": event.attempts + 1, "claimed_until": None, "error": error}
    tx.execute(
        update(webhook_event)
        .where(webhook_event.c.id == event.number)
        .values(**values, next_attempt_at=again or now)
    )
    _well(tx, hook)


def attempts(tx: Connection, hook: str) -> int:
    """How many tries have failed since something arrived last."""
    return tx.scalar(select(webhook.c.attempts).where(webhook.c.name == hook)) or 0


def unheard(
    tx: Connection, hook: str, now: datetime, wait_until: datetime, error: str, given_up_from: datetime
) -> None:
    """The address does not answer as it should: it is left alone until then. What was made before `given_up_from` is given up."""
    row = tx.execute(select(webhook).where(webhook.c.name == hook)).one()
    values = {
        "attempts": row.attempts + 1,
        "wait_until": wait_until,
        "failing_since": row.failing_since or now,
        "error": error,
    }
    tx.execute(update(webhook).where(webhook.c.name == hook).values(values))
    old = (webhook_event.c.hook == hook, webhook_event.c.state != fixed(FAILED))
    given_up = update(webhook_event).where(*old, webhook_event.c.created_at <= given_up_from)
    tx.execute(given_up.values(state=FAILED, claimed_until=None, next_attempt_at=now, error=error))


def standings(tx: Connection, hooks: Sequence[str]) -> list[Standing]:
    """How it goes with these webhooks."""
    states = {row.name: row for row in tx.execute(select(webhook).where(among(tx, webhook.c.name, hooks)))}
    counts: dict[tuple[str, bool], int] = {}
    failed = (webhook_event.c.state == fixed(FAILED)).label("failed")
    for hook, gone, count in tx.execute(
        select(webhook_event.c.hook, failed, func.count()).group_by(webhook_event.c.hook, failed)
    ):
        counts[hook, bool(gone)] = count
    return [
        Standing(
            hook,
            counts.get((hook, False), 0),
            counts.get((hook, True), 0),
            states[hook].failing_since if hook in states else None,
            states[hook].error if hook in states else None,
        )
        for hook in hooks
    ]


def forget(tx: Connection, but: Collection[str], given_up_before: datetime) -> None:
    """Forgets webhooks that the config has no more, and what was given up before that time."""
    for table, name in ((webhook_event, "hook"), (webhook_told, "hook"), (webhook, "name")):
        tx.execute(delete(table).where(table.c[name].not_in(sorted(but))))
    old = (webhook_event.c.state == fixed(FAILED), webhook_event.c.next_attempt_at < given_up_before)
    tx.execute(delete(webhook_event).where(*old))


def erase_prompts(tx: Connection, prompts: Collection[int]) -> None:
    """Forgets what was told, or is to be told, of prompts that are erased."""
    for piece in pieces(prompts):
        for table in (webhook_event, webhook_told):
            tx.execute(delete(table).where(among(tx, table.c.prompt_id, piece)))


def _set(tx: Connection, events: Sequence[Event], **values: object) -> None:
    for piece in pieces([event.number for event in events]):
        tx.execute(update(webhook_event).where(among(tx, webhook_event.c.id, piece)).values(**values))


def _well(tx: Connection, hook: str) -> None:
    ill = and_(webhook.c.name == hook, webhook.c.attempts > 0)
    tx.execute(update(webhook).where(ill).values(attempts=0, wait_until=None, failing_since=None, error=None))
