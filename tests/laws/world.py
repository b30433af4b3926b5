"""A store kept in plain values, to play histories against: it plans, sends, covers and is answered as the engine does.

It keeps to what the real store keeps to: a key is unique, a client's planning sees all rows of that client and the final ones
of others that share a name, and a message may be on its way for a while.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from cti.core.calendar import Calendar
from cti.core.events import Answer, History, Record, RecordId, Value, Version
from cti.core.limits import due_now
from cti.core.planner import planner
from cti.core.prompts import Change, Planned, Stored
from cti.core.reconcile import StepKey, diff, renamed_steps
from cti.core.rules import Rulebook


@dataclass
class World:
    """`sent` holds the key of each prompt that was sent, once for each sending; `on_their_way` the messages that are not out
    yet, by the prompt that they tell, with those that they name."""

    book: Rulebook
    calendar: Calendar
    rows: dict[int, Stored] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)
    answers: dict[str, Record] = field(default_factory=dict)
    on_their_way: dict[int, list[int]] = field(default_factory=dict)
    last: int = 0

    # --- the planner ----------------------------------------------------------------------------------------------------

    def reconcile(self, *histories: History) -> list[str]:
        """Plans these clients and applies the changes; gives their kinds."""
        plan = planner(self.book, self.calendar)
        planned = [entry for history in histories for entry in plan(history)]
        changes = diff(
            planned, self.stored_for({history.client for history in histories}, planned), self.book
        )
        self._apply(changes)
        keys = [row.plan.key for row in self.rows.values()]
        assert len(keys) == len(set(keys)), "a key is unique"
        return [change.kind for change in changes]

    def stored_for(self, clients: set[str], planned: list[Planned]) -> list[Stored]:
        """All rows of these clients, and the final ones of whatever client that remember a name of what is planned."""
        earlier: dict[StepKey, set[StepKey]] = defaultdict(set)
        for was, now in renamed_steps(self.book).items():
            earlier[now].add(was)
        names = {
            (*ids, name)
            for entry in planned
            for ids in ((entry.rule, entry.step), *earlier[entry.rule, entry.step])
            for name in entry.names
        }

        def remembers(row: Stored) -> bool:
            own = {row.plan.name, *row.plan.names}
            return row.final and any((row.plan.rule, row.plan.step, name) in names for name in own)

        return [row for row in self.rows.values() if row.plan.client in clients or remembers(row)]

    def _apply(self, changes: Sequence[Change]) -> None:
        """Where another row bears the wanted key (a record came over from a client that is not planned anew yet), that row
        is taken over; if it is final, all that was to be told has been told."""
        wanted = [change.plan for change in changes if change.before is None]
        for change in changes:
            before = change.before
            if before is not None and change.kind == "drop" and self._mine(before):
                del self.rows[before.id]
        updates = {c.before.id: c.plan for c in changes if c.before is not None and c.kind != "drop"}
        leaving = {number for number, plan in updates.items() if self.rows[number].plan.key != plan.key}
        held = {row.plan.key: row for number, row in self.rows.items() if number not in leaving}
        for number, plan in updates.items():
            if number in leaving and plan.key in held:
                del self.rows[number]
                wanted.append(plan)
            else:
                self.rows[number] = replace(self.rows[number], plan=plan)
        for plan in wanted:
            holder = held.get(plan.key)
            if holder is None:
                self.last += 1
                self.rows[self.last] = Stored(self.last, plan)
            elif not holder.final:
                self.rows[holder.id] = replace(self.rows[holder.id], plan=plan)

    def _mine(self, before: Stored) -> bool:
        """Another client may have taken the row over since it was looked at."""
        return before.id in self.rows and self.rows[before.id].plan.client == before.plan.client

    def delete_unsent(self) -> None:
        """Deletes what nobody has decided on and no message is on its way about."""
        self.rows = {number: row for number, row in self.rows.items() if row.told}

    def unsent(self) -> list[Planned]:
        """What is planned and not told, by key."""
        return sorted((row.plan for row in self.rows.values() if not row.told), key=lambda plan: plan.key)

    # --- the post office -------------------------------------------------------------------------------------------------

    def post(self, now: datetime) -> None:
        """Makes messages of what is due: of the steps of one moment that are overdue together the latest, which names the
        rest."""
        named = {number for numbers in self.on_their_way.values() for number in numbers}
        together: dict[tuple[str, str, str, str | None], list[Stored]] = defaultdict(list)
        for row in self.rows.values():
            if not row.told and row.id not in named and due_now(row.plan, now):
                together[row.plan.rule, row.plan.name, row.plan.role, row.plan.worker].append(row)
        for rows in together.values():
            latest = max(rows, key=lambda row: (row.plan.wanted_at or now, row.id))
            self.rows[latest.id] = replace(latest, told_standing="wanted")
            self.on_their_way[latest.id] = [row.id for row in rows if row is not latest]

    def deliver(self, now: datetime) -> None:
        """Sends every message that is on its way."""
        for number, named in self.on_their_way.items():
            self.rows[number] = replace(self.rows[number], sent_at=now)
            self.sent.append(self.rows[number].plan.key)
            for other in named:
                if other in self.rows and not self.rows[other].final:
                    self.rows[other] = replace(self.rows[other], covered_by=number)
        self.on_their_way.clear()

    def tick(self, now: datetime, *histories: History, slow: bool = False) -> None:
        """One pass. `slow`: the mail server is busy, and what was made stays on its way."""
        self.reconcile(*histories)
        self.post(now)
        if not slow:
            self.deliver(now)

    # --- people -----------------------------------------------------------------------------------------------------------

    def answer(self, number: int, said: str, when: datetime, **facts: Value) -> None:
        """A worker answers, in place of an earlier answer to the same prompt."""
        row = self.rows[number]
        self.rows[number] = replace(row, answer=said, answered_at=when)
        event = Answer(row.plan.key, said, when, tuple(facts.items()), row.plan.names)
        self._journal(row.plan.key, Version(event, when))

    def take_back(self, number: int, when: datetime) -> None:
        """The answer was a mistake."""
        row = self.rows[number]
        self.rows[number] = replace(row, answer=None, answered_at=None)
        self._journal(row.plan.key, Version(None, when))

    def _journal(self, key: str, version: Version) -> None:
        record = self.answers.get(key, Record(RecordId("cti", key, "answer"), ()))
        self.answers[key] = Record(record.id, (*record.versions, version))

    def with_answers(self, history: History) -> History:
        """The history with what was answered here."""
        records = (*history.records, *self.answers.values())
        return History(history.client, tuple(sorted(records, key=lambda record: record.id)))


def as_known(history: History, now: datetime) -> History:
    """The part of a history that was known by then."""
    kept = []
    for record in history.records:
        versions = tuple(version for version in record.versions if version.known <= now)
        if versions:
            kept.append(Record(record.id, versions))
    return History(history.client, tuple(kept))
