"""A second reading of the design, slow and plain: day by day, straight from its sentences.

It imports nothing of the core but the values of events, so that what both get wrong is at least wrong twice. Each function
quotes the sentence that it reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cti.core.events import Answer, Closed, Fact, Record, Stay, Value

DAY = timedelta(days=1)


# --- section 4: the line, spells, closing -----------------------------------------------------------------------------


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
    id: str
    begin: date
    end: date | None
    situation: str
    destination: str | None


def told(records: Iterable[Record]) -> list[Told]:
    """What the latest versions say. An end before the begin is a stay of zero days."""
    found = []
    for record in records:
        event = record.versions[-1].event
        if isinstance(event, Stay):
            end = max(event.end, event.begin) if event.end is not None else None
            found.append(Told(str(record.id), event.begin, end, event.situation, event.destination))
    return found


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


@dataclass(frozen=True)
class Shut:
    day: date
    end: date | None
    by_stay: bool

    def covers(self, day: date) -> bool:
        return self.day <= day and (self.end is None or day < self.end)


def shut(records: Sequence[Record], gap: int) -> list[Shut]:
    """A closed file opens again at the next stay that begins after it; deceased and opted out end only by retraction or an
    end day. (Page 9 of the decisions: closed for at most a gap, and opened in the same situation, it was not closed.)"""
    stays = told(records)
    days = table(stays, gap)
    found = []
    for record in records:
        event = record.versions[-1].event
        if not isinstance(event, Closed):
            continue
        following = min((s.begin for s in stays if s.begin > event.day), default=None)
        if event.reason == "closed" and following and (event.until is None or following <= event.until):
            length = (following - event.day).days
            stood = {days.get(event.day - DAY + number * DAY) for number in range(length + 2)}
            if length > gap or None in stood or len({here.situation for here in stood if here}) > 1:
                found.append(Shut(event.day, following, True))
        else:
            found.append(Shut(event.day, event.until, False))
    return found


def steps(records: Sequence[Record], gap: int) -> list[Step]:
    """Spells: an unbroken time in one situation. No step of the line falls on or after a closing until the file opens again."""
    stays = told(records)
    closed = shut(records, gap)
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
        if not is_shut(day):
            found.append(Step(day, end, origin, days[told_day].situation, name(told_day)))
    return found


# --- section 5: names, known --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Edge:
    """What some version of a record says: by its beginning or its end, the client came into `situation`."""

    name: str
    situation: str
    day: date
    known: datetime
    live: bool


def edges(records: Iterable[Record]) -> list[Edge]:
    """An edge is a record and whether it was entered or ended; known is when the first version that says it was recorded."""
    found = []
    for record in records:
        says: dict[tuple[str, str], list[tuple[date, datetime]]] = {}
        for version in record.versions:
            for kind, situation, day in _said(version.event):
                says.setdefault((kind, situation), []).append((day, version.known))
        now = {(kind, situation) for kind, situation, _ in _said(record.versions[-1].event)}
        for (kind, situation), times in says.items():
            live = (kind, situation) in now
            known = min(known for _, known in times)
            found.append(Edge(f"{record.id}:{kind}", situation, times[-1][0], known, live))
    return found


def _said(event: object) -> list[tuple[str, str, date]]:
    if not isinstance(event, Stay):
        return []
    entered = ("entered", event.situation, event.begin)
    if event.end is None:
        return [entered]
    return [entered, ("ended", event.destination or "unknown", max(event.end, event.begin))]


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


# --- section 4: facts ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    value: Value
    at: datetime
    known: datetime
    name: str
    answered: bool


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


def holds(
    said: Sequence[Said], at: datetime, transitions: Sequence[datetime], gap: int, lasts: bool
) -> Value | None:
    """A fact holds from its day until the next. One declared lasts = "transition" becomes unknown at the next transition;
    repeats within the gap join the recording before (page 10 of the decisions: not an answer given after that transition)."""
    so_far = [one for one in said if one.at <= at]
    if not so_far:
        return None
    ends = _end_of_life(so_far, len(so_far) - 1, transitions, gap, lasts)
    return so_far[-1].value if ends is None or at < ends else None


def changes(said: Sequence[Said], transitions: Sequence[datetime], gap: int, lasts: bool) -> list[Said]:
    """Recording a fact is a moment when its value changes; repeats within the gap join it."""
    found = []
    for index, one in enumerate(said):
        if index and _joins(said, index, transitions, gap, lasts):
            continue
        ends = _end_of_life(said, index - 1, transitions, gap, lasts) if index else None
        if index == 0 or said[index - 1].value != one.value or (ends is not None and ends <= one.at):
            found.append(one)
    return found


def _joins(said: Sequence[Said], index: int, transitions: Sequence[datetime], gap: int, lasts: bool) -> bool:
    one, before = said[index], said[index - 1]
    if one.value != before.value or one.at - before.at > gap * DAY:
        return False
    ends = _end_of_life(said, index - 1, transitions, gap, lasts)
    return not (one.answered and ends is not None and ends <= one.at)


def _end_of_life(
    said: Sequence[Said], index: int, transitions: Sequence[datetime], gap: int, lasts: bool
) -> datetime | None:
    """When the recording becomes unknown: at the first transition after the one that it joins."""
    if not lasts:
        return None
    while index and _joins(said, index, transitions, gap, lasts):
        index -= 1
    return next((one for one in transitions if one > said[index].at), None)


# --- sections 5 and 6: working days -------------------------------------------------------------------------------------


def distance(day: date, amount: int, unit: str, works: Callable[[date], bool]) -> date:
    """A delay, written out: months clip, working days are counted one by one."""
    if unit in ("days", "weeks"):
        return day + amount * (7 if unit == "weeks" else 1) * DAY
    if unit == "months":
        year, month = day.year, day.month
        for _ in range(abs(amount)):
            month += 1 if amount > 0 else -1
            if month in (0, 13):
                year, month = (year - 1, 12) if month == 0 else (year + 1, 1)
        for number in range(day.day, 0, -1):
            try:
                return date(year, month, number)
            except ValueError:
                continue
    counted = 0
    while counted < abs(amount):
        day += DAY if amount > 0 else -DAY
        counted += works(day)
    return day


def rolled(day: date, back: bool, works: Callable[[date], bool]) -> date:
    """Rolled to a working day: forwards; backwards for "before"."""
    while not works(day):
        day += -DAY if back else DAY
    return day
