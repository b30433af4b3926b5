"""A team's page: what is stuck, who will be away with nobody standing in, and what became of the prompts. It counts by step, and
never by person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from cti.core.calendar import Calendar
from cti.core.people import Staff
from cti.core.prompts import Stored
from cti.engine.acting import MAY_HOLD
from cti.post.days import last_day
from cti.post.routing import is_away, stand_in
from cti.store import caseload, prompts, teams
from cti.store.teams import PARTS, Stuck, Tally, Why
from cti.web.counting import Words

PERIODS = (4, 13, 52)
"""The weeks over which it can be counted; the second is what is shown unasked."""

BACK = timedelta(days=28)
"""How long a prompt whose time has passed is still listed as stuck."""

AHEAD = 28
"""For how many days ahead absences are looked for."""

SHOWN = 25
"""How many prompts of one kind are listed."""


@dataclass(frozen=True, slots=True)
class Card:
    """A prompt that is stuck. `day`: since when it is escalated, until when there was time, or from when it was wanted."""

    number: int
    client: str
    title: str
    day: date | None
    asleep_until: date | None


@dataclass(frozen=True, slots=True)
class Pile:
    """The prompts that are stuck for one reason; `more` are not listed."""

    why: Why
    cards: tuple[Card, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Days on which someone is away and nobody stands in."""

    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a step's prompts, drawn: its name, how many, and where it begins and how long it is, in hundredths."""

    name: str
    number: int
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class CountedStep:
    """What became of the prompts of one step."""

    title: str
    tally: Tally
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """The steps of one rule, by its title."""

    title: str
    steps: tuple[CountedStep, ...]


def piles(
    tx: Connection, team: str, staff: Staff, calendar: Calendar, words: Words, now: datetime
) -> tuple[Pile, ...]:
    """The prompts of the team's clients that are stuck, by why: those that reach nobody first."""
    today = calendar.day(now)
    kinds = teams.stuck(tx, clients_of(team, staff, today), now - BACK, now, SHOWN)
    rows = prompts.by_ids(tx, [number for kind in kinds for number in kind.first])

    def pile(kind: Stuck) -> Pile:
        cards = tuple(_card(kind, rows[number], calendar, words, now) for number in kind.first)
        return Pile(kind.why, cards, kind.count - len(cards))

    return tuple(map(pile, kinds))


def counted(
    tx: Connection, team: str, staff: Staff, calendar: Calendar, words: Words, weeks: int, now: datetime
) -> tuple[Counted, ...]:
    """What became of the prompts that fell due in the last weeks about the clients whom the team has today."""
    today = calendar.day(now)
    since = calendar.at(today - timedelta(weeks=weeks))
    found = teams.tallies(tx, clients_of(team, staff, today), since, now)
    most = max((one.told + one.nobody for one in found), default=0)
    order = {
        (rule.id, step.id): place
        for place, (rule, step) in enumerate((r, s) for r in words.rulebook.rules for s in r.steps)
    }
    found.sort(key=lambda one: (order.get((one.rule, one.step), len(order)), one.rule, one.step))
    return tuple(
        Counted(
            words.rule(rule),
            tuple(
                CountedStep(words.step(rule, one.step), one, _bars(one, most))
                for one in found
                if one.rule == rule
            ),
        )
        for rule in dict.fromkeys(one.rule for one in found)
    )


def gaps(team: str, staff: Staff, today: date) -> tuple[Gap, ...]:
    """Who of the team is away within four weeks with nobody to stand in, so that their prompts come to the team's inbox."""
    found = []
    for person in sorted(staff.people.values(), key=lambda one: (one.name.casefold(), one.id)):
        if person.team != team or person.role not in MAY_HOLD or not person.away:
            continue
        end = max(away.last for away in person.away)
        days = [
            day
            for day in _days(today, min(end, today + timedelta(days=366)))
            if is_away(person, day) and stand_in(person, staff, day) is None
        ]
        found += [
            Gap(person.name, first, last)
            for first, last in _runs(days)
            if first <= today + timedelta(days=AHEAD)
        ]
    return tuple(sorted(found, key=lambda gap: (gap.first, gap.name.casefold())))


def clients_of(team: str, staff: Staff, today: date) -> caseload.Clients:
    """The clients whom the team has on that day."""
    members = [one.id for one in staff.people.values() if one.team == team]
    members += [one for one, last in staff.left.items() if last == team]
    return caseload.clients_of_team(team, members, today)


def _card(kind: Stuck, row: Stored, calendar: Calendar, words: Words, now: datetime) -> Card:
    plan = row.plan
    day = kind.since.get(row.id)
    if kind.why == "passed" and plan.until is not None:
        day = last_day(plan.until, calendar)
    elif kind.why == "nobody" and plan.due is not None:
        day = calendar.day(plan.due)
    asleep = row.snoozed_until if row.snoozed_until is not None and row.snoozed_until > now else None
    return Card(
        row.id,
        plan.client,
        words.title_of(row),
        day,
        calendar.day(asleep) if asleep is not None else None,
    )


def _bars(tally: Tally, most: int) -> tuple[Bar, ...]:
    bars, x = [], 0.0
    for name in PARTS:
        number = getattr(tally, name)
        if number:
            width = 100 * number / most
            bars.append(Bar(name, number, round(x, 2), round(width, 2)))
            x += width
    return tuple(bars)


def _days(first: date, last: date) -> Iterable[date]:
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def _runs(days: Iterable[date]) -> list[tuple[date, date]]:
    """Days in a row, each by its first and its last."""
    runs: list[tuple[date, date]] = []
    for day in days:
        if runs and runs[-1][1] + timedelta(days=1) == day:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs
