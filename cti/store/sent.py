"""What the post office notes on prompts: that they were sent, that nobody can receive them, and when to look at them again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Delete,
    Select,
    Update,
    and_,
    bindparam,
    delete,
    or_,
    select,
    union,
    update,
)

from cti.core.prompts import Stored
from cti.store.bulk import among, among_these, held, hold, pieces, update_each
from cti.store.outbox import SENT
from cti.store.prompts import NAMED, STORED, UNSENT, keep_names, read_prompts, select_prompts, untold
from cti.store.tables import fixed, message, message_body, message_item, prompt


def mark_sent(tx: Connection, numbers: Collection[int], at: datetime) -> None:
    """These messages (our numbers) were accepted for delivery, whoever holds their claim: their prompts are sent, what they
    named as missed is covered, and their words are no longer kept."""
    said = _said(tx.dialect.name)
    for piece in pieces(sorted(numbers)):
        these = {"these": piece}
        if tx.dialect.name == "postgresql":  # on SQLite nobody else writes meanwhile
            tx.execute(said.ours, these)
            tx.execute(said.theirs, these)
        tx.execute(said.done, these | {"at": at})
        tx.execute(said.over, these)
        items = tx.execute(said.items, these).all()
        for few in pieces(number for kind, _, number, *_ in items if kind == "prompt"):
            tx.execute(said.told, {"these": few, "at": at})
        if covered := [{"of": number, "by": by} for kind, by, number, *_ in items if kind == "covered"]:
            tx.execute(said.covered, covered)
        keep_names(tx, [names for kind, _, *names in items if kind in ("prompt", "covered")])


class _Said(NamedTuple):
    """The statements of `mark_sent`. To make them anew each time takes longer than to execute them."""

    ours: Select[Any]
    done: Update
    over: Delete
    items: Select[Any]
    theirs: Select[Any]
    told: Update
    covered: Update


@cache
def _said(dialect: str) -> _Said:
    done = update(message).where(among_these(dialect, message.c.id), message.c.state != fixed(SENT))
    told = update(prompt).where(among_these(dialect, prompt.c.id), prompt.c.sent_at.is_(None))
    covered = update(prompt).where(prompt.c.id == bindparam("of"), UNSENT)
    of_these = among_these(dialect, message_item.c.message)
    items = select(message_item.c.kind, message_item.c.number, *NAMED).join_from(message_item, prompt)
    at = bindparam("at", type_=prompt.c.sent_at.type)
    return _Said(
        ours=held(message, among_these(dialect, message.c.id)),
        theirs=held(prompt, prompt.c.id.in_(select(message_item.c.prompt_id).where(of_these))),
        done=done.values(state=SENT, sent_at=at, claimed_until=None, error=None),
        over=delete(message_body).where(among_these(dialect, message_body.c.id)),
        items=items.where(of_these).order_by(prompt.c.id, message_item.c.kind, message_item.c.number),
        told=told.values(sent_at=at, follow_at=at, unroutable=False),
        covered=covered.values(covered_by=bindparam("by"), unroutable=False),
    )


def to_follow(tx: Connection, now: datetime) -> Iterator[Stored]:
    """Sent, unanswered prompts to look at now: those that changed since their reader was told, and those whose time to be looked
    at has come (at first: when they are sent)."""
    return read_prompts(tx, _FOLLOWED, {"now": now})


def hold_all(tx: Connection, now: datetime, everyone: bool) -> None:
    """Keeps others from changing the prompts about which there may be something to say now: what they say is to be told as it
    stands. All at once, in the order in which everybody does. `everyone`: also those to which `follow_all` comes."""
    if tx.dialect.name == "postgresql":  # on SQLite nobody else writes meanwhile
        tx.execute(_to_hold(everyone), {"now": now, "by": now})


def hold_these(tx: Connection, numbers: Collection[int]) -> None:
    """Keeps others from changing these prompts (our numbers), as `hold_all` does."""
    for piece in pieces(sorted(numbers)):
        hold(tx, prompt, among(tx, prompt.c.id, piece))


@cache
def _to_hold(everyone: bool) -> Select[Any]:
    some = prompt.c.id.in_(union(select(prompt.c.id).where(untold()), _UNROUTABLE, _TO_FOLLOW))
    return held(prompt, or_(some, _OPEN) if everyone else some)


def followed(tx: Connection, again: Mapping[int, datetime | None]) -> None:
    """These prompts (our numbers) were looked at as they stand; the next time is the one given, None: not before they change."""
    for piece in pieces(sorted(again.items())):
        update_each(tx, prompt, [{"id": number, "follow_at": when} for number, when in piece])
        seen = update(prompt).where(among(tx, prompt.c.id, [number for number, _ in piece]))
        tx.execute(seen.values(told_revision=prompt.c.revision))


def follow(tx: Connection, numbers: Collection[int], now: datetime) -> None:
    """These prompts are to be looked at again, if they were sent and are not answered: a person did something about them."""
    for piece in pieces(sorted(numbers)):
        tx.execute(update(prompt).where(among(tx, prompt.c.id, piece), _UNANSWERED).values(follow_at=now))


def follow_all(tx: Connection, now: datetime) -> None:
    """All sent, unanswered prompts whose time is not over are to be looked at again: rules, people, calendar or day changed."""
    tx.execute(update(prompt).where(_OPEN).values(follow_at=bindparam("now")), {"now": now})


def set_unroutable(tx: Connection, numbers: Collection[int]) -> None:
    """Exactly these prompts (our numbers) have nobody who can receive them."""
    before = set(tx.scalars(_UNROUTABLE))
    for ids, value in ((before - set(numbers), False), (set(numbers) - before, True)):
        for piece in pieces(sorted(ids)):
            tx.execute(update(prompt).where(among(tx, prompt.c.id, piece)).values(unroutable=value))


def unroutable(tx: Connection) -> Iterator[Stored]:
    """The prompts that have nobody who can receive them."""
    return select_prompts(tx, prompt.c.unroutable)


_UNROUTABLE = select(prompt.c.id).where(prompt.c.unroutable)
_UNANSWERED = and_(prompt.c.sent_at.is_not(None), prompt.c.answer.is_(None))
# These are made once: making them takes longer than executing them.
_NOW = bindparam("now", type_=prompt.c.until.type)
_TO_FOLLOW = union(
    select(prompt.c.id).where(_UNANSWERED, prompt.c.told_revision != prompt.c.revision),
    select(prompt.c.id).where(_UNANSWERED, prompt.c.follow_at <= _NOW),
)
_FOLLOWED = STORED.where(prompt.c.id.in_(_TO_FOLLOW)).order_by(prompt.c.id)
_OPEN = and_(_UNANSWERED, or_(prompt.c.until.is_(None), prompt.c.until > _NOW))
