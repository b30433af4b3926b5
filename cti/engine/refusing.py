"""Telling the managers, once, that what they changed in the rules folder is not taken over, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from cti.core.messages import Message
from cti.core.people import Person, Staff
from cti.engine.people import staff_of
from cti.engine.refused import Refused, refused
from cti.engine.system import System
from cti.engine.wording import text_problem
from cti.post.delivery import mailbox
from cti.post.render import identity
from cti.post.routing import to_person
from cti.post.texts import TextError, Texts
from cti.problems import Problem
from cti.store import meta

REFUSAL_TOLD = "refusal-told"
"""The refusal that the managers were mailed about."""

PATIENCE = timedelta(minutes=10)
"""Whoever mends a mistake within this time needs no mail about it."""

SHOWN = 20
"""How many problems the mail lists."""


@dataclass(frozen=True, slots=True)
class Told:
    """The mails to put into the outbox, and what is wrong with their text."""

    messages: tuple[Message, ...] = ()
    problems: tuple[Problem, ...] = ()


def refusal_mails(tx: Connection, system: System, texts: Texts, now: datetime) -> Told:
    """The mails about a refusal that has stood for a while and was not told yet; the texts of rules are in them, no client."""
    refusal = refused(tx)
    if refusal is None or now - refusal.at < PATIENCE:
        return Told()
    name = f"{refusal.digest}|{refusal.at.isoformat()}"
    if meta.get(tx, REFUSAL_TOLD) == name:
        return Told()
    staff, messages = staff_of(tx, system), list[Message]()
    try:
        messages = [_mail(system, staff, person, refusal, name, texts, now) for person in readers(staff)]
    except TextError as error:
        return Told(problems=(text_problem(error),))
    meta.put(tx, REFUSAL_TOLD, name)
    return Told(tuple(messages))


def readers(staff: Staff) -> Iterator[Person]:
    """Who is told: the managers; where no manager has an address, the administrators."""
    with_address = [person for person in staff.people.values() if (person.address or "").strip()]
    managers = [person for person in with_address if person.role == "manager"]
    yield from managers or [person for person in with_address if person.role == "administrator"]


def _mail(
    system: System, staff: Staff, person: Person, refusal: Refused, name: str, texts: Texts, now: datetime
) -> Message:
    config, to = system.config, to_person(person, staff)
    language = texts.language(to.language)
    values: dict[str, object] = {
        "problems": tuple(
            {"said": found.sentence(language), "write": (found.suggestion or "").splitlines()}
            for found in refusal.problems[:SHOWN]
        ),
        "limits": any(found.file is None and "limit" in found.params for found in refusal.problems),
        "more": max(0, len(refusal.problems) - SHOWN),
        "link": config.base_url,
    }
    worded = texts.mail("refused", language, values)
    return Message(
        id=None,
        kind="refused",
        person=person.id,
        address=to.address,
        subject=worded.subject,
        text=worded.text,
        html=worded.html,
        message_id=identity([mailbox(to.address), name, "refused"], str(config.mail.sender)),
        in_reply_to=None,
        references=(),
        items=(),
        day=config.calendar.day(now),
    )
