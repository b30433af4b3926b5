"""The outbox: messages that were made and wait, claimed by whoever delivers them.

A prompt counts as told when its message is made, so that what waits for the mail server is not made once more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Select,
    Update,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    update,
)

from cti.core.calendar import Calendar
from cti.core.messages import Item, MailKind, Message
from cti.store.bulk import among, among_these, hold, insert, new_ids, pieces, time_of_many
from cti.store.codec import dumps, loads
from cti.store.tables import fixed, message, message_body, message_item, prompt
from cti.store.told import TELLING, Said, note_told, take_as_told

QUEUED, CLAIMED, SENT, FAILED = "queued", "claimed", "sent", "failed"

NONE = dumps(())

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Failed:
    """A message that was refused for good, with what was said."""

    message: Message
    error: str


def enqueue(tx: Connection, messages: Iterable[Message], now: datetime, calendar: Calendar) -> list[int]:
    """Puts messages in the outbox, to be sent from `now` on; gives our numbers of those that are new.

    Left out is a message whose Message-ID is there already, one of which an item was already said (it would be a second
    time), and one about a prompt that is no longer there.
    """
    offered = list(messages)
    prompts = _prompts(tx, {item.prompt for entry in offered for item in entry.items})
    new = _new(tx, offered, prompts)
    numbers = new_ids(tx, message, len(new))
    numbered = list(zip(numbers, new, strict=True))
    insert(tx, message, [_row(number, entry, now) for number, entry in numbered])
    insert(tx, message_body, [_body(number, entry) for number, entry in numbered])
    items, said = list[Row](), dict[int, Said]()
    for number, entry in numbered:
        for item in entry.items:
            standing, due, revision = prompts[item.prompt]
            day = calendar.day(due) if due is not None else None
            key = {"prompt_id": item.prompt, "kind": item.kind, "number": item.number}
            items.append({**key, "standing": standing, "due": day, "revision": revision, "message": number})
            if item.kind in TELLING:
                said[item.prompt] = Said(standing, day, revision)
    insert(tx, message_item, items)
    note_told(tx, said)
    return list(numbers)


def claim(
    tx: Connection, now: datetime, limit: int, lease: timedelta, only: MailKind | None = None
) -> list[Message]:
    """Takes up to `limit` messages that are to be sent, the longest waiting first; until `now + lease` nobody else gets them.

    `only`: those of this kind alone.
    """
    numbers = tx.scalars(_waiting(only), {"now": now, "most": limit}).all()
    for piece in pieces(numbers):
        tx.execute(_said(tx.dialect.name).mine, {"these": piece, "until": now + lease})
    found = {entry.id: entry for entry in _messages(tx, numbers)}
    return [found[number] for number in numbers]


@cache
def _waiting(only: MailKind | None) -> Select[int]:
    of_kind = (message.c.kind == only,) if only is not None else ()
    return (
        select(message.c.id)
        .where(message.c.state == fixed(QUEUED), message.c.next_attempt_at <= bindparam("now"), *of_kind)
        .order_by(message.c.next_attempt_at, message.c.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
    )


def give_back(tx: Connection, messages: Iterable[Message]) -> None:
    """Returns claimed messages that nobody tried to send."""
    for entry in messages:
        tx.execute(_claimed(entry).values(state=QUEUED, claimed_until=None))


def mark_retry(tx: Connection, entry: Message, next_attempt: datetime, error: str) -> bool:
    """The message could not be delivered now and is tried again later. False where the lease was lost: someone else has it."""
    values = {"state": QUEUED, "attempts": entry.attempts + 1, "next_attempt_at": next_attempt}
    done = tx.execute(_claimed(entry).values(**values, claimed_until=None, error=error))
    return done.rowcount == 1


def mark_failed(tx: Connection, entry: Message, error: str) -> bool:
    """The message was refused for good. False where the lease was lost."""
    values = {"state": FAILED, "attempts": entry.attempts + 1}
    done = tx.execute(_claimed(entry).values(**values, claimed_until=None, error=error))
    return done.rowcount == 1


def release_expired(tx: Connection, now: datetime) -> int:
    """Puts back what was claimed by someone who did not come back; counts as an attempt, so that the earlier claim is void."""
    return tx.execute(_BACK, {"now": now}).rowcount


def _back() -> Update:
    now = bindparam("now", type_=message.c.claimed_until.type)
    expired = (message.c.state == fixed(CLAIMED), message.c.claimed_until <= now)
    # What somebody notes just now did come back.
    free = select(message.c.id).where(*expired).with_for_update(skip_locked=True)
    values = {"state": QUEUED, "attempts": message.c.attempts + 1, "next_attempt_at": now}
    return update(message).where(message.c.id.in_(free)).values(**values, claimed_until=None)


_BACK = _back()


def requeue(tx: Connection, numbers: Collection[int], now: datetime) -> None:
    """Tries failed messages again, to the same addresses."""
    for piece in pieces(sorted(numbers)):
        hold(tx, message, among(tx, message.c.id, piece))
        failed = update(message).where(among(tx, message.c.id, piece), message.c.state == fixed(FAILED))
        tx.execute(failed.values(state=QUEUED, next_attempt_at=now))


def discard(tx: Connection, numbers: Collection[int]) -> None:
    """Takes messages that were not sent out of the outbox. What they were to tell is told anew, to whoever it concerns then."""
    for piece in pieces(sorted(numbers)):
        hold(tx, message, among(tx, message.c.id, piece))
        unsent = select(message.c.id).where(among(tx, message.c.id, piece), message.c.state != fixed(SENT))
        of_these = message_item.c.message.in_(unsent)
        prompts = set(tx.scalars(select(message_item.c.prompt_id).where(of_these)))
        tx.execute(delete(message_item).where(of_these))
        tx.execute(delete(message_body).where(message_body.c.id.in_(unsent)))
        tx.execute(delete(message).where(among(tx, message.c.id, piece), message.c.state != fixed(SENT)))
        take_as_told(tx, prompts)


def forget_before(tx: Connection, day: date) -> int:
    """Removes the mails of before that day that say nothing about a prompt any more: sent ones, and links to come in that were
    refused. Gives how many."""
    about = select(message_item.c.message).where(message_item.c.message == message.c.id)
    over = or_(
        message.c.state == fixed(SENT), and_(message.c.kind == "login", message.c.state == fixed(FAILED))
    )
    old = select(message.c.id).where(message.c.day < day, over, ~about.exists())
    for piece in pieces(numbers := list(tx.scalars(old))):
        tx.execute(delete(message_body).where(among(tx, message_body.c.id, piece)))
        tx.execute(delete(message).where(among(tx, message.c.id, piece)))
    return len(numbers)


def failures(tx: Connection) -> list[Failed]:
    """The messages that were refused for good, with why."""
    asked = (
        select(message.c.id, message.c.error).where(message.c.state == fixed(FAILED)).order_by(message.c.id)
    )
    errors = {row.id: row.error for row in tx.execute(asked)}
    return [Failed(entry, errors[entry.id] or "") for entry in _messages(tx, errors)]


def counts(tx: Connection) -> dict[str, int]:
    """How many messages are queued, claimed and failed. (Sent ones are not counted: there is no end of them.)"""
    states = (QUEUED, CLAIMED, FAILED)
    columns = [
        select(func.count()).select_from(message).where(message.c.state == fixed(state)).scalar_subquery()
        for state in states
    ]
    return dict(zip(states, tx.execute(select(*columns)).one(), strict=True))


def waiting(tx: Connection) -> list[int]:
    """Our numbers of the messages that wait to be sent or are being sent, but for links to come in."""
    unsent = message.c.state.in_((QUEUED, CLAIMED))
    return list(
        tx.scalars(select(message.c.id).where(unsent, message.c.kind != "login").order_by(message.c.id))
    )


def next_attempt(tx: Connection) -> datetime | None:
    """When the next queued message is to be tried."""
    found: datetime | None = tx.scalar(
        select(func.min(message.c.next_attempt_at)).where(message.c.state == fixed(QUEUED))
    )
    return found


def _claimed(entry: Message) -> Any:
    """The row of a claimed message, as long as the claim is this one: every claim that ends otherwise raises `attempts`."""
    mine = (message.c.id == entry.id, message.c.attempts == entry.attempts, message.c.state == fixed(CLAIMED))
    return update(message).where(*mine)


def _prompts(tx: Connection, numbers: Collection[int]) -> dict[int, Sequence[Any]]:
    """How these prompts stand, when they are due, and their revision."""
    columns = (prompt.c.id, prompt.c.standing, time_of_many(prompt.c.due), prompt.c.revision)
    return {
        number: says
        for piece in pieces(sorted(numbers))
        for number, *says in tx.execute(select(*columns).where(among(tx, prompt.c.id, piece))).all()
    }


def _new(tx: Connection, offered: Sequence[Message], prompts: Collection[int]) -> list[Message]:
    """The messages that say nothing for a second time, and nothing about prompts that are gone."""
    known: set[str] = set()
    for names in pieces([entry.message_id for entry in offered]):
        known |= set(tx.scalars(select(message.c.message_id).where(among(tx, message.c.message_id, names))))
    said: set[Item] = set()
    columns = (message_item.c.prompt_id, message_item.c.kind, message_item.c.number)
    for piece in pieces(prompts):
        asked = select(*columns).where(among(tx, message_item.c.prompt_id, piece))
        said |= {Item(*row) for row in tx.execute(asked)}
    new = []
    for entry in offered:
        items = set(entry.items)
        if entry.message_id in known or items & said or any(item.prompt not in prompts for item in items):
            continue
        known.add(entry.message_id)
        said |= items
        new.append(entry)
    return new


def _row(number: int, entry: Message, now: datetime) -> Row:
    return {
        "id": number,
        "kind": entry.kind,
        "person": entry.person,
        "address": entry.address,
        "day": entry.day,
        "message_id": entry.message_id,
        "state": QUEUED,
        "attempts": 0,
        "created_at": now,
        "next_attempt_at": now,
    }


def _body(number: int, entry: Message) -> Row:
    return {
        "id": number,
        "subject": entry.subject,
        "text": entry.text,
        "html": entry.html,
        "in_reply_to": entry.in_reply_to,
        "references": dumps(entry.references),
    }


def _messages(tx: Connection, numbers: Iterable[int]) -> list[Message]:
    """These messages with their words; of those that were sent the words are gone, and they are not given."""
    said = _said(tx.dialect.name)
    found = []
    for piece in pieces(numbers):
        items: dict[int, list[Item]] = defaultdict(list)
        for number, *item in tx.execute(said.items, {"these": piece}).all():
            items[number].append(Item(*item))
        for number, references, day, attempts, *words in tx.execute(said.whole, {"these": piece}).all():
            earlier = tuple(loads(references)) if references != NONE else ()
            told = tuple(items[number])
            found.append(Message(number, *words, earlier, told, day, attempts))  # type: ignore[call-arg]
    return found


class _Said(NamedTuple):
    """The statements of `claim`. To make them anew each time takes longer than to execute them."""

    mine: Update
    items: Select[Any]
    whole: Select[Any]


@cache
def _said(dialect: str) -> _Said:
    these = among_these(dialect, message.c.id)
    mine = update(message).where(these, message.c.state == fixed(QUEUED))
    until = bindparam("until", type_=message.c.claimed_until.type)
    columns = (message_item.c.message, message_item.c.prompt_id, message_item.c.kind, message_item.c.number)
    items = select(*columns).where(among_these(dialect, message_item.c.message)).order_by(*columns)
    whole = select(*_WHOLE).join(message_body).where(these).order_by(message.c.id)
    return _Said(mine.values(state=CLAIMED, claimed_until=until), items, whole)


_WHOLE = (
    message.c.id,
    message_body.c.references,
    message.c.day,
    message.c.attempts,
    # in the order of `Message`
    message.c.kind,
    message.c.person,
    message.c.address,
    message_body.c.subject,
    message_body.c.text,
    message_body.c.html,
    message.c.message_id,
    message_body.c.in_reply_to,
)
