"""The slow reading of `tests.second`, which knows nothing of the product, on the records of the core."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from cti.core.events import Answer, Closed, Fact, Record, Stay, Value
from tests.second import line
from tests.second.facts import Said
from tests.second.line import Edge, Step, Told


def told(records: Iterable[Record]) -> list[Told]:
    """What the latest versions say."""
    return [stay for record in records if (stay := _told(record, record.versions[-1].event)) is not None]


def _told(record: Record, event: object) -> Told | None:
    if not isinstance(event, Stay):
        return None
    end = max(event.end, event.begin) if event.end is not None else None
    return Told(str(record.id), event.begin, end, event.situation, event.destination)


def steps(records: Sequence[Record], gap: int) -> list[Step]:
    closings = [
        (event.day, event.reason, event.until)
        for record in records
        if isinstance(event := record.versions[-1].event, Closed)
    ]
    return line.steps(told(records), closings, gap)


def edges(records: Iterable[Record]) -> list[Edge]:
    return line.edges(
        (str(record.id), [(version.known, _told(record, version.event)) for version in record.versions])
        for record in records
    )


def names_of(step: Step, spells: Sequence[Step], found: Iterable[Edge], gap: int) -> set[str]:
    """The names of a moment, as page 27 of the decisions has them: edges inside its spell that say its situation; and within a
    gap of its beginning edges that say its situation, and ends whatever they say; but not what stands inside another spell in
    its situation."""
    names = {step.name}
    for edge in found:
        said_by = [one for one in spells if one.situation == edge.situation and _holds(one, edge.day)]
        if edge.situation == step.situation and step in said_by:
            names.add(edge.name)
        elif abs((edge.day - step.day).days) <= gap:
            if edge.situation != step.situation:
                names |= {edge.name} if edge.name.endswith(":ended") else set()
            elif not (edge.live and said_by):
                names.add(edge.name)
    return names


def _holds(step: Step, day: date) -> bool:
    return step.day <= day and (step.end is None or day < step.end)


def recordings(records: Iterable[Record], fact: str, midnight: Callable[[date], datetime]) -> list[Said]:
    """What is recorded of a fact now, in the order in which it begins to hold."""
    found = []
    for record in records:
        event = record.versions[-1].event
        if isinstance(event, Fact):
            given, at = [(event.name, event.value)], midnight(event.day)
        elif isinstance(event, Answer):
            given, at = list(event.facts), event.at
        else:
            continue
        for name, value in given:
            if name == fact:
                first = min(v.known for v in record.versions if _says(v.event, fact, value))
                found.append(Said(value, at, first, f"{record.id}:{fact}", isinstance(event, Answer)))
    return sorted(found, key=lambda said: (said.at, said.known, said.name))


def _says(event: object, fact: str, value: Value) -> bool:
    if isinstance(event, Fact):
        return (event.name, event.value) == (fact, value)
    return isinstance(event, Answer) and (fact, value) in event.facts
