"""Closings: no step of the line falls on or after one until the file opens again."""

from __future__ import annotations

from cti.core.events import Record
from cti.core.rules import Entered
from cti.core.spells import spells
from tests.core.build import (
    closed,
    day,
    delay,
    enters,
    expected,
    expects,
    fact,
    history,
    planned,
    records,
    rule,
    stay,
    step,
)

INTAKE = enters("crisis-shelter")


def told(*records: Record) -> list[tuple[str, str | None, str]]:
    """The steps of the line as (day, from, to)."""
    return [(f"{s.begin.month}-{s.begin.day}", s.origin, s.situation) for s in spells(records, 14)]


def test_no_step_falls_on_the_day_of_the_closing() -> None:
    assert told(stay("a", "crisis-shelter", "3-2", "3-10", "own-home"), closed("c", "3-10")) == [
        ("3-2", None, "crisis-shelter")
    ]


def test_no_step_falls_after_the_closing_of_someone_who_died() -> None:
    assert told(
        stay("a", "crisis-shelter", "3-2", "3-10"),
        closed("c", "3-10", "deceased"),
        stay("b", "long-stay", "4-1"),
    ) == [("3-2", None, "crisis-shelter")]


def test_the_stay_that_opens_the_file_is_a_step_from_where_the_client_was_meanwhile() -> None:
    assert told(
        stay("a", "crisis-shelter", "3-2", "3-10", "own-home"),
        closed("c", "3-10"),
        stay("b", "crisis-shelter", "9-1"),
    ) == [("3-2", None, "crisis-shelter"), ("9-1", "own-home", "crisis-shelter")]


def test_a_stay_that_opens_the_file_is_a_step_although_its_situation_was_known_by_destination() -> None:
    line = (
        stay("a", "crisis-shelter", "3-2", "3-10", "own-home"),
        closed("c", "3-10"),
        stay("b", "own-home", "5-4"),
    )
    assert told(*line) == [("3-2", None, "crisis-shelter"), ("5-4", "own-home", "own-home")]
    assert spells(line, 14)[-1].name == "s:b:stay:entered"


def test_a_stay_that_begins_on_the_day_of_the_closing_does_not_open_the_file() -> None:
    assert told(
        stay("a", "crisis-shelter", "3-2", "3-10"), closed("c", "3-10"), stay("b", "long-stay", "3-10")
    ) == [("3-2", None, "crisis-shelter")]


def test_a_file_that_opens_on_an_end_day_shows_where_the_client_stands_by_then() -> None:
    line = (
        stay("a", "crisis-shelter", "3-2", "4-1"),
        closed("c", "3-20", "opted-out", until="6-1"),
        stay("b", "long-stay", "5-4"),
    )
    assert told(*line) == [("3-2", None, "crisis-shelter"), ("6-1", "unknown", "long-stay")]
    assert spells(line, 14)[-1].name == "s:b:stay:entered"


def test_a_file_that_opens_on_an_end_day_with_the_client_where_they_were_makes_no_step() -> None:
    assert told(stay("a", "crisis-shelter", "3-2"), closed("c", "4-1", "opted-out", until="6-1")) == [
        ("3-2", None, "crisis-shelter")
    ]


def test_a_file_that_opens_on_the_day_it_was_closed_was_not_closed() -> None:
    assert told(
        stay("a", "crisis-shelter", "3-2", "3-20"),
        closed("c", "3-20", until="3-20"),
    ) == [("3-2", None, "crisis-shelter"), ("3-20", "crisis-shelter", "unknown")]


def test_two_closings_in_a_row_open_at_their_own_days() -> None:
    assert told(
        stay("a", "crisis-shelter", "3-2", "3-12"),
        closed("c", "3-10", "opted-out", until="4-1"),
        closed("d", "4-20", "opted-out", until="5-1"),
    ) == [("3-2", None, "crisis-shelter"), ("4-1", "crisis-shelter", "unknown")]


def test_a_file_closed_for_a_transfer_makes_no_step_and_ends_nothing() -> None:
    plan = planned(
        history(
            stay("a", "crisis-shelter", "3-2", "3-10"),
            closed("c", "3-10"),
            stay("b", "crisis-shelter", "3-16"),
        ),
        rule("r", enters("crisis-shelter"), step("during", 10), step("after", 21)),
    )
    assert [(str(entry.day), entry.reason.code) for entry in plan.values()] == [("2026-03-02", "wanted")] * 2


def test_a_file_closed_for_longer_than_a_gap_opens_with_a_new_step() -> None:
    assert told(
        stay("a", "crisis-shelter", "3-2", "3-20"),
        closed("c", "3-8"),
        stay("b", "crisis-shelter", "3-25"),
    ) == [("3-2", None, "crisis-shelter"), ("3-25", "crisis-shelter", "crisis-shelter")]


def test_a_file_closed_for_good_meanwhile_is_not_opened_by_a_stay() -> None:
    assert told(
        stay("a", "crisis-shelter", "3-2", "3-10"),
        closed("c", "3-10"),
        closed("d", "4-1", "deceased"),
        stay("b", "crisis-shelter", "9-1"),
    ) == [("3-2", None, "crisis-shelter")]


def test_what_would_have_been_a_step_has_its_rows_and_they_say_why_not() -> None:
    plan = planned(
        history(stay("a", "crisis-shelter", "3-2", "3-10", "own-home"), closed("c", "3-10")),
        rule("r", enters("own-home"), step("week", 7), step("month", 28, outlives=True)),
    )
    assert [entry.reason.code for entry in plan.values()] == ["closed"] * 2


def test_a_closing_on_the_day_of_the_exit_is_the_reason_and_not_the_exit() -> None:
    plan = planned(
        history(stay("a", "crisis-shelter", "3-2", "3-10"), closed("c", "3-10")),
        rule("r", enters("crisis-shelter"), step("s", 14)),
    )
    assert plan["r/s"].reason.code == "closed"


def test_closing_ends_what_would_be_due_after_the_file_opens_again_however_late_its_moment_was_known() -> (
    None
):
    for known in ("3-2", "3-20"):
        plan = planned(
            history(
                stay("a", "own-home", "3-2", known=known),
                closed("c", "3-10"),
                stay("b", "crisis-shelter", "5-4"),
            ),
            rule("r", enters("own-home"), step("s", delay(6, "months"), outlives=True)),
        )
        assert plan["r/s"].reason.code == "closed", known


def test_closing_ends_an_expectation_and_a_date_to_come() -> None:
    plan = planned(
        history(
            stay("a", "crisis-shelter", "3-2"),
            expected("e", "own-home", "6-1", "3-3"),
            fact("f", "review-date", day("6-1"), "3-3"),
            closed("c", "4-1"),
        ),
        rule("r", expects("own-home"), step("s", delay(2, "weeks", before=True))),
        rule("q", records("review-date"), step("s", delay(1, "weeks", before=True))),
    )
    assert [entry.reason.code for entry in plan.values()] == ["closed"] * 2


def test_what_happened_while_the_file_was_closed_does_not_count_as_entered() -> None:
    plan = planned(
        history(
            stay("a", "crisis-shelter", "1-5", "2-1", "street"),
            closed("c", "1-20", "opted-out", until="6-1"),
            stay("b", "crisis-shelter", "3-2", "4-1", "street"),
            stay("d", "crisis-shelter", "7-1"),
        ),
        rule("r", enters("crisis-shelter"), step("s", 1, when=Entered("crisis-shelter", 3))),
    )
    assert [entry.reason.code for entry in plan.values()] == ["condition", "closed", "condition"]


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
