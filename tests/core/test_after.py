"""What a step's due counts from: the moment's day, or what became of the step it comes after."""

from __future__ import annotations

from cti.core.events import Answer, Record, RecordId, Stay, Version
from cti.core.rules import Is, Not, Within
from tests.core.build import (
    answer,
    closed,
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


STEPS = (step("map", 14, expires=delay(4, "weeks")), step("propose", delay(1, "weeks"), after="map"))


def test_the_latest_answer_counts() -> None:
    prompt = "r/map/s:a:stay:entered"
    first, second = local("3-20", 15), local("3-27", 10)
    again = Record(
        RecordId("cti", prompt, "answer"),
        (Version(Answer(prompt, "later", first), first), Version(Answer(prompt, "done", second), second)),
    )
    plan = planned(history(stay("a", "crisis-shelter", "3-2"), again), rule("r", INTAKE, *STEPS))
    assert plan["r/propose"].due == local("4-7"), "3 April is Good Friday, 6 April Easter Monday"


def test_an_answer_under_the_earlier_id_of_a_rule_or_a_step_counts() -> None:
    said = answer("old/draw/s:a:stay:entered", "done", local("3-20", 15))
    steps = (step("map", 14, was=("draw",)), step("propose", delay(1, "weeks"), after="map"))
    intake = history(stay("a", "crisis-shelter", "3-2"), said)
    assert planned(intake, rule("r", INTAKE, *steps, was=("old",)))["r/propose"].due == local("3-27")
    assert planned(intake, rule("r", INTAKE, *steps))["r/propose"].due is None


def test_an_answer_to_another_step_or_another_moment_does_not_count() -> None:
    intake = stay("a", "crisis-shelter", "3-2", "3-18"), stay("b", "crisis-shelter", "5-4")
    plan = planned(
        history(
            *intake,
            answer("r/propose/s:b:stay:entered", "agreed", local("5-6")),
            answer("r/map/s:a:stay:entered", "done", local("3-17", 15)),
        ),
        rule("r", INTAKE, *STEPS),
    )
    assert plan["r/propose"].due == local("3-24")
    assert plan["r/propose 2026-05-04"].due == local("6-22"), (
        "a week after the window of a prompt due on 18 May"
    )


def test_an_answer_belongs_to_one_moment_though_two_share_its_name() -> None:
    """The answered record is retyped; it lies inside the first spell, and within a gap before the second."""
    gone = record("x", (Stay("crisis-shelter", day("3-3")), "3-3"), (None, "3-20"))
    said = answer("r/map/s:x:stay:entered", "done", local("3-4", 15))
    plan = planned(
        history(
            gone,
            stay("a", "crisis-shelter", "3-2", "3-6", known="3-20"),
            stay("i", "institution", "3-6", "3-10"),
            stay("b", "crisis-shelter", "3-10"),
            said,
        ),
        rule("r", INTAKE, step("map", 1, outlives=True), step("propose", 7, after="map", outlives=True)),
    )
    assert plan["r/propose"].due == local("3-11")
    assert plan["r/propose 2026-03-10"].reason.code == "waiting"


def test_a_step_after_one_that_was_skipped_counts_from_its_due() -> None:
    late = stay("a", "crisis-shelter", "3-2", known="3-25")
    steps = (step("map", 14, late="skip"), step("propose", delay(1, "weeks"), after="map"))
    plan = planned(history(late), rule("r", INTAKE, *steps))
    assert (plan["r/map"].reason.code, plan["r/propose"].due) == ("skipped", local("4-1"))


def test_a_step_after_one_whose_window_had_passed_counts_from_its_end() -> None:
    late = stay("a", "crisis-shelter", "3-2", known="4-8")
    steps = (step("map", 7, expires=delay(2, "weeks")), step("propose", delay(3, "weeks"), after="map"))
    plan = planned(history(late), rule("r", INTAKE, *steps))
    assert (plan["r/map"].reason.code, plan["r/propose"].due) == ("too-late", local("4-13"))


def test_a_step_after_one_that_became_unnecessary_after_its_due_counts_from_then() -> None:
    unless = Not(Within("network-mapped", delay(6, "months")))
    steps = (step("map", 14, when=unless), step("propose", delay(1, "weeks"), after="map"))
    plan = planned(
        history(stay("a", "crisis-shelter", "3-2"), fact("f", "network-mapped", day("4-8"), "4-8")),
        rule("r", INTAKE, *steps),
    )
    assert plan["r/propose"].due == local("4-15")


def test_a_step_after_one_ended_by_the_next_transition_is_moved_on_too() -> None:
    plan = planned(
        history(stay("a", "crisis-shelter", "3-2", "3-20", "own-home")),
        rule("r", INTAKE, step("map", 14), step("propose", delay(1, "weeks"), after="map")),
    )
    assert [entry.reason.code for entry in plan.values()] == ["wanted", "moved-on"]


def test_steps_may_wait_for_one_another_in_a_row() -> None:
    steps = (
        step("one", 1, when=Is("trust", ("yes",))),
        step("two", 1, after="one", when=Is("trust", ("yes",))),
        step("three", 1, after="two"),
    )
    plan = planned(history(stay("a", "crisis-shelter", "3-2")), rule("r", INTAKE, *steps))
    assert [plan[f"r/{name}"].due for name in ("one", "two", "three")] == [
        local("3-3"),
        local("3-4"),
        local("3-5"),
    ]


def test_nothing_waits_in_a_closed_file() -> None:
    plan = planned(
        history(closed("c", "2-2", "opted-out"), stay("a", "crisis-shelter", "3-2")),
        rule("r", INTAKE, step("map", 14), step("propose", delay(1, "weeks"), after="map")),
    )
    assert [entry.reason.code for entry in plan.values()] == ["closed", "closed"]
