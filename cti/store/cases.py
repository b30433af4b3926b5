"""Prompts for peer review: those that were declined, that nobody answered, and what led to a conference; without who it was."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, and_, false, func, or_, select

from cti.core.events import Answer
from cti.core.prompts import WANTED
from cti.store.bulk import among, pieces
from cti.store.codec import events_of
from cti.store.tables import fixed, prompt, record, version


@dataclass(frozen=True, slots=True)
class Told:
    """A prompt that was told: of which client (our number, to keep cases apart and for nothing else), step and moment, and what
    was answered. `passed`: its time is over without an answer."""

    number: int
    client: int
    rule: str
    step: str
    moment: str
    day: date
    due: datetime
    answer: str | None
    answered_at: datetime | None
    passed: bool


def clients_by_rule(tx: Connection, since: datetime) -> dict[str, int]:
    """About how many clients each rule prompted since then."""
    asked = (
        select(prompt.c.rule, func.count(prompt.c.client_id.distinct()))
        .where(_TOLD, prompt.c.due >= since)
        .group_by(prompt.c.rule)
    )
    return {row[0]: row[1] for row in tx.execute(asked)}


def worth_a_talk(
    tx: Connection, answers: Collection[str], rules: Collection[str], since: datetime, now: datetime
) -> list[int]:
    """The clients (our numbers) of whom a prompt of these rules, due since then, got one of these answers or none in its time."""
    silent = and_(prompt.c.answer.is_(None), prompt.c.standing == fixed(WANTED), prompt.c.until <= now)
    asked = (
        select(prompt.c.client_id)
        .where(_TOLD, prompt.c.due >= since, prompt.c.due <= now, among(tx, prompt.c.rule, rules))
        .where(or_(silent, among(tx, prompt.c.answer, answers)))
        .distinct()
    )
    return list(tx.scalars(asked))


def told_about(tx: Connection, clients: Collection[int], since: datetime, now: datetime) -> list[Told]:
    """The prompts that were told about these clients, due from then until now, in the order of their dues."""
    found: list[Told] = []
    over = and_(prompt.c.answer.is_(None), prompt.c.standing == fixed(WANTED), prompt.c.until <= now)
    passed = func.coalesce(over, false())
    columns = (prompt.c.name, prompt.c.day, prompt.c.due, prompt.c.answer, prompt.c.answered_at, passed)
    for piece in pieces(clients):
        asked = (
            select(prompt.c.id, prompt.c.client_id, prompt.c.rule, prompt.c.step, *columns)
            .where(among(tx, prompt.c.client_id, piece), _TOLD, prompt.c.due >= since, prompt.c.due <= now)
            .order_by(prompt.c.due, prompt.c.id)
        )
        found += [Told(*row) for row in tx.execute(asked)]
    return found


def answers_to(tx: Connection, source: str, prompts: Collection[int]) -> Iterator[tuple[int, Answer]]:
    """The answers to these prompts (our numbers), whole."""
    for piece in pieces(prompts):
        asked = (
            select(prompt.c.id, version.c.event)
            .select_from(prompt)
            .join(
                record,
                and_(record.c.source == source, record.c.ref == prompt.c.key, record.c.part == "answer"),
            )
            .join(version, and_(version.c.record_id == record.c.id, version.c.seq == record.c.seq))
            .where(among(tx, prompt.c.id, piece), version.c.event.is_not(None))
        )
        rows = tx.execute(asked).all()
        for row, event in zip(rows, events_of([row.event for row in rows]), strict=True):
            if isinstance(event, Answer):
                yield row.id, event


_TOLD = and_(or_(prompt.c.sent_at.is_not(None), prompt.c.answer.is_not(None)), prompt.c.covered_by.is_(None))
