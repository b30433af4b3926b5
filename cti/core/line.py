"""The line: where a client stood on each day, worked out of stays that overlap, have gaps, and lead somewhere.

Where stays overlap, the one that began last holds while it lasts (of two that began on one day the one with the higher record
id, compared as text). When it ends, the stay that is still open holds, else the destination of the one that ended last, until
the next stay begins, else "unknown". Ends of stays that do not hold change nothing. A stay of zero days makes no segment, but
its destination holds. (Design, section 4.)
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from operator import itemgetter
from typing import NamedTuple

from cti.core.events import Record, RecordId, Stay
from cti.core.vocabulary import UNKNOWN

ENTERED = "entered"
ENDED = "ended"


def edge_name(record: RecordId, kind: str) -> str:
    """The stable name of an edge: a record, and whether it was entered or ended."""
    source, ref, part = record
    return f"{source}:{ref}:{part}:{kind}"


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
    placed = sorted([_placed(record, stay) for record, stay in stays], key=_BY_BEGIN)
    ending = {
        p.end: p for p in placed if p.end is not None
    }  # of those that end on a day the one that began last
    begun: list[
        _Placed
    ] = []  # in this order; where the last one has ended it is taken away, so that the last one holds
    segments: list[Segment] = []
    holder: _Placed | None = None
    ended: _Placed | None = None
    number = 0
    for day in sorted(ending.keys() | {p.begin for p in placed}):
        while number < len(placed) and placed[number].begin == day:
            begun.append(placed[number])
            number += 1
        before, last = holder, ended
        ended = ending.get(day, ended)
        while begun and (end := begun[-1].end) is not None and end <= day:
            begun.pop()
        holder = begun[-1] if begun else None
        if holder is not None:
            if holder is not before:
                segments.append(_stay_segment(day, holder, before))
        elif ended is not None and (before is not None or ended is not last):
            segments.append(_gap_segment(day, ended))
    return tuple(segments)


_BY_BEGIN = itemgetter(0, 1)


def _placed(record: RecordId, stay: Stay) -> _Placed:
    begin, end = stay.begin, stay.end
    if end is not None and end < begin:
        end = begin
    return _Placed(begin, ":".join(record), end, stay, record)


def _stay_segment(day: date, holder: _Placed, before: _Placed | None) -> Segment:
    """A stay takes hold: it begins, or the client returns to it and the edge that ended the interruption names this."""
    if holder.begin == day or before is None:
        return Segment(day, holder.stay.situation, True, edge_name(holder.record, ENTERED), holder.record)
    return Segment(day, holder.stay.situation, True, edge_name(before.record, ENDED), before.record)


def _gap_segment(day: date, ended: _Placed) -> Segment:
    return Segment(
        day, ended.stay.destination or UNKNOWN, False, edge_name(ended.record, ENDED), ended.record
    )
