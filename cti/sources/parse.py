"""Values as registrations write them: days, moments, yes and no, numbers. None where a text is none of these."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, tzinfo
from functools import lru_cache

from cti.days import FIRST_DAY, LAST_DAY

FIRST_YEAR, LAST_YEAR = FIRST_DAY.year, LAST_DAY.year
OPEN_YEAR = 9999
"""Databases write "no end" as 31 December 9999."""

_YES = frozenset(("yes", "ja", "true", "1", "y", "j", "waar"))
_NO = frozenset(("no", "nee", "false", "0", "n", "onwaar"))
_ISO_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ].*)?")
_CLOCK = r"(?:[T ,]+(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?"
_BAD_CHARACTERS = re.compile("[\x00-\x1f\x7f\ufffd\ud800-\udfff]")

DayReader = Callable[[str], date | None]
MomentReader = Callable[[str], datetime | None]


def text_of(cell: object) -> str:
    """A cell as text, whatever a database or a file gave: stripped, days and moments in ISO, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    if isinstance(cell, bytes):
        return cell.hex()
    text = str(cell).strip()
    return text[:-2] if re.fullmatch(r"-?\d+\.0", text) else text


def usable_id(text: str) -> bool:
    """Whether a text can be a reference: short enough, and without characters that are no part of a text."""
    return 0 < len(text) <= 200 and _BAD_CHARACTERS.search(text) is None


def yes_or_no(text: str) -> bool | None:
    """yes, no, ja, nee, true, false, 1, 0 and the like."""
    word = text.lower()
    return True if word in _YES else False if word in _NO else None


def number(text: str) -> int | float | None:
    """A number; a decimal comma will do."""
    if not re.fullmatch(r"[-+]?\d{1,15}(?:[.,]\d{1,9})?", text):
        return None
    found = float(text.replace(",", "."))
    return int(found) if found.is_integer() else found


def make_day(year: int, month: int, day: int) -> date | None:
    """The day, or None where there is none, or none that a registration can mean."""
    if not (FIRST_YEAR <= year <= LAST_YEAR or year == OPEN_YEAR):
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def ended(day: date | None) -> date | None:
    """An end day; one in the year 9999 means that there is no end."""
    return None if day is not None and day.year == OPEN_YEAR else day


def day_reader(order: str = "yyyy-mm-dd") -> DayReader:
    """Reads days in this order ("dd-mm-yyyy"), in ISO always, and the day of a moment. Remembers, as days repeat."""
    pattern, letters = _pattern(order)

    @lru_cache(maxsize=50_000)
    def read(text: str) -> date | None:
        if match := _ISO_DAY.fullmatch(text):
            return make_day(int(match[1]), int(match[2]), int(match[3]))
        if match := pattern.fullmatch(text):
            parts = dict(zip(letters, map(int, match.groups()[:3]), strict=True))
            return make_day(parts["y"], parts["m"], parts["d"])
        return None

    return read


def moment_reader(zone: tzinfo, order: str = "yyyy-mm-dd") -> MomentReader:
    """Reads moments: ISO 8601, or the order of days with a time behind it. Without an offset they are times of `zone`.

    A day alone is its first moment. Gives aware UTC. A wall time that summer time skips is an hour later, a doubled one is
    the first of the two.
    """
    pattern, letters = _pattern(order)

    @lru_cache(maxsize=50_000)
    def read(text: str) -> datetime | None:
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            match = pattern.fullmatch(text)
            if match is None:
                return None
            parts = dict(zip(letters, map(int, match.groups()[:3]), strict=True))
            day = make_day(parts["y"], parts["m"], parts["d"])
            hour, minute, second = (int(part or 0) for part in match.groups()[3:6])
            if day is None or hour > 23 or minute > 59 or second > 59:
                return None
            found = datetime.combine(day, time(hour, minute, second))
        return aware(found, zone)

    return read


def aware(moment: datetime, zone: tzinfo) -> datetime | None:
    """The moment in UTC, one without an offset being a time of `zone`; None where no registration can mean it."""
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _pattern(order: str) -> tuple[re.Pattern[str], list[str]]:
    letters = [word[0] for word in re.findall(r"yyyy|m+|d+", order)]
    body = re.sub(
        r"yyyy|m+|d+",
        lambda hit: r"(\d{4})" if hit[0][0] == "y" else r"(\d{1,2})",
        "".join(re.escape(char) if char in "./ " else char for char in order),
    )
    return re.compile(body + _CLOCK), letters
