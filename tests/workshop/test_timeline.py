"""A rule over time: the days are the planner's own, whatever the rule answers to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cti.core.calendar import Calendar
from cti.core.rules import Changes, Delay, Enters, Escalate, Is, Later, On, Records, Remind, Rulebook, Step
from cti.rulebook.check import Checked, read_with_tests
from cti.workshop.timeline import Span, TimedStep, Timeline, example_day, timeline
from tests.core.build import CALENDAR, book, day, delay, enters, expects, rule, step

TOP = Path(__file__).parents[2]
MONDAY = day("3-2")
GROWING = Is("trust", ("growing",))


def timed(on: On, *steps: Step, at: date = MONDAY, calendar: Calendar = CALENDAR) -> Timeline:
    one = rule("rule", on, *steps)
    return timeline(one, book(one), calendar, at)


def days(line: Timeline) -> dict[str, str]:
    """Each step with the day on which it comes."""
    return {entry.step.id: f"{entry.span.due:%-m-%-d}" if entry.span else "" for entry in line.steps}


def only(line: Timeline) -> TimedStep:
    [entry] = line.steps
    return entry


@pytest.fixture(scope="module")
def shipped() -> Checked:
    return read_with_tests(TOP / "rules", ("nl", "en"), TOP / "templates", ())


@pytest.mark.parametrize(
    ("today", "monday"), [("2025-6-1", "2026-3-2"), ("2026-12-31", "2027-3-1"), ("2027-1-1", "2028-3-6")]
)
def test_the_example_is_the_first_monday_of_march_of_the_coming_year(today: str, monday: str) -> None:
    assert example_day(day(today)) == day(monday)


def test_a_step_comes_on_its_working_day_and_is_open_until_it_expires() -> None:
    entry = only(timed(enters("crisis-shelter"), step("call", delay(5), expires=delay(4, "weeks"))))
    assert entry.span == Span(day("3-9"), day("4-6"))


def test_a_holiday_moves_a_step_as_it_will() -> None:
    line = timed(enters("crisis-shelter"), step("call", delay(2, "working days")), at=day("4-3"))
    assert days(line) == {"call": "4-8"}


def test_without_an_end_of_its_own_a_prompt_waits_for_the_next_transition() -> None:
    assert only(timed(enters("crisis-shelter"), step("call", 14))).span == Span(day("3-16"), None)


def test_conditions_count_as_met() -> None:
    assert days(timed(enters("crisis-shelter"), step("call", 14, when=GROWING))) == {"call": "3-16"}


def test_what_comes_later_under_a_condition_is_worked_out_beside_it() -> None:
    postponed = step(
        "ask", delay(4, "weeks"), later=Later(GROWING, delay(1, "weeks")), expires=delay(2, "weeks")
    )
    entry = only(timed(enters("crisis-shelter"), postponed))
    assert (entry.span, entry.later) == (Span(day("3-30"), day("4-13")), Span(day("4-7"), day("4-21")))


def test_one_step_that_comes_later_leaves_the_others_where_they_are() -> None:
    first = step("first", 14, later=Later(GROWING, delay(1, "weeks")))
    second = step("second", 14, after="first")
    line = timed(enters("crisis-shelter"), first, second)
    assert days(line) == {"first": "3-16", "second": "3-30"}


def test_a_step_after_another_counts_from_its_answer_and_unanswered_from_its_end() -> None:
    first = step("first", 14, expires=delay(4, "weeks"))
    second = step("second", delay(2, "weeks"), after="first")
    third = step("third", delay(1, "weeks"), after="second", outlives=True)
    line = timed(enters("crisis-shelter"), first, second, third)
    assert days(line) == {"first": "3-16", "second": "3-30", "third": "4-7"}
    assert [entry.unanswered for entry in line.steps] == [None, Span(day("4-28"), None), None]


def test_steps_before_an_expected_day_are_known_in_time() -> None:
    line = timed(expects("own-home"), step("choose", delay(10, "weeks", before=True)), step("settle", 3))
    assert days(line) == {"choose": "12-22", "settle": "3-5"}
    assert line.first == day("2025-12-22")


def test_what_comes_after_an_expectation_has_lapsed_says_so() -> None:
    assert only(timed(expects("own-home"), step("late", 30))).span == Span(day("4-1"), day("3-16"), "lapsed")


def test_an_expectation_without_a_day_counts_from_its_recording() -> None:
    before = step("dated", delay(8, "weeks", before=True), asks="conference")
    after = step(
        "undated", delay(3, "working days"), asks="conference", remind=Remind(delay(5, "working days"), 1)
    )
    dated, undated = timed(expects("own-home"), before, after).steps
    assert (dated.undated, undated.undated) == (None, Span(day("3-5"), None))
    assert undated.span is not None
    assert (undated.span.standing, undated.reminders) == ("asked", ())


@pytest.mark.parametrize(
    "on",
    [
        Enters(("street", "crisis-shelter")),
        Enters(("crisis-shelter",), ("street", "at-risk")),
        Enters(("crisis-shelter",), ("street", "at-risk", "unknown"), origins_negated=True),
        Enters(("crisis-shelter",), ("unknown",)),
        Enters(("unknown",)),
        Enters(("unknown",), ("crisis-shelter",)),
        Enters(("unknown",), ("crisis-shelter",), origins_negated=True),
        Records("conference", ("agreed", "declined")),
        Records("review-date"),
        Records("conference-date"),
        Changes(),
    ],
    ids=repr,
)
def test_whatever_a_rule_answers_to_its_steps_get_their_days(on: On) -> None:
    assert days(timed(on, step("call", 14))) == {"call": "3-16"}


def test_a_rule_that_can_never_run_has_steps_without_days() -> None:
    line = timed(Enters(("unknown",), ("unknown",)), step("call", 14))
    assert (days(line), line.first, line.last) == ({"call": ""}, MONDAY, MONDAY)


def test_a_rule_that_is_off_or_not_yet_in_force_is_shown_as_it_would_run() -> None:
    one = replace(rule("rule", enters("street"), step("call", 14), since=date(2030, 1, 1)), off=True)
    assert days(timeline(one, book(one), CALENDAR, MONDAY)) == {"call": "3-16"}


def test_reminders_and_escalation_count_working_days_and_keep_within_the_window() -> None:
    remind = Remind(delay(5, "working days"), 3)
    escalate = Escalate(delay(10, "working days"), "team-lead")
    call = step("call", 14, expires=delay(3, "weeks"), remind=remind, escalate=escalate)
    entry = only(timed(enters("street"), call))
    assert entry.reminders == (day("3-23"), day("3-30"))
    assert entry.escalation == day("3-30")
    brief = only(timed(enters("street"), replace(call, expires=delay(1, "weeks"))))
    assert (brief.reminders, brief.escalation) == ((), None)


def test_steps_stand_in_the_order_of_their_days() -> None:
    line = timed(enters("street"), step("later", 30), step("sooner", 3), step("between", 14))
    assert list(days(line)) == ["sooner", "between", "later"]


def test_the_same_question_is_found_in_other_rules_that_are_on() -> None:
    here = rule("here", enters("street"), step("ask", 14, asks="conference"), step("call", 3))
    there = rule(
        "there", enters("own-home"), step("ask", 14, asks="conference"), step("else", 3, asks="arrival")
    )
    away = replace(rule("away", enters("own-home"), step("ask", 14, asks="conference")), off=True)
    line = timeline(here, book(here, there, away), CALENDAR, MONDAY)
    assert [entry.same_question for entry in line.steps] == [(), (("there", "ask"),)]


def test_each_step_that_is_shipped_gets_its_day(shipped: Checked) -> None:
    book = shipped.loaded.rulebook
    assert book is not None
    for one in book.rules:
        line = timeline(one, book, CALENDAR, MONDAY)
        assert [entry.step.id for entry in line.steps if entry.span is None] == []
        assert {entry.step.id for entry in line.steps} == {step.id for step in one.steps}


def test_the_days_are_those_of_the_rules_own_tests(shipped: Checked) -> None:
    book = shipped.loaded.rulebook
    assert book is not None
    intake = book.rule("crisis-intake")
    assert intake is not None
    assert days(timeline(intake, book, CALENDAR, MONDAY)) == {
        "first-days": "3-4",
        "map-network": "3-16",
        "propose-conference": "3-23",
    }


@given(
    after=some.integers(0, 800).map(lambda n: day("1-1") + timedelta(days=n)),
    due=some.builds(
        Delay, some.integers(0, 40), some.sampled_from(["days", "working days", "weeks", "months"])
    ),
)
def test_on_any_day_a_step_comes_where_the_calendar_puts_it(after: date, due: Delay) -> None:
    span = only(timed(enters("street"), step("call", due), at=after)).span
    assert span is not None
    assert span.due == CALENDAR.roll(CALENDAR.add(after, due))


def test_the_rulebook_is_left_as_it_is(shipped: Checked) -> None:
    book = shipped.loaded.rulebook
    assert isinstance(book, Rulebook)
    timeline(book.rules[0], book, CALENDAR, MONDAY)
    assert book == shipped.loaded.rulebook
