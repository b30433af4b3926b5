"""Prompts as they stand in the store, and the columns that a person owns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, func, not_, or_, select, update

from cti.core.prompts import WANTED, Planned, Reason, Stored, state
from cti.store.bulk import among, insert_new, pieces
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

_STORED = select(prompt, client.c.ref.label("client")).join(client, client.c.id == prompt.c.client_id)


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
    open_now = or_(prompt.c.until.is_(None), prompt.c.until > now)
    wanted = and_(prompt.c.standing == fixed(WANTED), UNSENT, prompt.c.due <= by, open_now)
    return select_prompts(tx, wanted, not_(MADE), order=(prompt.c.due, prompt.c.id))


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
    columns = (prompt.c.id, prompt.c.rule, prompt.c.step, prompt.c.name, prompt.c.names)
    for piece in pieces(numbers):
        rows = [
            {"name": each, "rule": rule, "step": step, "prompt_id": number}
            for number, rule, step, name, names in tx.execute(
                select(*columns).where(among(tx, prompt.c.id, piece))
            )
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
    asked = _STORED.where(*conditions).order_by(*order)
    with tx.execute(asked, execution_options={"yield_per": 1000}) as rows:
        yield from map(stored, rows.mappings())


def _few(tx: Connection, *conditions: ColumnElement[bool]) -> list[Stored]:
    return [stored(row) for row in tx.execute(_STORED.where(*conditions)).mappings()]


def stored(row: RowMapping) -> Stored:
    """The value of a row of the prompt table, with its client's reference as `client`."""
    plan = Planned(
        rule=row["rule"],
        step=row["step"],
        name=row["name"],
        names=tuple(loads(row["names"])),
        client=row["client"],
        day=row["day"],
        known=row["known"],
        due=row["due"],
        wanted_at=row["wanted_at"],
        until=row["until"],
        role=row["role"],
        text=row["text"],
        reason=Reason(row["standing"], facts_of(row["facts"])),
        worker=row["worker"],
    )
    return Stored(
        id=row["id"],
        plan=plan,
        rulebook=row["rulebook"],
        answer=row["answer"],
        answered_at=row["answered_at"],
        answered_by=row["answered_by"],
        snoozed_until=row["snoozed_until"],
        handed_to=row["handed_to"],
        handed_by=row["handed_by"],
        handed_at=row["handed_at"],
        handed_times=row["handed_times"] or 0,
        sent_at=row["sent_at"],
        covered_by=row["covered_by"],
        unroutable=row["unroutable"],
        told_standing=row["told_standing"],
        told_due=row["told_due"],
    )
