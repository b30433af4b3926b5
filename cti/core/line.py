"""The line: where a client stood on each day, worked out of stays that overlap, have gaps, and lead somewhere.

Where stays overlap, the one that began last holds while it lasts (of two that began on one day the one with the higher record
id, compared as text). When it ends, the stay that is still open holds, else the destination of the one that ended last, until
the next stay begins, else "unknown". Ends of stays that do not hold change nothing. A stay of zero days makes no segment, but
its destination holds. (Design, section 4.)
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from heapq import heappop, heappush
from typing import NamedTuple

from cti.core.events import Record, RecordId, Stay
from cti.core.vocabulary import UNKNOWN

ENTERED = "entered"
ENDED = "ended"


def edge_name(record: RecordId, kind: str) -> str:
    """The stable name of an edge: a record, and whether it was entered or ended."""
    return ":".join((*record, kind))


class Segment(NamedTuple):
    """From `begin` on the client stands in `situation`, until the next segment begins.

    `stay` is False in a gap: time without a registered stay. `edge` names the edge that began the segment, `record` is its
    record.
    """

    begin: date
    situation: str
    stay: bool
    edge: str
    record: RecordId


class _Placed(NamedTuple):
    begin: date
    text: str
    end: date | None
    stay: Stay
    record: RecordId


def stays_of(records: Iterable[Record]) -> list[tuple[RecordId, Stay]]:
    """The stays that the records say now."""
    return [(record.id, event) for record in records if isinstance(event := record.event, Stay)]


def line(stays: Iterable[tuple[RecordId, Stay]]) -> tuple[Segment, ...]:
    """The segments of the line, in order. An end before the begin is read as a stay of zero days."""
    placed = sorted([_placed(record, stay) for record, stay in stays], key=lambda p: (p.begin, p.text))
    if not placed:
        return ()
    days = sorted({p.begin for p in placed} | {p.end for p in placed if p.end is not None})
    ending = sorted((p for p in placed if p.end is not None), key=lambda p: (p.end, p.begin, p.text))
    open_now: list[tuple[_Latest, _Placed]] = []
    segments: list[Segment] = []
    holder: _Placed | None = None
    ended: _Placed | None = None
    begun = over = 0
    for day in days:
        while begun < len(placed) and placed[begun].begin <= day:
            begins = placed[begun]
            heappush(open_now, (_Latest((begins.begin, begins.text)), begins))
            begun += 1
        before, last = holder, ended
        while over < len(ending) and _ends_by(ending[over], day):
            ended = ending[over]
            over += 1
        while open_now and _ends_by(open_now[0][1], day):
            heappop(open_now)
        holder = open_now[0][1] if open_now else None
        if holder is not None:
            if holder is not before:
                segments.append(_stay_segment(day, holder, before))
        elif ended is not None and (before is not None or ended is not last):
            segments.append(_gap_segment(day, ended))
    return tuple(segments)


def _placed(record: RecordId, stay: Stay) -> _Placed:
    end = stay.end if stay.end is None or stay.end >= stay.begin else stay.begin
    return _Placed(stay.begin, str(record), end, stay, record)


def _ends_by(placed: _Placed, day: date) -> bool:
    return placed.end is not None and placed.end <= day


def _stay_segment(day: date, holder: _Placed, before: _Placed | None) -> Segment:
    """A stay takes hold: it begins, or the client returns to it and the edge that ended the interruption names this."""
    if holder.begin == day or before is None:
        return Segment(day, holder.stay.situation, True, edge_name(holder.record, ENTERED), holder.record)
    return Segment(day, holder.stay.situation, True, edge_name(before.record, ENDED), before.record)


def _gap_segment(day: date, ended: _Placed) -> Segment:
    return Segment(
        day, ended.stay.destination or UNKNOWN, False, edge_name(ended.record, ENDED), ended.record
    )


class _Latest(tuple[date, str]):
    """Turns a heap around: the stay that began last stands on top."""

    __slots__ = ()

    def __lt__(self, other: tuple[date, str]) -> bool:  # type: ignore[override]
        return tuple.__gt__(self, other)
