"""The counts of the month before, made into mails for the team leads who have not had them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from cti.core.messages import Counts, Message
from cti.core.people import Staff
from cti.engine.people import known_staff
from cti.engine.system import System
from cti.engine.wording import text_problem
from cti.post.counts import Month, Reader, letter, readers
from cti.post.routing import team_of
from cti.post.texts import TextError, Texts
from cti.problems import Problem
from cti.store import assignments, meta
from cti.store.counts import reached_nobody, told_to

COUNTED = "counted"
"""The month that was counted last, and the Message-IDs that are settled: made, or of teams that were told nothing in it."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The mails with counts to put into the outbox, and what is wrong with their text."""

    messages: tuple[Message, ...] = ()
    problems: tuple[Problem, ...] = ()


def counts_mails(tx: Connection, system: System, staff: Staff, texts: Texts, now: datetime) -> Counted:
    """The counts to be mailed now to those of the staff who lead. A mailbox is counted for once a month; where the text cannot be
    made, once it is mended."""
    config, sender = system.config, str(system.config.mail.sender)
    if config.organisation.counts == "off":
        return Counted()
    month = Month.before(config.calendar.day(now))
    before = meta.get(tx, COUNTED) or {}
    settled = set(before["settled"]) if before.get("month") == month.name else set()
    everyone = readers(staff, config.calendar, config.habits, now)
    waiting = [reader for reader in everyone if reader.message_id(sender) not in settled]
    if not waiting:
        return Counted()
    lost = _lost(tx, system, month, now)
    messages: list[Message] = []
    problems: list[Problem] = []
    for reader in waiting:
        counts = _of(tx, staff, reader, lost, now)
        try:
            message = letter(reader, counts, texts, sender)
        except TextError as error:
            problems.append(text_problem(error))
            continue
        messages += [message] if message is not None else []
        settled.add(reader.message_id(sender))
    meta.put(tx, COUNTED, {"month": month.name, "settled": sorted(settled)})
    return Counted(tuple(messages), tuple(dict.fromkeys(problems)))


def _of(tx: Connection, staff: Staff, reader: Reader, lost: Counter[str | None], now: datetime) -> Counts:
    """The counts of the reader's teams together."""
    people = [person.id for person in staff.people.values() if person.team in reader.teams]
    boxes = [staff.teams[team].inbox for team in reader.teams if team in staff.teams]
    inboxes = [box.strip() for box in boxes if box]
    counts = told_to(tx, people, inboxes, reader.month.first, reader.month.last, now)
    return replace(counts, nobody=sum(lost[team] for team in reader.teams))


def _lost(tx: Connection, system: System, month: Month, now: datetime) -> Counter[str | None]:
    """How many prompts of that month reached nobody, by the team that their client has now."""
    config = system.config
    by_client = reached_nobody(tx, *month.span(config.calendar), now)
    assigned = assignments.assigned(tx, by_client.keys(), config.calendar.day(now))
    staff = known_staff(tx, system)
    lost: Counter[str | None] = Counter()
    for ref, number in by_client.items():
        lost[team_of(assigned.get(ref), staff)] += number
    return lost
