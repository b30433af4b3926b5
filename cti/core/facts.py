"""Facts over time: what was known to hold on which moment, with lifetimes, and when a value changed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from cti.core.calendar import Calendar
from cti.core.events import Answer, Fact, Record, Value
from cti.core.line import edge_name
from cti.core.spells import Spell
from cti.core.vocabulary import FactKind


class Said(NamedTuple):
    """One recording of a fact. `at` is when it begins to hold: its local day, or the moment of an answer.

    `known` is when the first version that says this value was recorded. `live` is False for a recording that was retracted or
    now says something else; `ended` is then when that was known. `answered`: a worker said it to a prompt.
    """

    fact: str
    value: Value
    day: date
    at: datetime
    known: datetime
    name: str
    live: bool
    answered: bool
    ended: datetime | None = None


class Held(NamedTuple):
    """A value that held from `at` until `until` (None: still), with the recordings that say it, the first one first."""

    value: Value
    at: datetime
    until: datetime | None
    said: tuple[Said, ...]
    new: bool
    """Whether the value before it was another one, or unknown."""


FactLine = tuple[Held, ...]


Values = Mapping[str, Value | None]
"""What is known of facts at one moment; None: unknown."""


def values_at(facts: Iterable[str], lines: Mapping[str, FactLine], at: datetime) -> dict[str, Value | None]:
    """What was known of these facts at that moment."""
    values: dict[str, Value | None] = {}
    for fact in facts:
        value = None
        if fact in lines:
            # As `held_by` has it; written out, since this is asked more often than anything else when many are planned.
            for held in reversed(lines[fact]):
                if held.at <= at:
                    if held.until is None or at < held.until:
                        value = held.value
                    break
        values[fact] = value
    return values


def held_by(line: FactLine, at: datetime) -> Held | None:
    """What held at that moment, with the recordings that say it; None: nothing is known."""
    for held in reversed(line):
        if held.at <= at:
            return held if held.until is None or at < held.until else None
    return None


def recordings(records: Iterable[Record], calendar: Calendar) -> dict[str, list[Said]]:
    """Every recording of a fact, live and retracted, by fact; in the order in which they begin to hold."""
    found: dict[str, list[Said]] = {}
    midnight = calendar.midnight
    for record in records:
        event = record.event
        if len(record.versions) == 1 and isinstance(event, Fact):
            at, known = midnight[event.day], record.versions[0].known
            name = edge_name(record.id, event.name)
            entry = Said(event.name, event.value, event.day, at, known, name, True, False)
            found.setdefault(event.name, []).append(entry)
            continue
        said: dict[tuple[str, Value], Said] = {}
        live: set[tuple[str, Value]] = set()
        for version in record.versions:
            facts = _facts(version.event, calendar)
            if not facts and not said:
                continue
            live = set()
            for fact, value, day, at in facts:
                earlier = said.get((fact, value))
                known = earlier.known if earlier else version.known
                name = edge_name(record.id, fact)
                answered = isinstance(version.event, Answer)
                said[fact, value] = Said(fact, value, day, at, known, name, True, answered)
                live.add((fact, value))
            for key, entry in said.items():
                if key not in live and entry.live:
                    said[key] = entry._replace(live=False, ended=version.known)
        for entry in said.values():
            found.setdefault(entry.fact, []).append(entry)
    for entries in found.values():
        if len(entries) > 1:
            entries.sort(key=lambda entry: (entry.at, entry.known, entry.name))
    return found


def _facts(event: object, calendar: Calendar) -> list[tuple[str, Value, date, datetime]]:
    if isinstance(event, Fact):
        return [(event.name, event.value, event.day, calendar.at(event.day))]
    if isinstance(event, Answer):
        day = calendar.day(event.at)
        return [(name, value, day, event.at) for name, value in event.facts]
    return []


def fact_lines(
    said: Mapping[str, Sequence[Said]],
    kinds: Mapping[str, FactKind],
    spells: Sequence[Spell],
    calendar: Calendar,
    gap: int,
) -> dict[str, FactLine]:
    """What held when, for each fact of which something is recorded.

    A fact holds from its day until the next; one that lasts a transition becomes unknown at the next one. A repeat of the same
    value within `gap` days joins the recording before it: an answer and the export that echoes it are one, so the echo neither
    is a new moment nor outlives the transition that ended the first. What a worker answers after that transition is no echo.
    """
    begins = [calendar.midnight[spell.begin] for spell in spells[1:]]
    near = timedelta(days=gap)
    lines: dict[str, FactLine] = {}
    for fact, entries in said.items():
        kind = kinds.get(fact)
        lasts = kind is not None and kind.lasts_transition
        held: list[Held] = []
        for entry in entries:
            if entry.live:
                _add(held, entry, begins if lasts else (), near)
        lines[fact] = tuple(held)
    return lines


def _add(held: list[Held], entry: Said, transitions: Sequence[datetime], near: timedelta) -> None:
    new = True
    if held:
        last = held[-1]
        over = last.until is not None and last.until <= entry.at
        same = last.value == entry.value
        if same and entry.at - last.said[-1].at <= near and not (over and entry.answered):
            held[-1] = last._replace(said=(*last.said, entry))
            return
        if not over:
            held[-1] = last._replace(until=entry.at)
        new = over or not same
    place = bisect_right(transitions, entry.at)
    until = transitions[place] if place < len(transitions) else None
    held.append(Held(entry.value, entry.at, until, (entry,), new))
