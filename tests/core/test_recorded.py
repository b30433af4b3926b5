"""Moments of recorded facts: a value that begins to hold, a date that was set."""

from __future__ import annotations

from cti.core.events import Fact
from cti.core.rules import Is
from tests.core.build import (
    day,
    delay,
    enters,
    fact,
    history,
    planned,
    record,
    records,
    rule,
    stay,
    step,
)


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
