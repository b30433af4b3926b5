"""Local days and times, working days and delays. The only place that knows time zones and holidays."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Set
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib.metadata import version
from typing import Literal
from zoneinfo import ZoneInfo

import holidays

from cti.core.rules import Delay

ONE_DAY = timedelta(days=1)
MIDNIGHT = time(0)

_HOLIDAYS_VERSION = version("holidays")
"""A new release may know other holidays, so it is part of what a plan depends on."""


@cache
def _public_holidays(
    country: str, subdivision: str | None, language: str | None = None
) -> holidays.HolidayBase:
    """They work a year out when it is first asked for, and calendars that differ in other things share them."""
    return holidays.country_holidays(country, subdiv=subdivision, language=language)


class Midnights(dict[date, datetime]):
    """The UTC moment at which each local day begins, worked out when it is first asked for."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def __missing__(self, day: date) -> datetime:
        moment = self[day] = _utc(day, MIDNIGHT, self._zone)
        return moment


def _utc(day: date, when: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, when, zone).astimezone(UTC)


@dataclass(frozen=True)
class Calendar:
    """The organisation's time: zone, working weekdays, closing days, opening hours and the country whose holidays count.

    Methods take and give local days (`date`) and aware UTC moments (`datetime`).
    """

    timezone: str = "Europe/Amsterdam"
    country: str = "NL"
    subdivision: str | None = None
    weekdays: frozenset[int] = frozenset(range(5))
    closing_days: frozenset[date] = frozenset()
    opens: time = time(9)
    closes: time = time(17)
    _zone: ZoneInfo = field(init=False, repr=False, compare=False)
    _holidays: Set[date] = field(init=False, repr=False, compare=False)
    _working: dict[date, bool] = field(init=False, repr=False, compare=False, default_factory=dict)
    _moments: dict[tuple[date, time], datetime] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    midnight: Midnights = field(init=False, repr=False, compare=False)
    """What `at` says of days without a time; who asks very often looks it up here."""

    def __post_init__(self) -> None:
        zone = ZoneInfo(self.timezone)
        object.__setattr__(self, "_zone", zone)
        object.__setattr__(self, "midnight", Midnights(zone))
        days = _public_holidays(self.country, self.subdivision) if self.country else {}
        object.__setattr__(self, "_holidays", days)

    @property
    def zone(self) -> ZoneInfo:
        return self._zone

    @property
    def digest(self) -> str:
        """Changes whenever a plan made with this calendar may change."""
        parts = (
            self.timezone,
            self.country,
            self.subdivision or "",
            ",".join(map(str, sorted(self.weekdays))),
            ",".join(day.isoformat() for day in sorted(self.closing_days)),
            self.opens.isoformat(),
            self.closes.isoformat(),
            _HOLIDAYS_VERSION,
        )
        return "|".join(parts)

    def at(self, day: date, when: time = MIDNIGHT) -> datetime:
        """The UTC moment of a local wall time. A wall time skipped by summer time is an hour later, a doubled one the first."""
        if when is MIDNIGHT:
            return self.midnight[day]
        moment = self._moments.get((day, when))
        if moment is None:
            moment = self._moments[day, when] = _utc(day, when, self._zone)
        return moment

    def day(self, moment: datetime) -> date:
        """The local day of a moment."""
        return moment.astimezone(self._zone).date()

    def local(self, moment: datetime) -> datetime:
        """The moment on the organisation's clock."""
        return moment.astimezone(self._zone)

    def works(self, day: date) -> bool:
        """Whether the organisation works on that day."""
        known = self._working.get(day)
        if known is None:
            known = (
                day.weekday() in self.weekdays and day not in self.closing_days and day not in self._holidays
            )
            self._working[day] = known
        return known

    def why_closed(self, day: date) -> Literal["weekday", "closing-day", "holiday"] | None:
        """Why the organisation does not work on that day; None where it does."""
        if day in self.closing_days:
            return "closing-day"
        if day in self._holidays:
            return "holiday"
        return None if day.weekday() in self.weekdays else "weekday"

    def holiday(self, day: date, lang: str) -> str:
        """What the holiday of that day is called, in this language where its name is known in it; "" where there is none."""
        if not self.country:
            return ""
        days = _public_holidays(self.country, self.subdivision)
        wanted = next((one for one in days.supported_languages if one.split("_")[0] == lang), None)
        if wanted is not None:
            days = _public_holidays(self.country, self.subdivision, wanted)
        return str(days.get(day, ""))

    def knows_holidays(self, year: int) -> bool:
        """Whether any public holiday of the country is known in that year."""
        if not self.country:
            return False
        return bool(holidays.country_holidays(self.country, subdiv=self.subdivision, years=year))

    def roll(self, day: date, back: bool = False) -> date:
        """The day itself if it is a working day, else the next one (or the last one before it)."""
        if self.works(day):
            return day
        step = -ONE_DAY if back else ONE_DAY
        rolled = day
        for _ in range(366):
            rolled += step
            if self.works(rolled):
                return rolled
        return day

    def add(self, day: date, delay: Delay) -> date:
        """The day at that distance, not rolled. Working days are counted over the organisation's working days."""
        amount = -delay.amount if delay.before else delay.amount
        if delay.unit == "days":
            return day + timedelta(days=amount)
        if delay.unit == "weeks":
            return day + timedelta(weeks=amount)
        if delay.unit == "months":
            return add_months(day, amount)
        return self.add_working_days(day, amount)

    def add_working_days(self, day: date, amount: int) -> date:
        """The working day that comes `amount` working days after `day` (before it, if negative)."""
        step = ONE_DAY if amount >= 0 else -ONE_DAY
        left = abs(amount)
        for _ in range(366 + 3 * left):
            if left == 0:
                return day
            day += step
            if self.works(day):
                left -= 1
        return day


def add_months(day: date, months: int) -> date:
    """The same day of the month, clipped to the month's length."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
