"""What messages told of prompts, by whom it was read, and how their readers take the prompts to stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, select, update

from cti.core.messages import HOLDING, Item, Told
from cti.store.bulk import among, hold, pieces
from cti.store.tables import message, message_item, prompt

TELLING = (*HOLDING, "notice")
"""The kinds of item that say how a prompt stands."""


def told(tx: Connection, prompts: Collection[int]) -> dict[int, list[Told]]:
    """What messages said of each of these prompts, in the order in which the messages were made, whatever became of them."""
    found: dict[int, list[Told]] = defaultdict(list)
    columns = (message.c.day, message.c.person, message.c.address, message.c.message_id)
    for piece in pieces(prompts):
        asked = (
            select(message_item.c.prompt_id, message_item.c.kind, message_item.c.number, *columns)
            .join(message, message.c.id == message_item.c.message)
            .where(among(tx, message_item.c.prompt_id, piece))
            .order_by(message.c.id, message_item.c.kind, message_item.c.number)
        )
        for number, kind, count, *rest in tx.execute(asked):
            found[number].append(Told(Item(number, kind, count), *rest))
    return dict(found)


@dataclass(frozen=True, slots=True)
class Telling:
    """That a message said something about a prompt (our number), and what became of that message (`state`)."""

    prompt: int
    kind: str
    number: int
    day: date
    person: str | None
    address: str
    made_at: datetime
    state: str


def tellings(tx: Connection, prompts: Collection[int]) -> list[Telling]:
    """What messages said of these prompts, in the order in which the messages were made; for explanations."""
    item = (message_item.c.prompt_id, message_item.c.kind, message_item.c.number)
    columns = (message.c.day, message.c.person, message.c.address, message.c.created_at, message.c.state)
    found: list[Telling] = []
    for piece in pieces(prompts):
        asked = (
            select(*item, *columns)
            .join(message, message.c.id == message_item.c.message)
            .where(among(tx, message_item.c.prompt_id, piece))
            .order_by(message.c.id, *item)
        )
        found += [Telling(*row) for row in tx.execute(asked)]
    return found


@dataclass(frozen=True, slots=True)
class Mail:
    """The daily message of a mailbox: when it was made, and how many new prompts it told."""

    address: str
    made_at: datetime
    prompts: int


def daily_mails(tx: Connection, day: date) -> list[Mail]:
    """The daily messages of that day, in the order in which they were made; for explanations."""
    return [Mail(*row) for row in tx.execute(_MAILS, {"wanted": day})]


_DAILY = message.c.kind.not_in(("urgent", "counts", "login", "refused"))
_TOLD_FIRST = (message_item.c.message == message.c.id) & (message_item.c.kind == "prompt")
_MAILS = (
    select(message.c.address, message.c.created_at, func.count(message_item.c.prompt_id))
    .select_from(message.outerjoin(message_item, _TOLD_FIRST))
    .where(message.c.day == bindparam("wanted"), _DAILY)
    .group_by(message.c.id, message.c.address, message.c.created_at)
    .order_by(message.c.id)
)


def mailed(tx: Connection, day: date) -> set[str]:
    """The addresses whose daily message of that day is made: any but those that stand beside it."""
    return set(tx.scalars(_MAILED, {"wanted": day}))


_MAILED = select(message.c.address).where(message.c.day == bindparam("wanted"), _DAILY).distinct()


def take_as_told(tx: Connection, prompts: Collection[int]) -> None:
    """Sets how the readers of these prompts take them to stand: as the last message about them said, or as nothing."""
    columns = (message_item.c.prompt_id, message_item.c.standing, message_item.c.due, message_item.c.revision)
    for piece in pieces(sorted(prompts)):
        hold(tx, prompt, among(tx, prompt.c.id, piece))
        asked = (
            select(*columns)
            .where(among(tx, message_item.c.prompt_id, piece), message_item.c.kind.in_(TELLING))
            .order_by(message_item.c.message)
        )
        last = {number: Said(*said) for number, *said in tx.execute(asked).all()}
        _note(tx, {number: last.get(number, _NOTHING) for number in piece})


class Said(NamedTuple):
    """How a message said that a prompt stands, on which day it is due, and the revision of which that was said."""

    standing: str | None
    due: date | None
    revision: int


_NOTHING = Said(None, None, 0)


def note_told(tx: Connection, said: Mapping[int, Said]) -> None:
    """The last message about each of these prompts (our numbers) said so."""
    for piece in pieces(sorted(said)):
        hold(tx, prompt, among(tx, prompt.c.id, piece))
        _note(tx, {number: said[number] for number in piece})


def _note(tx: Connection, said: Mapping[int, Said]) -> None:
    alike: dict[Said, list[int]] = defaultdict(list)
    for number, what in said.items():
        alike[what].append(number)
    # Those of one morning stand alike, but for a few days on which they are due.
    for (standing, due, revision), numbers in alike.items():
        these = update(prompt).where(among(tx, prompt.c.id, numbers))
        tx.execute(these.values(told_standing=standing, told_due=due, told_revision=revision))
