"""Messages as values: what one mailbox is sent at one time, and what was said there before.

An item is one thing that a message says about one prompt. It is said once: (prompt, kind, number) is unique among all
messages, whatever becomes of them, so that nothing is told twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

MessageKind = Literal["digest", "urgent", "reminder", "escalation", "notice"]
"""What a message about prompts is mainly for. All but "urgent" are the daily message of a mailbox, one a day."""

MailKind = MessageKind | Literal["counts", "login", "refused"]
"""What a message is mainly for. "counts": a team lead's numbers of a month; "login": a link to come in; "refused": that changed
rules are not taken over. They stand beside the daily message."""

ItemKind = Literal["prompt", "covered", "handed", "passed", "reminder", "escalation", "notice"]

HOLDING: tuple[ItemKind, ...] = ("prompt", "handed", "passed")
"""The kinds of item after which their reader has the prompt."""


class Item(NamedTuple):
    """One thing said about the prompt with our number `prompt`.

    kind "prompt": told for the first time (number 0); "covered": named as missed by the prompt whose number `number` is;
    "handed": a colleague handed it over, the `number`-th time that it changed hands; "passed": it passed on by itself, as its
    reader is away or another worker took over; "passed", "reminder", "escalation", "notice": the `number`-th of its kind about
    this prompt, from 1.
    """

    prompt: int
    kind: ItemKind
    number: int


class Message(NamedTuple):
    """A message ready to be sent: `id` is its row's number (None: not stored yet), `day` the local day it was made for.

    `person` is the id of the member of staff, None for a team's inbox or a desk. `message_id` is the header's value, with its
    angle brackets; so are `in_reply_to` and `references`. `attempts` counts the tries to deliver it that failed.
    """

    id: int | None
    kind: MailKind
    person: str | None
    address: str
    subject: str
    text: str
    html: str
    message_id: str
    in_reply_to: str | None
    references: tuple[str, ...]
    items: tuple[Item, ...]
    day: date
    attempts: int = 0


class Told(NamedTuple):
    """That a message said something about a prompt: the item with its message's day, recipient and Message-ID.

    A message that was made and still waits in the outbox counts; one that was refused for good counts too.
    """

    item: Item
    day: date
    person: str | None
    address: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the prompts of a month: `told` in that month, of which by now `answered`, `waiting` for an answer, or
    `passed` their time without one (the others are no longer needed); and those due in it that reached `nobody`."""

    told: int = 0
    answered: int = 0
    waiting: int = 0
    passed: int = 0
    nobody: int = 0
