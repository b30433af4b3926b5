"""The plan: which steps of which moments it holds, and one question in the place of several."""

from __future__ import annotations

from cti.core.rules import Is
from tests.core.build import (
    day,
    enters,
    fact,
    history,
    local,
    noon,
    planned,
    records,
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


def test_a_step_that_outlives_its_moment_is_asked_about_although_the_client_moved_on() -> None:
    late = stay("a", "crisis-shelter", "3-2", "3-20", "own-home", known="5-1")
    ended, outlived = (
        planned(history(late), rule("r", INTAKE, step("s", 7, outlives=outlives)))
        for outlives in (False, True)
    )
    assert {key: entry.reason.code for key, entry in ended.items()} == {"r/s": "moved-on"}
    assert {key: entry.reason.code for key, entry in outlived.items()} == {
        "r/s": "stale",
        "still-current/ask": "wanted",
    }


def test_whether_a_moment_is_still_current_is_asked_for_as_long_as_a_moment_is_young() -> None:
    late = stay("a", "crisis-shelter", "3-2", known="5-1")
    asked = planned(history(late), rule("r", INTAKE, step("s", 7)))["still-current/ask"]
    assert (asked.due, asked.until) == (noon("5-1"), local("6-12", 0))
    moved = stay("a", "crisis-shelter", "3-2", "5-20", "own-home", known="5-1")
    asked = planned(history(moved), rule("r", INTAKE, step("s", 7)))["still-current/ask"]
    assert asked.until == local("5-20", 0)


def test_a_moment_known_six_weeks_late_is_not_stale_yet() -> None:
    for known, code in (("4-13", "wanted"), ("4-14", "stale")):
        plan = planned(
            history(stay("a", "crisis-shelter", "3-2", known=known)), rule("r", INTAKE, step("s", 14))
        )
        assert plan["r/s"].reason.code == code


def test_a_question_is_put_anew_after_the_next_transition() -> None:
    plan = planned(
        history(stay("a", "crisis-shelter", "3-2", "5-4", "long-stay")),
        rule("r", enters("crisis-shelter", "long-stay"), step("s", 14, asks="conference")),
    )
    assert [entry.reason.code for entry in plan.values()] == ["wanted", "wanted"]


def test_different_questions_are_each_put() -> None:
    plan = planned(
        history(stay("a", "crisis-shelter", "3-2")),
        rule("r", INTAKE, step("s", 7, asks="conference"), step("t", 14, asks="arrival"), step("u", 21)),
    )
    assert [entry.reason.code for entry in plan.values()] == ["wanted"] * 3


def test_a_question_whose_conditions_do_not_hold_leaves_it_to_the_next() -> None:
    plan = planned(
        history(stay("a", "crisis-shelter", "3-2")),
        rule("r", INTAKE, step("s", 7, asks="conference", when=Is("trust", ("yes",)))),
        rule("q", INTAKE, step("s", 14, asks="conference")),
    )
    assert {key: entry.reason.code for key, entry in plan.items()} == {"r/s": "condition", "q/s": "wanted"}


def test_a_moment_that_a_recorded_fact_makes_puts_its_question_for_the_transition_before_it() -> None:
    plan = planned(
        history(stay("a", "crisis-shelter", "3-2"), fact("f", "trust", "yes", "3-20")),
        rule("r", INTAKE, step("s", 7, asks="conference")),
        rule("q", records("trust", "yes"), step("s", 1, asks="conference")),
    )
    assert {key: entry.reason.code for key, entry in plan.items()} == {"r/s": "wanted", "q/s": "asked"}


def test_every_step_of_every_moment_has_its_row() -> None:
    plan = planned(
        history(stay("a", "crisis-shelter", "3-2", "3-5", "street"), stay("b", "crisis-shelter", "8-3")),
        rule("r", INTAKE, step("s", 14), step("t", 28, after="s"), step("u", 1, when=Is("trust", ("no",)))),
    )
    assert [entry.reason.code for entry in plan.values()] == [
        *("moved-on", "moved-on", "condition"),
        *("wanted", "waiting", "condition"),
    ]
