"""A client's life as the rules see it: spells, facts over time, workers, closings, moments. Worked out of a history once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from cti.core.calendar import Calendar
from cti.core.closings import Closure, closures
from cti.core.events import Answer, Assignment, Closed, Expected, Fact, History, Record, Stay
from cti.core.expectations import expectation_moments
from cti.core.facts import FactLine, fact_lines, recordings
from cti.core.line import edge_name
from cti.core.moments import (
    EVERY,
    Kinds,
    Moment,
    Worked,
    closed_moments,
    transition_moments,
    worker_moments,
)
from cti.core.recorded import fact_moments
from cti.core.spells import Spell, course
from cti.core.vocabulary import UNKNOWN, Vocabulary


class Shut(NamedTuple):
    """The file is closed from `begin` until `end` (None: for good)."""

    begin: datetime
    end: datetime | None
    reason: str


class Life(NamedTuple):
    """What a history comes down to. `moments` stand in the order of their days."""

    client: str
    spells: tuple[Spell, ...]
    facts: dict[str, FactLine]
    worked: tuple[Worked, ...]
    shut: tuple[Shut, ...]
    moments: tuple[Moment, ...]
    answers: tuple[Answer, ...]


def live(history: History, vocabulary: Vocabulary, calendar: Calendar, kinds: Kinds = EVERY) -> Life:
    """Reads a history. Pure; the result depends on nothing but the arguments.

    `kinds` are those of the moments that are asked for: to most of what is registered no rule answers.
    """
    gap = vocabulary.gap
    of_line, of_facts, of_workers, foreseeing, answering = _by_use(history.records)
    told = course(of_line, gap)
    the_spells = told.spells
    said = recordings(of_facts, calendar)
    lines = fact_lines(said, vocabulary.facts, the_spells, calendar, gap)
    worked = assignments(of_workers)
    moments = [
        *transition_moments([one for one in the_spells if ("enters", one.situation) in kinds], calendar),
        *closed_moments(
            [one for one in told.unseen if ("enters", one.situation) in kinds], told.closures, calendar
        ),
        *expectation_moments(foreseeing, the_spells, calendar, gap, kinds),
        *fact_moments(
            {fact: line for fact, line in lines.items() if ("records", fact) in kinds},
            said,
            vocabulary.facts,
            the_spells,
            calendar,
            gap,
        ),
    ]
    if ("changes", "worker") in kinds:
        moments.extend(worker_moments(worked, the_spells, calendar, gap))
    if len(moments) > 1:
        moments.sort(key=lambda moment: (moment.day or calendar.day(moment.known), moment.kind, moment.name))
    answers = tuple([event for record in answering if isinstance(event := record.event, Answer)])
    return Life(
        history.client,
        the_spells,
        lines,
        worked,
        _shut(told.closures, calendar),
        tuple(moments),
        answers,
    )


LINE, FACTS, WORKERS, FORESEEN, ANSWERED = range(5)

_USES: Mapping[type, tuple[int, ...]] = {
    Stay: (LINE, FORESEEN),
    Closed: (LINE,),
    Expected: (FORESEEN,),
    Fact: (FACTS,),
    Answer: (FACTS, ANSWERED),
    Assignment: (WORKERS,),
    type(None): (),
}


def _by_use(records: Iterable[Record]) -> tuple[list[Record], ...]:
    """The records that the line, the facts, the workers, the expectations and the answers are each read from."""
    found: tuple[list[Record], ...] = ([], [], [], [], [])
    for record in records:
        versions = record.versions
        if len(versions) == 1:
            uses: Iterable[int] = _USES[type(versions[0].event)]
        else:
            uses = {use for version in versions for use in _USES[type(version.event)]}
        for use in uses:
            found[use].append(record)
    return found


def assignments(records: Sequence[Record]) -> tuple[Worked, ...]:
    """Who worked with the client from which day on, retracted assignments included, in order."""
    found: list[Worked] = []
    for record in records:
        said: dict[tuple[str | None, str | None], Worked] = {}
        for version in record.versions:
            event = version.event
            for key, entry in said.items():
                said[key] = entry._replace(live=False)
            if isinstance(event, Assignment):
                pair = (event.worker, event.team)
                known = said[pair].known if pair in said else version.known
                said[pair] = Worked(event.day, *pair, edge_name(record.id, "assigned"), known, True)
        found.extend(said.values())
    if len(found) > 1:
        found.sort(key=lambda entry: (entry.day, entry.known, entry.name))
    return tuple(found)


def responsible(worked: Sequence[Worked], day: date) -> tuple[str | None, str | None]:
    """Worker and team on that day: each the latest that was named by then."""
    worker: str | None = None
    team: str | None = None
    for entry in worked:
        if not entry.live or entry.day > day:
            continue
        worker = entry.worker or worker
        team = entry.team or team
    return worker, team


def assigned(worked: Sequence[Worked], day: date, team: str | None) -> Assignment:
    """Who works with the client on that day. `team` stands in where no team is registered."""
    worker, registered = responsible(worked, day)
    return Assignment(day, worker, registered or team)


def assigned_over_time(worked: Sequence[Worked], team: str | None) -> tuple[Assignment, ...]:
    """Who works with the client from which day on, each until the next. `team` stands in where no team is registered."""
    days = {entry.day for entry in worked if entry.live} | ({date.min} if team is not None else set())
    course: list[Assignment] = []
    for day in sorted(days):
        then = assigned(worked, day, team)
        if not course or (course[-1].worker, course[-1].team) != (then.worker, then.team):
            course.append(then)
    return tuple(course)


def team_of_source(records: Iterable[Record], teams: Mapping[str, str]) -> str | None:
    """The team of the source that a client's records come from, by the sources' teams; None where no source names one."""
    return next((teams[record.id.source] for record in records if record.id.source in teams), None)


def closings(records: Sequence[Record], calendar: Calendar) -> tuple[Shut, ...]:
    """When the file was closed, and when it opened again."""
    return _shut(closures(records), calendar)


def _shut(found: Sequence[Closure], calendar: Calendar) -> tuple[Shut, ...]:
    return tuple(
        Shut(calendar.at(entry.day), calendar.at(entry.end) if entry.end is not None else None, entry.reason)
        for entry in found
    )


def situation_at(the_spells: Sequence[Spell], day: date) -> str:
    """Where the client stands on that day."""
    for spell in reversed(the_spells):
        if spell.begin <= day:
            return spell.situation
    return UNKNOWN
