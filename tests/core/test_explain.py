"""Explanations: each rule and step, yes or no, and what decided it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cti.core.events import Record, RecordId
from cti.core.explain import Explanation, StepWhy, explain
from cti.core.planner import plan
from cti.core.rules import (
    All,
    AnyOf,
    Condition,
    Entered,
    Is,
    Later,
    Not,
    Records,
    Rule,
    Situation,
    Step,
    Within,
)
from tests.core.build import (
    CALENDAR,
    answer,
    book,
    closed,
    day,
    delay,
    enters,
    expected,
    expects,
    fact,
    history,
    noon,
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
    why = explained(RULE)
    first, second, third, fourth = only(why).parts
    assert [(said.name, said.day) for said in first.evidence] == [("s:f:fact:trust", day("3-5"))]
    assert why.record_of(first.evidence[0].name) == RecordId("s", "f", "fact")
    assert second.evidence == ()
    assert [said.name for said in (*third.evidence, *fourth.evidence)] == ["s:a:stay:entered"] * 2


def test_of_several_recordings_the_latest_by_the_due_is_named() -> None:
    told = history(
        SHELTER,
        fact("f", "trust", "yes", "3-5"),
        fact("g", "trust", "yes", "3-10"),
        fact("h", "trust", "yes", "3-20"),
    )
    part = only(explain(told, book(RULE), CALENDAR)).parts[0]
    assert [said.name for said in part.evidence] == ["s:g:fact:trust"]


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


@pytest.mark.parametrize(
    ("silent", "changed"),
    [
        ("since", replace(RULE, since=day("3-3"))),
        ("off", replace(RULE, off=True)),
        ("from", replace(RULE, on=replace(enters("crisis-shelter"), origins=("own-home",)))),
    ],
)
def test_a_moment_that_a_rule_has_no_steps_for_says_why(silent: str, changed: Rule) -> None:
    told = history(stay("a", "street", "1-5", "3-2"), stay("b", "crisis-shelter", "3-2"))
    (one,) = explain(told, book(changed), CALENDAR).rules
    assert [(moment.steps, moment.silent) for moment in one.moments] == [((), silent)]


def test_another_value_than_the_rule_answers_to_says_so() -> None:
    answering = rule("r", Records("trust", ("yes",)), step("s", 1))
    (one,) = explain(TOLD, book(answering), CALENDAR).rules
    assert [moment.silent for moment in one.moments] == ["value"]


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


# --- what decided -------------------------------------------------------------------------------------------------------

GROWING, YES, NO_MAP = (
    Is("trust", ("growing",)),
    Is("trust", ("yes",)),
    Not(Within("network-mapped", delay(6, "months"))),
)
HERE, MAPPED = Situation(("crisis-shelter",)), Within("network-mapped", delay(6, "months"))


@pytest.mark.parametrize(
    ("condition", "decided", "near"),
    [
        (All((YES, HERE)), [YES], [YES]),
        (All((YES, MAPPED)), [YES, MAPPED], []),
        (AnyOf((YES, MAPPED)), [YES, MAPPED], [YES, MAPPED]),
        (Not(AnyOf((GROWING, MAPPED))), [GROWING], [GROWING]),
        (Not(All((GROWING, HERE))), [GROWING, HERE], [GROWING, HERE]),
        (YES, [YES], []),
    ],
)
def test_of_a_condition_that_does_not_hold_the_parts_that_kept_it_from_holding_are_named(
    condition: Condition, decided: list[Condition], near: list[Condition]
) -> None:
    why = only(explained(replace(RULE, steps=(replace(RULE.steps[0], when=condition),))))
    assert why.planned.reason.code == "condition"
    assert [part.condition for part in why.parts if part.decided] == decided
    assert [part.condition for part in why.near] == near
    assert not any(part.met for part in why.parts if part.decided)


def test_of_a_condition_that_holds_the_parts_that_made_it_hold_are_named_and_nothing_was_near() -> None:
    condition = All((AnyOf((GROWING, MAPPED)), NO_MAP))
    why = only(explained(replace(RULE, steps=(replace(RULE.steps[0], when=condition),))))
    assert [(part.holds, part.wanted, part.decided) for part in why.parts] == [
        (True, True, True),
        (False, True, False),
        (False, False, True),
    ]
    assert why.near == ()


# --- its day ------------------------------------------------------------------------------------------------------------


def test_a_day_is_told_with_what_it_counts_from_and_what_it_was_rolled_to() -> None:
    course = only(explained(rule("r", enters("crisis-shelter"), step("s", 5)))).course
    assert course is not None
    assert (course.base, course.by, course.after) == (day("3-2"), "moment", None)
    assert (course.first.day, course.first.rolled, course.later) == (day("3-7"), day("3-9"), None)


def test_a_postponement_is_told_with_what_it_was_for() -> None:
    later = replace(step("s", 5), later=Later(GROWING, delay(2, "weeks")))
    course = only(explained(rule("r", enters("crisis-shelter"), later))).course
    assert course is not None and course.later is not None
    assert (course.first.rolled, course.later.day, course.day) == (day("3-9"), day("3-23"), day("3-23"))
    assert [part.condition for part in course.because] == [GROWING]


@pytest.mark.parametrize(
    ("said", "first", "by", "base"),
    [
        (
            (answer("r/s/s:a:stay:entered", "done", noon("3-11")),),
            step("s", 5, expires=delay(1, "weeks")),
            "answer",
            "3-11",
        ),
        ((), step("s", 5, expires=delay(1, "weeks")), "over", "3-16"),
        ((), step("s", 5, when=YES), "needless", "3-9"),
    ],
)
def test_a_step_after_another_tells_what_became_of_that(
    said: tuple[Record, ...], first: Step, by: str, base: str
) -> None:
    told = history(SHELTER, *said)
    (one,) = explain(
        told, book(rule("r", enters("crisis-shelter"), first, step("t", 3, after="s"))), CALENDAR
    ).rules
    course = one.moments[0].steps[1].course
    assert course is not None
    assert (course.by, course.after, course.base) == (by, "s", day(base))


# --- its end ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "only_step", "ends", "ended_by"),
    [
        ((), step("s", 5, expires=delay(1, "weeks")), "expires", []),
        ((stay("b", "own-home", "3-12"),), step("s", 5, expires=delay(4, "weeks")), "moved-on", []),
        ((closed("c", "3-12"),), step("s", 5), "closed", []),
        ((fact("g", "trust", "yes", "3-12"),), step("s", 5, when=Not(YES)), "condition", [YES]),
        ((), step("s", 5), None, []),
    ],
)
def test_the_end_of_the_window_is_told_with_what_ends_it(
    more: tuple[Record, ...], only_step: Step, ends: str | None, ended_by: list[Condition]
) -> None:
    told = history(SHELTER, *more)
    why = (
        explain(told, book(rule("r", enters("crisis-shelter"), only_step)), CALENDAR)
        .rules[0]
        .moments[0]
        .steps[0]
    )
    assert why.planned.wanted
    assert (why.ends, [part.condition for part in why.ended_by]) == (ends, ended_by)
