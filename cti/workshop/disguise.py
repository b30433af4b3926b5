"""Takes everything out of a history that tells whose it is, and leaves what the rules look at.

References, record ids, notes and the names of workers and teams go; all days move by one whole number of weeks, so that weekdays
and distances stay, to a year that is nobody's. What was typed in twice on a day is told as it stood in the evening.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby

from cti.core.calendar import Calendar
from cti.core.events import (
    Answer,
    Assignment,
    Closed,
    Event,
    Expected,
    Fact,
    History,
    Record,
    RecordId,
    Stay,
    Value,
    Version,
)
from cti.core.rules import Rulebook
from cti.days import FIRST_DAY, LAST_DAY

YEAR = 2030
"""In which made-up year a history begins, unless a rule prompts from a later year on."""

NOON = time(12)


def disguised(history: History, rulebook: Rulebook, calendar: Calendar) -> History:
    """The history as nobody's. It begins in the first whole week of the year.

    Records keep their order by id. Times of day become noon, and a second later for each that came later that day.
    """
    records = [record for record in (_by_day(one, calendar) for one in history.records) if record is not None]
    if not records:
        return History("", ())
    first = min(calendar.day(version.known) for record in records for version in record.versions)
    shift = _shift(first, _year(rulebook))
    other = _Other(
        shift, _noons(records, shift, calendar), _renamed(records, "w"), _renamed(records, "t"), calendar
    )
    width = len(str(len(records)))
    return History(
        "",
        tuple(
            Record(
                RecordId("s", f"{number:0{width}}", record.id.part),
                tuple(other.version(version) for version in record.versions),
            )
            for number, record in enumerate(sorted(records, key=lambda record: str(record.id)), 1)
        ),
    )


def _by_day(record: Record, calendar: Calendar) -> Record | None:
    """What the record said at the end of each day, as far as that was something else; None where it never said anything."""
    evenings: dict[date, Version] = {}
    for version in record.versions:
        evenings[calendar.day(version.known)] = version
    kept: list[Version] = []
    for _, version in sorted(evenings.items(), key=lambda item: item[0]):
        if version.event != (kept[-1].event if kept else None):
            kept.append(version)
    return replace(record, versions=tuple(kept)) if kept else None


def _year(rulebook: Rulebook) -> int:
    return max([YEAR, *(rule.since.year + 1 for rule in rulebook.rules if rule.since is not None)])


def _shift(first: date, year: int) -> timedelta:
    """From the first day to the same weekday in the first week of the year that begins with a Monday after New Year's Day."""
    second = date(year, 1, 2)
    monday = second + timedelta(days=-second.weekday() % 7)
    return monday + timedelta(days=first.weekday()) - first


def _moved(day: date, shift: timedelta) -> date:
    """The day moved; one at the end of all time, as registrations have for "never", becomes the last that a test takes."""
    return date.fromordinal(
        min(max(day.toordinal() + shift.days, FIRST_DAY.toordinal()), LAST_DAY.toordinal())
    )


def _noons(records: Iterable[Record], shift: timedelta, calendar: Calendar) -> Mapping[datetime, datetime]:
    """The moments at which something became known, moved to noon, in their order."""
    known = sorted({version.known for record in records for version in record.versions})
    return {
        moment: calendar.at(_moved(day, shift), NOON) + timedelta(seconds=number)
        for day, moments in groupby(known, key=calendar.day)
        for number, moment in enumerate(moments)
    }


def _renamed(records: Iterable[Record], letter: str) -> Mapping[str, str]:
    """New names for workers ("w") or teams ("t"), numbered in the order in which they come by."""
    events = [version.event for record in records for version in record.versions]
    assigned = sorted(
        (event for event in events if isinstance(event, Assignment)), key=lambda event: event.day
    )
    names = (event.worker if letter == "w" else event.team for event in assigned)
    found = dict.fromkeys(name for name in names if name is not None)
    return {name: f"{letter}{number}" for number, name in enumerate(found, 1)}


@dataclass(frozen=True)
class _Other:
    """Another life of the same shape."""

    shift: timedelta
    noons: Mapping[datetime, datetime]
    workers: Mapping[str, str]
    teams: Mapping[str, str]
    calendar: Calendar

    def version(self, version: Version) -> Version:
        event = self.event(version.event) if version.event is not None else None
        return Version(event, self.noons[version.known])

    def day(self, day: date) -> date:
        return _moved(day, self.shift)

    def maybe(self, day: date | None) -> date | None:
        return None if day is None else self.day(day)

    def value(self, value: Value) -> Value:
        return self.day(value) if isinstance(value, date) else value

    def event(self, event: Event) -> Event:
        match event:
            case Stay(situation, begin, end, destination):
                return Stay(situation, self.day(begin), self.maybe(end), destination)
            case Expected(situation, day):
                return Expected(situation, self.maybe(day))
            case Fact(name, value, day):
                return Fact(name, self.value(value), self.day(day))
            case Assignment(day, worker, team):
                return Assignment(
                    self.day(day),
                    self.workers[worker] if worker is not None else None,
                    self.teams[team] if team is not None else None,
                )
            case Closed(day, reason, until):
                return Closed(self.day(day), reason, self.maybe(until))
            case Answer(prompt, answer, at, facts):
                # The key of a prompt names a record; whose moment it is, is not needed to tell which step was answered.
                step = "/".join(prompt.split("/")[:2])
                given = tuple((name, self.value(value)) for name, value in facts)
                at = self.calendar.at(self.day(self.calendar.day(at)), NOON)
                return Answer(f"{step}/", answer, at, given)
