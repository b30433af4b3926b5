"""One tick: sources into the journal, journal into the plan, plan into prompts, prompts into messages, messages out.

Each part commits by itself, so that a kill between any two loses nothing (design, law 9). A service does each part by itself, so
that none waits for another, on as many machines as there are: each part has a lock of its own (`cti.engine.locks`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime

from cti.core.limits import Held, clock_is_wrong
from cti.engine import locks
from cti.engine.inforce import InForce
from cti.engine.outcome import Posting, SourceRead, Tick
from cti.engine.planning import replan
from cti.engine.posting import Portions, begin_messages, deliver
from cti.engine.reading import read_sources, waiting
from cti.engine.rulebooks import in_force, standing
from cti.engine.system import System
from cti.store import held, meta

LAST_TICK = "last-tick"
"""The latest time at which anything was done; time does not go back behind it."""

LAST_PLANNED, LAST_POSTED = "last-planned", "last-posted"

__all__ = ["Busy", "ClockWrong", "System", "Tick", "last_tick", "plan", "post", "read", "tick"]


class Busy(Exception):
    """Another process, or another thread of this one, is in the middle of it."""


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
    with system.database.lock(*locks.everything(system)) as mine:
        if not mine:
            raise Busy
        now = _time(system, now, force)
        rules = in_force(system, now, by, force)
        found = read_sources(system, rules.rulebook.vocabulary, now, sources, force)
        done = replace(_planned(system, rules, now, force), sources=found)
        done = replace(done, posting=_delivered(system, *begin_messages(system, rules, now), now, stopping))
        _note(system, now, LAST_PLANNED, LAST_POSTED)
        return done


def read(system: System, now: datetime, source: str, by: str = "cti") -> SourceRead:
    """The first part: reads the source of that name. Raises Busy, ClockWrong and Problems as `tick` does."""
    now = _time(system, now)
    rules = standing(system) or _first_rules(system, now, by)
    with system.database.lock(locks.of_source(source)) as mine:
        if not mine:
            raise Busy
        [found] = read_sources(system, rules.rulebook.vocabulary, now, (source,), force=False)
        _note(system, now)
        return found


def plan(system: System, now: datetime, by: str = "cti", tries: int = 1) -> Tick:
    """The second part: takes the rules folder over where it changed, and plans. Raises Busy, ClockWrong and Problems as `tick`
    does.

    `tries`: how often it asks for its turn, a tenth of a second apart. Whoever has it may have begun before there was what is to
    be planned now.
    """
    with system.database.lock(locks.PLAN, tries=tries) as mine:
        if not mine:
            raise Busy
        now = _time(system, now)
        done = _planned(system, in_force(system, now, by), now)
        _note(system, now, LAST_PLANNED)
        return done


def post(
    system: System, now: datetime, stopping: Callable[[], bool] = lambda: False, tries: int = 1
) -> Posting:
    """The third part: makes the messages that are due, unless somebody does (asked so often, as in `plan`), and delivers what
    waits in the outbox, beside whoever else does. Raises ClockWrong."""
    now = _time(system, now)
    rules, made, rest = standing(system), Posting(), Portions()
    with ExitStack() as turn:
        if rules is not None and turn.enter_context(system.database.lock(locks.POST, tries=tries)):
            made, rest = begin_messages(system, rules, now, planning=_is_planned(system))
        if not rest:
            turn.close()  # others may make messages while these are sent
        done = _delivered(system, made, rest, now, stopping)
    _note(system, now, LAST_POSTED)
    return done


def last_tick(system: System) -> datetime | None:
    """When anything was done last."""
    return last_done(system, LAST_TICK)


def last_done(system: System, what: str) -> datetime | None:
    """When it was done last: LAST_TICK, LAST_PLANNED or LAST_POSTED."""
    with system.database.read() as tx:
        said = meta.get(tx, what)
    return datetime.fromisoformat(said) if said else None


def _planned(system: System, rules: InForce, now: datetime, force: bool = False) -> Tick:
    return Tick(
        now,
        problems=rules.problems,
        adopted=rules.rulebook.digest if rules.new else None,
        tested=rules.tested,
        refused=rules.held,
        planning=replan(system, rules.rulebook, now, force),
    )


def _delivered(
    system: System, made: Posting, rest: Portions, now: datetime, stopping: Callable[[], bool]
) -> Posting:
    """Delivers, and makes the `rest` as what waits comes to its end; at the latest when nothing can be delivered any more."""

    def more() -> bool:
        nonlocal made
        if not rest:
            return False
        made = made.and_then(rest.popleft()())
        return True

    if stopping():
        return made
    tally = deliver(system, now, stopping, more=more)
    while not stopping() and more():
        pass
    return replace(made, sent=tally.sent, retried=tally.retried, failed=tally.failed, error=tally.error)


def _first_rules(system: System, now: datetime, by: str) -> InForce:
    """Takes the rules folder over for the first time; another process that does so just now is waited for."""
    with system.database.lock(locks.PLAN, tries=100) as mine:
        if not mine:
            raise Busy
        return in_force(system, now, by)


def _is_planned(system: System) -> bool:
    """Whether somebody plans just now."""
    with system.database.lock(locks.PLAN) as nobody_does:
        return not nobody_does


def _note(system: System, now: datetime, *what: str) -> None:
    with system.database.write() as tx:
        said = meta.get(tx, LAST_TICK)
        later = said is None or datetime.fromisoformat(said) < now
        meta.put_all(tx, dict.fromkeys((*what, LAST_TICK) if later else what, now.isoformat()))


def _time(system: System, now: datetime, force: bool = False) -> datetime:
    """The time at which something is done now: the clock's, or that of the last tick where the clock is a little behind it.

    Raises ClockWrong."""
    with system.database.read() as tx:
        said = meta.get(tx, LAST_TICK)
        waits = any(one.kind == "clock" for one in held.holding(tx))
    last = datetime.fromisoformat(said) if said else None
    how = clock_is_wrong(last, now)
    over = how is not None and not (force and how == "ahead")
    if over != waits:
        with system.database.write() as tx:
            held.hold(tx, ("clock",), [waiting(Held("clock", how or "", 0, 0, 0))] if over else [], now)
    if over and how is not None and last is not None:
        raise ClockWrong(how, last, now)
    return now if last is None else max(now, last)
