"""The plan: windows, lateness, conditions and questions, told as a client's story."""

from __future__ import annotations

from datetime import date

from cti.core.events import Answer, Expected, Fact, Record, RecordId, Stay, Version
from cti.core.rules import AnyOf, Changes, Entered, Is, Later, Not, Within
from tests.core.build import (
    CALENDAR,
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
    records,
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


def test_an_unknown_fact_satisfies_not_and_nothing_else() -> None:
    plan = planned(
        history(stay("a", "crisis-shelter", "3-2")),
        rule(
            "r",
            INTAKE,
            step("yes", 1, when=Is("trust", ("yes",), negated=True)),
            step("no", 1, when=Is("trust", ("yes",))),
            step("within", 1, when=Within("network-mapped", delay(1, "weeks"))),
            step("either", 1, when=AnyOf((Is("trust", ("yes",)), Is("trust", ("no",), negated=True)))),
        ),
    )
    codes = {name: plan[f"r/{name}"].reason.code for name in ("yes", "no", "within", "either")}
    assert codes == {"yes": "wanted", "no": "condition", "within": "condition", "either": "wanted"}


def test_a_client_who_came_three_times_in_a_year_is_noticed() -> None:
    stays = [
        stay("a", "crisis-shelter", "2025-6-2", "2025-6-20"),
        stay("b", "crisis-shelter", "2025-10-1", "2025-10-20"),
        stay("c", "crisis-shelter", "3-2"),
    ]
    often = Entered("crisis-shelter", 3, delay(12, "months"))
    plan = planned(history(*stays), rule("r", INTAKE, step("s", 1, when=often), since=date(2026, 1, 1)))
    assert plan["r/s"].reason.code == "wanted"


def test_what_was_said_about_a_conference_is_unknown_after_the_next_transition() -> None:
    again = Is("conference", ("declined",), negated=True)
    plan = planned(
        history(
            stay("a", "crisis-shelter", "3-2", "5-1", "long-stay"),
            fact("f", "conference", "declined", "3-10"),
        ),
        rule("r", enters("crisis-shelter", "long-stay"), step("s", 14, when=again)),
    )
    assert plan["r/s"].reason.code == "condition"
    assert plan["r/s 2026-05-01"].reason.code == "wanted"


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


def test_a_step_comes_later_where_trust_is_still_growing() -> None:
    later = Later(Is("trust", ("growing",)), delay(2, "weeks"))
    plan = planned(
        history(stay("a", "crisis-shelter", "3-2"), fact("f", "trust", "growing", "3-5")),
        rule("r", INTAKE, step("s", 21, later=later)),
    )
    assert plan["r/s"].due == local("4-7"), "6 April is Easter Monday"


def test_one_question_is_put_once_for_a_transition_whatever_the_rules() -> None:
    plan = planned(
        history(stay("a", "crisis-shelter", "3-2")),
        rule("late", INTAKE, step("s", 21, asks="conference")),
        rule("early", INTAKE, step("s", 7, asks="conference"), step("again", 40, asks="conference")),
    )
    codes = {key: entry.reason.code for key, entry in plan.items()}
    assert codes == {"late/s": "asked", "early/s": "wanted", "early/again": "asked"}


def test_a_step_before_waits_for_a_day() -> None:
    plan = planned(
        history(expected("e", "own-home", None, "3-2")),
        rule("r", expects("own-home"), step("before", delay(2, "weeks", before=True)), step("now", 3)),
    )
    assert plan["r/before"].reason.code == "waiting"
    assert plan["r/now"].due == local("3-5")


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


def test_a_review_date_is_a_moment_on_that_day() -> None:
    plan = planned(
        history(fact("f", "review-date", day("6-1"), "4-1"), fact("g", "review-date", day("9-1"), "4-1")),
        rule("r", records("review-date"), step("before", delay(1, "weeks", before=True))),
    )
    assert sorted(str(entry.day) for entry in plan.values()) == ["2026-06-01", "2026-09-01"]


def test_a_conference_date_recorded_anew_before_the_day_moves_the_moment() -> None:
    plan = planned(
        history(
            fact("f", "conference-date", day("6-1"), "4-1"), fact("g", "conference-date", day("7-1"), "5-1")
        ),
        rule("r", records("conference-date"), step("before", delay(2, "weeks", before=True))),
    )
    assert [(e.name, e.day) for e in plan.values()] == [("s:f:fact:conference-date", day("7-1"))]


def test_a_change_of_worker_prompts_the_worker_of_before() -> None:
    plan = planned(
        history(stay("a", "long-stay", "1-5"), worker("w", "w1", "1-5"), worker("x", "w2", "4-1")),
        rule("r", Changes(), step("hand-over", 0, to="previous-worker")),
    )
    assert [(e.day, e.worker) for e in plan.values()] == [(day("4-1"), "w1")]


def test_a_closed_file_withdraws_what_is_open_and_a_new_stay_opens_it() -> None:
    plan = planned(
        history(
            stay("a", "crisis-shelter", "3-2", "3-10"),
            closed("c", "3-10"),
            stay("b", "crisis-shelter", "5-4"),
        ),
        rule("r", INTAKE, step("s", 14)),
    )
    codes = sorted((str(entry.day), entry.reason.code) for entry in plan.values())
    assert codes == [("2026-03-02", "closed"), ("2026-05-04", "wanted")]


def test_who_died_is_not_asked_about_even_if_a_stay_begins() -> None:
    plan = planned(
        history(closed("c", "3-10", "deceased"), stay("b", "crisis-shelter", "5-4")),
        rule("r", INTAKE, step("s", 14)),
    )
    assert plan["r/s"].reason.code == "closed"


def test_moments_before_since_never_prompt() -> None:
    plan = planned(
        history(stay("a", "crisis-shelter", "3-2")), rule("r", INTAKE, step("s", 60), since=day("3-3"))
    )
    assert plan == {}


def test_nothing_due_before_since_is_prompted_about_a_day_to_come() -> None:
    plan = planned(
        history(expected("e", "own-home", "6-1", "1-5")),
        rule("r", expects("own-home"), step("s", delay(8, "weeks", before=True)), since=day("5-1")),
    )
    assert plan["r/s"].reason.code == "before-since"


def test_a_repeat_within_the_gap_is_one_with_what_it_echoes() -> None:
    plan = planned(
        history(
            stay("a", "crisis-shelter", "3-2", "4-1", "long-stay"),
            fact("f", "conference", "agreed", "3-28"),
            fact("echo", "conference", "agreed", "4-3"),
        ),
        rule("r", records("conference", "agreed"), step("s", 14)),
        rule("q", enters("long-stay"), step("s", 14, when=Is("conference", ("agreed",), negated=True))),
    )
    assert sorted(plan) == ["q/s", "r/s"]
    assert plan["q/s"].reason.code == "wanted"


def test_the_wall_time_holds_across_both_changes_of_the_clock() -> None:
    plan = planned(
        history(stay("a", "crisis-shelter", "3-2")), rule("r", INTAKE, step("one", 21), step("two", 35))
    )
    assert [CALENDAR.local(plan[f"r/{name}"].due or noon("1-1")).hour for name in ("one", "two")] == [9, 9]


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


def test_a_retracted_expectation_is_no_moment() -> None:
    gone = record("e", (Expected("own-home", day("6-1")), "3-2"), (None, "3-9"), part="expected")
    assert planned(history(gone), rule("r", expects("own-home"), step("s", 1))) == {}


def test_a_changed_value_is_a_new_moment_and_a_repeated_one_is_not() -> None:
    plan = planned(
        history(
            fact("f", "trust", "growing", "3-2"),
            fact("g", "trust", "growing", "5-1"),
            fact("h", "trust", "yes", "6-1"),
        ),
        rule("r", records("trust"), step("s", 1)),
    )
    assert sorted(str(entry.day) for entry in plan.values()) == ["2026-03-02", "2026-06-01"]


def test_a_corrected_fact_keeps_its_name() -> None:
    corrected = record(
        "f",
        (Fact("review-date", day("6-1"), day("4-1")), "4-1"),
        (Fact("review-date", day("6-15"), day("4-1")), "4-9"),
        part="fact",
    )
    plan = planned(history(corrected), rule("r", records("review-date"), step("s", 3)))
    assert [(e.name, e.day) for e in plan.values()] == [("s:f:fact:review-date", day("6-15"))]
