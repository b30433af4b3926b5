"""Moments: what a rule answers to. A transition, an expectation, a recorded fact, a change of worker; each with its names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from cti.core.calendar import Calendar
from cti.core.closings import Closure
from cti.core.events import Value
from cti.core.facts import FactLine, Held, Said
from cti.core.spells import Spell
from cti.core.vocabulary import FactKind

MomentKind = Literal["enters", "expects", "records", "changes"]


@dataclass(frozen=True, slots=True)
class Moment:
    """Something to answer to.

    `day` is the day it is about; None for an expectation without one, which counts from `known`. `what` is the situation, the
    fact or "worker"; `value` the fact's value. `end` is when it is over, `over` why ("moved-on", "fulfilled", "lapsed",
    "closed").
    `transition` says to which transition it belongs: steps that ask the same question ask it once for each.
    """

    kind: MomentKind
    what: str
    name: str
    names: tuple[str, ...]
    day: date | None
    known: datetime
    end: datetime | None
    over: str
    transition: str
    origin: str | None = None
    value: Value | None = None
    worker_before: str | None = None


def transition_moments(spells: Sequence[Spell], calendar: Calendar) -> Iterator[Moment]:
    """One moment for each spell: the client comes into its situation."""
    for spell in spells:
        yield _transition(spell, calendar.at(spell.end) if spell.end else None, "moved-on")


def closed_moments(
    unseen: Sequence[Spell], closures: Sequence[Closure], calendar: Calendar
) -> Iterator[Moment]:
    """What would have been a transition, had the file not been closed: over before it began, so that its rows can say so."""
    for spell in unseen:
        closed = min(closure.day for closure in closures if closure.covers(spell.begin))
        yield _transition(spell, calendar.at(closed), "closed")


def _transition(spell: Spell, end: datetime | None, over: str) -> Moment:
    return Moment(
        "enters",
        spell.situation,
        spell.name,
        spell.names,
        spell.begin,
        spell.known,
        end,
        over,
        spell.name,
        origin=spell.origin,
    )


def fact_moments(
    lines: Mapping[str, FactLine],
    said: Mapping[str, Sequence[Said]],
    kinds: Mapping[str, FactKind],
    spells: Sequence[Spell],
    calendar: Calendar,
    gap: int,
) -> Iterator[Moment]:
    """A moment for each change of value; for a date fact, a moment on that date, which a later record moves."""
    for fact, line in lines.items():
        kind = kinds.get(fact)
        retracted = [entry for entry in said[fact] if not entry.live]
        if kind is not None and kind.type == "date":
            yield from _date_moments(fact, kind, said[fact], retracted, spells, calendar, gap)
            continue
        for index, held in enumerate(line):
            if held.new:
                yield _value_moment(fact, line, index, retracted, spells, calendar, gap)


def _value_moment(
    fact: str,
    line: FactLine,
    index: int,
    retracted: Sequence[Said],
    spells: Sequence[Spell],
    calendar: Calendar,
    gap: int,
) -> Moment:
    """A value begins to hold. Repeats while it holds answer to the same moment, and so do retracted ones a gap before it."""
    held = line[index]
    first = held.said[0]
    last = held
    said = list(held.said)
    for later in line[index + 1 :]:
        if later.new:
            break
        said.extend(later.said)
        last = later
    near = timedelta(days=gap)
    said.extend(
        entry
        for entry in retracted
        if entry.value == held.value
        and held.at - near <= entry.at
        and (last.until is None or entry.at < last.until)
    )
    end, transition = _around(first.at, spells, calendar)
    return Moment(
        "records",
        fact,
        first.name,
        _names(said),
        first.day,
        min(entry.known for entry in said),
        end,
        "moved-on",
        transition,
        value=held.value,
    )


def _date_moments(
    fact: str,
    kind: FactKind,
    said: Sequence[Said],
    retracted: Sequence[Said],
    spells: Sequence[Spell],
    calendar: Calendar,
    gap: int,
) -> Iterator[Moment]:
    """A date that is recorded is a moment on that date.

    Unless the vocabulary says `many`, a record that comes before the date (or within a gap after it) moves it; one that comes
    later is a new moment, since the first has had its time.
    """
    near = timedelta(days=gap)
    groups: list[list[Said]] = []
    for entry in said:
        if not entry.live or not isinstance(entry.value, date):
            continue
        last = groups[-1][-1] if groups else None
        if (
            last is not None
            and not kind.many
            and _same_life(last, entry, kind, spells, calendar)
            and entry.day - _date(last) <= near
        ):
            groups[-1].append(entry)
        elif kind.many and (twin := _twin(groups, entry)) is not None:
            twin.append(entry)
        else:
            groups.append([entry])
    for index, group in enumerate(groups):
        first, latest = group[0], group[-1]
        following = groups[index + 1][0].at if index + 1 < len(groups) and not kind.many else None
        ghosts = [
            entry
            for entry in retracted
            if isinstance(entry.value, date)
            and abs(_date(entry) - _date(latest)) <= near
            and (kind.many or first.at - near <= entry.at)
            and (following is None or entry.at < following)
        ]
        end, transition = _around(latest.at, spells, calendar)
        everything = [*group, *ghosts]
        yield Moment(
            "records",
            fact,
            first.name,
            _names(everything),
            _date(latest),
            min(entry.known for entry in everything),
            end,
            "moved-on",
            transition,
            value=latest.value,
        )


def _twin(groups: Sequence[list[Said]], entry: Said) -> list[Said] | None:
    """Where several dates stand beside one another, the same date recorded twice is still one."""
    return next((group for group in groups if group[-1].value == entry.value), None)


def _same_life(
    before: Said, entry: Said, kind: FactKind, spells: Sequence[Spell], calendar: Calendar
) -> bool:
    if not kind.lasts_transition:
        return True
    return not any(before.at < calendar.at(spell.begin) <= entry.at for spell in spells[1:])


def _date(entry: Said) -> date:
    if not isinstance(entry.value, date):
        raise TypeError(f"{entry.fact} is not a date")
    return entry.value


@dataclass(frozen=True, slots=True)
class Worked:
    """From `day` on this worker and this team are responsible. `known` is when the first version that says so was recorded."""

    day: date
    worker: str | None
    team: str | None
    name: str
    known: datetime
    live: bool


def worker_moments(
    worked: Sequence[Worked], spells: Sequence[Spell], calendar: Calendar, gap: int
) -> Iterator[Moment]:
    """A moment for each day on which another worker takes over. The first worker of a client takes over from nobody."""
    live = [entry for entry in worked if entry.live and entry.worker is not None]
    gone = [entry for entry in worked if not entry.live]
    near = timedelta(days=gap)
    runs: list[list[Worked]] = []
    for entry in live:
        if runs and runs[-1][0].worker == entry.worker:
            runs[-1].append(entry)
        else:
            runs.append([entry])
    for index, run in enumerate(runs):
        if index == 0:
            continue
        first = run[0]
        until = runs[index + 1][0].day if index + 1 < len(runs) else date.max
        ghosts = [
            entry for entry in gone if entry.worker == first.worker and first.day - near <= entry.day < until
        ]
        end, transition = _around(calendar.at(first.day), spells, calendar)
        yield Moment(
            "changes",
            "worker",
            first.name,
            tuple(sorted({entry.name for entry in (*run, *ghosts)})),
            first.day,
            min(entry.known for entry in (*run, *ghosts)),
            end,
            "moved-on",
            transition,
            worker_before=runs[index - 1][-1].worker,
        )


def _around(at: datetime, spells: Sequence[Spell], calendar: Calendar) -> tuple[datetime | None, str]:
    """The client's next transition after `at`, and the name of the one before it."""
    name = ""
    for spell in spells:
        begin = calendar.at(spell.begin)
        if begin > at:
            return begin, name
        name = spell.name
    return None, name


def _names(said: Sequence[Said]) -> tuple[str, ...]:
    return tuple(sorted({entry.name for entry in said}))


def held_by(line: FactLine, at: datetime) -> Held | None:
    """What held at that moment, with the recordings that say it (for explanations)."""
    for held in reversed(line):
        if held.at <= at:
            return held if held.until is None or at < held.until else None
    return None
