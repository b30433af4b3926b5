"""Whether a source has been quiet for too long: a registration that sends nothing looks like one in which nothing happens."""

from __future__ import annotations

from datetime import datetime, timedelta

from cti.core.calendar import ONE_DAY, Calendar
from cti.sources.settings import Quiet


def working_hours(
    calendar: Calendar, since: datetime, until: datetime, enough: float = float("inf")
) -> float:
    """The organisation's opening hours between two moments (aware), counted no further than `enough`."""
    total = timedelta()
    day, last = calendar.day(since), calendar.day(until)
    while day <= last and total.total_seconds() < enough * 3600:
        if calendar.works(day):
            opens = max(since, calendar.at(day, calendar.opens))
            closes = min(until, calendar.at(day, calendar.closes))
            total += max(closes - opens, timedelta())
        day += ONE_DAY
    return total.total_seconds() / 3600


def is_quiet(last_news: datetime, now: datetime, limit: Quiet, calendar: Calendar) -> bool:
    """Whether nothing new came for at least `limit`. A working day counts as the hours that the organisation is open."""
    if limit.unit == "hours":
        return now - last_news >= timedelta(hours=limit.amount)
    if limit.unit == "days":
        return now - last_news >= timedelta(days=limit.amount)
    enough = float(limit.amount)
    if limit.unit == "working days":
        seconds = [moment.hour * 3600 + moment.minute * 60 for moment in (calendar.opens, calendar.closes)]
        enough *= (seconds[1] - seconds[0]) / 3600
    # A hair less: the sum of many parts of hours may come out just below what it is.
    return working_hours(calendar, last_news, now, enough) >= enough - 1e-6
