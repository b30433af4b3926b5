"""The second part of a tick: plan the clients whose history changed, and reconcile the plan with the stored prompts.

All are planned before anything is written, since a plan is judged as a whole; then it is written in short transactions, a batch
of clients each. A kill between two of them loses nothing: who was not written yet still waits to be planned.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection

from cti.collecting import without_collecting
from cti.core.calendar import Calendar
from cti.core.limits import Group, Held, Limits, Sorted, apart, over_limit, within_limits
from cti.core.prompts import Change
from cti.core.rules import Rulebook
from cti.engine.assigned import teams_of_sources
from cti.engine.outcome import Planning
from cti.engine.reading import waiting as held_change
from cti.engine.spool import Spool
from cti.engine.surveying import batch_of, survey
from cti.engine.system import System
from cti.engine.working import Basis, Work, basis, work_out
from cti.store import assignments, clients, held, meta, plans
from cti.store.database import Database

PLANNED_WITH = "planned-with"

LIMITED = ("withdrawals", "due")
"""The kinds of changes that a plan holds where they are over a limit."""

MARKED_AT_ONCE = 20_000

AT_A_STRETCH = 2
"""Batches that are written one right after another."""

BREATH = 0.02
"""Seconds after these on SQLite, in which whoever waits for a page can write."""


def replan(system: System, rulebook: Rulebook, now: datetime, force: bool) -> Planning:
    """Plans what is to be planned and applies it, as far as the limits allow. One process at a time may do this.

    Clients whose own history changed come first: those who wait only because all are planned anew can wait longer. The limits
    count both together.
    """
    database, config = system.database, system.config
    with database.read() as tx:
        by = basis(tx, rulebook, config.calendar, teams_of_sources(config))
        waited = any(one.kind in LIMITED for one in held.holding(tx))
        as_before = meta.get(tx, PLANNED_WITH) == by.text
    if not as_before:
        _mark_all(database, by)
    done, counted = Planning(), Counter[Group]()
    for which in (clients.CHANGED_ITSELF, clients.OF_ALL):
        done = _added(done, _replan(database, by, config.limits, now, force, which, counted))
    if waited or done.held:  # nobody else changes what waits of these kinds
        with database.write() as tx:
            held.hold(tx, LIMITED, [held_change(over) for over in done.held], now)
    return done


def _replan(
    database: Database,
    by: Basis,
    limits: Limits,
    now: datetime,
    force: bool,
    which: ColumnElement[bool],
    counted: Counter[Group],
) -> Planning:
    """Plans the clients that wait for one cause, and applies what is found of them. `counted` has the clients touched so far."""
    with Spool(database.file.parent if database.file is not None else None) as spool:
        opened, mine = 0, Counter[Group]()
        for found in survey(database, by, which, now):
            spool.put(found)
            mine.update(found.touched)
            opened += found.opened
        counted.update(mine)
        both = {group: counted[group] for group in mine}
        over = () if force else _over(database, both, opened, limits)
        groups = {(one.what, one.of) for one in over}
        done = Planning(held=over)
        for number, found in enumerate(spool, 1):
            with without_collecting():
                work = found.work()
                with database.write() as tx:
                    done = _added(done, _apply(tx, work, by.rulebook.digest, now, groups))
            if number % AT_A_STRETCH == 0 and database.sqlite:
                time.sleep(BREATH)
    return done


def _apply(tx: Connection, work: Work, rulebook: str, now: datetime, over: Collection[Group]) -> Planning:
    """Writes what was found of a batch of clients, as far as it still fits what stands. The others still wait to be planned."""
    stale, elsewhere = plans.outrun(tx, work.changes, work.of_client.values())
    fresh = [
        change
        for change in work.changes
        if change.plan.client not in stale and (change.before is None or change.before.id not in elsewhere)
    ]
    allowed, waits = apart(fresh, now, over)
    unfinished = {
        work.of_client[ref]
        for ref in stale | {change.plan.client for change in waits}
        if ref in work.of_client
    }
    passed_over = {work.of_client[ref] for ref in stale if ref in work.of_client}
    plans.apply(tx, allowed, rulebook)
    assignments.put(
        tx, {number: course for number, course in work.assigned.items() if number not in passed_over}
    )
    clients.mark_clean(tx, [done for done in work.done if done.id not in unfinished])
    return _counts(work, allowed)


def replan_one(
    tx: Connection,
    rulebook: Rulebook,
    calendar: Calendar,
    limits: Limits,
    teams: Mapping[str, str],
    client: int,
    now: datetime,
) -> bool:
    """Plans one client (our number), if it waits to be planned. False where that is left to the next pass: it plans all clients
    anyway, or a limit asks for a look at the change."""
    waits = clients.waiting(tx, client)
    by = basis(tx, rulebook, calendar, teams)
    if meta.get(tx, PLANNED_WITH) != by.text:
        return False
    if waits is None:
        return True
    work = work_out(tx, by, [waits])
    result = within_limits(work.changes, now, clients.open_clients(tx) + work.opened, limits)
    if result.held:
        return False
    assignments.put(tx, work.assigned)
    plans.apply(tx, result.allowed, rulebook.digest)
    clients.mark_clean(tx, work.done)
    return True


def preview(
    tx: Connection, rulebook: Rulebook, calendar: Calendar, limits: Limits, now: datetime, everyone: bool
) -> tuple[Work, Sorted]:
    """What planning would change now; nothing is written. `everyone`: plan all clients, as other rules would."""
    by = basis(tx, rulebook, calendar)
    work = Work()
    after = 0
    while batch := batch_of(tx, after, None if everyone else clients.WAITS):
        after = batch[-1].id
        work.add(work_out(tx, by, batch))
    return work, within_limits(work.changes, now, clients.open_clients(tx) + work.opened, limits)


def over_limits(system: System, rulebook: Rulebook, now: datetime) -> tuple[Held, ...]:
    """What of the plan of all clients by these rules would be over a limit if they were adopted now; nothing is written."""
    database = system.database
    with database.read() as tx:
        by = basis(tx, rulebook, system.config.calendar)
    counted: Counter[Group] = Counter()
    opened = 0
    for found in survey(database, by, None, now):
        counted.update(found.touched)
        opened += found.opened
    return _over(database, counted, opened, system.config.limits)


def _over(database: Database, counted: Mapping[Group, int], opened: int, limits: Limits) -> tuple[Held, ...]:
    most = max(counted.values(), default=0)
    if most <= limits.floor:
        return ()  # and nobody counts who has an open situation
    with database.read() as tx:
        open_now = clients.open_clients(tx, max(0, limits.enough(most) - opened)) + opened
    return over_limit(counted, open_now, limits)


def _mark_all(database: Database, by: Basis) -> None:
    """All clients are to be planned anew: marks them, and then notes it. After a kill in between all are marked again."""
    last: int | None = 0
    while last is not None:
        with database.write() as tx:
            last = clients.mark_all_dirty(tx, last, MARKED_AT_ONCE)
            if last is None:
                meta.put(tx, PLANNED_WITH, by.text)


def summary(work: Work, result: Sorted) -> Planning:
    """The numbers of a planning."""
    return replace(_counts(work, result.allowed), held=result.held)


def _counts(work: Work, allowed: Iterable[Change]) -> Planning:
    kinds = Counter(_counted(change) for change in allowed)
    return Planning(
        clients=len(work.done),
        broken=work.broken,
        transitions=work.transitions,
        created=kinds["create"],
        moved=kinds["move"],
        withdrawn=kinds["withdraw"],
        revived=kinds["revive"],
    )


def _added(one: Planning, other: Planning) -> Planning:
    return Planning(
        clients=one.clients + other.clients,
        broken=one.broken + other.broken,
        transitions=one.transitions + other.transitions,
        created=one.created + other.created,
        moved=one.moved + other.moved,
        withdrawn=one.withdrawn + other.withdrawn,
        revived=one.revived + other.revived,
        held=_latest(one.held, other.held),
    )


def _latest(one: tuple[Held, ...], other: tuple[Held, ...]) -> tuple[Held, ...]:
    """What is over a limit, each as it was counted last: the later count has the earlier one in it."""
    found = {(over.what, over.of): over for over in (*one, *other)}
    return tuple(found[group] for group in sorted(found))


def _counted(change: Change) -> str:
    """A row that is not wanted and comes or goes is nothing that anyone would notice."""
    if change.kind == "create" and not change.plan.wanted:
        return ""
    if change.kind == "drop":
        return "withdraw" if change.before is not None and change.before.plan.wanted else ""
    return change.kind
