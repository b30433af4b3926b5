"""100,000 changes of situation of 20,000 clients against 4 rules, beside other engines; then the shipped rules on whole lives.

All participants of the first part are given the same changes in the form that suits them, and hand back the same matches: which
step of which rule comes for whom on which day. cti's part is what its planner calls for each moment of a life: the rules compiled
for the moment's situation, the conditions of their steps, and the dates these come to. What else a plan is made of (reading a
history, names, windows, reasons, lateness) stands in the second part, where the work is a client's whole life.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import partial, reduce
from operator import and_, or_
from pathlib import Path
from typing import Any

from benchmarks import peers
from benchmarks.figures import Figure, Lack, Row
from cti.collecting import without_collecting
from cti.core.calendar import Calendar
from cti.core.conditions import Values
from cti.core.events import History
from cti.core.life import Life
from cti.core.moments import Moment
from cti.core.planner import Planner, planner
from cti.core.program import DatesFrom, compile_rulebook
from cti.core.rules import All, AtLeast, Delay, Enters, Is, Rule, Rulebook, Step
from cti.core.vocabulary import Vocabulary
from cti.engine.planning import replan
from cti.engine.rulebooks import in_force
from cti.engine.surveying import survey
from cti.engine.working import basis
from cti.store import clients
from cti.store.bulk import pieces
from tests.engine.sample import sample

# --- what is told ---------------------------------------------------------------------------------------------------------


def measure(small: bool) -> Iterator[Row]:
    """Changes a second of all participants; then clients a second of the planner."""
    given = changes(2_000 if small else 20_000)
    closures = "closures written by hand"
    took, expected = by_closures(given)
    ours, total = by_cti(given)
    assert total == expected, "cti found something else"
    for _ in range(2):  # in turns, so that both meet the machine as it is
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
        yield Figure(name, len(given) / took, "changes/s", of=closures)
        yield Figure(f"cti beside {name}", took / ours, "times as fast", least=1.2)
    yield from _lives(small)


def _json_logic(given: list[Change]) -> tuple[float, int]:
    return by_node(given, peers.node("json-logic-js@2.0.5"), "json_logic.mjs")


def _zen(given: list[Change]) -> tuple[float, int]:
    sys.path.insert(0, str(peers.python("zen-engine==2.1.3")))
    try:
        return by_zen(given)
    finally:
        sys.path.pop(0)


def _clips(given: list[Change]) -> tuple[float, int]:
    sys.path.insert(0, str(peers.python("clipspy==1.0.6")))
    try:
        return by_clips(given)
    finally:
        sys.path.pop(0)


def _durable_rules(given: list[Change]) -> tuple[float, int]:
    sys.path.insert(0, str(peers.python("durable_rules==2.0.28")))
    try:
        return by_durable_rules(given)
    finally:
        sys.path.pop(0)


PEERS = (
    ("json-logic-js, Node.js", _json_logic),
    ("zen-engine, one expression", _zen),
    ("clipspy, all facts at once", _clips),
    ("durable_rules", _durable_rules),
)

TODAY = date(2026, 3, 2)


def _each(plan: Planner, histories: Iterable[History]) -> None:
    for history in histories:
        plan(history)


def _lives(small: bool) -> Iterator[Row]:
    """The shipped rules on the lives of the sample organisation, of which three years are planned."""
    with tempfile.TemporaryDirectory() as folder:
        made = sample(Path(folder) / "house", TODAY, size=100 if small else 2_000, since=date(2023, 1, 1))
        now = datetime(2026, 3, 2, 18, tzinfo=UTC)
        made.tick(now, force=True)
        system, histories = made.system, made.histories()
        rulebook = in_force(system, now, "bench").rulebook
        plan = planner(rulebook, system.config.calendar)
        prompts = sum(len(plan(history)) for history in histories)
        took = sum(best(partial(_each, plan, some), 5) for some in pieces(histories, 100))
        yield Figure("prompts of a client", prompts / len(histories), "prompts")
        yield Figure("plans, one core", len(histories) / took, "clients/s", least=3_500)
        with system.database.read() as tx:
            by = basis(tx, rulebook, system.config.calendar)
        took = best(lambda: list(survey(system.database, by, None, now)), 2)
        yield Figure("plans, read and compared with the store", len(histories) / took, "clients/s")
        with system.database.write() as tx:
            clients.mark_all_dirty(tx)
        first, again = (best(partial(replan, system, rulebook, now, False), 1) for _ in range(2))
        yield Figure("re-plan of all", first, "s")
        yield Figure("re-plan with nothing changed", again, "s", of="re-plan of all", most=0.1)
        singly = []
        for history in histories:
            before = time.perf_counter()
            plan(history)
            singly.append((time.perf_counter() - before) * 1000)
        yield Figure("plan of one changed client, median", statistics.median(singly), "ms", most=2)
