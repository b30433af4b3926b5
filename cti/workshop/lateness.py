"""How late records reach us, per source, team and kind; and which steps suffer from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from cti.core.events import Assignment, Closed, Event, Fact, History, Record, RecordId, Stay
from cti.core.life import assigned, assignments, team_of_source
from cti.core.rules import Rulebook
from cti.engine.assigned import teams_of_sources
from cti.engine.system import System
from cti.i18n import mark
from cti.store import arrivals, clients
from cti.store.histories import histories
from cti.workshop.compare import StepId
from cti.workshop.simulate import Days, simulate

Group = tuple[str, str, str]
"""Source, team ("" where none is known), and kind: begin or end of a stay, fact, assignment or closed."""

SAID = {
    "begin": mark("stay begun"),
    "end": mark("stay ended"),
    "fact": mark("fact"),
    "assignment": mark("worker or team"),
    "closed": mark("file closed"),
}
"""The kinds of what comes in, in their order, and what each is called."""


@dataclass(frozen=True, slots=True)
class Late:
    """How many days after the day it is about something reached us: the median, what nine in ten keep within, and the worst.

    `under_way`: the most days that any of it took from being recorded there to reaching us.
    """

    source: str
    team: str
    kind: str
    count: int
    median: float
    nine_in_ten: int
    worst: int
    under_way: int


@dataclass(frozen=True, slots=True)
class Suffering:
    """A step of which prompts came late, or never, because a record came late."""

    step: StepId
    told: int
    late: int
    too_late: int


@dataclass(frozen=True, slots=True)
class Lateness:
    """What came in between two days, and the steps that suffered in that time by the rules in force, the worst first."""

    first: date
    last: date
    records: tuple[Late, ...]
    steps: tuple[Suffering, ...]


def lateness(
    system: System,
    standing: Rulebook,
    days: Days,
    shown: Callable[[int, int], None] = lambda done, of: None,
) -> Lateness:
    """How late what reached us in these days was, and by a replay of the days with the rules in force, which steps suffered."""
    records = records_late(system, days)
    found = simulate(system, standing, standing, days, shown)
    hurt = [
        Suffering(step, told, found.late.get(step, (0, 0))[1], found.too_late.get(step, (0, 0))[1])
        for step, (_, told) in found.steps.items()
    ]
    return Lateness(
        days.first,
        days.last,
        records,
        tuple(
            sorted(
                (one for one in hurt if one.late or one.too_late),
                key=lambda one: (-one.late - one.too_late, one.step),
            )
        ),
    )


def records_late(system: System, days: Days) -> tuple[Late, ...]:
    """How late what reached us in these days was."""
    config = system.config
    with system.database.read() as tx:
        every = [history for _, history in histories(tx, clients.client_ids(tx))]
        reached = dict(arrivals.reached(tx))
        undated = arrivals.undated(tx)
    groups: dict[Group, list[tuple[int, int]]] = defaultdict(list)
    for history in every:
        for group, at, recorded, day in _news(history, teams_of_sources(config), reached, undated):
            came = config.calendar.day(at)
            if days.first <= came <= days.last:
                under_way = (came - config.calendar.day(recorded)).days
                groups[group].append((max(0, (came - day).days), under_way))
    return tuple(_late(group, groups[group]) for group in sorted(groups, key=_place))


def _place(group: Group) -> tuple[str, str, int]:
    return group[0], group[1], list(SAID).index(group[2])


def _late(group: Group, entries: Sequence[tuple[int, int]]) -> Late:
    late = sorted(days for days, _ in entries)
    ninth = late[max(0, -(-9 * len(late) // 10) - 1)]
    return Late(*group, len(late), float(median(late)), ninth, late[-1], max(way for _, way in entries))


def _news(
    history: History,
    teams: Mapping[str, str],
    reached: Mapping[RecordId, Sequence[tuple[datetime, datetime]]],
    undated: set[tuple[RecordId, int]],
) -> Iterator[tuple[Group, datetime, datetime, date]]:
    """What was told anew of a client: its group, when it reached us, when it was recorded, and the day it is about."""
    worked = assignments(history.records)
    of_source = team_of_source(history.records, teams)
    for record in history.records:
        times = reached.get(record.id) or [(version.known, version.known) for version in record.versions]
        for place, kind, day in _said(record):
            if (record.id, place) not in undated:
                recorded, at = times[place]
                team = assigned(worked, day, of_source).team or ""
                yield (record.id.source, team, kind), at, recorded, day


def _said(record: Record) -> Iterator[tuple[int, str, date]]:
    """Each day that a version of the record tells of and no earlier one did: which version, the kind, the day."""
    seen: set[tuple[str, date]] = set()
    for place, version in enumerate(record.versions):
        for told in _days(version.event):
            if told not in seen:
                seen.add(told)
                yield place, *told


def _days(event: Event | None) -> Iterator[tuple[str, date]]:
    """The days that an event is about. What is expected lies ahead, and an answer is ours: neither comes late."""
    match event:
        case Stay():
            yield "begin", event.begin
            if event.end is not None:
                yield "end", event.end
        case Fact():
            yield "fact", event.day
        case Assignment():
            yield "assignment", event.day
        case Closed():
            yield "closed", event.day
        case _:
            pass


def data(found: Lateness) -> dict[str, object]:
    """The report as scripts read it; days are whole days."""
    return {
        "first": found.first.isoformat(),
        "last": found.last.isoformat(),
        "records": records_data(found.records),
        "steps": [
            {
                "rule": one.step[0],
                "step": one.step[1],
                "told": one.told,
                "late": one.late,
                "too_late": one.too_late,
            }
            for one in found.steps
        ],
    }


def records_data(records: Sequence[Late]) -> list[dict[str, object]]:
    """How late records came, as scripts read it."""
    return [
        {
            "source": late.source,
            "team": late.team or None,
            "kind": late.kind,
            "count": late.count,
            "median": late.median,
            "nine_in_ten": late.nine_in_ten,
            "worst": late.worst,
            "under_way": late.under_way,
        }
        for late in records
    ]
