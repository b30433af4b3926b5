"""What rules did, counted over all clients: what was answered to their steps, with the reasons, and what came too late."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, case, func, not_, or_, select

from cti.core.events import Answer
from cti.core.prompts import WANTED
from cti.store.bulk import among
from cti.store.codec import events_of
from cti.store.prompts import MADE, UNSENT
from cti.store.tables import fixed, prompt, record, version

StepName = tuple[str, str]

LATE = ("too-late", "stale", "skipped")
"""The standings of prompts whose moment became known too late for them."""


def answers_given(tx: Connection, since: datetime, now: datetime) -> dict[tuple[StepName, str], int]:
    """How often each answer was given to the prompts of each step that fell due from `since` until `now`."""
    asked = (
        select(prompt.c.rule, prompt.c.step, prompt.c.answer, func.count())
        .where(prompt.c.answer.is_not(None), *_due(since, now))
        .group_by(prompt.c.rule, prompt.c.step, prompt.c.answer)
    )
    return {((rule, step), answer): n for rule, step, answer, n in tx.execute(asked)}


def answers_whole(
    tx: Connection, source: str, answers: Collection[str], since: datetime, now: datetime
) -> Iterator[tuple[StepName, Answer]]:
    """The answers of these names to the prompts that fell due from `since` until `now`, with all that was said with them."""
    asked = (
        select(prompt.c.rule, prompt.c.step, version.c.event)
        .select_from(prompt)
        .join(
            record,
            and_(record.c.source == source, record.c.ref == prompt.c.key, record.c.part == "answer"),
        )
        .join(version, and_(version.c.record_id == record.c.id, version.c.seq == record.c.seq))
        .where(among(tx, prompt.c.answer, answers), version.c.event.is_not(None), *_due(since, now))
    )
    rows = tx.execute(asked).all()
    for row, event in zip(rows, events_of([row.event for row in rows]), strict=True):
        if isinstance(event, Answer):
            yield (row.rule, row.step), event


def came_too_late(tx: Connection, since: datetime, now: datetime) -> dict[StepName, int]:
    """How many prompts of each step, due from `since` until `now`, nobody was told of since they were known too late: their time
    had passed before a message was made, the step skips what is late, or it was first asked whether they are current."""
    passed = and_(prompt.c.standing == fixed(WANTED), prompt.c.until <= now, not_(prompt.c.unroutable))
    late: ColumnElement[bool] = or_(prompt.c.standing.in_(LATE), and_(passed, not_(MADE)))
    asked = (
        select(prompt.c.rule, prompt.c.step, func.sum(case((late, 1), else_=0)))
        .where(UNSENT, *_due(since, now))
        .group_by(prompt.c.rule, prompt.c.step)
    )
    return {(rule, step): n for rule, step, n in tx.execute(asked) if n}


def _due(since: datetime, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return prompt.c.due >= since, prompt.c.due <= now
