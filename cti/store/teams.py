"""A team's prompts: what became of them, counted by step and never by person, and those that are stuck."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select, true

from cti.core.prompts import WANTED, Stored
from cti.store.caseload import Clients, by_itself
from cti.store.counts import AT_A_LOSS, LOST
from cti.store.outbox import FAILED
from cti.store.prompts import UNSENT, select_prompts
from cti.store.tables import fixed, message, message_item, prompt

Why = Literal["nobody", "escalated", "passed"]
"""Why a prompt is stuck: it reaches nobody; nobody answered, so it was escalated; its time passed without an answer."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the prompts of one step: `told`, of which answered `in_time` or `late`, `waiting` for an answer, `passed`
    without one, or `needless` since; and those that reached `nobody`. One whose time passed before a message was made is in none
    of these: it was known too late (`cti.store.deeds`)."""

    rule: str
    step: str
    told: int
    in_time: int
    late: int
    waiting: int
    passed: int
    needless: int
    nobody: int


def tallies(tx: Connection, clients: Clients | None, since: datetime, now: datetime) -> list[Tally]:
    """What became of the prompts about these clients (a query of our numbers; None: all) that fell due from `since` until
    `now`."""
    answered, sent = prompt.c.answer.is_not(None), prompt.c.sent_at.is_not(None)
    # One word for each prompt, so that each is looked at once.
    became = case(
        (and_(answered, prompt.c.answered_at > prompt.c.until), "late"),
        (answered, "in_time"),
        (and_(sent, prompt.c.standing != fixed(WANTED)), "needless"),
        (and_(sent, prompt.c.until <= now), "passed"),
        (sent, "waiting"),
        (and_(prompt.c.standing == fixed(WANTED), UNSENT, LOST), "nobody"),
    )
    # Most prompts that a first import brings are in none of these. Whether their client is asked for costs more than this.
    counted = or_(answered, sent, AT_A_LOSS)
    asked = (
        select(prompt.c.rule, prompt.c.step, became, func.count())
        .where(prompt.c.due >= since, prompt.c.due <= now, counted)
        .where(true() if clients is None else by_itself(prompt.c.client_id).in_(clients))
        .where(prompt.c.covered_by.is_(None))
        .group_by(prompt.c.rule, prompt.c.step, became)
    )
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for rule, step, word, count in tx.execute(asked):
        if word is not None:
            counts.setdefault((rule, step), {})[word] = count
    return [_tally(rule, step, found) for (rule, step), found in counts.items()]


def _tally(rule: str, step: str, found: Mapping[str, int]) -> Tally:
    told = sum(count for word, count in found.items() if word != "nobody")
    parts = {word: found.get(word, 0) for word in PARTS}
    return Tally(rule, step, told, **parts)


PARTS = ("in_time", "late", "waiting", "passed", "needless", "nobody")
"""The parts of a step's prompts, in the order in which they are drawn and told."""


@dataclass(frozen=True, slots=True)
class Stuck:
    """The prompts that are stuck for one reason: the first of them (our numbers), the longest waiting first; how many there are;
    and since which day, where they were escalated."""

    why: Why
    first: tuple[int, ...]
    count: int
    since: Mapping[int, date]


def stuck(tx: Connection, clients: Clients, since: datetime, now: datetime, most: int) -> list[Stuck]:
    """The prompts about these clients (a query of our numbers) that are stuck at `now`: all that are open, and those whose time
    passed from `since` on. At most so many of each kind are named, the worst kind first; none is of two kinds."""
    of = by_itself(prompt.c.client_id).in_(clients)
    wanted = prompt.c.standing == fixed(WANTED)
    # In this order: what is looked up elsewhere comes last, for the few that are left.
    recent = or_(prompt.c.until.is_(None), prompt.c.until >= since)
    nobody = and_(UNSENT, prompt.c.due <= now, recent, LOST)
    unanswered = and_(prompt.c.sent_at.is_not(None), prompt.c.answer.is_(None), prompt.c.covered_by.is_(None))
    passed = and_(unanswered, prompt.c.until <= now, prompt.c.until >= since)
    days = _escalated(tx, clients, now)
    kinds: tuple[tuple[Why, tuple[ColumnElement[bool], ...]], ...] = (
        ("nobody", (wanted, nobody, of)),
        ("escalated", (prompt.c.id.in_(sorted(days)),)),
        ("passed", (wanted, passed, of)),
    )
    found = []
    for why, those in kinds:
        asked = select(prompt.c.id, func.count().over()).where(*those)
        rows = tx.execute(asked.order_by(prompt.c.due, prompt.c.id).limit(most)).all()
        if rows:
            found.append(Stuck(why, tuple(row[0] for row in rows), rows[0][1], days))
    return found


def escalated(tx: Connection, clients: Clients, now: datetime) -> Iterator[tuple[Stored, date]]:
    """The open prompts about these clients (a query of our numbers) that were escalated and have no answer, with the day of
    that. What is put off is among them."""
    days = _escalated(tx, clients, now)
    for row in select_prompts(tx, prompt.c.id.in_(sorted(days))):
        yield row, days[row.id]


def _escalated(tx: Connection, clients: Clients, now: datetime) -> dict[int, date]:
    asked = (
        select(message_item.c.prompt_id, message.c.day)
        .join(message, message.c.id == message_item.c.message)
        .join(prompt, prompt.c.id == message_item.c.prompt_id)
        .where(message_item.c.kind == "escalation", message.c.state != FAILED)
        .where(by_itself(prompt.c.client_id).in_(clients), *_open(now))
    )
    return {row[0]: row[1] for row in tx.execute(asked)}


def _open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        prompt.c.sent_at.is_not(None),
        prompt.c.answer.is_(None),
        prompt.c.covered_by.is_(None),
        prompt.c.standing == fixed(WANTED),
        or_(prompt.c.until.is_(None), prompt.c.until > now),
    )
