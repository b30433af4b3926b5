"""Moments: what a rule answers to. A transition, an expectation, a recorded fact, a change of worker; each with its names.

Here are transitions and changes of worker; `expectations` and `recorded` make the others.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from cti.core.calendar import Calendar
from cti.core.closings import Closure
from cti.core.events import Value
from cti.core.spells import Spell

MomentKind = Literal["enters", "expects", "records", "changes"]

Kinds = Container[tuple[str, str]]
"""Kinds of moment, each with a situation, a fact or "worker"."""


class _Every:
    def __contains__(self, kind: object) -> bool:
        return True


EVERY: Kinds = _Every()


class Moment(NamedTuple):
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


def moment_day(moment: Moment, calendar: Calendar) -> date:
    """The day a moment is about; an expectation without a day is about the day it was known."""
    return moment.day if moment.day is not None else calendar.day(moment.known)


def transition_moments(spells: Sequence[Spell], calendar: Calendar) -> Iterator[Moment]:
    """One moment for each spell: the client comes into its situation."""
    for spell in spells:
        yield _transition(spell, calendar.midnight[spell.end] if spell.end else None, "moved-on")


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
        spell.origin,
    )


class Worked(NamedTuple):
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
    """A moment for each day on which another worker takes over. The first worker of a client takes over from nobody.

    Of two that took over on one day the one recorded last did.
    """
    if len(worked) < 2:
        return
    gone = [entry for entry in worked if not entry.live]
    near = timedelta(days=gap)
    by_day: dict[date, list[Worked]] = {}
    for entry in worked:
        if entry.live and entry.worker is not None:
            by_day.setdefault(entry.day, []).append(entry)
    runs: list[list[Worked]] = []
    for named in by_day.values():
        if runs and runs[-1][0].worker == named[-1].worker:
            runs[-1].extend(named)
        else:
            runs.append(named[::-1])
    for index, run in enumerate(runs):
        if index == 0:
            continue
        first = run[0]
        until = runs[index + 1][0].day if index + 1 < len(runs) else date.max
        ghosts = [entry for entry in gone if first.day - near <= entry.day < until]
        same = [entry for entry in (*run, *ghosts) if entry.worker == first.worker]
        end, transition = around(calendar.at(first.day), spells, calendar)
        yield Moment(
            "changes",
            "worker",
            first.name,
            tuple(sorted({entry.name for entry in (*run, *same)})),
            first.day,
            min(entry.known for entry in same),
            end,
            "moved-on",
            transition,
            worker_before=runs[index - 1][0].worker,
        )


def around(at: datetime, spells: Sequence[Spell], calendar: Calendar) -> tuple[datetime | None, str]:
    """The client's next transition after `at`, and the name of the one before it."""
    name = ""
    for spell in spells:
        begin = calendar.midnight[spell.begin]
        if begin > at:
            return begin, name
        name = spell.name
    return None, name
