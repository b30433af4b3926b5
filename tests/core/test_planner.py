"""The plan: which steps of which moments it holds, and one question in the place of several."""

from __future__ import annotations

from tests.core.build import (
    day,
    enters,
    history,
    noon,
    planned,
    rule,
    stay,
    step,
)

INTAKE = enters("crisis-shelter")


def test_moments_before_since_never_prompt() -> None:
    plan = planned(
        history(stay("a", "crisis-shelter", "3-2")), rule("r", INTAKE, step("s", 60), since=day("3-3"))
    )
    assert plan == {}


def test_a_moment_known_after_the_stale_limit_yields_one_question_in_place_of_the_steps_before() -> None:
    late = stay("a", "crisis-shelter", "3-2", known="5-1")
    plan = planned(
        history(late),
        rule("r", INTAKE, step("one", 7), step("two", 14), step("later", 90)),
        rule("q", INTAKE, step("three", 21)),
    )
    assert [plan[key].reason.code for key in ("r/one", "r/two", "q/three")] == ["stale"] * 3
    assert plan["r/later"].reason.code == "wanted"
    assert plan["still-current/ask"].reason.code == "wanted"
    assert plan["still-current/ask"].due == noon("5-1")
    assert sum(key.startswith("still-current") for key in plan) == 1


def test_a_step_that_asks_when_late_asks_before_the_stale_limit_too() -> None:
    late = stay("a", "crisis-shelter", "3-2", known="3-20")
    plan = planned(history(late), rule("r", INTAKE, step("s", 7, late="ask")))
    assert plan["r/s"].reason.code == "stale"
    assert plan["still-current/ask"].reason.code == "wanted"


def test_one_question_is_put_once_for_a_transition_whatever_the_rules() -> None:
    plan = planned(
        history(stay("a", "crisis-shelter", "3-2")),
        rule("late", INTAKE, step("s", 21, asks="conference")),
        rule("early", INTAKE, step("s", 7, asks="conference"), step("again", 40, asks="conference")),
    )
    codes = {key: entry.reason.code for key, entry in plan.items()}
    assert codes == {"late/s": "asked", "early/s": "wanted", "early/again": "asked"}
