"""Writing what the plan wants: the planner's columns of the prompts, and no others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, String, cast, delete, literal, not_, select, tuple_, update

from cti.core.prompts import Change, Planned, Reason
from cti.store.bulk import among, hold, insert, pieces, update_each
from cti.store.clients import ids_of
from cti.store.codec import dumps, facts_text
from cti.store.erasure import Forgotten
from cti.store.prompts import HELD, MADE, UNSENT, remember_names
from cti.store.tables import client, prompt

NEW = {"revision": 0, "told_revision": 0, "unroutable": False}
"""What the columns that are never empty hold in a new row."""

Changes = dict[int, Change]
"""What becomes of rows, by our numbers."""


def apply(tx: Connection, changes: Iterable[Change], rulebook: str) -> int:
    """Carries out the changes of a plan; `rulebook` is the digest of the rules that made it. Gives how many rows it touched.

    A row of which a message was made, or that a person snoozed or handed over, is never dropped; it is no longer wanted. What
    was erased is not created again. Where another row bears the key that is wanted (a record came over from a client that is
    not planned anew yet), that row is taken over; if it is final, all that was to be told has been told.
    """
    everything = list(changes)
    clients = ids_of(tx, {plan.client for change in everything for plan in _plans(change)})
    drops = {change.before.id: change for change in everything if change.before and change.kind == "drop"}
    updates = {change.before.id: change for change in everything if change.before and change.kind != "drop"}
    creates = Forgotten(tx).creatable([change for change in everything if change.before is None])
    updates |= _drop(tx, drops, clients)

    holders = _holders(tx, creates, updates)
    superseded: Changes = {}
    for number, change in updates.items():
        if _renamed(change) and change.plan.key in holders:
            superseded[number] = change
            creates.append(change)
    for number in superseded:
        del updates[number]
    updates |= _drop(tx, superseded, clients)
    new: list[Planned] = []
    for change in creates:
        if change.plan.key not in holders:
            new.append(change.plan)
        elif (holder := holders[change.plan.key]) is not None:
            updates[holder] = change
    _update(tx, updates, clients, rulebook)
    for piece in pieces(new):
        insert(tx, prompt, [_columns(plan, clients, rulebook) | NEW for plan in piece])
    remember_names(
        tx, [change.before.id for change in updates.values() if change.before and change.before.final]
    )
    return len(drops.keys() | updates.keys()) + len(new)


def outrun(tx: Connection, changes: Iterable[Change], clients: Collection[int]) -> tuple[set[str], set[int]]:
    """What happened to these rows since they were looked at: the clients whose plan was made of something that no longer stands
    (a row is gone, or a person or the post office decided on it meanwhile), and the rows that are another client's now.

    From here on nobody else changes them, nor the `clients` (our numbers): these first, as whoever answers a prompt does.
    """
    for piece in pieces(sorted(clients)):
        hold(tx, client, among(tx, client.c.id, piece))
    before = {change.before.id: change for change in changes if change.before is not None}
    decided = (prompt.c.sent_at, prompt.c.answer, prompt.c.covered_by, prompt.c.told_standing)
    stale: set[str] = set()
    elsewhere: set[int] = set()
    for piece in pieces(sorted(before)):
        asked = (
            select(prompt.c.id, client.c.ref, *decided)
            .join(client, client.c.id == prompt.c.client_id)
            .where(among(tx, prompt.c.id, piece))
            .order_by(prompt.c.id)
            .with_for_update(of=prompt)
        )
        now = {number: (ref, tuple(columns)) for number, ref, *columns in tx.execute(asked)}
        for number in piece:
            change, row = before[number], before[number].before
            if row is None:
                continue
            if number not in now:
                stale.add(change.plan.client)
                continue
            ref, columns = now[number]
            if columns != (row.sent_at, row.answer, row.covered_by, row.told_standing):
                stale.add(change.plan.client)
            elif ref != row.plan.client:
                elsewhere.add(number)
    return stale, elsewhere


def delete_unsent(tx: Connection) -> int:
    """Deletes all prompts that nobody has decided on and no message is made of: the plan makes them anew. Gives how many."""
    return tx.execute(delete(prompt).where(UNSENT, not_(MADE), not_(HELD))).rowcount


def _plans(change: Change) -> Sequence[Planned]:
    return (change.plan, change.before.plan) if change.before is not None else (change.plan,)


def _renamed(change: Change) -> bool:
    return change.before is not None and change.before.plan.key != change.plan.key


def _drop(tx: Connection, drops: Changes, clients: Mapping[str, int]) -> Changes:
    """Deletes these rows; gives, for those that have to stay, the change to no longer wanted.

    A row that another client took over since it was looked at is left alone.
    """
    if not drops:
        return {}
    owners = {number: clients[change.before.plan.client] for number, change in drops.items() if change.before}
    for pairs in pieces(sorted(owners.items()), 400):
        mine = tuple_(prompt.c.id, prompt.c.client_id).in_(pairs)
        tx.execute(delete(prompt).where(mine, UNSENT, not_(MADE), not_(HELD)))
    left: Changes = {}
    for piece in pieces(owners):
        asked = select(prompt.c.id, prompt.c.client_id).where(among(tx, prompt.c.id, piece))
        for number, owner in tx.execute(asked):
            before = drops[number].before
            if before is not None and owners[number] == owner:
                left[number] = Change("withdraw", before.plan._replace(reason=Reason("gone")), before)
    return left


def _holders(tx: Connection, creates: Iterable[Change], updates: Changes) -> dict[str, int | None]:
    """Rows that bear a key that another row is to have: their numbers, None for a final one. Those that give it up do not
    count."""
    keys = {change.plan.key for change in (*creates, *filter(_renamed, updates.values()))}
    leaving = {number for number, change in updates.items() if _renamed(change)}
    found: dict[str, int | None] = {}
    for piece in pieces(keys):
        asked = select(prompt.c.key, prompt.c.id, UNSENT.label("unsent")).where(
            among(tx, prompt.c.key, piece)
        )
        for key, number, unsent in tx.execute(asked):
            if number not in leaving:
                found[key] = number if unsent else None
    return found


def _update(tx: Connection, updates: Changes, clients: Mapping[str, int], rulebook: str) -> None:
    # Rows may trade keys, and a key is checked row by row; so those that change theirs first take one that nobody wants.
    for numbers in pieces(number for number, change in updates.items() if _renamed(change)):
        own = literal("~") + cast(prompt.c.id, String)
        tx.execute(update(prompt).where(among(tx, prompt.c.id, numbers)).values(key=own))
    for piece in pieces(updates.items()):
        rows = [
            _columns(change.plan, clients, _made_by(change, rulebook)) | {"id": number}
            for number, change in piece
        ]
        update_each(tx, prompt, rows)
        turned = [number for number, change in piece if _turned(change)]
        if turned:
            more = update(prompt).where(among(tx, prompt.c.id, turned))
            tx.execute(more.values(revision=prompt.c.revision + 1))


def _made_by(change: Change, rulebook: str) -> str:
    """The rulebook that a row bears: of what was told, the one by which it was told."""
    return change.before.rulebook if change.before is not None and change.before.told else rulebook


def _turned(change: Change) -> bool:
    """Whether someone who was told of the prompt may have to hear of the change, or of a reminder that it brings."""
    if change.before is None:
        return True
    before, after = (
        (plan.reason.code, plan.due, plan.day, plan.until) for plan in (change.before.plan, change.plan)
    )
    return before != after


def _columns(plan: Planned, clients: Mapping[str, int], rulebook: str) -> dict[str, Any]:
    return {
        "key": plan.key,
        "rule": plan.rule,
        "step": plan.step,
        "name": plan.name,
        "names": dumps(plan.names),
        "client_id": clients[plan.client],
        "day": plan.day,
        "known": plan.known,
        "due": plan.due,
        "wanted_at": plan.wanted_at,
        "until": plan.until,
        "role": plan.role,
        "text": plan.text,
        "worker": plan.worker,
        "standing": plan.reason.code,
        "facts": facts_text(plan.reason.facts),
        "rulebook": rulebook,
    }
