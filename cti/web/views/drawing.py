"""Where everything stands on a drawn time line: from what is to come down to what is long ago, as narrow as a phone.

Days lie further apart the more time passed between them, but never so near that two texts touch, and a long time in which
nothing happened takes little room.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cti.i18n import format_short_day
from cti.web.views.lifeline import Band, Entry, Kind, Lifeline
from cti.workshop.fitting import shortened, width

WIDTH = 320
DAYS = 52
"""Where the texts of the days end."""
BAND, WIDE = 60, 18
SIGN = 92
TEXT = 106
SIZE, SMALL = 13.5, 12
LINE = 18
ROOM = 9
"""Between two entries."""
A_DAY, MOST = 0.9, 80
"""What a day takes in height, and at most what lies between two days."""
TODAY = 34


@dataclass(frozen=True, slots=True)
class Mark:
    """An entry: its sign at `y`, its text in lines below one another, and its day likewise, where that is not the
    day above it."""

    kind: Kind
    y: float
    lines: tuple[tuple[float, str], ...]
    day: tuple[tuple[float, str], ...]
    ahead: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """A band from `y` down; `label` is "" where it has no room."""

    y: float
    height: float
    label: str
    odd: bool
    ahead: bool

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Drawing:
    height: float
    today: float
    marks: tuple[Mark, ...]
    stretches: tuple[Stretch, ...]
    kinds: tuple[Kind, ...]
    """The signs that stand in it."""


def draw(lang: str, life: Lifeline) -> Drawing:
    """The time line with its places."""
    marks: list[Mark] = []
    begins: dict[tuple[date, bool], float] = {}
    y, today, before = 4.0, None, None
    for entry in life.entries:
        if today is None and not entry.ahead:
            y += ROOM
            today = y + TODAY / 2
            y, before = y + TODAY, life.today
        if before is not None:
            y += min(MOST, max(0.0, (before - entry.day).days * A_DAY - LINE))
        lines = shortened(_capital(entry.text), WIDTH - TEXT - 2, SIZE, 2, entry.kind == "move")
        middle = y + LINE / 2
        if entry.kind in ("move", "expected"):
            begins[entry.day, entry.ahead] = middle
        same = entry.day == before and bool(marks) and marks[-1].ahead == entry.ahead
        day = () if same else _day(lang, entry, life.today)
        marks.append(
            Mark(entry.kind, round(middle, 1), _below(middle, lines), _below(middle, day), entry.ahead)
        )
        y, before = y + LINE * max(len(lines), len(day)) + ROOM, entry.day
    if today is None:
        today = y + TODAY / 2
        y += TODAY
    kinds = tuple(dict.fromkeys(mark.kind for mark in marks))
    return Drawing(round(y), round(today, 1), tuple(marks), _stretches(life.bands, begins, today, y), kinds)


def _stretches(
    bands: Sequence[Band], begins: dict[tuple[date, bool], float], today: float, bottom: float
) -> tuple[Stretch, ...]:
    """The bands from where they begin up to where the next one does; the one of now up to today, what is expected to the top."""
    found: list[Stretch] = []
    past = [band for band in bands if not band.ahead]
    ahead = [band for band in bands if band.ahead]
    for number, band in enumerate(past):
        top = begins.get((past[number + 1].begin, False), today) if number + 1 < len(past) else today
        low = begins.get((band.begin, False), bottom)
        found.append(_stretch(band, top, low, bool(number % 2)))
    for number, band in enumerate(ahead):
        top = begins.get((ahead[number + 1].begin, True), 0.0) if number + 1 < len(ahead) else 0.0
        low = begins.get((band.begin, True), today)
        found.append(_stretch(band, top, low, bool((len(past) + number) % 2)))
    return tuple(found)


def _stretch(band: Band, top: float, low: float, odd: bool) -> Stretch:
    height = round(max(0.0, low - top), 1)
    fits = width(band.label, SMALL) + 12 <= height
    return Stretch(round(top, 1), height, band.label if fits else "", odd, band.ahead)


def _day(lang: str, entry: Entry, today: date) -> tuple[str, ...]:
    """ "16 mrt"; where it is another year, with that below it."""
    _, number, month, *year = format_short_day(lang, entry.day, today).split()
    return (f"{number} {month}", *year)


def _below(middle: float, lines: Sequence[str]) -> tuple[tuple[float, str], ...]:
    """Lines with the places of their feet, the first in the middle of the sign."""
    return tuple((round(middle + 4.5 + LINE * number, 1), text) for number, text in enumerate(lines))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
