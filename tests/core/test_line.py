"""The line: which stay holds on which day."""

from __future__ import annotations

from cti.core.events import Record, Stay
from cti.core.line import line, stays_of
from tests.core.build import day, record, stay


def told(*records: Record) -> list[tuple[str, str]]:
    """The line as (day, situation) pairs."""
    return [(f"{s.begin.month}-{s.begin.day}", s.situation) for s in line(stays_of(records))]


def edges(*records: Record) -> list[str]:
    return [segment.edge for segment in line(stays_of(records))]


def test_nobody_has_a_line_without_stays() -> None:
    assert told() == []


def test_an_open_stay_holds_from_its_first_day() -> None:
    assert told(stay("a", "street", "3-2")) == [("3-2", "street")]


def test_a_stay_that_ends_leads_to_its_destination() -> None:
    assert told(stay("a", "crisis-shelter", "3-2", "4-1", "own-home")) == [
        ("3-2", "crisis-shelter"),
        ("4-1", "own-home"),
    ]


def test_a_stay_that_ends_without_a_destination_leads_to_unknown() -> None:
    assert told(stay("a", "crisis-shelter", "3-2", "4-1")) == [("3-2", "crisis-shelter"), ("4-1", "unknown")]


def test_the_stay_that_began_last_holds_and_the_end_of_the_other_changes_nothing() -> None:
    assert told(
        stay("a", "crisis-shelter", "3-2", "4-10", "own-home"),
        stay("b", "long-stay", "4-1", "6-1", "own-home"),
    ) == [("3-2", "crisis-shelter"), ("4-1", "long-stay"), ("6-1", "own-home")]


def test_after_an_interruption_the_stay_that_is_still_open_holds_again() -> None:
    a, b = stay("a", "long-stay", "3-2"), stay("b", "institution", "4-1", "4-20", "street")
    assert told(a, b) == [("3-2", "long-stay"), ("4-1", "institution"), ("4-20", "long-stay")]
    assert edges(a, b) == ["s:a:stay:entered", "s:b:stay:entered", "s:b:stay:ended"]


def test_of_two_stays_that_began_on_one_day_the_higher_id_as_text_holds() -> None:
    assert told(stay("9", "street", "3-2"), stay("10", "crisis-shelter", "3-2")) == [("3-2", "street")]


def test_a_stay_of_zero_days_makes_no_segment_but_its_destination_holds() -> None:
    assert told(stay("a", "crisis-shelter", "3-2", "3-2", "own-home")) == [("3-2", "own-home")]


def test_a_stay_of_zero_days_during_another_changes_nothing() -> None:
    assert told(
        stay("a", "street", "3-2", "5-1", "own-home"), stay("b", "crisis-shelter", "4-1", "4-1", "long-stay")
    ) == [
        ("3-2", "street"),
        ("5-1", "own-home"),
    ]


def test_a_stay_of_zero_days_in_a_gap_gives_the_gap_its_destination() -> None:
    assert told(
        stay("a", "street", "3-2", "4-1"), stay("b", "crisis-shelter", "4-5", "4-5", "with-others")
    ) == [
        ("3-2", "street"),
        ("4-1", "unknown"),
        ("4-5", "with-others"),
    ]


def test_the_destination_of_the_stay_that_ended_last_holds_not_of_the_one_that_began_last() -> None:
    long, short = (
        stay("a", "street", "3-2", "5-1", "long-stay"),
        stay("b", "crisis-shelter", "3-10", "4-1", "own-home"),
    )
    assert told(long, short)[-2:] == [("4-1", "street"), ("5-1", "long-stay")]


def test_an_end_before_the_begin_is_read_as_a_stay_of_zero_days() -> None:
    odd = record("a", (Stay("street", day("3-10"), day("3-2"), "own-home"), "3-10"))
    assert told(odd) == [("3-10", "own-home")]


def test_a_stay_that_begins_on_the_day_another_ends_follows_it_without_a_gap() -> None:
    assert told(stay("a", "street", "3-2", "4-1"), stay("b", "long-stay", "4-1")) == [
        ("3-2", "street"),
        ("4-1", "long-stay"),
    ]
