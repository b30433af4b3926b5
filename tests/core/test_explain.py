"""Explanations: each rule and step, yes or no, and what decided it."""

from __future__ import annotations

from dataclasses import replace

from cti.core.explain import Explanation, StepWhy, explain
from cti.core.planner import plan
from cti.core.rules import All, Entered, Is, Not, Rule, Situation, Within
from tests.core.build import (
    CALENDAR,
    book,
    day,
    delay,
    enters,
    expected,
    expects,
    fact,
    history,
    planned,
    rule,
    stay,
    step,
)

SHELTER = stay("a", "crisis-shelter", "3-2")
CONDITION = All(
    (
        Is("trust", ("yes",)),
        Not(Within("network-mapped", delay(6, "months"))),
        Situation(("crisis-shelter",)),
        Entered("crisis-shelter", 2),
    )
)
RULE = rule("r", enters("crisis-shelter"), step("s", 14, when=CONDITION))
TOLD = history(SHELTER, fact("f", "trust", "growing", "3-5"))


def explained(*rules: Rule) -> Explanation:
    return explain(TOLD, book(*rules), CALENDAR)


def only(why: Explanation) -> StepWhy:
    (one,) = why.rules
    (moment,) = one.moments
    (found,) = moment.steps
    return found


def test_each_single_condition_says_what_it_found_and_whether_it_held_by_itself() -> None:
    assert [(part.value, part.holds) for part in only(explained(RULE)).parts] == [
        ("growing", False),
        (None, False),
        ("crisis-shelter", True),
        (1, False),
    ]


def test_a_value_comes_with_the_recording_that_said_it() -> None:
    first, second, *_ = only(explained(RULE)).parts
    assert first.said is not None
    assert (first.said.name, first.said.day) == ("s:f:fact:trust", day("3-5"))
    assert second.said is None


def test_of_several_recordings_the_latest_by_the_due_is_named() -> None:
    told = history(
        SHELTER,
        fact("f", "trust", "yes", "3-5"),
        fact("g", "trust", "yes", "3-10"),
        fact("h", "trust", "yes", "3-20"),
    )
    part = only(explain(told, book(RULE), CALENDAR)).parts[0]
    assert part.said is not None
    assert part.said.name == "s:g:fact:trust"


def test_an_explanation_is_the_plan_itself() -> None:
    rules = (RULE, rule("q", enters("crisis-shelter"), step("t", 7), step("u", 3, after="t")))
    why = explained(*rules)
    told = [step.planned for one in why.rules for moment in one.moments for step in moment.steps]
    assert sorted(told, key=lambda entry: entry.key) == sorted(
        plan(TOLD, book(*rules), CALENDAR), key=lambda entry: entry.key
    )


def test_a_rule_without_a_moment_is_there_without_one() -> None:
    (one,) = explained(rule("r", enters("street"), step("s", 1))).rules
    assert one.moments == ()


def test_a_moment_before_since_is_there_without_steps() -> None:
    (one,) = explained(replace(RULE, since=day("3-3"))).rules
    assert [moment.steps for moment in one.moments] == [()]


def test_a_rule_that_is_off_is_there_without_steps() -> None:
    (one,) = explained(replace(RULE, off=True)).rules
    assert [moment.steps for moment in one.moments] == [()]


def test_a_moment_that_the_rule_does_not_answer_to_is_not_there() -> None:
    told = history(stay("a", "street", "1-5", "3-2"), stay("b", "crisis-shelter", "3-2"))
    narrowed = replace(RULE, on=replace(enters("crisis-shelter"), origins=("own-home",)))
    (one,) = explain(told, book(narrowed), CALENDAR).rules
    assert one.moments == ()


def test_a_step_that_waits_for_a_day_has_no_conditions_to_show() -> None:
    told = history(expected("e", "own-home", None, "3-2"))
    waiting = rule(
        "r", expects("own-home"), step("s", delay(1, "weeks", before=True), when=Is("trust", ("yes",)))
    )
    why = only(explain(told, book(waiting), CALENDAR))
    assert (why.planned.reason.code, why.parts) == ("waiting", ())


def test_the_question_whether_a_moment_is_still_current_stands_by_itself() -> None:
    late = history(stay("a", "crisis-shelter", "3-2", known="5-1"))
    late_rule = rule("r", enters("crisis-shelter"), step("s", 14))
    why = explain(late, book(late_rule), CALENDAR)
    assert [entry.step for entry in why.asked] == ["ask"]
    assert only(why).planned == planned(late, late_rule)["r/s"]
