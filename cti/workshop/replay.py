"""Replays histories as they were known on each day against a rulebook: which prompts would have been told when, and to whom.

It is the tick without database and mail: the same plan, the same reconciling, the same agenda, over values. Reminders,
escalations and notices are left out; they depend on answers that other rules would not have got.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from heapq import heappop, heappush

from cti.core.calendar import Calendar
from cti.core.events import Assignment, History, Record
from cti.core.life import assigned, assignments, team_of_source
from cti.core.limits import due_now
from cti.core.moments import Worked
from cti.core.people import Staff
from cti.core.planner import Planner, planner
from cti.core.prompts import Planned, Stored
from cti.core.reconcile import diff
from cti.core.rules import Rulebook, Step
from cti.post.agenda import agenda
from cti.post.delivery import Delivery, Habits


@dataclass(frozen=True, slots=True)
class Prompted:
    """A prompt that would have been told: when, to whom, and whether only after its day because its moment was known late.

    `person` is None for an inbox or a desk. `covered` says that it was only named as missed in another prompt's mail.
    """

    plan: Planned
    at: datetime
    person: str | None
    address: str
    team: str | None
    late: bool
    covered: bool = False


@dataclass(frozen=True, slots=True)
class Replayed:
    """What was told in the time that was replayed, and every row as it stood at the end of it."""

    told: tuple[Prompted, ...]
    rows: tuple[Stored, ...]
    unroutable: frozenset[int]


@dataclass(frozen=True, slots=True)
class House:
    """The organisation that the prompts are for. `teams` are those of the sources, for clients without a registered team."""

    calendar: Calendar
    staff: Staff
    habits: Habits
    teams: Mapping[str, str] = field(default_factory=dict)


def as_known(history: History, at: datetime) -> History:
    """The part of a history that was known at that moment."""
    records = []
    for record in history.records:
        if record.versions[-1].known <= at:
            records.append(record)
        else:
            known = tuple(version for version in record.versions if version.known <= at)
            if known:
                records.append(Record(record.id, known))
    return History(history.client, tuple(records))


def replay(
    histories: Iterable[History],
    rulebook: Rulebook,
    house: House,
    passes: Sequence[datetime],
    shown: Callable[[int, int], None] = lambda done, of: None,
) -> Replayed:
    """Replays the passes (aware, UTC, in order). What was due before the first one counts as told by then, to nobody's count.

    `shown` is called with passes done and passes in all.
    """
    clients = [_Client(history, _turns(history)) for history in histories]
    world = _World(planner(rulebook, house.calendar), rulebook, house)
    changing: list[tuple[datetime, int]] = sorted(
        (turn, number) for number, client in enumerate(clients) for turn in client.turns
    )
    done = 0
    for count, now in enumerate(passes):
        upto = bisect_right(changing, (now, len(clients)))
        touched = {number for _, number in changing[done:upto]}
        done = upto
        for number in sorted(touched):
            world.plan(clients[number], now)
        if count == 0:
            world.settle_the_past(now)
        world.tell(now)
        shown(count + 1, len(passes))
    return Replayed(tuple(world.told), tuple(world.rows.values()), frozenset(world.unroutable))


def daily(calendar: Calendar, habits: Habits, first: date, last: date) -> list[datetime]:
    """A pass on each day from `first` to `last`, when the day's message is made."""
    days = (last - first).days
    time = habits.digest_at or calendar.opens
    return [calendar.at(date.fromordinal(first.toordinal() + number), time) for number in range(days + 1)]


@dataclass(slots=True)
class _Client:
    """A client with the times at which something became known, the numbers of its rows, and its plan of the last time.

    `told`: something was told since then.
    """

    history: History
    turns: tuple[datetime, ...]
    rows: list[int] = field(default_factory=list)
    planned: tuple[Planned, ...] = ()
    told: bool = False


def _turns(history: History) -> tuple[datetime, ...]:
    return tuple(sorted({version.known for record in history.records for version in record.versions}))


class _World:
    """Rows in memory, and what was told."""

    def __init__(self, plan: Planner, rulebook: Rulebook, house: House) -> None:
        self._plan, self._rulebook, self._house = plan, rulebook, house
        self._steps: Mapping[tuple[str, str], Step] = {
            (rule.id, step.id): step for rule in rulebook.rules for step in rule.steps
        }
        self.rows: dict[int, Stored] = {}
        self.told: list[Prompted] = []
        self.unroutable: set[int] = set()
        self._clients: dict[str, _Client] = {}
        self._known: dict[str, History] = {}
        self._worked: dict[str, tuple[tuple[Worked, ...], str | None]] = {}
        self._due: list[tuple[datetime, int]] = []
        self._ready: set[int] = set()
        self._mailed: tuple[date, set[str]] = (date.min, set())
        self._last = 0

    def plan(self, client: _Client, now: datetime) -> None:
        """Plans a client by what is known now, and reconciles."""
        known = as_known(client.history, now)
        self._clients[known.client] = client
        self._known[known.client] = known
        self._worked.pop(known.client, None)
        planned = self._plan(known)
        if planned == client.planned and not client.told:
            return  # the rows are what this plan made them
        client.planned, client.told = planned, False
        rows = [self.rows[number] for number in client.rows if number in self.rows]
        for change in diff(planned, rows, self._rulebook):
            if change.kind == "create":
                self._last += 1
                number = self._last
                client.rows.append(number)
                self.rows[number] = Stored(number, change.plan)
            elif change.before is not None and change.kind == "drop":
                del self.rows[change.before.id]
                continue
            elif change.before is not None:
                number = change.before.id
                self.rows[number] = replace(change.before, plan=change.plan)
            else:
                continue
            if change.plan.wanted and change.plan.due is not None and not self.rows[number].final:
                heappush(self._due, (change.plan.due, number))

    def settle_the_past(self, now: datetime) -> None:
        """What was due before the first pass was told before it, or never will be."""
        today = self._house.calendar.day(now)
        for number, row in self.rows.items():
            due = row.plan.due
            if due is not None and row.plan.wanted and self._house.calendar.day(due) < today:
                self.rows[number] = replace(row, sent_at=due)
                self._clients[row.plan.client].told = True

    def tell(self, now: datetime) -> None:
        """Tells what is due, by the organisation's own agenda."""
        due = self._now_due(now)
        if not due:
            return
        house = self._house
        today = house.calendar.day(now)
        if self._mailed[0] != today:
            self._mailed = (today, set())
        found = agenda(
            due,
            staff=house.staff,
            calendar=house.calendar,
            habits=house.habits,
            assigned={row.plan.client: self._worker(row.plan.client, today) for row in due},
            step=lambda rule, step: self._steps.get((rule, step)),
            told={},
            mailed=self._mailed[1],
            now=now,
        )
        self.unroutable |= {entry.prompt for entry in found.unroutable}
        for delivery in found.deliveries:
            if delivery.kind != "urgent":
                self._mailed[1].add(delivery.to.address)
            self._note(delivery, now, today)

    def _now_due(self, now: datetime) -> list[Stored]:
        """The rows to be told, by number. A row that is not to be told now comes back when planning or its due brings it."""
        while self._due and self._due[0][0] <= now:
            self._ready.add(heappop(self._due)[1])
        rows = [self.rows[number] for number in sorted(self._ready) if number in self.rows]
        due = [row for row in rows if not row.final and due_now(row.plan, now)]
        self._ready = {row.id for row in due}
        return due

    def _worker(self, client: str, today: date) -> Assignment:
        if client not in self._worked:
            records = self._known[client].records
            self._worked[client] = assignments(records), team_of_source(records, self._house.teams)
        worked, team = self._worked[client]
        return assigned(worked, today, team)

    def _note(self, delivery: Delivery, now: datetime, today: date) -> None:
        person = delivery.to.person
        for entry in delivery.entries:
            for row, covered in ((entry.prompt, False), *((missed, True) for missed in entry.covers)):
                self.rows[row.id] = replace(
                    row, sent_at=None if covered else now, covered_by=entry.prompt.id if covered else None
                )
                self._clients[row.plan.client].told = True
                self.unroutable.discard(row.id)
                team = (person.team if person is not None else None) or self._worker(
                    row.plan.client, today
                ).team
                late = (
                    row.plan.wanted_at is not None
                    and row.plan.due is not None
                    and row.plan.wanted_at < row.plan.due
                )
                self.told.append(
                    Prompted(
                        row.plan, now, person.id if person else None, delivery.to.address, team, late, covered
                    )
                )
