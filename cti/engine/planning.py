"""The second part of a tick: plan the clients whose history changed, and reconcile the plan with the stored prompts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from cti.core.calendar import Calendar
from cti.core.events import Assignment, History
from cti.core.former import with_former_names
from cti.core.life import assigned_over_time, live, team_of_source
from cti.core.limits import Limits, Sorted, within_limits
from cti.core.planner import plan_life
from cti.core.program import Program, compile_rulebook
from cti.core.prompts import Change, Planned
from cti.core.reconcile import diff, earlier_ids, names_of
from cti.core.rules import Rulebook
from cti.engine.assigned import teams_of_sources
from cti.engine.outcome import Planning
from cti.engine.reading import waiting
from cti.engine.system import System
from cti.store import assignments, clients, held, meta, plans, prompts
from cti.store.codec import dumps
from cti.store.histories import histories
from cti.store.rulebooks import former_names

AT_ONCE = 500
"""Clients planned at once; their histories and prompts are in memory together."""

PLANNED_WITH = "planned-with"


@dataclass(slots=True)
class Work:
    """What planning found, before anything is written."""

    changes: list[Change] = field(default_factory=list)
    done: list[clients.Clean] = field(default_factory=list)
    of_client: dict[str, int] = field(default_factory=dict)
    assigned: dict[int, tuple[Assignment, ...]] = field(default_factory=dict)
    transitions: int = 0
    broken: int = 0


def replan(system: System, rulebook: Rulebook, now: datetime, force: bool) -> Planning:
    """Plans what is to be planned and applies it, as far as the limits allow."""
    teams = teams_of_sources(system.config)
    with system.database.write() as tx:
        _mark_if_all_changed(tx, rulebook, system.config.calendar, teams)
        work = work_out(tx, rulebook, system.config.calendar, teams)
        assignments.put(tx, work.assigned)
        result = within_limits(work.changes, now, _open_clients(tx, work), system.config.limits, force)
        plans.apply(tx, result.allowed, rulebook.digest)
        still_waiting = {
            work.of_client[change.plan.client]
            for change in result.waiting
            if change.plan.client in work.of_client
        }
        clients.mark_clean(tx, [done for done in work.done if done.id not in still_waiting])
        held.hold(tx, ("withdrawals", "due"), [waiting(over) for over in result.held], now)
    return summary(work, result)


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
    if meta.get(tx, PLANNED_WITH) != _planned_with(rulebook, calendar, teams):
        return False
    if waits is None:
        return True
    work = work_out(tx, rulebook, calendar, teams, only=waits)
    assignments.put(tx, work.assigned)
    result = within_limits(work.changes, now, _open_clients(tx, work), limits)
    if result.held:
        return False
    plans.apply(tx, result.allowed, rulebook.digest)
    clients.mark_clean(tx, work.done)
    return True


def preview(
    tx: Connection, rulebook: Rulebook, calendar: Calendar, limits: Limits, now: datetime, everyone: bool
) -> tuple[Work, Sorted]:
    """What planning would change now; nothing is written. `everyone`: plan all clients, as other rules would."""
    work = work_out(tx, rulebook, calendar, everyone=everyone)
    return work, within_limits(work.changes, now, _open_clients(tx, work), limits)


def work_out(
    tx: Connection,
    rulebook: Rulebook,
    calendar: Calendar,
    teams: Mapping[str, str] | None = None,
    everyone: bool = False,
    only: clients.Dirty | None = None,
) -> Work:
    """Plans the clients that wait to be planned (or all of them, or one) and compares the plan with the stored prompts.

    `teams` are those of the sources, for clients of whom no team is registered.
    """
    work = Work()
    rulebook = with_former_names(rulebook, former_names(tx))
    program = compile_rulebook(rulebook, calendar)
    earlier = earlier_ids(rulebook)
    after = 0
    while batch := _next(tx, after, everyone, only):
        after = batch[-1].id
        by_number = {dirty.id: dirty for dirty in batch}
        planned: list[Planned] = []
        for number, history in histories(tx, list(by_number)):
            planned.extend(_plan(history, by_number[number], program, teams or {}, work))
        stored = prompts.stored_for(tx, list(by_number), names_of(planned, earlier))
        work.changes.extend(diff(planned, stored, rulebook))
    return work


def _next(tx: Connection, after: int, everyone: bool, only: clients.Dirty | None) -> list[clients.Dirty]:
    if only is not None:
        return [only] if only.id > after else []
    if everyone:
        return [clients.Dirty(number, 0) for number in clients.client_ids(tx, AT_ONCE, after)]
    return clients.dirty_clients(tx, AT_ONCE, after)


def _plan(
    history: History, dirty: clients.Dirty, program: Program, teams: Mapping[str, str], work: Work
) -> Iterable[Planned]:
    """The plan of one client. One that cannot be planned is marked and shown, and never stops the rest."""
    work.of_client[history.client] = dirty.id
    try:
        life = live(history, program.vocabulary, program.calendar)
        planned = plan_life(life, program)
    except Exception as error:  # whatever it is, the others must go on
        work.broken += 1
        work.done.append(clients.Clean(dirty.id, dirty.changed, problem=f"{type(error).__name__}: {error}"))
        return ()
    work.assigned[dirty.id] = assigned_over_time(life.worked, team_of_source(history.records, teams))
    work.transitions += len(life.spells)
    situation = life.spells[-1].situation if life.spells else None
    shut = any(entry.end is None for entry in life.shut)
    work.done.append(clients.Clean(dirty.id, dirty.changed, situation, is_open(situation) and not shut))
    return planned


def is_open(situation: str | None) -> bool:
    """Whether someone in this situation counts as in care: what the limits are a share of."""
    return situation not in (None, "unknown", "left")


def _open_clients(tx: Connection, work: Work) -> int:
    """Clients with an open situation: as planned now, else as of their last planning."""
    known = clients.open_clients(tx)
    if not work.done:
        return known
    before = clients.clients(tx, [done.id for done in work.done])
    return known + sum(
        done.open - (before[done.id].open if done.id in before else False) for done in work.done
    )


def _mark_if_all_changed(
    tx: Connection, rulebook: Rulebook, calendar: Calendar, teams: Mapping[str, str]
) -> None:
    now = _planned_with(rulebook, calendar, teams)
    if meta.get(tx, PLANNED_WITH) != now:
        clients.mark_all_dirty(tx)
        meta.put(tx, PLANNED_WITH, now)


def _planned_with(rulebook: Rulebook, calendar: Calendar, teams: Mapping[str, str]) -> str:
    """What all clients are planned by: where it changes, all are planned anew."""
    return f"{rulebook.digest}|{calendar.digest}|{dumps(sorted(teams.items()))}"


def summary(work: Work, result: Sorted) -> Planning:
    """The numbers of a planning."""
    kinds = [_counted(change) for change in result.allowed]
    return Planning(
        clients=len(work.done),
        broken=work.broken,
        transitions=work.transitions,
        created=kinds.count("create"),
        moved=kinds.count("move"),
        withdrawn=kinds.count("withdraw"),
        revived=kinds.count("revive"),
        held=result.held,
    )


def _counted(change: Change) -> str:
    """A row that is not wanted and comes or goes is nothing that anyone would notice."""
    if change.kind == "create" and not change.plan.wanted:
        return ""
    if change.kind == "drop":
        return "withdraw" if change.before is not None and change.before.plan.wanted else ""
    return change.kind
