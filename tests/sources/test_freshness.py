"""A source that brings nothing new for too long is noticed, by the hours that the organisation is open."""

from datetime import UTC, datetime

import pytest

from cti.core.calendar import Calendar
from cti.sources.freshness import is_quiet, working_hours
from cti.sources.settings import Quiet

CALENDAR = Calendar()
FRIDAY_FOUR = datetime(2026, 3, 6, 15, 0, tzinfo=UTC)


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def test_nights_and_weekends_do_not_count() -> None:
    assert working_hours(CALENDAR, FRIDAY_FOUR, at(9, 9)) == 2.0
    assert working_hours(CALENDAR, FRIDAY_FOUR, at(8, 23)) == 1.0


# The sixteenth working hour after Friday four o'clock ends on Tuesday at four, which is 15:00 UTC.
@pytest.mark.parametrize(
    ("limit", "now", "quiet"),
    [
        (Quiet(16, "working hours"), at(10, 14), False),
        (Quiet(16, "working hours"), at(10, 15), True),
        (Quiet(2, "working days"), at(10, 14), False),
        (Quiet(2, "working days"), at(10, 15), True),
        (Quiet(48, "hours"), at(8, 14), False),
        (Quiet(48, "hours"), at(8, 15), True),
        (Quiet(2, "days"), at(8, 14), False),
        (Quiet(2, "days"), at(8, 15), True),
    ],
)
def test_a_source_is_quiet_when_the_limit_has_passed(limit: Quiet, now: datetime, quiet: bool) -> None:
    assert is_quiet(FRIDAY_FOUR, now, limit, CALENDAR) is quiet
