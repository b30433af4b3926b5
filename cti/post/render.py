"""From a delivery to a message: subject, text, HTML and identity.

With content "none", the default, a message is made of counts, a day and a link only. It then reads the same whoever the clients
are and whatever happened to them (design, law 11); only the Message-ID differs, which is a hash of our own numbers, and the link
where one prompt waits, which ends in its number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import Literal, NamedTuple

from cti.core.calendar import Calendar
from cti.core.messages import HOLDING, Item, Message
from cti.core.prompts import Stored
from cti.i18n import format_day
from cti.post.days import last_day
from cti.post.delivery import Delivery, Entry, Turn, mailbox
from cti.post.markdown import Trusted, lowered
from cti.post.texts import Text, TextError, Texts

_TURNS: tuple[Turn, ...] = ("withdrawn", "moved", "reinstated")

PromptText = Callable[[Stored, str], Text]
"""The text of a prompt in a language, with its values filled in. May raise TextError."""


@dataclass(frozen=True, slots=True)
class House:
    """What every message of the organisation has in common.

    `link` is where the pages are, `help` says whom to ask (may be empty), `sender` is the address that mail
    comes from.
    """

    link: str
    sender: str
    content: Literal["none", "full"] = "none"
    help: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One thing told, worded. A `title` that is empty: its text could not be made."""

    kind: str
    turn: str | None
    urgent: bool
    title: str
    body: Trusted
    due: str
    until: str
    covers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class About:
    """What is told about one client."""

    name: str
    entries: tuple[Paragraph, ...]


class Composed(NamedTuple):
    """A message, with the texts in it that could not be made and are left out."""

    message: Message
    errors: tuple[TextError, ...]


def compose(
    delivery: Delivery, texts: Texts, house: House, calendar: Calendar, prompt_text: PromptText
) -> Composed:
    """The delivery as a message. `prompt_text` is asked only where the mail is to hold the texts of prompts.

    A prompt whose text cannot be made is told without it: the person still learns that it waits. Raises TextError where the text
    of the mail itself cannot be made.
    """
    language = texts.language(delivery.to.language)
    errors: list[TextError] = []
    values: dict[str, object] = dict(_counts(delivery, calendar, language))
    link, alike = _link(delivery, house)
    if house.content == "full":
        alike = link
    values |= {"kind": delivery.kind, "link": alike, "help": house.help, "clients": ()}
    if house.content == "full":

        def text_of(prompt: Stored) -> Text:
            try:
                return prompt_text(prompt, language)
            except TextError as error:
                errors.append(error)
                return Text("", "")

        values["clients"] = _clients(delivery, calendar, language, text_of)
    worded = texts.mail(delivery.kind, language, values)
    to, items = delivery.to, delivery.items
    message = Message(
        id=None,
        kind=delivery.kind,
        person=to.person.id if to.person else None,
        address=to.address,
        subject=worded.subject,
        text=worded.text.replace(alike, link),
        html=worded.html.replace(alike, link),
        message_id=message_id(items, to.address, delivery.day, house.sender),
        in_reply_to=delivery.in_reply_to,
        references=delivery.references,
        items=items,
        day=delivery.day,
    )
    return Composed(message, tuple(errors))


def message_id(items: Sequence[Item], address: str, day: date, sender: str) -> str:
    """The Message-ID of what is told to one mailbox on one day: the same whenever it is sent again.

    The day is part of it so that a mailbox that drops what it has seen before does not drop the mail of a database begun anew.
    """
    said = sorted(f"{item.prompt}/{item.kind}/{item.number}" for item in items)
    return identity([mailbox(address), day.isoformat(), *said], sender)


def identity(parts: Sequence[str], sender: str) -> str:
    """A Message-ID that is the same whenever its parts are, and tells nothing of them."""
    said = "\n".join(parts).encode()
    return f"<{blake2b(said, digest_size=16).hexdigest()}@{_domain(sender)}>"


@lru_cache(maxsize=8)
def _domain(sender: str) -> str:
    try:
        return (sender.rpartition("@")[2] or "localhost").encode("idna").decode("ascii")
    except UnicodeError:
        return "localhost"


def _link(delivery: Delivery, house: House) -> tuple[str, str]:
    """Where what waits is read and answered: the prompt itself where it is only one, since that is opened between two visits.

    And what stands in its place while the mail is worded, as long as the link itself: mails that differ by the number of their
    prompt alone are worded once.
    """
    waiting = _waiting(delivery)
    if len(waiting) != 1:
        return house.link, house.link
    number, place = str(waiting[0].prompt.id), f"{house.link.rstrip('/')}/prompts/"
    return place + number, place + "0" * len(number)


def _waiting(delivery: Delivery) -> list[Entry]:
    return [entry for entry in delivery.entries if entry.turn not in ("withdrawn", "moved")]


def _counts(delivery: Delivery, calendar: Calendar, language: str) -> dict[str, str | int]:
    """What may be said of prompts without saying anything about clients."""
    entries = delivery.entries
    # Lists, and no Counter: they are short, and to go through them again takes less than to make one.
    kinds = [entry.kind for entry in entries]
    handed = kinds.count("handed") + kinds.count("passed")
    turned = [entry.turn for entry in entries]
    turns: dict[str, int] = {turn: turned.count(turn) for turn in _TURNS}
    waiting = _waiting(delivery)
    ends = [entry.prompt.plan.until for entry in waiting if entry.prompt.plan.until is not None]
    return {
        "waiting": len(waiting),
        "prompts": kinds.count("prompt") + handed,
        "handed": handed,
        "urgent": sum(entry.urgent for entry in entries),
        "reminders": kinds.count("reminder"),
        "escalations": kinds.count("escalation"),
        **turns,
        "changed": sum(turns.values()),
        "covered": sum(len(entry.covers) for entry in entries),
        "others": sum(e.stands_in_for is not None and e.kind in (*HOLDING, "reminder") for e in entries),
        "left": delivery.left,
        "until": format_day(language, last_day(min(ends), calendar, delivery.day)) if ends else "",
    }


def _clients(
    delivery: Delivery, calendar: Calendar, language: str, text_of: Callable[[Stored], Text]
) -> tuple[About, ...]:
    """The entries by client, those with the most pressing entry first."""
    entries = delivery.entries
    names = dict.fromkeys(entry.prompt.plan.client for entry in entries)
    return tuple(
        About(
            name,
            tuple(
                _paragraph(entry, delivery.day, calendar, language, text_of)
                for entry in entries
                if entry.prompt.plan.client == name
            ),
        )
        for name in names
    )


def _paragraph(
    entry: Entry, today: date, calendar: Calendar, language: str, text_of: Callable[[Stored], Text]
) -> Paragraph:
    plan = entry.prompt.plan
    text = text_of(entry.prompt)
    return Paragraph(
        kind=entry.kind,
        turn=entry.turn,
        urgent=entry.urgent,
        title=text.title,
        # Below the heading of the prompt, which stands below that of the client.
        body=Trusted(lowered(text.body, 2)),
        due=format_day(language, calendar.day(plan.due)) if plan.due else "",
        until=format_day(language, last_day(plan.until, calendar, today)) if plan.until else "",
        covers=tuple(text_of(prompt).title for prompt in entry.covers),
    )
