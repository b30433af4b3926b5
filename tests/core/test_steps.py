"""One step at one moment: its window, lateness, and the first reason why not."""

from __future__ import annotations

from datetime import time

from cti.core.rules import Is, Later, Not, Variant, Within
from tests.core.build import (
    CALENDAR,
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
    rule,
    stay,
    step,
    worker,
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


ARRIVED = history(stay("a", "crisis-shelter", "3-2"))


def test_a_step_may_have_an_hour_of_its_own() -> None:
    plan = planned(ARRIVED, rule("r", INTAKE, step("s", 14, at=time(15, 30), expires=delay(1, "weeks"))))
    assert (plan["r/s"].due, plan["r/s"].until) == (local("3-16", 15, 30), local("3-23", 15, 30))


def test_working_days_are_counted_over_weekends_and_holidays() -> None:
    plan = planned(
        history(stay("a", "crisis-shelter", "4-24")), rule("r", INTAKE, step("s", delay(2, "working days")))
    )
    assert plan["r/s"].due == local("4-29"), "25 and 26 April are a weekend, 27 April is King's Day"


def test_the_same_working_day_is_the_next_one_for_what_happens_in_a_weekend() -> None:
    same = rule("r", INTAKE, step("s", delay(0, "working days")))
    assert planned(history(stay("a", "crisis-shelter", "3-6")), same)["r/s"].due == noon("3-6")
    assert planned(history(stay("a", "crisis-shelter", "3-7")), same)["r/s"].due == local("3-9")


def test_later_is_judged_once_at_the_unpostponed_due() -> None:
    later = Later(Is("trust", ("growing",)), delay(2, "weeks"))
    postponed = rule("r", INTAKE, step("s", 14, later=later))
    shelter = stay("a", "crisis-shelter", "3-2")
    after = history(shelter, fact("f", "trust", "growing", "3-17"))
    assert planned(after, postponed)["r/s"].due == local("3-16")
    still = history(shelter, fact("f", "trust", "growing", "3-10"), fact("g", "trust", "yes", "3-20"))
    assert planned(still, postponed)["r/s"].due == local("3-30")


def test_later_is_judged_at_the_rolled_due() -> None:
    later = Later(Is("trust", ("growing",)), delay(2, "weeks"))
    told = history(stay("a", "crisis-shelter", "3-2"), fact("f", "trust", "growing", "3-9"))
    assert planned(told, rule("r", INTAKE, step("s", 5, later=later)))["r/s"].due == local("3-23")


def test_expiry_counts_from_the_postponed_and_rolled_due() -> None:
    later = Later(Is("trust", ("growing",)), delay(6))
    told = history(stay("a", "crisis-shelter", "3-2"), fact("f", "trust", "growing", "3-2"))
    plan = planned(told, rule("r", INTAKE, step("s", 14, later=later, expires=delay(1, "weeks"))))
    assert (plan["r/s"].due, plan["r/s"].until) == (local("3-23"), local("3-30"))


def test_conditions_are_judged_after_rolling() -> None:
    """Due on a Saturday; what is recorded on Sunday counts on Monday."""
    told = history(stay("a", "crisis-shelter", "3-2"), fact("f", "trust", "yes", "3-8"))
    assert planned(told, rule("r", INTAKE, step("s", 5, when=Is("trust", ("yes",)))))["r/s"].wanted


def test_conditions_of_a_late_step_are_judged_when_it_is_due_after_all() -> None:
    late = stay("a", "crisis-shelter", "3-2", known="3-20")
    told = history(late, fact("f", "trust", "yes", "3-18"))
    assert planned(told, rule("r", INTAKE, step("s", 7, when=Is("trust", ("yes",)))))["r/s"].wanted


def test_the_window_ends_at_the_first_of_all_that_can_end_it() -> None:
    ends = {
        "expiry": local("3-23"),
        "condition": local("3-25", 0),
        "closing": local("3-27", 0),
        "transition": local("3-31", 0),
    }
    for left_out in range(4):
        kept = list(ends)[left_out:]
        records = [stay("a", "crisis-shelter", "3-2", "3-31", "own-home")]
        if "closing" in kept:
            records.append(closed("c", "3-27"))
        if "condition" in kept:
            records.append(fact("f", "trust", "no", "3-25"))
        expires = delay(1, "weeks") if "expiry" in kept else None
        one = step("s", 14, when=Not(Is("trust", ("no",))), expires=expires)
        assert planned(history(*records), rule("r", INTAKE, one))["r/s"].until == ends[kept[0]], kept


def test_what_is_recorded_on_the_day_it_is_due_is_not_late() -> None:
    plan = planned(
        history(stay("a", "crisis-shelter", "3-2", known="3-9")),
        rule("r", INTAKE, step("s", 7, late="skip")),
    )
    assert (plan["r/s"].reason.code, plan["r/s"].due) == ("wanted", noon("3-9"))


def test_a_later_step_of_a_moment_that_came_late_stands() -> None:
    plan = planned(
        history(stay("a", "crisis-shelter", "3-2", known="3-20")),
        rule("r", INTAKE, step("s", 7, late="skip"), step("t", 28, late="skip")),
    )
    assert [entry.reason.code for entry in plan.values()] == ["skipped", "wanted"]


def test_what_did_not_need_asking_is_not_asked_about_because_it_came_late() -> None:
    late = stay("a", "crisis-shelter", "3-2", known="5-1")
    plan = planned(
        history(late, fact("f", "trust", "no", "3-2")),
        rule("r", INTAKE, step("s", 7, when=Not(Is("trust", ("no",))))),
    )
    assert {key: entry.reason.code for key, entry in plan.items()} == {"r/s": "condition"}


def test_the_first_variant_whose_condition_holds_at_due_is_the_wording() -> None:
    variants = (
        Variant(Is("trust", ("growing",)), "rule/gentle"),
        Variant(Is("trust", ("growing", "no")), "rule/other"),
    )
    texts = []
    for value in ("growing", "no", "yes"):
        told = history(stay("a", "crisis-shelter", "3-2"), fact("f", "trust", value, "3-5"))
        texts.append(planned(told, rule("r", INTAKE, step("s", 14, variants=variants)))["r/s"].text)
    assert texts == ["rule/gentle", "rule/other", "rule/s"]


def test_the_facts_that_decided_stand_in_the_reason_as_they_were_at_due() -> None:
    told = history(
        stay("a", "crisis-shelter", "3-2"),
        fact("f", "trust", "growing", "3-5"),
        fact("g", "trust", "yes", "3-20"),
    )
    one = step(
        "s",
        14,
        when=Not(Within("network-mapped", delay(1, "months"))),
        later=Later(Is("trust", ("no",)), delay(1)),
    )
    assert planned(told, rule("r", INTAKE, one))["r/s"].reason.facts == (
        ("network-mapped", None),
        ("trust", "growing"),
    )


def test_a_prompt_knows_its_key_its_role_and_when_it_was_wanted_before_lateness() -> None:
    late = history(stay("a", "crisis-shelter", "3-2", known="3-20"), worker("w", "w1", "3-2"))
    entry = planned(late, rule("r", INTAKE, step("s", 7, to="team-lead")))["r/s"]
    assert entry.key == "r/s/s:a:stay:entered"
    assert (entry.role, entry.wanted_at, entry.due) == ("team-lead", local("3-9"), noon("3-20"))


def test_steps_before_a_day_roll_backwards_also_when_they_are_postponed() -> None:
    later = Later(Is("trust", ("growing",)), delay(1, "weeks"))
    plan = planned(
        history(expected("e", "own-home", "5-15", "2-1"), fact("f", "trust", "growing", "2-1")),
        rule("r", expects("own-home"), step("s", delay(2, "weeks", before=True), later=later)),
    )
    assert plan["r/s"].due == local("5-8")
    assert CALENDAR.works(day("5-8"))
