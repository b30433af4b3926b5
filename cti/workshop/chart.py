"""What a drawn time line shows, wherever it is drawn: the bars, and the days that its axis names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from babel.dates import format_date

from cti.core.calendar import add_months
from cti.core.prompts import WANTED
from cti.workshop.timeline import Span, TimedStep, Timeline

Kind = Literal["due", "later", "unanswered"]


@dataclass(frozen=True, slots=True)
class Bar:
    """A step from the day on which it comes to the day on which it is over, at most the last day of the chart.

    `open` says that it has no such day. `comes` is False where the step would not come on these days. Reminders and escalation
    stand only on the step's ordinary bar.
    """

    kind: Kind
    due: date
    until: date
    open: bool
    comes: bool
    reminders: tuple[date, ...] = ()
    escalation: date | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A step with its bars: the ordinary one first."""

    timed: TimedStep
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A day that the axis names."""

    day: date
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A time line as it is drawn. `day` is the moment's."""

    day: date
    first: date
    last: date
    rows: tuple[Row, ...]

    def at(self, day: date) -> float:
        """Where on the axis a day lies: 0 is its first day, 1 its last."""
        return (day - self.first).days / max(1, (self.last - self.first).days)

    def moment(self, lang: str) -> Tick:
        """The day that the moment is about."""
        return Tick(self.day, _format(lang, self.day, "d MMM"))

    def ticks(self, lang: str, most: int) -> tuple[Tick, ...]:
        """Mondays, or first days of months, evenly spread and not more than `most`."""
        for weeks in (1, 2):
            mondays = tuple(self._mondays(weeks))
            if len(mondays) <= most:
                return tuple(Tick(day, _format(lang, day, "d MMM")) for day in mondays)
        months: tuple[date, ...] = ()
        for step in (1, 2, 3, 6, 12, 24, 60):
            months = tuple(self._months(step))
            if len(months) <= most:
                break
        form = {day: "MMM y" if day.month == 1 or day.year != self.day.year else "MMM" for day in months}
        return tuple(Tick(day, _format(lang, day, form[day])) for day in months)

    def _mondays(self, weeks: int) -> Iterator[date]:
        """Mondays that many weeks apart, so that the one of the moment's week is among them."""
        day = self.day - timedelta(days=self.day.weekday())
        while day - timedelta(weeks=weeks) >= self.first:
            day -= timedelta(weeks=weeks)
        while day <= self.last:
            if day >= self.first:
                yield day
            day += timedelta(weeks=weeks)

    def _months(self, step: int) -> Iterator[date]:
        day = date(self.first.year, 1, 1)
        while day <= self.last:
            if day >= self.first:
                yield day
            day = add_months(day, step)


def chart(line: Timeline) -> Chart:
    """The chart of a time line."""
    others = [span.until or span.due for timed in line.steps if (span := timed.unanswered) is not None]
    last = max([line.last, *others, line.first + timedelta(days=7)])
    return Chart(
        line.day, line.first, last, tuple(Row(timed, tuple(_bars(timed, last))) for timed in line.steps)
    )


def _bars(timed: TimedStep, last: date) -> Iterator[Bar]:
    if timed.span is not None:
        yield _bar("due", timed.span, last, timed.reminders, timed.escalation)
    if timed.later is not None:
        yield _bar("later", timed.later, last)
    if timed.unanswered is not None and timed.unanswered != timed.span:
        yield _bar("unanswered", timed.unanswered, last)


def _bar(
    kind: Kind, span: Span, last: date, reminders: tuple[date, ...] = (), escalation: date | None = None
) -> Bar:
    until = span.until if span.until is not None else last
    return Bar(
        kind,
        span.due,
        max(span.due, until),
        span.until is None,
        span.standing == WANTED,
        reminders,
        escalation,
    )


def _format(lang: str, day: date, form: str) -> str:
    return format_date(day, form, locale="nl" if lang == "nl" else "en_GB").replace(".", "")
