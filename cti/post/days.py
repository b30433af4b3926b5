"""On which days and hours people are mailed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache

from cti.core.calendar import ONE_DAY, Calendar
from cti.core.people import Person
from cti.post.delivery import Habits


def calendar_of(person: Person | None, calendar: Calendar) -> Calendar:
    """The calendar by which this person's working days count: the weekdays they work, without holidays and closing days."""
    if person is None or not person.works:
        return calendar
    return _with_weekdays(calendar, person.works)


def open_now(calendar: Calendar, now: datetime) -> bool:
    """Whether the organisation is at work at this moment."""
    local = calendar.local(now)
    return calendar.works(local.date()) and calendar.opens <= local.time() < calendar.closes


def digest_time(calendar: Calendar, habits: Habits, now: datetime) -> bool:
    """Whether the hour of today's daily message has come. It has no end: after an outage a late message is better than none."""
    return now >= calendar.at(calendar.day(now), habits.digest_at or calendar.opens)


def last_day(until: datetime, calendar: Calendar, today: date | None = None) -> date:
    """The last day within a window: one that closes when the organisation opens ends the day before. Of a window that is still
    open (`today` is given) it is never a day that has passed, in the hours between midnight and the opening either."""
    end = calendar.local(until)
    last = end.date() - ONE_DAY if end.time() <= calendar.opens else end.date()
    return max(last, today) if today is not None else last


@lru_cache(maxsize=512)
def _with_weekdays(calendar: Calendar, weekdays: frozenset[int]) -> Calendar:
    return replace(calendar, weekdays=weekdays)
