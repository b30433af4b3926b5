"""A second reading of the design, section 4: the line, spells and closings; day by day, straight from its sentences.

Nothing of the product is imported, so that what both get wrong is at least wrong twice. Each function quotes the sentence that
it reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Step:
    """A step of the line: the spell that begins on `day`, until `end`."""

    day: date
    end: date | None
    origin: str | None
    situation: str
    name: str


@dataclass(frozen=True)
class Where:
    """Where the client stands on a day, by which record, and whether by a stay, by where one led, or in an absorbed gap."""

    situation: str
    by: str
    how: str


@dataclass(frozen=True)
class Told:
    """A stay as a record tells it; an end before the begin is a stay of zero days."""

    id: str
    begin: date
    end: date | None
    situation: str
    destination: str | None


def where(stays: Sequence[Told], day: date) -> Where | None:
    """Where stays overlap, the one that began last holds while it lasts (of two that began on one day the one with the higher
    record id, compared as text); when it ends, the stay that is still open holds, else the destination of the one that ended
    last, until the next stay begins, else unknown."""
    holding = [s for s in stays if s.begin <= day and (s.end is None or day < s.end)]
    if holding:
        holds = max(holding, key=lambda s: (s.begin, s.id))
        return Where(holds.situation, holds.id, "stay")
    ended = [s for s in stays if s.end is not None and s.end <= day]
    if ended:
        last = max(ended, key=lambda s: (s.end, s.begin, s.id))
        return Where(last.destination or "unknown", last.id, "led")
    return None


def table(stays: Sequence[Told], gap: int, until: date = date.min) -> dict[date, Where]:
    """Day by day, at least up to `until`.

    A gap is time without a registered stay. A gap of at most 14 days between two stays in one situation is absorbed.
    """
    if not stays:
        return {}
    days = {s.begin for s in stays} | {s.end for s in stays if s.end is not None}
    first, last = min(days), max(*days, until) + DAY
    found = {}
    for number in range((last - first).days + 1):
        here = where(stays, first + number * DAY)
        if here is not None:
            found[first + number * DAY] = here
    day = first
    while day <= last:
        gone = day
        while gone in found and found[gone].how == "led":
            gone += DAY
        before, after = found.get(day - DAY), found.get(gone)
        if (
            gone > day
            and before
            and after
            and before.situation == after.situation
            and (gone - day).days <= gap
        ):
            for number in range((gone - day).days):
                found[day + number * DAY] = Where(before.situation, "", "absorbed")
        day = max(gone, day) + DAY
    return found


Closing = tuple[date, str, date | None]
"""The day on which a file was closed, why, and its end day, where one is stated."""


@dataclass(frozen=True)
class Shut:
    day: date
    end: date | None
    by_stay: bool

    def covers(self, day: date) -> bool:
        return self.day <= day and (self.end is None or day < self.end)


def shut(stays: Sequence[Told], closings: Iterable[Closing], gap: int) -> list[Shut]:
    """A closed file opens again at the next stay that begins after it; deceased and opted out end only by retraction or an
    end day. (Page 9 of the decisions: closed for at most a gap, and opened in the same situation, it was not closed.)"""
    days = table(stays, gap)
    found = []
    for day, reason, until in closings:
        following = min((s.begin for s in stays if s.begin > day), default=None)
        if reason == "closed" and following and (until is None or following <= until):
            length = (following - day).days
            stood = {days.get(day - DAY + number * DAY) for number in range(length + 2)}
            if length > gap or None in stood or len({here.situation for here in stood if here}) > 1:
                found.append(Shut(day, following, True))
        else:
            found.append(Shut(day, until, False))
    return found


def steps(stays: Sequence[Told], closings: Iterable[Closing], gap: int) -> list[Step]:
    """Spells: an unbroken time in one situation. No step of the line falls on or after a closing until the file opens again."""
    return [step for step, seen in all_steps(stays, closings, gap) if seen]


def all_steps(stays: Sequence[Told], closings: Iterable[Closing], gap: int) -> list[tuple[Step, bool]]:
    """The same with those that began while the file was closed, each with whether it counts."""
    closed = shut(stays, closings, gap)
    days = table(stays, gap, max((one.end for one in closed if one.end is not None), default=date.min))
    begun = {s.id: s.begin for s in stays}

    def is_shut(day: date) -> bool:
        return any(one.covers(day) for one in closed)

    def name(day: date) -> str:
        here = days[day]
        if here.how == "stay" and begun[here.by] == day:
            return f"{here.by}:entered"
        return f"{here.by if here.how == 'led' else days[day - DAY].by}:ended"

    begins: list[tuple[date, date, str | None]] = []  # the day, the day the stays say, and from where
    for day in sorted(days):
        here, before = days[day], days.get(day - DAY)
        opens = is_shut(day - DAY) and not is_shut(day) and any(one.end == day for one in closed)
        another = here.how != "absorbed" and (
            before is None or (here.by, here.how) != (before.by, before.how)
        )
        if before is None or before.situation != here.situation or (opens and another):
            begins.append((day, day, before.situation if before else None))
        elif opens and is_shut(begins[-1][0]):
            begins[-1] = (day, begins[-1][1], begins[-1][2])
    found = []
    for index, (day, told_day, origin) in enumerate(begins):
        end = begins[index + 1][0] if index + 1 < len(begins) else None
        found.append((Step(day, end, origin, days[told_day].situation, name(told_day)), not is_shut(day)))
    return found


# --- names ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Edge:
    """What some version of a record says: by its beginning or its end, the client came into `situation`."""

    name: str
    situation: str
    day: date
    known: datetime
    live: bool


Versions = Sequence[tuple[datetime, Told | None]]
"""What a record said of a stay, and since when that was known."""


def edges(records: Iterable[tuple[str, Versions]]) -> list[Edge]:
    """An edge is a record and whether it was entered or ended; known is when the first version that says it was recorded."""
    found = []
    for record, versions in records:
        says: dict[tuple[str, str], list[tuple[date, datetime]]] = {}
        for known, stay in versions:
            for kind, situation, day in _said(stay):
                says.setdefault((kind, situation), []).append((day, known))
        now = {(kind, situation) for kind, situation, _ in _said(versions[-1][1])}
        for (kind, situation), times in says.items():
            live = (kind, situation) in now
            known = min(known for _, known in times)
            found.append(Edge(f"{record}:{kind}", situation, times[-1][0], known, live))
    return found


def _said(stay: Told | None) -> list[tuple[str, str, date]]:
    if stay is None:
        return []
    entered = ("entered", stay.situation, stay.begin)
    if stay.end is None:
        return [entered]
    return [entered, ("ended", stay.destination or "unknown", stay.end)]


def answers_to(step: Step, found: Iterable[Edge], gap: int) -> set[Edge]:
    """A moment answers to every edge inside its spell that says its situation, and to retracted ones whose day lies inside it
    or within a gap before it."""
    return {
        edge
        for edge in found
        if edge.situation == step.situation
        and (step.end is None or edge.day < step.end)
        and edge.day >= (step.day if edge.live else step.day - gap * DAY)
    }
