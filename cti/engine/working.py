"""Planning some clients and comparing the plan with their stored prompts: what is found, before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from cti.collecting import without_collecting
from cti.core.calendar import Calendar
from cti.core.events import Assignment, History
from cti.core.former import with_former_names
from cti.core.life import assigned_over_time, live, team_of_source
from cti.core.planner import plan_life
from cti.core.program import Program, compile_rulebook
from cti.core.prompts import Change, Planned
from cti.core.reconcile import diff, earlier_ids, names_of
from cti.core.rules import Rulebook
from cti.store import clients, prompts
from cti.store.codec import dumps
from cti.store.histories import histories
from cti.store.rulebooks import former_names


@dataclass(frozen=True, slots=True)
class Basis:
    """What plans are made by. `teams` are those of the sources, for clients of whom no team is registered."""

    rulebook: Rulebook
    calendar: Calendar
    teams: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Where this changes, all clients are planned anew."""
        return f"{self.rulebook.digest}|{self.calendar.digest}|{dumps(sorted(self.teams.items()))}"


def basis(
    tx: Connection, rulebook: Rulebook, calendar: Calendar, teams: Mapping[str, str] | None = None
) -> Basis:
    """The basis of a plan by these rules, which know all names that rules and steps ever had."""
    return Basis(with_former_names(rulebook, former_names(tx)), calendar, teams or {})


@dataclass(slots=True)
class Work:
    """What planning found. `opened` is by how many clients more have an open situation than as of their last planning."""

    changes: list[Change] = field(default_factory=list)
    done: list[clients.Clean] = field(default_factory=list)
    of_client: dict[str, int] = field(default_factory=dict)
    assigned: dict[int, tuple[Assignment, ...]] = field(default_factory=dict)
    transitions: int = 0
    broken: int = 0
    opened: int = 0

    def add(self, more: Work) -> None:
        """Takes in what was found of other clients."""
        self.changes += more.changes
        self.done += more.done
        self.of_client |= more.of_client
        self.assigned |= more.assigned
        self.transitions += more.transitions
        self.broken += more.broken
        self.opened += more.opened


@without_collecting()
def work_out(tx: Connection, by: Basis, batch: Sequence[clients.Dirty]) -> Work:
    """Plans these clients and compares the plan with the stored prompts."""
    work = Work()
    program = compile_rulebook(by.rulebook, by.calendar)
    by_number = {dirty.id: dirty for dirty in batch}
    planned: list[Planned] = []
    for number, history in histories(tx, list(by_number)):
        planned.extend(_plan(history, by_number[number], program, by.teams, work))
    stored = prompts.stored_for(tx, list(by_number), names_of(planned, earlier_ids(by.rulebook)))
    work.changes.extend(diff(planned, stored, by.rulebook))
    before = clients.clients(tx, list(by_number))
    work.opened = sum(done.open - before[done.id].open for done in work.done)
    return work


def _plan(
    history: History, dirty: clients.Dirty, program: Program, teams: Mapping[str, str], work: Work
) -> Iterable[Planned]:
    """The plan of one client. One that cannot be planned is marked and shown, and never stops the rest."""
    work.of_client[history.client] = dirty.id
    try:
        life = live(history, program.vocabulary, program.calendar, program.by_moment)
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
