"""The chart of prompts per week on the page of a comparison: bars, a scale and the months, as numbers for a drawing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from babel.numbers import format_decimal

WIDTH, HEIGHT = 720, 160
"""Of the field with the bars, in the units of the drawing."""
LEFT = 44
"""The room to the left of it, for the scale."""
LABEL = 34
"""The least room that the name of a month takes."""

NICE = (1, 1.2, 1.6, 2, 3, 4, 5, 6, 8)
"""What a scale may end at, times ten, a hundred and so on: each has a half that is easily read."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar, with the words beside it; `side` counts from the right: of one side only, it is the draft's."""

    x: float
    y: float
    width: float
    height: float
    side: str
    title: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A word at a place of a scale."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What is to be drawn: bars, lines of the scale from above, months from the left."""

    bars: tuple[Bar, ...]
    scale: tuple[Mark, ...]
    months: tuple[Mark, ...]


def chart(weeks: Mapping[date, Sequence[int]], titles: Mapping[date, Sequence[str]], lang: str) -> Chart:
    """A bar for each count of a week, beside one another. `titles` has the words for each."""
    top = _top(max((count for counts in weeks.values() for count in counts), default=0))
    room = WIDTH / max(1, len(weeks))
    bars: list[Bar] = []
    for number, (week, counts) in enumerate(weeks.items()):
        wide = room * 0.84 / max(1, len(counts))
        for place, count in enumerate(counts):
            height = HEIGHT * count / top
            side = ("after", "before")[len(counts) - 1 - place]
            left = number * room + place * wide
            bars.append(Bar(*_rounded(left, HEIGHT - height, wide * 0.94, height), side, titles[week][place]))
    scale = (
        Mark(HEIGHT * (1 - part), format_decimal(round(top * part), locale=lang)) for part in (0, 0.5, 1)
    )
    return Chart(tuple(bars), tuple(scale), tuple(_months(list(weeks), room, lang)))


def _top(highest: int) -> int:
    """The end of a scale with a half of its own that holds the highest count."""
    unit = 10
    while True:
        for nice in NICE:
            if unit * nice >= highest:
                return int(unit * nice)
        unit *= 10


def _months(weeks: Sequence[date], room: float, lang: str) -> Iterator[Mark]:
    """The name of each month where it begins, as far as there is room."""
    free = 0.0
    for number, week in enumerate(weeks):
        begins = number == 0 or week.month != weeks[number - 1].month
        if begins and number * room >= free:
            name = format_date(week, "MMM", locale="nl" if lang == "nl" else "en").rstrip(".")
            yield Mark(round(number * room, 1), name)
            free = number * room + LABEL


def _rounded(*values: float) -> tuple[float, float, float, float]:
    one, two, three, four = (round(value, 1) for value in values)
    return one, two, three, four
