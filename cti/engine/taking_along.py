"""What workers said, as a table for organisations whose registration has no place for it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from cti.core.calendar import Calendar
from cti.core.events import Answer, Value
from cti.csvtext import Cell
from cti.engine.auditing import audit
from cti.engine.system import System
from cti.sources.settings import OURS
from cti.store.answered import Told, answered
from cti.store.caseload import Clients
from cti.store.clients import client_id

COLUMNS = ("client", "prompt", "rule", "step", "answer", "facts", "day", "by")
"""The columns, in the words of rules and registration: who takes the file in maps words, not labels."""


def answer_rows(
    tx: Connection, system: System, first: date, last: date, clients: Collection[int] | None = None
) -> list[Sequence[Cell]]:
    """What was said from `first` to `last`, both days included, by time: a row for each answer that stands, and for each fact
    that was entered without a prompt. Of these clients (our numbers), or of all.

    `client` is the registration's reference, `prompt` our number, `facts` are written "trust=yes; network-mapped=2026-03-16",
    `by` is the id of the person who answered, where that was said.
    """
    calendar = system.config.calendar
    since, until = calendar.at(first), calendar.at(last + timedelta(days=1))
    return [_row(told, calendar) for told in answered(tx, OURS, since, until, clients)]


def take_answers(
    system: System, first: date, last: date, clients: Clients, now: datetime, by: str
) -> list[Sequence[Cell]]:
    """The rows about these clients (a query of our numbers), for the person `by` to take along. Each client of whom something is
    taken is noted in the audit trail, before anything leaves."""
    with system.database.write() as tx:
        numbers = [number for (number,) in tx.execute(clients)]
        rows = answer_rows(tx, system, first, last, numbers) if numbers else []
        for ref in dict.fromkeys(str(row[0]) for row in rows):
            audit(tx, system, by, "took-answers", now, client_id(tx, ref))
        return rows


def _row(told: Told, calendar: Calendar) -> Sequence[Cell]:
    event = told.event
    if isinstance(event, Answer):
        known = calendar.day(event.at)
        return (
            told.client,
            told.prompt,
            told.rule,
            told.step,
            event.answer,
            _facts(event.facts),
            known,
            event.by,
        )
    return told.client, None, "", "", "", _facts([(event.name, event.value)]), event.day, None


def _facts(facts: Iterable[tuple[str, Value]]) -> str:
    return "; ".join(f"{name}={_written(value)}" for name, value in facts)


def _written(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)
