"""Days that someone types: whether they can be meant. A slip in the year is found while it is typed, not by a prompt in 2206."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from cti.core.calendar import add_months
from cti.core.events import Value
from cti.core.vocabulary import Vocabulary
from cti.i18n import mark
from cti.problems import Problem, problem

BACK, AHEAD = 50, 5
"""So many years before and after today a day can be meant."""


def doubtful_day(day: date, today: date, field: str) -> Problem | None:
    """That a day lies so far away that its year is a slip."""
    first, last = add_months(today, -12 * BACK), add_months(today, 12 * AHEAD)
    if first <= day <= last:
        return None
    text = mark("this day is in the year {year}: is that right? A day from {first} to {last} can be used")
    return problem(text, field=field, year=day.year, first=first.year, last=last.year)


def doubtful(name: str, value: Value, vocabulary: Vocabulary, today: date) -> Problem | None:
    """That a value of this fact cannot be meant: a day of another age, or one to come of what has been done."""
    if not isinstance(value, date):
        return None
    if value > today and name in done(vocabulary):
        return problem(mark("this day is still to come, and it is about what has been done"), field=name)
    return doubtful_day(value, today, name)


def done(vocabulary: Vocabulary) -> Collection[str]:
    """The date facts that some answer records as the day on which it is given: they say when something was done."""
    return {
        name
        for answers in vocabulary.answers.values()
        for kind in answers.values()
        for name, value in kind.records.items()
        if value == "today" and vocabulary.facts[name].type == "date"
    }
