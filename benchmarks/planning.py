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

SITUATIONS = ("street", "crisis-shelter", "long-stay", "own-home")
EPOCH = date(2026, 1, 1)
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)

RULES: tuple[tuple[str, str, tuple[str, ...], dict[str, tuple[str, ...] | int], tuple[int, ...]], ...] = (
    # id, situation, out of these, what else must hold, days from the change to each step
    (
        "intake",
        "crisis-shelter",
        ("street", "own-home"),
        {"conference": ("none", "later", "agreed"), "trust": ("growing", "firm")},
        (3, 14, 21, 42),
    ),
    ("street", "street", ("own-home", "long-stay"), {"safety": ("unknown", "sure"), "adults": 1}, (1, 7, 14)),
    (
        "home",
        "own-home",
        ("crisis-shelter", "long-stay", "street"),
        {"network": ("small", "none"), "adults": 1},
        (2, 14, 28, 60, 90, 180),
    ),
    (
        "stay",
        "long-stay",
        ("crisis-shelter", "street"),
        {"guidance": ("yes",), "network": ("small", "good")},
        (7, 30, 60, 90, 120),
    ),
)
"""In a form that every participant's own is made from. A number must be reached, of the words one must stand."""

Change = tuple[int, str, str, int, dict[str, str | int]]
"""Client, situation before, situation now, the day, and what is known then."""

Compiled = tuple[str, Callable[[Values, Life, datetime], bool], list[tuple[str, DatesFrom]]]
"""A rule as cti compiled it: its id, whether its condition holds, and its steps with their dates."""


def changes(clients: int) -> list[Change]:
    """Five changes of situation for each client, within about a year."""
    dice = random.Random(1)
    found: list[Change] = []
    for client in range(clients):
        situation, day = dice.choice(SITUATIONS), dice.randrange(60)
        for _ in range(5):
            before, situation = situation, dice.choice([one for one in SITUATIONS if one != situation])
            day += dice.randrange(3, 70)
            known: dict[str, str | int] = {
                "conference": dice.choice(("none", "later", "agreed", "declined")),
                "trust": dice.choice(("none", "growing", "firm")),
                "safety": dice.choice(("unknown", "sure", "unsure")),
                "network": dice.choice(("none", "small", "good")),
                "guidance": dice.choice(("yes", "no")),
                "adults": dice.randrange(4),
            }
            found.append((client, before, situation, day, known))
    return found


def checksum(matches: Iterable[tuple[int, str, int, int]]) -> int:
    """One number for what was found, whatever its order."""
    ids = {rule[0]: number for number, rule in enumerate(RULES)}
    return sum(
        (client * 131 + ids[rule] * 31 + step * 7 + day) % 1_000_003 for client, rule, step, day in matches
    )


def best(work: Callable[[], object], times: int = 3) -> float:
    """The least time of a few runs, in seconds."""
    spent = []
    for _ in range(times):
        with without_collecting():
            before = time.perf_counter()
            work()
            spent.append(time.perf_counter() - before)
    return min(spent)


# --- the participants ---------------------------------------------------------------------------------------------------


def by_cti(given: list[Change]) -> tuple[float, int]:
    """The rules as cti has them, compiled as for planning."""
    program = compile_rulebook(
        Rulebook(Vocabulary({}, {}, {}, since=EPOCH), tuple(_rule(*rule) for rule in RULES)),
        Calendar(country="", weekdays=frozenset(range(7))),
    )
    nobody = Life("", (), {}, (), (), (), ())

    def compiled(situation: str, before: str) -> list[Compiled]:
        """What the program has ready for this step from one situation to another.

        The steps of one of these rules have one condition, which is judged once, as by everybody else here.
        """
        moment = Moment("enters", situation, "", (), EPOCH, NOON, None, "", "", origin=before)
        found = []
        for rule in program.answering(moment):
            check = rule.steps[0].when
            assert check is not None and all(step.when is check for step in rule.steps)
            found.append((rule.rule.id, check.holds, [(step.step.id, step.dates) for step in rule.steps]))
        return found

    ready = {(now, before): compiled(now, before) for now in SITUATIONS for before in SITUATIONS}
    events = [
        (client, before, now, day := EPOCH + timedelta(number), known, program.calendar.at(day))
        for client, before, now, number, known in given
    ]
    found: list[tuple[int, str, str, date]] = []

    def run() -> None:
        found.clear()
        for client, before, now, day, known, at in events:
            for id, holds, steps in ready[now, before]:
                if holds(known, nobody, at):
                    for step, dates in steps:
                        found.append((client, id, step, dates[day].day))

    took = best(run)
    return took, checksum((client, rule, int(step), (day - EPOCH).days) for client, rule, step, day in found)


def _rule(
    id: str,
    situation: str,
    origins: tuple[str, ...],
    known: dict[str, tuple[str, ...] | int],
    days: tuple[int, ...],
) -> Rule:
    conditions = tuple(
        Is(fact, said) if isinstance(said, tuple) else AtLeast(fact, said) for fact, said in known.items()
    )
    steps = tuple(
        Step(str(number), Delay(after, "days"), "worker", "", when=All(conditions))
        for number, after in enumerate(days)
    )
    return Rule(id, {}, {}, Enters((situation,), origins), steps)


def by_closures(given: list[Change]) -> tuple[float, int]:
    """Written by hand: a plain closure for each condition, rules by situation."""
    Condition = Callable[[str, dict[str, str | int]], bool]

    def comes_from(origins: tuple[str, ...]) -> Condition:
        those = frozenset(origins)
        return lambda before, known: before in those

    def one_of(fact: str, values: tuple[str, ...]) -> Condition:
        those = frozenset(values)
        return lambda before, known: known.get(fact) in those

    def at_least(fact: str, number: int) -> Condition:
        return lambda before, known: known.get(fact, 0) >= number  # type: ignore[operator]

    rules: dict[str, list[tuple[str, list[Condition], list[tuple[int, timedelta]]]]] = {}
    for id, situation, origins, known, days in RULES:
        conditions = [comes_from(origins)]
        for fact, said in known.items():
            conditions.append(one_of(fact, said) if isinstance(said, tuple) else at_least(fact, said))
        steps = [(number, timedelta(after)) for number, after in enumerate(days)]
        rules.setdefault(situation, []).append((id, conditions, steps))
    events = [
        (client, before, now, EPOCH + timedelta(day), known) for client, before, now, day, known in given
    ]
    found: list[tuple[int, str, int, date]] = []

    def run() -> None:
        found.clear()
        for client, before, situation, day, known in events:
            for id, conditions, steps in rules.get(situation, ()):
                for condition in conditions:
                    if not condition(before, known):
                        break
                else:
                    for number, after in steps:
                        found.append((client, id, number, day + after))

    took = best(run)
    return took, checksum((client, rule, step, (day - EPOCH).days) for client, rule, step, day in found)


def by_node(given: list[Change], place: Path, script: str) -> tuple[float, int]:
    """What a script for Node.js says of it: seconds and checksum."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "work.json"
        work.write_text(json.dumps({"changes": given, "rules": RULES}), encoding="utf-8")
        run = [
            "node",
            str(Path(__file__).parent / "peers_js" / script),
            str(work),
            str(place / "node_modules"),
        ]
        said = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    took, total = json.loads(said)
    return float(took), int(total)


def by_zen(given: list[Change]) -> tuple[float, int]:
    """zen-engine: all rules in one compiled expression, which gives the number of the rule that matches, or none."""
    import zen  # type: ignore[import-not-found]

    text = "-1"
    for number, (_, situation, origins, known, _) in reversed(list(enumerate(RULES))):
        parts = [f"now == '{situation}'", f"before in {_words(origins)}"]
        for fact, said in known.items():
            parts.append(f"{fact} in {_words(said)}" if isinstance(said, tuple) else f"{fact} >= {said}")
        text = f"({' and '.join(parts)} ? {number} : {text})"
    expression = zen.compile_expression(text)
    events = [
        (client, {"before": before, "now": now, **known}, EPOCH + timedelta(day))
        for client, before, now, day, known in given
    ]
    steps = [
        (rule[0], [(number, timedelta(after)) for number, after in enumerate(rule[4])]) for rule in RULES
    ]
    found: list[tuple[int, str, int, date]] = []

    def run() -> None:
        found.clear()
        for client, known, day in events:
            matched = int(expression.evaluate(known))
            if matched >= 0:
                id, dates = steps[matched]
                for number, after in dates:
                    found.append((client, id, number, day + after))

    took = best(run)
    return took, checksum((client, rule, step, (day - EPOCH).days) for client, rule, step, day in found)


def _words(values: tuple[str, ...]) -> str:
    return "[" + ", ".join(f"'{value}'" for value in values) + "]"


def by_clips(given: list[Change]) -> tuple[float, int]:
    """clipspy: each change a fact, all asserted and then run; a rule that fires calls back with the number of its change."""
    import clips  # type: ignore[import-not-found]

    environment = clips.Environment()
    facts = ("now", "before", *given[0][4])
    slots = " ".join(f"(slot {name})" for name in ("n", *facts))
    environment.build(f"(deftemplate change {slots})")
    steps = [
        (rule[0], [(number, timedelta(after)) for number, after in enumerate(rule[4])]) for rule in RULES
    ]
    events = [(client, EPOCH + timedelta(day)) for client, _, _, day, _ in given]
    found: list[tuple[int, str, int, date]] = []

    def matched(change: int, rule: int) -> None:
        client, day = events[change]
        id, dates = steps[rule]
        for number, after in dates:
            found.append((client, id, number, day + after))

    environment.define_function(matched)
    for number, (id, situation, origins, known, _) in enumerate(RULES):
        parts = [f'(now "{situation}")', f"(before {_either(origins)})"]
        for fact, said in known.items():
            test = _either(said) if isinstance(said, tuple) else f"?{fact}&:(>= ?{fact} {said})"
            parts.append(f"({fact} {test})")
        environment.build(f"(defrule {id} (change (n ?n) {' '.join(parts)}) => (matched ?n {number}))")
    template = environment.find_template("change")
    asserted = [
        {"n": number, "now": now, "before": before, **known}
        for number, (_, before, now, _, known) in enumerate(given)
    ]

    def run() -> None:
        for slots in asserted:
            template.assert_fact(**slots)
        environment.run()

    took = best(run, 1)
    return took, checksum((client, rule, step, (day - EPOCH).days) for client, rule, step, day in found)


def _either(values: tuple[str, ...]) -> str:
    return "|".join(f'"{value}"' for value in values)


def by_durable_rules(given: list[Change]) -> tuple[float, int]:
    """durable_rules: each change posted as an event; one that no rule answers to is an exception."""
    from durable import engine, lang  # type: ignore[import-not-found]

    steps = [
        (rule[0], [(number, timedelta(after)) for number, after in enumerate(rule[4])]) for rule in RULES
    ]
    events = [(client, EPOCH + timedelta(day)) for client, _, _, day, _ in given]
    found: list[tuple[int, str, int, date]] = []

    def matching(rule: int) -> Callable[[Any], None]:
        id, dates = steps[rule]

        def matched(context: Any) -> None:
            client, day = events[context.m.n]
            for number, after in dates:
                found.append((client, id, number, day + after))

        return matched

    def one_of(fact: str, values: tuple[str, ...]) -> Any:
        return reduce(or_, [getattr(lang.m, fact) == value for value in values])

    with lang.ruleset("changes"):
        for number, (_, situation, origins, known, _) in enumerate(RULES):
            parts = [lang.m.now == situation, one_of("before", origins)]
            for fact, said in known.items():
                parts.append(getattr(lang.m, fact) >= said if isinstance(said, int) else one_of(fact, said))
            lang.when_all(reduce(and_, parts))(matching(number))
    posted = [
        {"n": number, "now": now, "before": before, **known}
        for number, (_, before, now, _, known) in enumerate(given)
    ]

    def run() -> None:
        for one in posted:
            with suppress(engine.MessageNotHandledException):
                lang.post("changes", one)

    took = best(run, 1)
    return took, checksum((client, rule, step, (day - EPOCH).days) for client, rule, step, day in found)


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
