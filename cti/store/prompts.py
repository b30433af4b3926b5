"""Prompts as they stand in the store, and the columns that a person owns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, not_, or_, select, update

from cti.core.prompts import WANTED, Planned, Reason, Stored, state
from cti.store.bulk import among, insert_new, pieces, time_of_many
from cti.store.codec import facts_of, loads
from cti.store.tables import client, fixed, message_item, prompt, prompt_name

StepName = tuple[str, str, str]
"""Rule id, step id and the name of a moment."""

UNSENT = and_(prompt.c.sent_at.is_(None), prompt.c.answer.is_(None), prompt.c.covered_by.is_(None))
"""What the plan may still undo: the opposite of `Stored.final`."""

HELD = or_(prompt.c.snoozed_until.is_not(None), prompt.c.handed_to.is_not(None))
"""A person has decided something about it that would be lost with the row."""

MADE = select(message_item.c.prompt_id).where(message_item.c.prompt_id == prompt.c.id).exists()
"""A message about it was made: it is on its way, or was refused."""

NAMED = (prompt.c.id, prompt.c.rule, prompt.c.step, prompt.c.name, prompt.c.names)
"""What a prompt is found by."""

STORED = select(
    prompt.c.names,
    prompt.c.facts,
    # the plan, but for names and facts
    prompt.c.rule,
    prompt.c.step,
    prompt.c.name,
    client.c.ref,
    prompt.c.day,
    time_of_many(prompt.c.known),
    time_of_many(prompt.c.due),
    time_of_many(prompt.c.wanted_at),
    time_of_many(prompt.c.until),
    prompt.c.role,
    prompt.c.text,
    prompt.c.worker,
    prompt.c.standing,
    # the row, in the order of `Stored`
    prompt.c.id,
    prompt.c.rulebook,
    prompt.c.answer,
    time_of_many(prompt.c.answered_at),
    prompt.c.answered_by,
    time_of_many(prompt.c.snoozed_until),
    prompt.c.handed_to,
    prompt.c.handed_by,
    time_of_many(prompt.c.handed_at),
    prompt.c.handed_times,
    time_of_many(prompt.c.sent_at),
    prompt.c.covered_by,
    prompt.c.unroutable,
    prompt.c.told_standing,
    prompt.c.told_due,
).join(client, client.c.id == prompt.c.client_id)


def stored_for(tx: Connection, clients: Collection[int], names: Iterable[StepName] = ()) -> list[Stored]:
    """All prompts of these clients (our numbers), and the final ones of whatever client that remember one of these names.

    The names are those that the planned prompts answer to, under the present ids of rule and step and under those they had
    before.
    """
    found: dict[int, Stored] = {}
    for ids in pieces(clients):
        found |= {row.id: row for row in _few(tx, among(tx, prompt.c.client_id, ids))}
    for ids in pieces(_remembering(tx, set(names)) - found.keys()):
        found |= {row.id: row for row in _few(tx, among(tx, prompt.c.id, ids), not_(UNSENT))}
    return sorted(found.values(), key=lambda row: row.id)


def due(tx: Connection, now: datetime) -> Iterator[Stored]:
    """Prompts that are wanted and due, whose window is open, and of which no message was made yet; the oldest first."""
    return coming(tx, now, now)


def coming(tx: Connection, now: datetime, by: datetime) -> Iterator[Stored]:
    """As `due`, with those that fall due until `by` and whose window is not over yet."""
    # In the order of their index: else SQLite takes that of all prompts that ever fell due, which spares it a sorting.
    return read_prompts(tx, _COMING, {"now": now, "by": by})


def untold() -> ColumnElement[bool]:
    """That a prompt is one of those that `coming` gives, with its `now` and `by` as parameters of these names."""
    open_now = or_(prompt.c.until.is_(None), prompt.c.until > bindparam("now"))
    due = prompt.c.due <= bindparam("by")
    return and_(prompt.c.standing == fixed(WANTED), UNSENT, due, open_now, not_(MADE))


_COMING = STORED.where(untold()).order_by(prompt.c.due, prompt.c.until, prompt.c.id)


def sent_unanswered(tx: Connection) -> Iterator[Stored]:
    """Prompts that were sent and not answered, all of them. A tick looks at those that `cti.store.sent.to_follow` gives."""
    return select_prompts(tx, prompt.c.sent_at.is_not(None), prompt.c.answer.is_(None))


def by_key(tx: Connection, key: str) -> Stored | None:
    """The prompt with this key."""
    return next(iter(_few(tx, prompt.c.key == key)), None)


def by_id(tx: Connection, number: int) -> Stored | None:
    """The prompt with our number."""
    return next(iter(_few(tx, prompt.c.id == number)), None)


def by_ids(tx: Connection, numbers: Collection[int]) -> dict[int, Stored]:
    """The prompts with these numbers."""
    return {row.id: row for piece in pieces(numbers) for row in _few(tx, among(tx, prompt.c.id, piece))}


def client_of(tx: Connection, number: int) -> int | None:
    """Our number of the client whom the prompt is about."""
    return tx.scalar(select(prompt.c.client_id).where(prompt.c.id == number))


def listing(
    tx: Connection, now: datetime, states: Collection[str] | None = None, client_ref: str | None = None
) -> Iterator[Stored]:
    """Prompts that are in one of these states at `now` (None: any), of one client (None: of all), by number."""
    of = [client.c.ref == client_ref] if client_ref is not None else []
    for row in select_prompts(tx, *of):
        if states is None or state(row, now) in states:
            yield row


def record_answer(
    tx: Connection, number: int, answer: str | None, at: datetime | None, by: str | None = None
) -> None:
    """The person's answer to a prompt, in place of an earlier one; None takes it back."""
    values = {"answer": answer, "answered_at": at, "answered_by": by}
    tx.execute(update(prompt).where(prompt.c.id == number).values(values))
    if answer is not None:
        remember_names(tx, [number])


def snooze(tx: Connection, number: int, until: datetime | None) -> None:
    """The person asks to be left alone about this prompt until then; None takes it back."""
    tx.execute(update(prompt).where(prompt.c.id == number).values(snoozed_until=until))


def hand(tx: Connection, number: int, to: str | None, by: str | None, at: datetime) -> None:
    """The prompt passes to that colleague, or (None) back to whoever its role comes down to."""
    times = func.coalesce(prompt.c.handed_times, 0) + 1
    values = {"handed_to": to, "handed_by": by, "handed_at": at, "handed_times": times}
    tx.execute(update(prompt).where(prompt.c.id == number).values(values))


def remember_names(tx: Connection, numbers: Collection[int]) -> None:
    """Keeps the names that these final prompts answer to, so that they are found by them for good, whatever the client."""
    for piece in pieces(numbers):
        keep_names(tx, tx.execute(select(*NAMED).where(among(tx, prompt.c.id, piece))).all())


def keep_names(tx: Connection, final: Iterable[Sequence[Any]]) -> None:
    """As `remember_names`, of prompts of which `NAMED` was read."""
    rows = [
        {"name": each, "rule": rule, "step": step, "prompt_id": number}
        for number, rule, step, name, names in final
        for each in dict.fromkeys((name, *loads(names)))
    ]
    insert_new(tx, prompt_name, rows)


def _remembering(tx: Connection, names: set[StepName]) -> set[int]:
    columns = (prompt_name.c.rule, prompt_name.c.step, prompt_name.c.name, prompt_name.c.prompt_id)
    return {
        number
        for few in pieces({name for _, _, name in names})
        for rule, step, name, number in tx.execute(select(*columns).where(among(tx, prompt_name.c.name, few)))
        if (rule, step, name) in names
    }


def select_prompts(
    tx: Connection, *conditions: ColumnElement[bool], order: tuple[ColumnElement[Any], ...] = (prompt.c.id,)
) -> Iterator[Stored]:
    """The prompts that fulfil the conditions, read within the transaction as they are asked for."""
    return read_prompts(tx, STORED.where(*conditions).order_by(*order))


def read_prompts(
    tx: Connection, asked: Select[Any], values: Mapping[str, Any] | None = None
) -> Iterator[Stored]:
    """The prompts of a statement of `STORED` with these values, read as `select_prompts` does."""
    with tx.execute(asked, values, execution_options={"yield_per": 1000}) as rows:
        for some in rows.partitions():
            yield from _stored(some)


def _few(tx: Connection, *conditions: ColumnElement[bool]) -> list[Stored]:
    return _stored(tx.execute(STORED.where(*conditions)).all())


def _stored(rows: Sequence[Any]) -> list[Stored]:
    """The values of rows of `STORED`, with their client's reference as `client`. By place and all at once: a re-plan reads all
    prompts, and finding each column by its name and calling the JSON reader twice a row would take as long as planning."""
    names = loads(f"[{','.join([row[0] for row in rows])}]")
    facts = loads(f"[{','.join([row[1] for row in rows])}]")
    return [_one(row, *said) for row, *said in zip(rows, names, facts, strict=True)]


def _one(row: Sequence[Any], names: list[str], facts: list[list[Any]]) -> Stored:
    _, _, rule, step, name, ref, day, known, due, wanted_at, until, role, text, worker, standing, *rest = row
    reason = Reason(standing, facts_of(facts))
    plan = Planned(
        rule, step, name, tuple(names), ref, day, known, due, wanted_at, until, role, text, reason, worker
    )
    (
        number,
        rulebook,
        answer,
        answered_at,
        answered_by,
        snoozed_until,
        handed_to,
        handed_by,
        handed_at,
        handed_times,
        *posted,
    ) = rest
    return Stored(
        number,
        plan,
        rulebook,
        answer,
        answered_at,
        answered_by,
        snoozed_until,
        handed_to,
        handed_by,
        handed_at,
        handed_times or 0,
        *posted,
    )
