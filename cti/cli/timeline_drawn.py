"""A time line drawn in a terminal: a row for each bar, days from left to right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from rich.text import Text

from cti.i18n import mark, say
from cti.phrases import in_time
from cti.workshop.chart import Bar, Chart, Row
from cti.workshop.telling import Told

NAMES = 31
"""The columns that the steps' names take; so many that on 80 columns the axis has more than half."""
TICK = 8
"""The columns that a day on the axis wants."""

MOMENT = ("│", "bold")
DUE = ("●", "bold cyan")
OPEN = ("━", "cyan")
LATER = ("◆", "bold yellow")
LATER_OPEN = ("╌", "yellow")
REMINDER = ("○", "bold magenta")
ESCALATION = ("▲", "bold red")
ABSENT = ("×", "dim")
BEGINS = {"due": DUE, "later": LATER, "unanswered": ("●", "dim")}
GOES_ON = {"due": OPEN, "later": LATER_OPEN, "unanswered": ("╌", "dim")}

Sign = tuple[str, str]


def drawn(lang: str, chart: Chart, told: Told, width: int) -> Iterator[Text]:
    """The lines of the drawing, none wider than `width` (40 or more)."""
    names = min(NAMES, width // 2)
    room = width - names - 1
    yield _axis(lang, chart, names, room)
    for number, (row, step) in enumerate(zip(chart.rows, told.steps, strict=True), 1):
        for bar in row.bars:
            name = _cut(f"{number}  {step.title}", names - 1)
            style = ""
            if bar.kind != "due":
                name, style = _cut(f"   {_other(lang, row, bar)}", names - 1), "dim"
            yield Text(f"{name:<{names}}", style=style) + _lane(chart, bar, room)
    yield from _legend(lang, chart, width)


def _column(chart: Chart, day: date, room: int) -> int:
    return round(chart.at(day) * (room - 1))


def _axis(lang: str, chart: Chart, names: int, room: int) -> Text:
    labels = [" "] * (names + room + 1)
    for tick in (chart.moment(lang), *chart.ticks(lang, max(2, room // TICK))):
        start = names + min(_column(chart, tick.day, room), room - len(tick.label))
        if all(label == " " for label in labels[start - 1 : start + len(tick.label)]):
            labels[start : start + len(tick.label)] = tick.label
    return Text("".join(labels).rstrip(), style="dim")


def _lane(chart: Chart, bar: Bar, room: int) -> Text:
    """A bar among the days; where two signs fall in one column, the one that says more stands there."""
    signs: list[Sign] = [(" ", "")] * room
    signs[_column(chart, chart.day, room)] = MOMENT
    start, end = _column(chart, bar.due, room), _column(chart, bar.until, room)
    if bar.comes:
        for column in range(start, end + 1):
            signs[column] = GOES_ON[bar.kind]
        for day in bar.reminders:
            signs[_column(chart, day, room)] = REMINDER
        if bar.escalation is not None:
            signs[_column(chart, bar.escalation, room)] = ESCALATION
    signs[start] = BEGINS[bar.kind] if bar.comes else ABSENT
    text = Text()
    for sign, style in signs:
        text.append(sign, style=style or None)
    text.rstrip()
    return text


def _other(lang: str, row: Row, bar: Bar) -> str:
    """What the second bar of a step stands for."""
    later = row.timed.step.later
    if bar.kind == "later" and later is not None:
        return say(lang, "or {delay} later", delay=in_time(lang, later.by))
    return say(lang, "unanswered")


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1].rstrip() + "…"


def _legend(lang: str, chart: Chart, width: int) -> Iterator[Text]:
    bars = [bar for row in chart.rows for bar in row.bars]
    wanted = (
        (MOMENT, mark("the day it is about"), True),
        (DUE, mark("comes"), True),
        (OPEN, mark("open"), True),
        (LATER, mark("comes later"), any(bar.kind == "later" for bar in bars)),
        (REMINDER, mark("reminder"), any(bar.reminders for bar in bars)),
        (ESCALATION, mark("escalation"), any(bar.escalation for bar in bars)),
        (ABSENT, mark("does not come"), any(not bar.comes for bar in bars)),
    )
    line = Text()
    for (sign, style), text, shown in wanted:
        said = say(lang, text)
        if not shown:
            continue
        if len(line) + len(said) + 5 > width:
            yield line
            line = Text()
        line.append("   ").append(sign, style=style).append(f" {said}", style="dim")
    yield line
