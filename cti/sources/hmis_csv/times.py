"""Days and moments as HMIS exports write them: ISO mostly, but not always."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from functools import lru_cache

from cti.sources.parse import DayReader, MomentReader, day_reader, make_day, moment_reader

_LOOSE = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4}|\d\d)((?:[T ].*)?)")


def loose_iso(text: str) -> str:
    """ "13-06-19 12:00" as ISO, where day and month cannot be taken for one another; else the text as it is.

    Exports have been seen with `02-07-2023 12:00:00` in one column and ISO in the next.
    """
    match = _LOOSE.fullmatch(text)
    if match is None:
        return text
    first, second = int(match[1]), int(match[2])
    if first <= 12 and second <= 12 and first != second:
        return text
    day, month = (first, second) if first > 12 or first == second else (second, first)
    year = int(match[3]) if len(match[3]) == 4 else 2000 + int(match[3])
    found = make_day(year, month, day)
    return text if found is None else found.isoformat() + match[4]


def hmis_day_reader(order: str) -> DayReader:
    """Reads days: in ISO, in the order of the config, or in another that can only mean one day."""
    read = day_reader(order)
    return lambda text: read(text) or read(loose_iso(text))


def hmis_moment_reader(zone: tzinfo, order: str) -> MomentReader:
    """Reads moments likewise; None for one that could be two days, as a wrong one is worse than none."""
    read = moment_reader(zone, order)

    @lru_cache(maxsize=50_000)
    def either(text: str) -> datetime | None:
        return read(text) or read(loose_iso(text))

    return either
