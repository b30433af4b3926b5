"""One client in a test: what is known by now, what stands in the store, what the post has sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from cti.core.calendar import ONE_DAY
from cti.core.events import Answer, History, Record, RecordId, Value, Version
from cti.core.life import assignments, responsible
from cti.core.messages import HOLDING, Told
from cti.core.planner import Planner
from cti.core.prompts import Planned, Stored, state
from cti.core.reconcile import diff
from cti.core.rules import Rulebook, Step
from cti.post.agenda import agenda, is_due
from cti.post.delivery import Delivery, Entry, Lack, Turn, Why
from cti.post.follow import follow_up_role, look_again, turned
from cti.rulebook.expected import KINDS, Kind
from cti.rulebook.happening import Happening
from cti.workshop.passing import as_known
from cti.workshop.stage import Setting

CLIENT = "client"
"""The reference of the client in a test, as texts have it."""

StepKey = tuple[str, str]
"""Rule id and step id."""


@dataclass(frozen=True)
class Sent:
    """Something that was sent on `day` about a step, to the role `role`, which came down to `person` (a person, a team's inbox or
    a desk), perhaps in somebody's place. `covers` are the steps that it speaks for as well, `turn` is what a notice tells, and
    `known` what was known of the client then.
    """

    day: date
    plan: Planned
    covers: tuple[str, ...] = ()
    kind: Kind = "prompt"
    role: str = ""
    person: str = ""
    stands_in_for: str | None = None
    turn: Turn | None = None
    known: History | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Course:
    """What became of a test's events: what was sent, the plan as it stood in the end, and answers that met no prompt.

    `waited` says why a prompt was not sent on a day on which it was due, `nobody` what was lacking where it had no recipient.
    """

    sent: tuple[Sent, ...]
    planned: tuple[Planned, ...]
    covered: frozenset[StepKey]
    unanswerable: tuple[Happening, ...]
    waited: Mapping[tuple[date, StepKey], Why] = field(default_factory=dict)
    nobody: Mapping[StepKey, Lack] = field(default_factory=dict)


class World:
    """The store and the post of one client: `records` are what its events come to say, each at its own time."""

    def __init__(
        self, rulebook: Rulebook, house: Setting, plan: Planner, records: tuple[Record, ...]
    ) -> None:
        self._rulebook, self._house, self._plan, self._records = rulebook, house, plan, records
        self._steps: Mapping[StepKey, Step] = {
            (rule.id, step.id): step for rule in rulebook.rules for step in rule.steps
        }
        self._known = History(CLIENT, ())
        self._answers: dict[str, list[Version]] = {}
        self._rows: dict[int, Stored] = {}
        self._told: dict[int, list[Told]] = {}
        self._mailed: tuple[date, set[str]] = (date.min, set())
        self._planned: tuple[Planned, ...] = ()
        self._sent: list[Sent] = []
        self._unanswerable: list[Happening] = []
        self._unroutable: dict[int, Lack] = {}
        self._passing: frozenset[int] = frozenset()
        self._waited: dict[tuple[date, StepKey], Why] = {}
        self._number = 0

    def course(self) -> Course:
        """What became of everything."""
        rows = self._rows.values()
        return Course(
            tuple(self._sent),
            self._planned,
            frozenset(_key(row) for row in rows if row.covered_by is not None),
            tuple(self._unanswerable),
            self._waited,
            {_key(row): self._unroutable[row.id] for row in rows if row.id in self._unroutable},
        )

    def look(self, now: datetime) -> None:
        """Plans by what is known now, if that changed, and sends what is due."""
        answered = (
            Record(RecordId("cti", prompt, "answer"), tuple(told)) for prompt, told in self._answers.items()
        )
        every = sorted((*self._records, *answered), key=lambda record: record.id)
        known = as_known(History(CLIENT, tuple(every)), now)
        if known != self._known:
            self._known = known
            self._reconcile()
        self._post(now)

    def _reconcile(self) -> None:
        self._planned = self._plan(self._known)
        for change in diff(self._planned, tuple(self._rows.values()), self._rulebook):
            if change.kind == "create":
                self._number += 1
                self._rows[self._number] = Stored(self._number, change.plan)
            elif change.before is not None and change.kind == "drop":
                del self._rows[change.before.id]
            elif change.before is not None:
                self._rows[change.before.id] = replace(change.before, plan=change.plan)

    def _post(self, now: datetime) -> None:
        house = self._house
        today = house.calendar.day(now)
        if self._mailed[0] != today or not house.real_hours:
            self._mailed = (today, set())
        found = agenda(
            tuple(self._rows.values()),
            staff=house.staff,
            calendar=house.calendar,
            habits=house.habits,
            assigned={CLIENT: house.assigned(today, *responsible(assignments(self._known.records), today))},
            step=self._step,
            told=self._told,
            mailed=self._mailed[1],
            now=now,
        )
        for delivery in found.deliveries:
            if delivery.kind != "urgent":
                self._mailed[1].add(delivery.to.address)
            for entry in delivery.entries:
                self._note(entry, delivery, now)
        self._unroutable = {entry.prompt: entry.lack for entry in found.unroutable}
        self._passing = frozenset(found.passing)
        for waiting in found.deferred:
            self._waited.setdefault((today, _key(self._rows[waiting.prompt])), waiting.why)

    def _note(self, entry: Entry, delivery: Delivery, now: datetime) -> None:
        """Notes what a message told, as the outbox and the store do."""
        row, to, house = self._rows[entry.prompt.id], delivery.to, self._house
        for item in entry.items:
            mail = f"<{item.prompt}-{item.kind}-{item.number}>"
            person = to.person.id if to.person is not None else None
            self._told.setdefault(item.prompt, []).append(Told(item, delivery.day, person, to.address, mail))
        if entry.kind == "prompt":
            row = replace(row, sent_at=now)
        if entry.kind in (*HOLDING, "notice"):
            due = house.calendar.day(row.plan.due) if row.plan.due is not None else None
            row = replace(row, told_standing=row.plan.reason.code, told_due=due)
        self._rows[row.id] = row
        for missed in entry.covers:
            self._rows[missed.id] = replace(self._rows[missed.id], covered_by=row.id)
        kind = next((kind for kind in KINDS if kind == entry.kind), None)
        if kind is None:
            return  # that it is someone else's now is no matter of the rules
        self._sent.append(
            Sent(
                delivery.day,
                row.plan,
                tuple(missed.plan.step for missed in entry.covers),
                kind,
                follow_up_role(entry, self._step(*_key(row))),
                house.called(to),
                entry.stands_in_for,
                entry.turn,
                self._known,
            )
        )

    def to_come(self, now: datetime) -> Iterator[datetime]:
        """The moments after `now` at which a prompt that is known falls due, or something is to be said of one that was sent.

        What nobody can receive waits until something else happens.
        """
        house = self._house
        for row in self._rows.values():
            if not row.final and row.plan.wanted and row.plan.due is not None and row.plan.due > now:
                yield house.at(row.plan.due)
            if row.id in self._unroutable:
                continue
            if is_due(row, now):
                yield house.next_round(now)
            elif row.sent_at is not None and row.answer is None:
                yield from self._to_follow(row, now)

    def _to_follow(self, row: Stored, now: datetime) -> Iterator[datetime]:
        house = self._house
        if turned(row, house.calendar, now) is not None:
            yield house.next_round(now)
        step, told = self._step(*_key(row)), self._told.get(row.id, ())
        if row.id in self._passing:
            yield house.next_round(now)
        for away in (away for person in house.staff.people.values() for away in person.away):
            for day in (away.first, away.last + ONE_DAY):
                if day > house.calendar.day(now):
                    yield house.round_of(day)
        again = look_again(row, step, told, house.staff, house.calendar, now)
        if again is not None:
            yield max(house.round_of(house.calendar.day(again)), house.next_round(now))

    def answer(self, happening: Happening, now: datetime) -> None:
        """Answers the prompt of the step that was sent last and not withdrawn since; its facts hold from now on."""
        said = happening.answered
        assert said is not None, "only answers come here"
        sent = (row for row in self._rows.values() if _key(row) == said.place and row.sent_at is not None)
        rows = [row for row in sent if state(row, now) != "withdrawn"]
        if not rows:
            self._unanswerable.append(happening)
            return
        row = max(rows, key=lambda row: (row.sent_at or now, row.id))
        name, _, word = said.answer.partition(".")
        kind = self._rulebook.vocabulary.answers[name][word]
        facts: dict[str, Value] = {
            fact: self._recorded(fact, value, happening.day) for fact, value in kind.records.items()
        }
        facts |= dict(said.facts)
        event = Answer(row.plan.key, word, now, tuple(sorted(facts.items())), row.plan.names)
        self._answers.setdefault(row.plan.key, []).append(Version(event, now))
        self._rows[row.id] = replace(row, answer=word, answered_at=now)

    def _recorded(self, fact: str, value: Value, day: date) -> Value:
        kind = self._rulebook.vocabulary.facts.get(fact)
        return day if kind is not None and kind.type == "date" and value == "today" else value

    def _step(self, rule: str, step: str) -> Step | None:
        return self._steps.get((rule, step))


def _key(row: Stored) -> StepKey:
    return row.plan.rule, row.plan.step
