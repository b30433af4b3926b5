"""What workers said, of several clients at once: answers to prompts, and facts that were entered without one."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, select

from cti.core.events import Answer, Fact
from cti.store.bulk import among
from cti.store.codec import events_of
from cti.store.tables import client, prompt, record, version


@dataclass(frozen=True, slots=True)
class Told:
    """Something that a worker said: an answer to the `prompt` with our number, or a fact that was entered without one. `known` is
    when it was said."""

    client: str
    event: Answer | Fact
    known: datetime
    prompt: int | None = None
    rule: str = ""
    step: str = ""


def answered(
    tx: Connection, source: str, since: datetime, until: datetime, clients: Collection[int] | None = None
) -> Iterator[Told]:
    """What records of this source say that was said from `since` until before `until`, by time; of these clients (our numbers;
    None: of all). What was taken back or replaced is not among it."""
    answers = and_(record.c.part == "answer", prompt.c.key == record.c.ref)
    conditions: list[ColumnElement[bool]] = [
        record.c.source == source,
        version.c.event.is_not(None),
        version.c.known >= since,
        version.c.known < until,
    ]
    if clients is not None:
        conditions.append(among(tx, record.c.client_id, clients))
    columns = (client.c.ref, version.c.event, version.c.known, prompt.c.id, prompt.c.rule, prompt.c.step)
    asked = (
        select(*columns)
        .select_from(record)
        .join(client, client.c.id == record.c.client_id)
        .join(version, and_(version.c.record_id == record.c.id, version.c.seq == record.c.seq))
        .join(prompt, answers, isouter=True)
        .where(*conditions)
        .order_by(version.c.known, record.c.id)
    )
    rows = tx.execute(asked).all()
    for row, event in zip(rows, events_of([row.event for row in rows]), strict=True):
        if isinstance(event, Answer | Fact):
            yield Told(row.ref, event, row.known, row.id, row.rule or "", row.step or "")
