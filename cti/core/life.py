"""A client's life as the rules see it: spells, facts over time, workers, closings, moments. Worked out of a history once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cti.core.calendar import Calendar
from cti.core.events import Answer, Assignment, Closed, History, Record
from cti.core.expectations import expectation_moments
from cti.core.facts import FactLine, fact_lines, recordings
from cti.core.line import edge_name, stays_of
from cti.core.moments import Moment, Worked, fact_moments, transition_moments, worker_moments
from cti.core.spells import Spell, spells
from cti.core.vocabulary import UNKNOWN, Vocabulary


@dataclass(frozen=True, slots=True)
class Shut:
    """The file is closed from `begin` until `end` (None: for good)."""

    begin: datetime
    end: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Life:
    """What a history comes down to. `moments` stand in the order of their days."""

    client: str
    spells: tuple[Spell, ...]
    facts: dict[str, FactLine]
    worked: tuple[Worked, ...]
    shut: tuple[Shut, ...]
    moments: tuple[Moment, ...]
    answers: tuple[Answer, ...]


def live(history: History, vocabulary: Vocabulary, calendar: Calendar) -> Life:
    """Reads a history. Pure; the result depends on nothing but the arguments."""
    records = history.records
    gap = vocabulary.gap
    the_spells = spells(records, gap)
    said = recordings(records, calendar)
    lines = fact_lines(said, vocabulary.facts, the_spells, calendar, gap)
    worked = assignments(records)
    moments = [
        *transition_moments(the_spells, calendar),
        *expectation_moments(records, the_spells, calendar, gap),
        *fact_moments(lines, said, vocabulary.facts, the_spells, calendar, gap),
        *worker_moments(worked, the_spells, calendar, gap),
    ]
    moments.sort(key=lambda moment: (moment.day or calendar.day(moment.known), moment.kind, moment.name))
    answers = tuple(record.event for record in records if isinstance(record.event, Answer))
    return Life(
        history.client,
        the_spells,
        lines,
        worked,
        closings(records, calendar),
        tuple(moments),
        answers,
    )


def assignments(records: Sequence[Record]) -> tuple[Worked, ...]:
    """Who worked with the client from which day on, retracted assignments included, in order."""
    found: list[Worked] = []
    for record in records:
        said: dict[tuple[str | None, str | None], Worked] = {}
        for version in record.versions:
            event = version.event
            for key, entry in said.items():
                said[key] = Worked(entry.day, entry.worker, entry.team, entry.name, entry.known, False)
            if isinstance(event, Assignment):
                pair = (event.worker, event.team)
                known = said[pair].known if pair in said else version.known
                said[pair] = Worked(event.day, *pair, edge_name(record.id, "assigned"), known, True)
        found.extend(said.values())
    return tuple(sorted(found, key=lambda entry: (entry.day, entry.known, entry.name)))


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


def closings(records: Sequence[Record], calendar: Calendar) -> tuple[Shut, ...]:
    """When the file was closed. It opens at an end day, or, unless the client died or opted out, at the next stay that begins."""
    begins = sorted(stay.begin for _, stay in stays_of(records))
    found: list[Shut] = []
    for record in records:
        event = record.event
        if not isinstance(event, Closed):
            continue
        end = event.until
        if event.reason == "closed":
            opened = next((begin for begin in begins if begin > event.day), None)
            end = min((day for day in (end, opened) if day is not None), default=None)
        found.append(
            Shut(calendar.at(event.day), calendar.at(end) if end is not None else None, event.reason)
        )
    return tuple(sorted(found, key=lambda shut: shut.begin))


def situation_at(the_spells: Sequence[Spell], day: date) -> str:
    """Where the client stands on that day."""
    for spell in reversed(the_spells):
        if spell.begin <= day:
            return spell.situation
    return UNKNOWN
