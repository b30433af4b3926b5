"""100,000 changes of situation of 20,000 clients against 4 rules, beside other engines; then the shipped rules on whole lives.

What each engine is given in the first part, and what it hands back, stands in `matching`. What else a plan is made of (reading a
history, names, windows, reasons, lateness) stands in the second part, where the work is a client's whole life.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from benchmarks import peers
from benchmarks.figures import Figure, Lack, Row
from benchmarks.growth import grow, ticked
from benchmarks.matching import (
    Change,
    best,
    by_clips,
    by_closures,
    by_cti,
    by_durable_rules,
    by_node,
    by_zen,
    changes,
)
from cti.core.planner import planner
from cti.engine.rulebooks import in_force
from cti.engine.surveying import survey
from cti.engine.working import basis
from tests.engine.sample import sample

Engine = Callable[[list[Change]], tuple[float, int]]
"""Seconds that it took, and the checksum of what was found."""


def measure(small: bool) -> Iterator[Row]:
    """Changes a second of all participants; then clients a second of the planner."""
    given = changes(2_000 if small else 20_000)
    closures = "closures written by hand"
    took, expected = by_closures(given)
    ours, total = by_cti(given)
    assert total == expected, "cti found something else"
    for _ in range(2 * TURNS - 1):
        took, ours = min(took, by_closures(given)[0]), min(ours, by_cti(given)[0])
    yield Figure(closures, len(given) / took, "changes/s")
    yield Figure("cti, rules compiled", len(given) / ours, "changes/s", of=closures, least=0.8)
    for name, run in PEERS:
        try:
            took, total = run(given)
        except peers.Absent as absent:
            yield Lack(name, str(absent))
            continue
        assert total == expected, f"{name} found something else"
        beside, _ = by_cti(given)  # anew, for others may be at work on the machine by now
        for _ in range(TURNS - 1):
            took, beside = min(took, run(given)[0]), min(beside, by_cti(given)[0])
        yield Figure(name, len(given) / took, "changes/s", of=closures)
        yield Figure(f"cti beside {name}", took / beside, "times as fast", least=1.2)
    yield from _lives(small)
    yield from _houses(small)


def _json_logic(given: list[Change]) -> tuple[float, int]:
    return by_node(given, peers.node("json-logic-js@2.0.5"), "json_logic.mjs")


def _nools(given: list[Change]) -> tuple[float, int]:
    return by_node(given, peers.node("nools@0.4.4"), "nools.mjs")


def _python(requirement: str, run: Engine) -> Engine:
    """The engine, with its package within reach meanwhile."""

    def with_package(given: list[Change]) -> tuple[float, int]:
        sys.path.insert(0, str(peers.python(requirement)))
        try:
            return run(given)
        finally:
            sys.path.pop(0)

    return with_package


PEERS: tuple[tuple[str, Engine], ...] = (
    ("json-logic-js, Node.js", _json_logic),
    ("zen-engine, one expression", _python("zen-engine==2.1.3", by_zen)),
    ("nools, Node.js, 1,000 changes a session", _nools),
    ("clipspy, all facts at once", _python("clipspy==1.0.6", by_clips)),
    ("durable_rules", _python("durable_rules==2.0.28", by_durable_rules)),
)

TURNS = 5
"""So often each of two that are compared is run, in turns: both meet the machine at its best."""

TODAY = date(2026, 3, 2)


def _lives(small: bool) -> Iterator[Row]:
    """The shipped rules on the lives of the sample organisation, of which three years are planned. Of each client the least time
    on the processor of some runs, far apart, since others are at work on it too."""
    with tempfile.TemporaryDirectory() as folder:
        made = sample(Path(folder) / "house", TODAY, size=100 if small else 2_000, since=date(2023, 1, 1))
        now = datetime(2026, 3, 2, 18, tzinfo=UTC)
        made.tick(now, force=True)
        system, histories = made.system, made.histories()
        rulebook = in_force(system, now, "bench").rulebook
        plan = planner(rulebook, system.config.calendar)
        prompts = sum(len(plan(history)) for history in histories)
        yield Figure("prompts of a client", prompts / len(histories), "prompts")
        rounds = [
            [best(partial(plan, history), 2, time.process_time) for history in histories]
            for _ in range(TURNS)
        ]
        took = [min(of_one) for of_one in zip(*rounds, strict=True)]
        yield Figure("plans, one core", len(took) / sum(took), "clients/s", least=3_500)
        yield Figure("plan of one client, median", statistics.median(took) * 1000, "ms", most=2)
        with system.database.read() as tx:
            by = basis(tx, rulebook, system.config.calendar)
        took_all = best(lambda: list(survey(system.database, by, None, now)), 2)
        yield Figure("plans, read and compared with the store", len(histories) / took_all, "clients/s")


def _houses(small: bool) -> Iterator[Row]:
    """The shipped rules as they are in houses of many clients, in a process of its own each: a tick after a rule changed, with
    nothing new, and with one client changed."""
    few, *more = (300, 900) if small else (20_000, 200_000)
    for size in (few, *more):
        with tempfile.TemporaryDirectory() as folder:
            made = sample(Path(folder) / "house", TODAY, size=min(few, 1_000), since=date(2026, 1, 1))
            grow(made, size)
            name = f"{size:,} clients"
            one, _ = ticked(made.folder, "changed", 1, changed=1)
            whole, memory = ticked(made.folder, "rules", 2)
            nothing, _ = ticked(made.folder, "nothing", 3)
            yield Figure(f"re-plan of all, {name}", whole, "s")
            yield Figure(f"re-plan of all, {name}, memory", memory, "MB", most=400)
            yield Figure(f"nothing changed, {name}", nothing, "s", of=f"re-plan of all, {name}", most=0.1)
            yield Figure(f"a tick with one client changed, {name}", one * 1000, "ms")
