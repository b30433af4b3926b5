"""A small bar chart in a terminal: a column of signs for each count, the months below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from babel.dates import format_date

EIGHTHS = " ▁▂▃▄▅▆▇█"
GUTTER = 6
"""The columns that the scale takes, its line included."""
WIDEST = 4
"""A bar with its gap; a few weeks do not fill the whole width."""


def drawn(
    lang: str, weeks: Mapping[date, int], highest: int, width: int = 80, height: int = 4
) -> Iterator[str]:
    """The lines of the chart of counts per week, none wider than `width`. `highest` is what the highest bar stands for.

    Where there are more weeks than columns, several of them share a bar: the highest of them.
    """
    room = width - GUTTER
    days, counts = list(weeks), list(weeks.values())
    together = max(1, -(-len(counts) // room))
    days = days[::together]
    counts = [max(counts[at : at + together]) for at in range(0, len(counts), together)]
    wide = max(1, min(WIDEST, room // max(1, len(counts))))
    for level in range(height - 1, -1, -1):
        scale = str(highest) if level == height - 1 else ""
        row = "".join(
            _piece(count, highest, level, height) * max(1, wide - 1) + " " * (wide > 1) for count in counts
        )
        yield f"{scale:>{GUTTER - 1}}│{row}".rstrip()
    yield " " * (GUTTER - 1) + "└" + "─" * (wide * len(counts))
    yield " " * GUTTER + _months(lang, days, wide)


def _piece(count: int, highest: int, level: int, height: int) -> str:
    """The sign of a bar at one level. What is more than nothing is always seen."""
    eighths = -(-count * height * 8 // highest) if highest else 0
    return EIGHTHS[max(0, min(8, eighths - 8 * level))]


def _months(lang: str, days: Sequence[date], wide: int) -> str:
    """The names of the months, each where it begins, as far as there is room between them."""
    row = ""
    for number, day in enumerate(days):
        begins = number == 0 or day.month != days[number - 1].month
        if begins and (not row or number * wide > len(row)):
            row = row.ljust(number * wide) + format_date(
                day, "MMM", locale="nl" if lang == "nl" else "en"
            ).rstrip(".")
    return row
