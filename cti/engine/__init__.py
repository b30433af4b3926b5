"""One tick: sources into the journal, journal into the plan, plan into prompts, prompts into messages, messages out.

Each part commits by itself, so that a kill between any two loses nothing (design, law 9).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

from cti.core.limits import Held, clock_is_wrong
from cti.engine.outcome import Tick
from cti.engine.planning import replan
from cti.engine.posting import post
from cti.engine.reading import read_sources, waiting
from cti.engine.rulebooks import in_force
from cti.engine.system import System
from cti.store import held, meta

LAST_TICK = "last-tick"

__all__ = ["Busy", "ClockWrong", "System", "Tick", "last_tick", "tick"]


class Busy(Exception):
    """Another process is in the middle of a tick."""


class ClockWrong(Exception):
    """The clock stands before the last tick ("behind"), or more than 14 days after it ("ahead"). Nothing was done."""

    def __init__(self, how: str, last: datetime, now: datetime) -> None:
        super().__init__(how)
        self.how, self.last, self.now = how, last, now


def tick(
    system: System,
    now: datetime,
    *,
    sources: Collection[str] | None = None,
    force: bool = False,
    by: str = "cti",
    stopping: Callable[[], bool] = lambda: False,
) -> Tick:
    """One pass of the picture at `now` (aware, UTC). `sources` are the names to read (None: all, empty: none).

    `force` lets through what is over a limit, and a clock that ran ahead. Raises Busy, ClockWrong, and Problems where there
    never was a rulebook that is right.
    """
    with system.database.tick_lock() as mine:
        if not mine:
            raise Busy
        _check_clock(system, now, force)
        rules = in_force(system, now, by, force)
        done = Tick(
            now,
            problems=rules.problems,
            adopted=rules.rulebook.digest if rules.new else None,
            tested=rules.tested,
            refused=rules.held,
        )
        done = replace(done, sources=read_sources(system, rules.rulebook.vocabulary, now, sources, force))
        done = replace(done, planning=replan(system, rules.rulebook, now, force))
        done = replace(done, posting=post(system, rules, now, stopping))
        with system.database.write() as tx:
            meta.put(tx, LAST_TICK, now.isoformat())
        return done


def last_tick(system: System) -> datetime | None:
    """When the last tick was."""
    with system.database.read() as tx:
        said = meta.get(tx, LAST_TICK)
    return datetime.fromisoformat(said) if said else None


def _check_clock(system: System, now: datetime, force: bool) -> None:
    last = last_tick(system)
    how = clock_is_wrong(last, now)
    over = how is not None and last is not None and not (force and how == "ahead")
    with system.database.write() as tx:
        held.hold(tx, ("clock",), [waiting(Held("clock", how, 0, 0, 0))] if over and how else [], now)
    if over and how is not None and last is not None:
        raise ClockWrong(how, last, now)
