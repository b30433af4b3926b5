"""Closings: when a client's file was closed, and when it opened again. (Design, section 4, Closing.)"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cti.core.events import Closed, Record
from cti.core.line import Segment, stays_of


@dataclass(frozen=True, slots=True)
class Closure:
    """The file is closed from `day` until `end` (exclusive; None: for good).

    `by_stay`: it was opened by a stay that began, not by an end day.
    """

    day: date
    end: date | None
    reason: str
    by_stay: bool

    def covers(self, day: date) -> bool:
        """Whether the file is closed on that day."""
        return self.day <= day and (self.end is None or day < self.end)


def closures(records: Sequence[Record]) -> list[Closure]:
    """When the file was closed. It opens on an end day, or, unless the client died or opted out, at the next stay that begins."""
    told = [event for record in records if isinstance(event := record.event, Closed)]
    if not told:
        return []
    begins = sorted(stay.begin for _, stay in stays_of(records))
    found = (_closure(event, begins) for event in told)
    closed = (closure for closure in found if closure.end is None or closure.end > closure.day)
    return sorted(closed, key=lambda closure: closure.day)


def _closure(closed: Closed, begins: Sequence[date]) -> Closure:
    end, by_stay = closed.until, False
    if closed.reason == "closed":
        opened = next((begin for begin in begins if begin > closed.day), None)
        if opened is not None and (end is None or opened <= end):
            end, by_stay = opened, True
    return Closure(closed.day, end, closed.reason, by_stay)


def lasting(found: Sequence[Closure], runs: Sequence[Segment], gap: int) -> list[Closure]:
    """The closures that count: not those of at most `gap` days after which the client is back in the same situation.

    Such a file was closed and opened for a transfer or a short absence, which makes no moment. `runs` are the line's.
    """
    return [
        closure
        for closure in found
        if not (
            closure.by_stay
            and closure.end is not None
            and (closure.end - closure.day).days <= gap
            and any(run.begin < closure.day for run in runs)
            and not any(closure.day <= run.begin <= closure.end for run in runs)
        )
    ]


def openings(found: Sequence[Closure]) -> set[date]:
    """The days on which a closed file opens."""
    return {
        closure.end
        for closure in found
        if closure.end is not None and not any(other.covers(closure.end) for other in found)
    }
