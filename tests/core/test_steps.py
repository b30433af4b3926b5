"""One step at one moment: its window, lateness, and the first reason why not."""

from __future__ import annotations

from cti.core.rules import Is, Later, Not, Within
from tests.core.build import (
    CALENDAR,
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
    rule,
    stay,
    step,
)

INTAKE = enters("crisis-shelter")


def test_a_step_is_due_at_opening_time_on_its_day() -> None:
    plan = planned(history(stay("a", "crisis-shelter", "3-2")), rule("r", INTAKE, step("s", 14)))
    assert plan["r/s"].due == local("3-16")
    assert plan["r/s"].reason.code == "wanted"


def test_a_due_in_the_weekend_is_rolled_to_monday() -> None:
    plan = planned(history(stay("a", "crisis-shelter", "3-1")), rule("r", INTAKE, step("s", 6)))
    assert plan["r/s"].due == local("3-9")


def test_a_due_before_a_day_is_rolled_backwards() -> None:
    plan = planned(
        history(expected("e", "own-home", "4-6", "2-1")),
        rule("r", expects("own-home"), step("s", delay(1, "weeks", before=True))),
    )
    assert plan["r/s"].due == local("3-30")


def test_a_due_on_a_holiday_is_rolled_past_it() -> None:
    plan = planned(history(stay("a", "crisis-shelter", "4-20")), rule("r", INTAKE, step("s", 7)))
    assert plan["r/s"].due == local("4-28"), "27 April is King's Day"


def test_months_clip_at_the_end_of_a_short_month() -> None:
    plan = planned(
        history(stay("a", "crisis-shelter", "1-31")), rule("r", INTAKE, step("s", delay(1, "months")))
    )
    assert plan["r/s"].due == local("3-2"), "28 February is a Saturday"


def test_the_next_transition_closes_the_window() -> None:
    plan = planned(
        history(stay("a", "crisis-shelter", "3-2", "5-1", "own-home")), rule("r", INTAKE, step("s", 14))
    )
    assert plan["r/s"].until == local("5-1", 0)


def test_a_client_who_moved_on_before_the_due_is_not_asked_about() -> None:
    plan = planned(
        history(stay("a", "crisis-shelter", "3-2", "3-10", "own-home")), rule("r", INTAKE, step("s", 14))
    )
    assert plan["r/s"].reason.code == "moved-on"


def test_a_step_that_outlives_the_moment_stays_wanted_after_the_next_transition() -> None:
    plan = planned(
        history(stay("a", "crisis-shelter", "3-2", "3-10", "own-home")),
        rule("r", INTAKE, step("s", 14, outlives=True)),
    )
    assert plan["r/s"].reason.code == "wanted"
    assert plan["r/s"].until is None


def test_a_step_due_before_its_moment_was_known_is_due_when_it_was_known() -> None:
    late = stay("a", "crisis-shelter", "3-2", known="3-20")
    assert planned(history(late), rule("r", INTAKE, step("s", 14)))["r/s"].due == noon("3-20")


def test_expiry_counts_from_the_due_and_not_from_when_it_was_known() -> None:
    late = stay("a", "crisis-shelter", "3-2", known="3-20")
    plan = planned(history(late), rule("r", INTAKE, step("s", 7, expires=delay(2, "weeks"))))
    assert plan["r/s"].until == local("3-23")
    assert plan["r/s"].reason.code == "wanted"


def test_a_window_that_had_passed_when_the_moment_was_known_is_too_late() -> None:
    late = stay("a", "crisis-shelter", "3-2", known="3-25")
    plan = planned(history(late), rule("r", INTAKE, step("s", 7, expires=delay(2, "weeks"))))
    assert plan["r/s"].reason.code == "too-late"


def test_a_step_that_skips_what_is_late_says_so() -> None:
    late = stay("a", "crisis-shelter", "3-2", known="3-20")
    assert (
        planned(history(late), rule("r", INTAKE, step("s", 7, late="skip")))["r/s"].reason.code == "skipped"
    )


def test_conditions_are_judged_at_due_with_what_is_known_now_to_have_held_then() -> None:
    told_later = fact("f", "trust", "no", "3-10", known="4-30")
    plan = planned(
        history(stay("a", "crisis-shelter", "3-2"), told_later),
        rule("r", INTAKE, step("s", 14, when=Is("trust", ("no",), negated=True))),
    )
    assert plan["r/s"].reason.code == "condition"
    assert plan["r/s"].reason.facts == (("trust", "no"),)


def test_a_condition_that_ceases_to_hold_closes_the_window() -> None:
    plan = planned(
        history(stay("a", "crisis-shelter", "3-2"), fact("f", "network-mapped", day("4-7"), "4-7")),
        rule("r", INTAKE, step("s", 14, when=Not(Within("network-mapped", delay(6, "months"))))),
    )
    assert plan["r/s"].reason.code == "wanted"
    assert plan["r/s"].until == local("4-7", 0)


def test_a_step_comes_later_where_trust_is_still_growing() -> None:
    later = Later(Is("trust", ("growing",)), delay(2, "weeks"))
    plan = planned(
        history(stay("a", "crisis-shelter", "3-2"), fact("f", "trust", "growing", "3-5")),
        rule("r", INTAKE, step("s", 21, later=later)),
    )
    assert plan["r/s"].due == local("4-7"), "6 April is Easter Monday"


def test_the_wall_time_holds_across_both_changes_of_the_clock() -> None:
    plan = planned(
        history(stay("a", "crisis-shelter", "3-2")), rule("r", INTAKE, step("one", 21), step("two", 35))
    )
    assert [CALENDAR.local(plan[f"r/{name}"].due or noon("1-1")).hour for name in ("one", "two")] == [9, 9]


def test_nothing_due_before_since_is_prompted_about_a_day_to_come() -> None:
    plan = planned(
        history(expected("e", "own-home", "6-1", "1-5")),
        rule("r", expects("own-home"), step("s", delay(8, "weeks", before=True)), since=day("5-1")),
    )
    assert plan["r/s"].reason.code == "before-since"
