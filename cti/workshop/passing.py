"""The rows of a replay in memory, and one pass after another over them: planned by what is known, told by the agenda."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from heapq import heappop, heappush
from zlib import crc32

from cti.core.calendar import Calendar
from cti.core.events import Assignment, History, Record
from cti.core.life import assigned, assignments, team_of_source
from cti.core.limits import due_now
from cti.core.moments import Worked
from cti.core.planner import planner
from cti.core.prompts import Change, Planned, Stored
from cti.core.reconcile import StepKey, differ, renamed_steps
from cti.core.rules import Rulebook
from cti.post.agenda import agenda
from cti.post.delivery import Delivery
from cti.workshop.replayed import House, Identity, Prompted, Reached, Replayed, identity

MISSED = ("too-late", "stale", "skipped")
"""Why a step is not wanted that would have been, had its moment been known in time."""


def as_known(history: History, at: datetime, reached: Reached | None = None) -> History:
    """The part of a history that was known at that moment; with `reached`, what had reached us by then."""
    records = []
    for record in history.records:
        times = reached.get(record.id) if reached else None
        if times is not None:
            known = record.versions[: bisect_right(times, at)]
        elif record.versions[-1].known <= at:
            records.append(record)
            continue
        else:
            known = tuple(version for version in record.versions if version.known <= at)
        if known:
            records.append(Record(record.id, known))
    return History(history.client, tuple(records))


@dataclass(slots=True)
class Client:
    """A client with the times at which something became known, the numbers of its rows, and its plan of the last time.

    `told`: something was told since then. `courses`: what was planned of each step of each moment, one after another.
    """

    history: History
    turns: tuple[datetime, ...]
    rows: list[int] = field(default_factory=list)
    planned: tuple[Planned, ...] = ()
    told: bool = False
    courses: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, history: History, reached: Reached) -> Client:
        """A client of whom nothing is known yet."""
        turns: set[datetime] = set()
        for record in history.records:
            turns.update(reached.get(record.id) or (version.known for version in record.versions))
        return cls(history, tuple(sorted(turns)))


class World:
    """Rows in memory, and what was told."""

    def __init__(self, rulebook: Rulebook, house: House, reached: Reached) -> None:
        self._house, self._reached = house, reached
        self.adopt(rulebook)
        self._rows: dict[int, Stored] = {}
        self._told: list[Prompted] = []
        self._unroutable: set[int] = set()
        self._clients: dict[str, Client] = {}
        self._known: dict[str, History] = {}
        self._worked: dict[str, tuple[tuple[Worked, ...], str | None]] = {}
        self._due: list[tuple[datetime, int]] = []
        self._ready: set[int] = set()
        self._mailed: tuple[date, set[str]] = (date.min, set())
        self._last = 0

    def adopt(self, rulebook: Rulebook) -> None:
        """Goes by this rulebook from now on; all clients are to be planned again."""
        self._plan = planner(rulebook, self._house.calendar)
        self._diff = differ(rulebook)
        self._steps = {(rule.id, step.id): step for rule in rulebook.rules for step in rule.steps}
        self._earlier = {now: was for was, now in renamed_steps(rulebook).items()}

    def plan(self, client: Client, now: datetime) -> None:
        """Plans a client by what is known now, and reconciles."""
        known = as_known(client.history, now, self._reached)
        self._clients[known.client] = client
        self._known[known.client] = known
        self._worked.pop(known.client, None)
        planned = self._plan(known)
        if planned == client.planned and not client.told:
            return  # the rows are what this plan made them
        if planned != client.planned:
            self._note_courses(client, planned)
        client.planned, client.told = planned, False
        rows = [self._rows[number] for number in client.rows if number in self._rows]
        for change in sorted(self._diff(planned, rows), key=self._place):
            if change.kind == "create":
                self._last += 1
                number = self._last
                client.rows.append(number)
                self._rows[number] = Stored(number, change.plan)
            elif change.before is not None and change.kind == "drop":
                del self._rows[change.before.id]
                continue
            elif change.before is not None:
                number = change.before.id
                self._rows[number] = replace(change.before, plan=change.plan)
            else:
                continue
            if change.plan.wanted and change.plan.due is not None and not self._rows[number].final:
                heappush(self._due, (change.plan.due, number))

    def _place(self, change: Change) -> StepKey:
        """Where new rows come: with their step's earlier name, since renaming gives no row another number."""
        step = (change.plan.rule, change.plan.step)
        return self._earlier.get(step, step)

    def _note_courses(self, client: Client, planned: tuple[Planned, ...]) -> None:
        """Adds what is now planned to the courses, where it is new. It does not depend on what was told meanwhile."""
        now = {(plan.rule, plan.step, plan.name): self._said(plan) for plan in planned}
        for key in client.courses.keys() - now.keys():
            now[key] = ""
        for key, said in now.items():
            course = client.courses.get(key)
            if course is None:
                if said:
                    client.courses[key] = [said]
            elif course[-1] != said:
                course.append(said)

    def _said(self, plan: Planned) -> str:
        """What is planned, as a text; empty where nothing is wanted."""
        if not plan.wanted or plan.due is None:
            return ""
        step = self._steps.get((plan.rule, plan.step))
        urgent = step is not None and step.urgent
        until = plan.until.timestamp() if plan.until is not None else None
        return f"{plan.due.timestamp()} {until} {plan.role} {urgent}"

    def settle_the_past(self, now: datetime) -> None:
        """What was due before the first pass was told before it, or never will be."""
        today = self._house.calendar.day(now)
        for number, row in self._rows.items():
            due = row.plan.due
            if due is not None and row.plan.wanted and self._house.calendar.day(due) < today:
                self._rows[number] = replace(row, sent_at=due)
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
        self._unroutable |= {entry.prompt for entry in found.unroutable}
        for delivery in found.deliveries:
            if delivery.kind != "urgent":
                self._mailed[1].add(delivery.to.address)
            self._note(delivery, now, today)

    def _now_due(self, now: datetime) -> list[Stored]:
        """The rows to be told, by number. A row that is not to be told now comes back when planning or its due brings it."""
        while self._due and self._due[0][0] <= now:
            self._ready.add(heappop(self._due)[1])
        rows = [self._rows[number] for number in sorted(self._ready) if number in self._rows]
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
        of_person = person.team if person is not None else None
        for entry in delivery.entries:
            for row, covered in ((entry.prompt, False), *((missed, True) for missed in entry.covers)):
                self._rows[row.id] = replace(
                    row, sent_at=None if covered else now, covered_by=entry.prompt.id if covered else None
                )
                self._clients[row.plan.client].told = True
                self._unroutable.discard(row.id)
                self._told.append(
                    Prompted(
                        row.plan,
                        now,
                        person.id if person else None,
                        delivery.to.address,
                        of_person or self._worker(row.plan.client, today).team,
                        known_late(row.plan, self._house.calendar),
                        covered,
                    )
                )

    def outcome(self) -> Replayed:
        """What was told so far, and what is known of the rest."""
        told = {identity(prompt.plan) for prompt in self._told if not prompt.covered}
        courses = {
            (name, *key): crc32("|".join(course).encode())
            for name, client in self._clients.items()
            for key, course in client.courses.items()
        }
        return Replayed(
            tuple(self._told),
            dict(self._elsewhere(told)),
            tuple(row.plan for row in self._rows.values() if row.plan.reason.code in MISSED),
            frozenset(self._unroutable),
            courses,
        )

    def _elsewhere(self, told: set[Identity]) -> Iterator[tuple[Identity, datetime]]:
        for row in self._rows.values():
            key = identity(row.plan)
            if row.plan.wanted and row.plan.due is not None and key not in told:
                yield key, row.plan.due


def known_late(plan: Planned, calendar: Calendar) -> bool:
    """Whether the prompt comes after its day, since its moment was known late. Late is counted in days."""
    if plan.wanted_at is None or plan.due is None:
        return False
    return calendar.day(plan.wanted_at) < calendar.day(plan.due)
