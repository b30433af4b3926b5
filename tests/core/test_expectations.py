"""Expectations: which ones are one moment, and what ends them."""

from __future__ import annotations

from cti.core.events import Expected, Record, Stay
from cti.core.life import live
from cti.core.moments import Moment
from cti.core.prompts import Stored, state
from tests.core.build import (
    CALENDAR,
    VOCABULARY,
    day,
    delay,
    enters,
    expected,
    expects,
    history,
    local,
    noon,
    planned,
    record,
    rule,
    stay,
    step,
)


def test_an_expectation_ends_when_the_client_has_moved() -> None:
    plan = planned(
        history(
            stay("a", "long-stay", "1-5", "4-20", "own-home"),
            expected("e", "own-home", "5-1", "3-2"),
        ),
        rule("r", expects("own-home"), step("before", delay(1, "weeks", before=True))),
    )
    assert plan["r/before"].reason.code == "fulfilled"


def test_an_expectation_dated_anew_under_a_new_id_is_the_same_moment() -> None:
    first, second = expected("e1", "own-home", "5-1", "3-2"), expected("e2", "own-home", "6-1", "4-2")
    plan = planned(
        history(first, second), rule("r", expects("own-home"), step("before", delay(2, "weeks", before=True)))
    )
    assert list(plan) == ["r/before"]
    assert plan["r/before"].name == "s:e1:expected:expected"
    assert plan["r/before"].day == day("6-1")


def test_a_stay_typed_in_before_its_day_is_expected_until_then() -> None:
    coming = record("a", (Stay("long-stay", day("5-4")), "4-1"))
    plan = planned(
        history(coming),
        rule("r", expects("long-stay"), step("before", delay(1, "weeks", before=True))),
        rule("q", enters("long-stay"), step("after", 7)),
    )
    assert plan["r/before"].due == local("4-24"), "27 April is King's Day: backwards over the weekend"
    assert plan["q/after"].day == day("5-4")


def test_a_retracted_expectation_is_no_moment() -> None:
    gone = record("e", (Expected("own-home", day("6-1")), "3-2"), (None, "3-9"), part="expected")
    assert planned(history(gone), rule("r", expects("own-home"), step("s", 1))) == {}


SOON = rule("r", expects("own-home"), step("before", delay(2, "weeks", before=True)), step("now", 1))


def moments(*records: Record) -> list[Moment]:
    return [m for m in live(history(*records), VOCABULARY, CALENDAR).moments if m.kind == "expects"]


def test_the_latest_recorded_of_several_expectations_counts_and_the_first_names_them() -> None:
    (one,) = moments(
        expected("e1", "own-home", "6-1", "3-2"),
        expected("e2", "own-home", "8-3", "3-9"),
        expected("e3", "own-home", "7-1", "3-5"),
    )
    assert (one.day, one.name, one.known) == (day("8-3"), "s:e1:expected:expected", noon("3-2"))
    assert one.names == tuple(f"s:e{number}:expected:expected" for number in (1, 2, 3))


def test_an_expectation_that_was_corrected_last_counts() -> None:
    corrected = record(
        "e1",
        (Expected("own-home", day("6-1")), "3-2"),
        (Expected("own-home", day("9-1")), "3-20"),
        part="expected",
    )
    (one,) = moments(corrected, expected("e2", "own-home", "7-1", "3-9"))
    assert one.day == day("9-1")


def test_when_the_latest_is_retracted_the_one_before_it_counts_again() -> None:
    gone = record("e2", (Expected("own-home", day("8-3")), "3-9"), (None, "3-20"), part="expected")
    (one,) = moments(expected("e1", "own-home", "6-1", "3-2"), gone)
    assert (one.day, len(one.names)) == (day("6-1"), 2)


def test_expectations_of_different_situations_are_different_moments() -> None:
    found = moments(expected("e1", "own-home", "6-1", "3-2"), expected("e2", "long-stay", "6-1", "3-2"))
    assert sorted(moment.what for moment in found) == ["long-stay", "own-home"]


def test_an_expectation_lapses_a_gap_after_its_day() -> None:
    (one,) = moments(expected("e", "own-home", "5-1", "3-2"))
    assert (one.end, one.over) == (local("5-15", 0), "lapsed")


def test_an_expectation_without_a_day_does_not_lapse() -> None:
    (one,) = moments(expected("e", "own-home", None, "3-2"))
    assert one.end is None


def test_what_is_expected_after_another_has_lapsed_is_a_new_moment() -> None:
    found = moments(expected("e1", "own-home", "4-1", "3-2"), expected("e2", "own-home", "9-1", "6-1"))
    assert [moment.names for moment in found] == [
        ("s:e1:expected:expected",),
        ("s:e2:expected:expected",),
    ]


def test_a_lapsed_expectation_that_is_deleted_long_afterwards_does_not_join_a_later_one() -> None:
    cleaned = record("e1", (Expected("own-home", day("4-1")), "3-2"), (None, "8-1"), part="expected")
    (one,) = moments(cleaned, expected("e2", "own-home", "9-1", "6-1"))
    assert (one.names, one.known) == (("s:e2:expected:expected",), noon("6-1"))


def test_an_expectation_deleted_and_typed_in_again_is_the_same_moment_in_either_order() -> None:
    for deleted, typed in (("3-20", "3-24"), ("3-24", "3-20")):
        gone = record("e1", (Expected("own-home", day("6-1")), "3-2"), (None, deleted), part="expected")
        (one,) = moments(gone, expected("e2", "own-home", "7-1", typed))
        assert one.names == ("s:e1:expected:expected", "s:e2:expected:expected")
        assert (one.name, one.known) == ("s:e2:expected:expected", noon("3-2"))


def test_an_expectation_ends_on_entering_by_whatever_record() -> None:
    (one,) = moments(
        stay("a", "long-stay", "1-5", "4-20", "own-home"), expected("e", "own-home", "5-1", "3-2")
    )
    assert (one.end, one.over, one.transition) == (local("4-20", 0), "fulfilled", "s:a:stay:ended")


def test_what_is_expected_of_someone_who_is_there_already_is_fulfilled() -> None:
    plan = planned(history(stay("a", "own-home", "1-5"), expected("e", "own-home", None, "3-2")), SOON)
    assert plan["r/now"].reason.code == "fulfilled"


def test_an_expectation_after_leaving_that_situation_waits_for_the_next_time() -> None:
    (one,) = moments(
        stay("a", "own-home", "1-5", "2-1", "street"),
        expected("e", "own-home", "5-1", "3-2"),
        stay("b", "own-home", "4-20"),
    )
    assert (one.end, one.over) == (local("4-20", 0), "fulfilled")


def test_other_transitions_leave_an_expectation() -> None:
    plan = planned(
        history(
            stay("a", "crisis-shelter", "1-5", "4-1"),
            stay("b", "long-stay", "4-1"),
            expected("e", "own-home", "6-1", "3-2"),
        ),
        SOON,
    )
    assert (plan["r/before"].reason.code, plan["r/before"].until) == ("wanted", local("6-15", 0))


def test_a_step_that_waits_for_a_day_waits_no_longer_than_its_moment_lasts() -> None:
    plan = planned(
        history(stay("a", "long-stay", "1-5", "4-20", "own-home"), expected("e", "own-home", None, "3-2")),
        SOON,
    )
    waiting = Stored(1, plan["r/before"])
    assert state(waiting, local("4-19")) == "pending"
    assert state(waiting, local("4-20")) == "withdrawn"


def test_a_stay_dated_after_its_recording_that_came_is_fulfilled_and_not_retracted() -> None:
    came = record(
        "a",
        (Stay("long-stay", day("5-4")), "4-1"),
        (Stay("long-stay", day("5-4"), day("9-1")), "9-1"),
    )
    (one,) = moments(came)
    assert (one.over, one.end) == ("fulfilled", local("5-4", 0))


def test_a_stay_dated_after_its_recording_and_moved_moves_its_expectation() -> None:
    moved = record("a", (Stay("long-stay", day("5-4")), "4-1"), (Stay("long-stay", day("6-1")), "4-20"))
    (one,) = moments(moved)
    assert (one.day, one.end) == (day("6-1"), local("6-1", 0))


def test_a_stay_dated_after_its_recording_and_called_off_is_no_moment() -> None:
    off = record("a", (Stay("long-stay", day("5-4")), "4-1"), (None, "4-20"))
    assert live(history(off), VOCABULARY, CALENDAR).moments == ()


def test_two_homes_that_fell_through_each_put_their_question() -> None:
    plan = planned(
        history(expected("e1", "own-home", "4-1", "2-2"), expected("e2", "own-home", "9-1", "6-1")),
        rule("r", expects("own-home"), step("ask", delay(2, "weeks", before=True), asks="conference")),
    )
    assert [entry.reason.code for entry in plan.values()] == ["wanted", "wanted"]


def test_the_question_before_the_move_covers_the_one_after_it() -> None:
    plan = planned(
        history(stay("a", "long-stay", "1-5", "6-1", "own-home"), expected("e", "own-home", "6-1", "2-2")),
        rule("r", expects("own-home"), step("ask", delay(2, "weeks", before=True), asks="conference")),
        rule("q", enters("own-home"), step("ask", 14, asks="conference")),
    )
    assert {key: entry.reason.code for key, entry in plan.items()} == {"r/ask": "wanted", "q/ask": "asked"}
