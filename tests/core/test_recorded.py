"""Moments of recorded facts: a value that begins to hold, a date that was set."""

from __future__ import annotations

from cti.core.events import Fact, Record
from cti.core.life import live
from cti.core.moments import Moment
from cti.core.rules import Is
from tests.core.build import (
    CALENDAR,
    VOCABULARY,
    answer,
    day,
    delay,
    enters,
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


def moments(*records: Record) -> list[Moment]:
    return [m for m in live(history(*records), VOCABULARY, CALENDAR).moments if m.kind == "records"]


def test_an_answer_and_the_export_that_echoes_it_are_one_moment_named_by_the_first() -> None:
    said = answer("r/s/s:a:stay:entered", "agreed", local("3-10", 15), conference="agreed")
    (one,) = moments(said, fact("f", "conference", "agreed", "3-12"))
    assert one.name == "cti:r/s/s:a:stay:entered:answer:conference"
    assert one.names == ("cti:r/s/s:a:stay:entered:answer:conference", "s:f:fact:conference")
    assert (one.day, one.known) == (day("3-10"), local("3-10", 15))


def test_a_fact_deleted_and_typed_in_again_leaves_its_name_with_the_moment() -> None:
    gone = record("f", (Fact("trust", "yes", day("3-10")), "3-10"), (None, "3-20"), part="fact")
    (one,) = moments(gone, fact("g", "trust", "yes", "3-12", known="3-20"))
    assert one.names == ("s:f:fact:trust", "s:g:fact:trust")
    assert one.known == noon("3-10")


def test_a_fact_deleted_longer_than_a_gap_before_is_another_moment() -> None:
    gone = record("f", (Fact("trust", "yes", day("3-10")), "3-10"), (None, "3-20"), part="fact")
    (one,) = moments(gone, fact("g", "trust", "yes", "3-25"))
    assert one.names == ("s:g:fact:trust",)


def test_a_fact_with_another_value_leaves_no_name() -> None:
    gone = record("f", (Fact("trust", "no", day("3-10")), "3-10"), (None, "3-11"), part="fact")
    (one,) = moments(gone, fact("g", "trust", "yes", "3-11"))
    assert one.names == ("s:g:fact:trust",)


def test_a_value_recorded_late_between_two_equal_ones_makes_two_moments_of_one() -> None:
    said = [fact("f", "trust", "yes", "3-2"), fact("g", "trust", "yes", "3-10")]
    assert len(moments(*said)) == 1
    assert len(moments(*said, fact("h", "trust", "no", "3-5", known="4-1"))) == 3


def test_what_follows_a_recorded_fact_ends_at_the_next_transition_unless_it_outlives() -> None:
    plan = planned(
        history(
            stay("a", "crisis-shelter", "3-2", "4-1", "long-stay"),
            fact("f", "conference", "agreed", "3-20"),
        ),
        rule("r", records("conference", "agreed"), step("s", 14), step("t", 14, outlives=True)),
    )
    assert {key: entry.reason.code for key, entry in plan.items()} == {"r/s": "moved-on", "r/t": "wanted"}


def test_a_date_moment_belongs_to_the_time_in_which_it_was_set() -> None:
    """A client who moves on between the setting of a date and the date is asked only by what outlives."""
    plan = planned(
        history(
            stay("a", "crisis-shelter", "3-2", "4-1", "long-stay"),
            fact("f", "review-date", day("6-1"), "3-20"),
        ),
        rule("r", records("review-date"), step("s", 3), step("t", 3, outlives=True)),
    )
    assert {key: entry.reason.code for key, entry in plan.items()} == {"r/s": "moved-on", "r/t": "wanted"}


def test_a_date_set_anew_after_it_has_passed_is_a_new_moment() -> None:
    (first, second) = moments(
        fact("f", "conference-date", day("4-1"), "3-2"), fact("g", "conference-date", day("8-3"), "6-1")
    )
    assert (first.day, second.day) == (day("4-1"), day("8-3"))


def test_a_date_set_anew_within_a_gap_after_it_moves_the_moment() -> None:
    (one,) = moments(
        fact("f", "conference-date", day("4-1"), "3-2"), fact("g", "conference-date", day("5-4"), "4-15")
    )
    assert (one.name, one.day) == ("s:f:fact:conference-date", day("5-4"))


def test_a_date_that_lasts_a_transition_is_not_moved_by_one_set_after_it() -> None:
    move = stay("a", "crisis-shelter", "3-2", "4-1", "long-stay")
    found = moments(
        move,
        fact("f", "conference-date", day("5-4"), "3-20"),
        fact("g", "conference-date", day("6-1"), "4-2"),
    )
    assert [moment.day for moment in found] == [day("5-4"), day("6-1")]


def test_a_date_deleted_and_typed_in_again_on_another_day_moves_the_moment() -> None:
    gone = record("f", (Fact("conference-date", day("6-1"), day("4-1")), "4-1"), (None, "5-10"), part="fact")
    (one,) = moments(gone, fact("g", "conference-date", day("7-15"), "5-11"))
    assert one.names == ("s:f:fact:conference-date", "s:g:fact:conference-date")


def test_a_date_that_had_passed_when_it_was_deleted_is_not_moved_by_a_new_one() -> None:
    gone = record("f", (Fact("conference-date", day("2-2"), day("1-5")), "1-5"), (None, "5-10"), part="fact")
    (one,) = moments(gone, fact("g", "conference-date", day("7-15"), "5-11"))
    assert one.names == ("s:g:fact:conference-date",)


def test_where_several_dates_stand_side_by_side_a_deleted_one_leaves_its_name_only_near_its_day() -> None:
    gone = record("f", (Fact("review-date", day("6-1"), day("4-1")), "4-1"), (None, "4-10"), part="fact")
    far, near = fact("g", "review-date", day("9-1"), "4-10"), fact("h", "review-date", day("6-3"), "4-10")
    assert {moment.day: len(moment.names) for moment in moments(gone, far, near)} == {
        day("9-1"): 1,
        day("6-3"): 2,
    }


def test_one_date_recorded_twice_side_by_side_is_one() -> None:
    (one,) = moments(
        fact("f", "review-date", day("6-1"), "3-2"), fact("g", "review-date", day("6-1"), "4-20")
    )
    assert one.names == ("s:f:fact:review-date", "s:g:fact:review-date")


def test_a_rule_may_answer_to_any_value_or_to_some() -> None:
    said = history(fact("f", "trust", "growing", "3-2"), fact("g", "trust", "yes", "5-1"))
    some = planned(said, rule("r", records("trust", "yes", "no"), step("s", 1)))
    assert [entry.day for entry in some.values()] == [day("5-1")]
