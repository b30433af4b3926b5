"""What is called impossible never comes about, whatever is registered; and what is plainly possible is not called impossible."""

from __future__ import annotations

import pytest
from hypothesis import given

from cti.core.planner import plan
from cti.core.rules import (
    All,
    AnyOf,
    AtLeast,
    Condition,
    Delay,
    Entered,
    Is,
    Not,
    Older,
    On,
    Rule,
    Rulebook,
    Situation,
    Step,
    Within,
)
from cti.core.vocabulary import FactKind, Vocabulary
from cti.rulebook.never import sure_at
from cti.rulebook.possible import Sure, can_hold, implies
from tests.core.build import CALENDAR, VOCABULARY, enters, expects, rule, step
from tests.laws.dice import Dice, dice, many
from tests.laws.histories import SITUATIONS, a_history

DELAYS = (Delay(3, "weeks"), Delay(1, "months"), Delay(20, "days"), Delay(10, "working days"))
LEAVES: tuple[Condition, ...] = (
    Is("conference", ("agreed",)),
    Is("conference", ("declined",)),
    Is("conference", ("agreed", "declined"), negated=True),
    Is("trust", ("growing", "yes")),
    Is("trust", ("yes",), negated=True),
    *(Within("network-mapped", delay) for delay in DELAYS),
    *(Older("network-mapped", delay) for delay in DELAYS),
    *(Situation((name,)) for name in SITUATIONS[:3]),
    Situation(("own-home",), negated=True),
    Entered("crisis-shelter"),
    Entered("crisis-shelter", 2, Delay(2, "months")),
    Entered("crisis-shelter", 1, Delay(3, "months")),
    Entered("own-home", 1, Delay(3, "weeks")),
)
MOMENTS: tuple[On, ...] = (
    enters("crisis-shelter"),
    enters("own-home"),
    enters("crisis-shelter", "own-home"),
    expects("own-home"),
)


def a_condition(throw: Dice, depth: int = 2) -> Condition:
    if depth == 0 or throw.chance(4):
        return throw.one(LEAVES)
    if throw.chance(3):
        return Not(a_condition(throw, depth - 1))
    parts = tuple(a_condition(throw, depth - 1) for _ in range(throw.between(2, 3)))
    return All(parts) if throw.chance(5) else AnyOf(parts)


def a_rule(throw: Dice) -> Rule:
    """A rule with steps that may come and steps that cannot."""

    def a_step(number: int) -> Step:
        when = All((a_condition(throw), a_condition(throw), throw.one(LEAVES)))
        return step(f"s{number}", throw.between(0, 40), when=when, outlives=throw.chance(3))

    return rule("r", throw.one(MOMENTS), *(a_step(number) for number in range(6)))


@given(throw=dice(400))
@many(60)
def test_a_step_that_cannot_come_is_wanted_in_no_history(throw: Dice) -> None:
    made = a_rule(throw)
    never = {
        one.id for one in made.steps if not can_hold([one.when], VOCABULARY, sure_at(made, one, VOCABULARY))
    }
    if never:
        planned = plan(a_history(throw), Rulebook(VOCABULARY, (made,)), CALENDAR)
        assert never.isdisjoint(prompt.step for prompt in planned if prompt.wanted)


@pytest.mark.parametrize(
    ("conditions", "possible"),
    [
        ([Is("trust", ("yes",)), Is("trust", ("growing",))], False),
        ([Is("trust", ("yes",)), Is("trust", ("no",), negated=True)], True),
        ([Is("trust", ("growing", "yes", "no"), negated=True)], True),  # it may be unknown
        ([Is("language-need", (True,)), Not(Is("language-need", (True,)))], False),
        ([Not(Is("language-need", (True,))), Not(Is("language-need", (False,)))], True),
        ([AtLeast("children", 3), Not(AtLeast("children", 2))], False),
        ([AtLeast("children", 2), Not(AtLeast("children", 3))], True),
        ([AtLeast("children", 2), Is("children", (1, 2))], True),
        ([AtLeast("children", 2), Is("children", (1,))], False),
        ([Within("mapped", Delay(2, "weeks")), Older("mapped", Delay(14, "days"))], False),
        ([Within("mapped", Delay(1, "months")), Older("mapped", Delay(30, "days"))], True),
        ([Within("mapped", Delay(1, "months")), Older("mapped", Delay(31, "days"))], False),
        ([Not(Within("mapped", Delay(1, "weeks"))), Not(Older("mapped", Delay(1, "weeks")))], True),
        ([Entered("own-home", 3), Not(Entered("own-home", 2))], False),
        ([Entered("own-home", 1, Delay(6, "months")), Not(Entered("own-home"))], False),
        ([Entered("own-home"), Not(Entered("own-home", 1, Delay(6, "months")))], True),
        ([Situation(("own-home",)), Situation(("street", "own-home"), negated=True)], False),
        ([AnyOf((Is("trust", ("yes",)), AtLeast("children", 1))), Not(Is("trust", ("yes",)))], True),
    ],
)
def test_what_excludes_each_other_is_impossible(conditions: list[Condition], possible: bool) -> None:
    assert can_hold(conditions, WORDS, Sure()) is possible


def test_what_is_sure_narrows_what_can_be() -> None:
    home = Sure(frozenset({"own-home"}), {"own-home": 30})
    assert not can_hold([Situation(("street",))], WORDS, home)
    assert not can_hold([Not(Entered("own-home", 1, Delay(5, "weeks")))], WORDS, home)
    assert can_hold([Not(Entered("own-home", 1, Delay(3, "weeks")))], WORDS, home)
    assert can_hold([Not(Entered("own-home", 2))], WORDS, home)


def test_a_narrower_condition_implies_a_wider_one() -> None:
    assert implies(Within("mapped", Delay(1, "weeks")), Within("mapped", Delay(2, "weeks")), WORDS, Sure())
    assert not implies(
        Within("mapped", Delay(2, "weeks")), Within("mapped", Delay(1, "weeks")), WORDS, Sure()
    )
    assert implies(None, None, WORDS, Sure())
    assert not implies(None, Is("trust", ("yes",)), WORDS, Sure())


def choice(name: str, *values: str) -> FactKind:
    return FactKind(name, "choice", {value: {} for value in values})


WORDS = Vocabulary(
    {"street": {}, "own-home": {}},
    {
        "trust": choice("trust", "growing", "yes", "no"),
        "language-need": FactKind("language-need", "yes/no"),
        "children": FactKind("children", "number"),
        "mapped": FactKind("mapped", "date"),
    },
    {},
)
