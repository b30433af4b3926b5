"""What a step's due counts from: the moment's day, or what became of the step it comes after."""

from __future__ import annotations

from cti.core.events import Answer, Record, RecordId, Stay, Version
from cti.core.rules import Not, Within
from tests.core.build import (
    answer,
    day,
    delay,
    enters,
    expected,
    expects,
    fact,
    history,
    local,
    noon,
    planned,
    record,
    rule,
    stay,
    step,
)

INTAKE = enters("crisis-shelter")


def test_a_step_after_another_counts_from_its_answer() -> None:
    steps = (step("map", 14), step("propose", delay(1, "weeks"), after="map"))
    said = answer("r/map/s:a:stay:entered", "done", local("3-20", 15))
    plan = planned(history(stay("a", "crisis-shelter", "3-2"), said), rule("r", INTAKE, *steps))
    assert plan["r/propose"].due == local("3-27")


def test_a_step_after_one_that_was_unnecessary_counts_from_its_due() -> None:
    unless = Not(Within("network-mapped", delay(6, "months")))
    steps = (step("map", 14, when=unless), step("propose", delay(1, "weeks"), after="map"))
    plan = planned(
        history(stay("a", "crisis-shelter", "3-2"), fact("f", "network-mapped", day("2-1"), "2-1")),
        rule("r", INTAKE, *steps),
    )
    assert plan["r/map"].reason.code == "condition"
    assert plan["r/propose"].due == local("3-23")


def test_a_step_after_an_unanswered_one_counts_from_the_end_of_its_window() -> None:
    steps = (step("map", 14, expires=delay(4, "weeks")), step("propose", delay(1, "weeks"), after="map"))
    plan = planned(history(stay("a", "crisis-shelter", "3-2")), rule("r", INTAKE, *steps))
    assert plan["r/propose"].due == local("4-20")


def test_a_step_after_an_unanswered_one_without_expiry_waits() -> None:
    steps = (step("map", 14), step("propose", delay(1, "weeks"), after="map"))
    plan = planned(history(stay("a", "crisis-shelter", "3-2")), rule("r", INTAKE, *steps))
    assert (plan["r/propose"].reason.code, plan["r/propose"].due) == ("waiting", None)


def test_a_step_before_waits_for_a_day() -> None:
    plan = planned(
        history(expected("e", "own-home", None, "3-2")),
        rule("r", expects("own-home"), step("before", delay(2, "weeks", before=True)), step("now", 3)),
    )
    assert plan["r/before"].reason.code == "waiting"
    assert plan["r/now"].due == local("3-5")


def test_an_answer_remembers_the_moment_by_every_name_it_answered_to() -> None:
    """The record that was answered about is retyped: the answer belongs to the same moment."""
    gone = record("a", (Stay("crisis-shelter", day("3-2")), "3-2"), (None, "3-25"))
    said = answer("r/map/s:a:stay:entered", "done", local("3-20", 15))
    plan = planned(
        history(gone, stay("b", "crisis-shelter", "3-2", known="3-25"), said),
        rule("r", INTAKE, step("map", 14), step("propose", delay(2, "weeks"), after="map")),
    )
    assert plan["r/propose"].due == local("4-7"), "3 April is Good Friday, 6 April Easter Monday"


def test_an_answer_taken_back_counts_no_more() -> None:
    at = local("3-20", 15)
    prompt = "r/map/s:a:stay:entered"
    taken_back = Record(
        RecordId("cti", prompt, "answer"),
        (Version(Answer(prompt, "done", at), at), Version(None, noon("3-22"))),
    )
    plan = planned(
        history(stay("a", "crisis-shelter", "3-2"), taken_back),
        rule(
            "r",
            INTAKE,
            step("map", 14, expires=delay(4, "weeks")),
            step("propose", delay(1, "weeks"), after="map"),
        ),
    )
    assert plan["r/propose"].due == local("4-20")
