"""A second reading of the design, sections 5 and 6: delays and working days, counted one by one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from tests.second.line import DAY


def distance(day: date, amount: int, unit: str, works: Callable[[date], bool]) -> date:
    """A delay, written out: months clip, working days are counted one by one."""
    if unit in ("days", "weeks"):
        return day + amount * (7 if unit == "weeks" else 1) * DAY
    if unit == "months":
        year, month = day.year, day.month
        for _ in range(abs(amount)):
            month += 1 if amount > 0 else -1
            if month in (0, 13):
                year, month = (year - 1, 12) if month == 0 else (year + 1, 1)
        for number in range(day.day, 0, -1):
            try:
                return date(year, month, number)
            except ValueError:
                continue
    counted = 0
    while counted < abs(amount):
        day += DAY if amount > 0 else -DAY
        counted += works(day)
    return day


def rolled(day: date, back: bool, works: Callable[[date], bool]) -> date:
    """Rolled to a working day: forwards; backwards for "before"."""
    while not works(day):
        day += -DAY if back else DAY
    return day


def dutch_holidays(year: int) -> set[date]:
    """The Dutch public holidays: those that move with Easter, and those of a fixed day."""
    easter = _easter(year)
    moving = {easter + number * DAY for number in (-2, 0, 1, 39, 49, 50)}
    king = date(year, 4, 27)
    fixed = {
        date(year, 1, 1),
        king - DAY if king.weekday() == 6 else king,
        date(year, 12, 25),
        date(year, 12, 26),
    }
    return moving | fixed | ({date(year, 5, 5)} if year % 5 == 0 else set())


def _easter(year: int) -> date:
    """Easter Sunday, by the method of Butcher."""
    a, b, c = year % 19, *divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)
