"""Spells and transitions: unbroken times in one situation, each with the names that its beginning answers to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import zip_longest
from typing import NamedTuple

from cti.core.closings import Closure, closures, lasting, openings
from cti.core.events import Record, RecordId, Stay
from cti.core.line import ENDED, ENTERED, Segment, edge_name, line, stays_of
from cti.core.vocabulary import UNKNOWN

_BY_AN_END = f":{ENDED}"


Edge = tuple[str, bool, str, date, datetime, bool]
"""What a record says or said: that the client came into a situation on a day.

Its name; whether it was by the end of a stay, otherwise by its beginning; the situation; the day; when the first version that
says so was recorded; and whether the latest version still says so.
"""

Span = tuple[Segment, date | None]
"""What begins a spell, and its end (exclusive); None while it lasts."""


class Spell(NamedTuple):
    """An unbroken time in one situation; `end` (exclusive) is None while it lasts.

    `name` names its beginning, `names` are all names it answers to (design, section 5, Names). `known` is when the first
    version that says it was recorded.
    """

    situation: str
    begin: date
    end: date | None
    origin: str | None
    """The situation before it; None at the beginning of the line."""
    name: str
    names: tuple[str, ...]
    known: datetime
    record: RecordId


class Course(NamedTuple):
    """The steps of a client's line.

    `unseen` are spells that began while the file was closed: no steps of the line. `closures` are those that count.
    """

    spells: tuple[Spell, ...]
    unseen: tuple[Spell, ...]
    closures: tuple[Closure, ...]


def spells(records: Sequence[Record], gap: int) -> tuple[Spell, ...]:
    """The client's spells in order. `gap` in days: a gap of at most that length between two stays in one situation joins them."""
    return course(records, gap).spells


def course(records: Sequence[Record], gap: int) -> Course:
    """The client's spells in order, and what closings keep out of them."""
    segments = absorb(line(stays_of(records)), gap)
    runs = join(segments)
    shut = closures(records)
    if shut:
        shut = lasting(shut, runs, gap)
        runs = _reopened(segments, shut)
    found = _spells(runs, edges_of(records), gap) if runs else []
    if not shut:
        return Course(tuple(found), (), ())
    unseen = [spell for spell in found if any(closure.covers(spell.begin) for closure in shut)]
    return Course(tuple(spell for spell in found if spell not in unseen), tuple(unseen), tuple(shut))


def _reopened(segments: Sequence[Segment], shut: Sequence[Closure]) -> list[Segment]:
    """The runs, with a new one wherever the file opens: for the stay that opened it, else for where the client went meanwhile."""
    opened = openings(shut)
    runs = join(segments, opened)
    for day in sorted(opened - {run.begin for run in runs}):
        last = next((i for i in reversed(range(len(runs))) if runs[i].begin < day), None)
        if last is not None and any(closure.covers(runs[last].begin) for closure in shut):
            runs[last] = runs[last]._replace(begin=day)
    return runs


def _spells(runs: Sequence[Segment], edges: Sequence[Edge], gap: int) -> list[Spell]:
    ends = [run.begin for run in runs[1:]]
    result: list[Spell] = []
    spans = list(zip_longest(runs, ends))
    near = timedelta(days=gap)
    for index, (run, end) in enumerate(spans):
        names, known = _answers_to(run, end, spans, edges, near)
        origin = runs[index - 1].situation if index else None
        result.append(Spell(run.situation, run.begin, end, origin, run.edge, names, known, run.record))
    return result


def absorb(segments: Sequence[Segment], gap: int) -> list[Segment]:
    """Leaves out the gaps of at most `gap` days between two stays in one situation."""
    kept: list[Segment] = []
    waiting: list[Segment] = []
    last: Segment | None = None
    for segment in segments:
        if not segment.stay:
            waiting.append(segment)
            continue
        bridged = (
            waiting
            and last is not None
            and last.situation == segment.situation
            and segment.begin - waiting[0].begin <= timedelta(days=gap)
        )
        if not bridged:
            kept.extend(waiting)
        kept.append(segment)
        waiting = []
        last = segment
    return kept + waiting


def join(segments: Iterable[Segment], opened: Collection[date] = ()) -> list[Segment]:
    """One segment for each run in the same situation: the first of the run. On the days `opened` a new run begins in any case."""
    runs: list[Segment] = []
    for segment in segments:
        if not runs or runs[-1].situation != segment.situation or segment.begin in opened:
            runs.append(segment)
    return runs


def edges_of(records: Iterable[Record]) -> list[Edge]:
    """Every edge that some version of a stay says or said, by record, kind and situation."""
    edges: list[Edge] = []
    for record in records:
        said: dict[tuple[str, str], tuple[date, datetime]] = {}
        now: dict[tuple[str, str], date] = {}
        for version in record.versions:
            now = _edges(version.event)
            for one, day in now.items():
                before = said.get(one)
                said[one] = day, version.known if before is None else min(before[1], version.known)
        for one, (day, known) in said.items():
            kind, situation = one
            edges.append((edge_name(record.id, kind), kind is ENDED, situation, day, known, one in now))
    return edges


def _edges(event: object) -> dict[tuple[str, str], date]:
    """The days of the edges that a version says, by kind and situation."""
    if not isinstance(event, Stay):
        return {}
    edges = {(ENTERED, event.situation): event.begin}
    if event.end is not None:
        edges[ENDED, event.destination or UNKNOWN] = max(event.end, event.begin)
    return edges


def _answers_to(
    run: Segment, end: date | None, spans: Sequence[Span], edges: Sequence[Edge], near: timedelta
) -> tuple[tuple[str, ...], datetime]:
    """The names of a spell, and when it was first known. `spans` are those of all spells, `near` is a gap's length.

    It answers to every edge inside it that says its situation; and within a gap of its beginning, before or after, to every edge
    that says its situation and to every end, whatever that says: a return to a stay that is still open is named by the end of the
    interruption, which says another situation or none. Some of those stand and no longer hold, because the client came a few days
    later or by another record; without them, telling the same step anew would prompt a second time. Only what stands inside
    another spell in its situation says that one.

    It was known by what says its situation inside it, or within a gap before it and is retracted: what stands before it may have
    told of something else, and a prompt that seems known too early would count as missed.
    """
    begin, holds, stay, edge, _ = run
    first, last = begin - near, begin + near
    is_return = stay and edge.endswith(_BY_AN_END)
    names = {edge}
    known: list[datetime] = []
    for name, ended, situation, day, since, live in edges:
        says_so = situation == holds
        if name == edge and (live or says_so or is_return):
            known.append(since)
        if day < first:
            continue
        inside = begin <= day and (end is None or day < end)
        if not inside and day > last:
            continue
        if says_so:
            if inside or not (live and _in_another(day, run, spans)):
                names.add(name)
                if inside or (day < begin and not live):
                    known.append(since)
        elif ended and day <= last:
            names.add(name)
    return (edge,) if len(names) == 1 else tuple(sorted(names)), min(known)


def _in_another(day: date, run: Segment, spans: Iterable[Span]) -> bool:
    """Whether the day lies in another spell in the same situation."""
    return any(
        other.begin <= day and (end is None or day < end)
        for other, end in spans
        if other.situation == run.situation and other is not run
    )
