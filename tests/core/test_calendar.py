"""Local days and times, working days and delays."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from cti.core.calendar import Calendar, add_months
from cti.core.rules import Unit
from tests.core.build import CALENDAR, day, delay


def test_a_wall_time_is_a_moment_in_winter_and_in_summer() -> None:
    assert CALENDAR.at(day("1-15"), time(9)) == datetime(2026, 1, 15, 8, tzinfo=UTC)
    assert CALENDAR.at(day("7-15"), time(9)) == datetime(2026, 7, 15, 7, tzinfo=UTC)


def test_a_wall_time_that_summer_time_skips_is_an_hour_later() -> None:
    skipped = CALENDAR.at(day("3-29"), time(2, 30))
    assert CALENDAR.local(skipped).time() == time(3, 30)


def test_of_a_wall_time_that_comes_twice_the_first_counts() -> None:
    assert CALENDAR.at(day("10-25"), time(2, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_day_begins_at_local_midnight_on_both_sides_of_the_earth() -> None:
    for zone in ("Pacific/Auckland", "Africa/Monrovia", "America/Vancouver"):
        calendar = Calendar(timezone=zone)
        begins = calendar.at(day("3-2"))
        assert calendar.day(begins) == day("3-2")
        assert calendar.day(begins - timedelta(microseconds=1)) == day("3-1")


def test_weekends_holidays_and_closing_days_are_no_working_days() -> None:
    calendar = Calendar(closing_days=frozenset({day("3-4")}))
    assert [calendar.works(day(f"3-{number}")) for number in (2, 3, 4, 5, 6, 7, 8)] == [
        True,
        True,
        False,
        True,
        True,
        False,
        False,
    ]
    assert not calendar.works(day("12-25"))
    assert not Calendar(weekdays=frozenset({0, 1})).works(day("3-4"))


def test_another_country_has_other_holidays() -> None:
    assert not CALENDAR.works(day("4-27"))
    assert Calendar(country="DE").works(day("4-27"))
    assert Calendar(country="").works(day("12-25"))


def test_a_day_rolls_to_the_next_working_day_or_back_to_the_one_before() -> None:
    assert CALENDAR.roll(day("3-7")) == day("3-9")
    assert CALENDAR.roll(day("3-7"), back=True) == day("3-6")
    assert CALENDAR.roll(day("3-9")) == CALENDAR.roll(day("3-9"), back=True) == day("3-9")
    assert CALENDAR.roll(day("4-3")) == day("4-7"), "from Good Friday past Easter Monday"


def test_where_nobody_ever_works_a_day_stays_what_it_is() -> None:
    assert Calendar(weekdays=frozenset()).roll(day("3-7")) == day("3-7")


@pytest.mark.parametrize(
    ("amount", "unit", "before", "expected"),
    [
        (0, "days", False, "3-6"),
        (3, "days", False, "3-9"),
        (3, "days", True, "3-3"),
        (2, "weeks", False, "3-20"),
        (2, "weeks", True, "2-20"),
        (1, "months", False, "4-6"),
        (3, "months", True, "2025-12-6"),
        (0, "working days", False, "3-6"),
        (1, "working days", False, "3-9"),
        (6, "working days", False, "3-16"),
        (1, "working days", True, "3-5"),
        (5, "working days", True, "2-27"),
    ],
)
def test_delays(amount: int, unit: Unit, before: bool, expected: str) -> None:
    """Counted from Friday 6 March 2026."""
    assert CALENDAR.add(day("3-6"), delay(amount, unit, before)) == day(expected)


def test_working_days_are_counted_from_a_day_off_as_from_any_other() -> None:
    assert CALENDAR.add_working_days(day("3-7"), 1) == day("3-9")
    assert CALENDAR.add_working_days(day("3-7"), -1) == day("3-6")
    assert CALENDAR.add_working_days(day("3-7"), 0) == day("3-7")


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 5, 31), 24, date(2028, 5, 31)),
    ],
)
def test_months_clip(start: date, months: int, expected: date) -> None:
    assert add_months(start, months) == expected


def test_the_digest_changes_with_all_that_a_plan_depends_on() -> None:
    others = [
        Calendar(timezone="Europe/London"),
        Calendar(country="BE"),
        Calendar(country="DE", subdivision="BY"),
        Calendar(weekdays=frozenset({0})),
        Calendar(closing_days=frozenset({day("12-24")})),
        Calendar(opens=time(8)),
        Calendar(closes=time(18)),
    ]
    assert len({calendar.digest for calendar in (CALENDAR, *others)}) == len(others) + 1
    assert Calendar().digest == CALENDAR.digest
