"""100,000 changes of situation of 20,000 clients against 4 rules: cti, hand-written Python, and engines of others.

All are given the same rows, and hand back the same matches: which step of which rule comes for whom on which day. What a rule
looks at is made of the row within the time that is measured, by each in its own way: a table of facts, an object, a fact of its
own. cti's part is what its planner calls for each moment of a life: the rules compiled for the moment's situation, the conditions
of their steps, and the dates these come to.
"""

from __future__ import annotations

import json
import random
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from itertools import count
from operator import and_, or_
from pathlib import Path
from typing import Any

from cti.collecting import without_collecting
from cti.core.calendar import Calendar
from cti.core.events import Value
from cti.core.facts import Values
from cti.core.life import Life
from cti.core.moments import Moment
from cti.core.program import DatesFrom, compile_rulebook
from cti.core.rules import All, AtLeast, Delay, Enters, Is, Rule, Rulebook, Step
from cti.core.vocabulary import Vocabulary

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

FACTS = ("conference", "trust", "safety", "network", "guidance", "adults")

Change = tuple[int, str, str, int, str, str, str, str, str, int]
"""A row: client, situation before, situation now, the day, and what is known then of each fact, in the order of FACTS."""

Dated = tuple[int, str, str, date, str, str, str, str, str, int]
"""The same with a date for the day."""

Compiled = tuple[str, Callable[[Values, Life, datetime], bool], DatesFrom, list[tuple[str, DatesFrom]]]
"""A rule as cti compiled it: its id, whether its condition holds, the dates of its first step, and its steps with their dates."""


def changes(clients: int) -> list[Change]:
    """Five changes of situation for each client, within about a year, in the order in which they come."""
    dice = random.Random(1)
    found: list[Change] = []
    for client in range(clients):
        situation, day = dice.choice(SITUATIONS), dice.randrange(60)
        for _ in range(5):
            before, situation = situation, dice.choice([one for one in SITUATIONS if one != situation])
            day += dice.randrange(3, 70)
            found.append(
                (
                    client,
                    before,
                    situation,
                    day,
                    dice.choice(("none", "later", "agreed", "declined")),
                    dice.choice(("none", "growing", "firm")),
                    dice.choice(("unknown", "sure", "unsure")),
                    dice.choice(("none", "small", "good")),
                    dice.choice(("yes", "no")),
                    dice.randrange(4),
                )
            )
    return sorted(found, key=lambda change: (change[3], change[0]))


def dated(given: list[Change]) -> list[Dated]:
    """The rows with dates."""
    return [(*change[:3], EPOCH + timedelta(change[3]), *change[4:]) for change in given]


def checksum(matches: Iterable[tuple[int, str, int, int]]) -> int:
    """One number for what was found, whatever its order."""
    ids = {rule[0]: number for number, rule in enumerate(RULES)}
    return sum(
        (client * 131 + ids[rule] * 31 + step * 7 + day) % 1_000_003 for client, rule, step, day in matches
    )


def best(work: Callable[[], object], times: int = 3, clock: Callable[[], float] = time.perf_counter) -> float:
    """The least time of a few runs, in seconds."""
    spent = []
    for _ in range(times):
        with without_collecting():
            before = clock()
            work()
            spent.append(clock() - before)
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
            steps = [(step.step.id, step.dates) for step in rule.steps]
            found.append((rule.rule.id, check.holds, steps[0][1], steps))
        return found

    ready = {(now, before): compiled(now, before) for now in SITUATIONS for before in SITUATIONS}
    rows = dated(given)
    found: list[tuple[int, str, str, date]] = []

    def run() -> None:
        found.clear()
        for client, before, now, day, conference, trust, safety, network, guidance, adults in rows:
            known: dict[str, Value | None] = {
                "conference": conference,
                "trust": trust,
                "safety": safety,
                "network": network,
                "guidance": guidance,
                "adults": adults,
            }
            for id, holds, first, steps in ready[now, before]:
                if holds(known, nobody, first[day].due):
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
    rows = dated(given)
    found: list[tuple[int, str, int, date]] = []

    def run() -> None:
        found.clear()
        for client, before, now, day, conference, trust, safety, network, guidance, adults in rows:
            known: dict[str, str | int] = {
                "conference": conference,
                "trust": trust,
                "safety": safety,
                "network": network,
                "guidance": guidance,
                "adults": adults,
            }
            for id, conditions, steps in rules.get(now, ()):
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
        work.write_text(json.dumps({"changes": given, "rules": RULES, "facts": FACTS}), encoding="utf-8")
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
    rows = dated(given)
    steps = [
        (rule[0], [(number, timedelta(after)) for number, after in enumerate(rule[4])]) for rule in RULES
    ]
    found: list[tuple[int, str, int, date]] = []

    def run() -> None:
        found.clear()
        for client, before, now, day, conference, trust, safety, network, guidance, adults in rows:
            known = {
                "before": before,
                "now": now,
                "conference": conference,
                "trust": trust,
                "safety": safety,
                "network": network,
                "guidance": guidance,
                "adults": adults,
            }
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
    slots = " ".join(f"(slot {name})" for name in ("n", "now", "before", *FACTS))
    environment.build(f"(deftemplate change {slots})")
    steps = [
        (rule[0], [(number, timedelta(after)) for number, after in enumerate(rule[4])]) for rule in RULES
    ]
    rows = dated(given)
    found: list[tuple[int, str, int, date]] = []

    def matched(change: int, rule: int) -> None:
        client, _, _, day, *_ = rows[change]
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

    def run() -> None:
        for number, (_, before, now, _, *known) in enumerate(rows):
            template.assert_fact(n=number, now=now, before=before, **dict(zip(FACTS, known, strict=True)))
        environment.run()

    took = best(run, 1)
    return took, checksum((client, rule, step, (day - EPOCH).days) for client, rule, step, day in found)


def _either(values: tuple[str, ...]) -> str:
    return "|".join(f'"{value}"' for value in values)


_RULESETS = count()
"""durable_rules takes a name once in a process."""


def by_durable_rules(given: list[Change]) -> tuple[float, int]:
    """durable_rules: each change posted as an event; one that no rule answers to is an exception."""
    from durable import engine, lang  # type: ignore[import-not-found]

    steps = [
        (rule[0], [(number, timedelta(after)) for number, after in enumerate(rule[4])]) for rule in RULES
    ]
    rows = dated(given)
    found: list[tuple[int, str, int, date]] = []

    def matching(rule: int) -> Callable[[Any], None]:
        id, dates = steps[rule]

        def matched(context: Any) -> None:
            client, _, _, day, *_ = rows[context.m.n]
            for number, after in dates:
                found.append((client, id, number, day + after))

        return matched

    def one_of(fact: str, values: tuple[str, ...]) -> Any:
        return reduce(or_, [getattr(lang.m, fact) == value for value in values])

    ruleset = f"changes-{next(_RULESETS)}"
    with lang.ruleset(ruleset):
        for number, (_, situation, origins, known, _) in enumerate(RULES):
            parts = [lang.m.now == situation, one_of("before", origins)]
            for fact, said in known.items():
                parts.append(getattr(lang.m, fact) >= said if isinstance(said, int) else one_of(fact, said))
            lang.when_all(reduce(and_, parts))(matching(number))

    def run() -> None:
        for number, (_, before, now, _, *known) in enumerate(rows):
            one = {"n": number, "now": now, "before": before, **dict(zip(FACTS, known, strict=True))}
            with suppress(engine.MessageNotHandledException):
                lang.post(ruleset, one)

    took = best(run, 1)
    return took, checksum((client, rule, step, (day - EPOCH).days) for client, rule, step, day in found)
