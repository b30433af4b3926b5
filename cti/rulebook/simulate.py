"""Lives through a test day by day: what is known by then is planned, what is due is sent, what was asked is answered.

Planning and remembering are the engine's own (`plan`, `diff`); only the post office is played here, by whole days: a prompt is
sent on the first working day on which it is due within its window, and of the steps of one moment that are due together only
the latest is sent, which then covers the others (design, section 5).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from cti.core.calendar import ONE_DAY, Calendar
from cti.core.events import Answer, History, Record, RecordId, Value, Version
from cti.core.planner import Planner, planner
from cti.core.prompts import Planned, Stored
from cti.core.reconcile import diff
from cti.core.rules import Rulebook
from cti.rulebook.happening import Happening, When
from cti.rulebook.tests_file import RuleTest

NOON = time(12)
MOST_DAYS = 5000  # a life has fewer days on which something happens; more would be a loop


@dataclass(frozen=True)
class Sent:
    """A prompt that was sent on `day`. `covers` are the steps that it speaks for as well."""

    day: date
    plan: Planned
    covers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Course:
    """What became of a test's events: what was sent, the plan as it stood in the end, and answers that met no prompt."""

    sent: tuple[Sent, ...]
    planned: tuple[Planned, ...]
    covered: frozenset[tuple[str, str]]
    unanswerable: tuple[Happening, ...]


@dataclass
class _World:
    """The store of one client, as it stands on the day lived through."""

    rulebook: Rulebook
    calendar: Calendar
    plan: Planner
    rows: dict[int, Stored] = field(default_factory=dict)
    answers: dict[str, list[Version]] = field(default_factory=dict)
    planned: tuple[Planned, ...] = ()
    sent: list[Sent] = field(default_factory=list)
    unanswerable: list[Happening] = field(default_factory=list)
    number: int = 0


def simulate(test: RuleTest, rulebook: Rulebook, calendar: Calendar) -> Course:
    """Lives through the test's events under this rulebook. The rule that the test is about counts as on."""
    rulebook = replace(
        rulebook,
        vocabulary=replace(rulebook.vocabulary, since=test.since or date.min),
        rules=tuple(replace(rule, off=rule.off and rule.id != test.rule) for rule in rulebook.rules),
    )
    world = _World(rulebook, calendar, planner(rulebook, calendar))
    records = _records(test.happenings, calendar)
    answers = [happening for happening in test.happenings if happening.answered is not None]
    days = {calendar.day(version.known) for record in records for version in record.versions}
    days |= {happening.day for happening in answers}
    today = min(days, default=None)
    for _ in range(MOST_DAYS):
        if today is None or (test.until is not None and today > test.until):
            break
        now = calendar.at(today + ONE_DAY) - timedelta(seconds=1)
        _tick(world, records, now)
        said = [happening for happening in answers if happening.day == today]
        for happening in said:
            _answer(world, happening, now)
        if said:
            _tick(world, records, now)
        today = min(_days_to_come(world, days, today, now), default=None)
    covered = frozenset(
        (row.plan.rule, row.plan.step) for row in world.rows.values() if row.covered_by is not None
    )
    return Course(tuple(world.sent), world.planned, covered, tuple(world.unanswerable))


def _days_to_come(world: _World, days: set[date], today: date, now: datetime) -> Iterator[date]:
    """The days after today on which something happens: something is known, or a prompt that waits falls due."""
    yield from (day for day in days if day > today)
    calendar = world.calendar
    for row in world.rows.values():
        plan = row.plan
        if row.final or not plan.wanted or plan.due is None or (plan.until is not None and plan.until <= now):
            continue
        yield calendar.roll(max(calendar.day(plan.due), today + ONE_DAY))


# --- what is known ----------------------------------------------------------------------------------------------------


def _records(happenings: Sequence[Happening], calendar: Calendar) -> tuple[Record, ...]:
    """The records that the events make, each with its versions in the order in which they were recorded."""
    versions: dict[RecordId, list[Version]] = {}
    for number, happening in enumerate(happenings, 1):
        if happening.answered is not None:
            continue
        part = "assignment" if happening.kind in ("worker", "team") else happening.kind
        record = RecordId("test", happening.id or f"{number:03}", part)
        for told in happening.told:
            versions.setdefault(record, []).append(Version(told.event, _moment(told.recorded, calendar)))
    return tuple(
        Record(record, tuple(sorted(told, key=lambda version: version.known)))
        for record, told in sorted(versions.items())
    )


def _moment(when: When, calendar: Calendar) -> datetime:
    if isinstance(when, datetime):
        return calendar.at(when.date(), when.time())
    return calendar.at(when, NOON)


def _known_by(records: Sequence[Record], now: datetime) -> Iterator[Record]:
    for record in records:
        versions = tuple(version for version in record.versions if version.known <= now)
        if versions:
            yield Record(record.id, versions)


# --- one day ----------------------------------------------------------------------------------------------------------


def _tick(world: _World, records: Sequence[Record], now: datetime) -> None:
    answered = (
        Record(RecordId("cti", prompt, "answer"), tuple(told)) for prompt, told in world.answers.items()
    )
    known = tuple(sorted((*_known_by(records, now), *answered), key=lambda record: record.id))
    world.planned = world.plan(History("client", known))
    for change in diff(world.planned, tuple(world.rows.values()), world.rulebook):
        if change.kind == "create":
            world.number += 1
            world.rows[world.number] = Stored(world.number, change.plan)
        elif change.before is not None and change.kind == "drop":
            del world.rows[change.before.id]
        elif change.before is not None:
            world.rows[change.before.id] = replace(change.before, plan=change.plan)
    today = world.calendar.day(now)
    if world.calendar.works(today):
        _send(world, today, now)


def _send(world: _World, today: date, now: datetime) -> None:
    together: dict[tuple[str, str, str, str | None], list[Stored]] = {}
    for row in world.rows.values():
        plan = row.plan
        if row.final or not plan.wanted or plan.due is None or plan.due > now:
            continue
        if plan.until is None or plan.until > now:
            together.setdefault((plan.rule, plan.name, plan.role, plan.worker), []).append(row)
    for rows in together.values():
        latest = max(_wanted_at(row) for row in rows)
        first, *others = sorted((row for row in rows if _wanted_at(row) == latest), key=lambda row: row.id)
        covered = [row for row in rows if _wanted_at(row) < latest]
        for row in (first, *others):
            world.rows[row.id] = replace(row, sent_at=now)
            covers = tuple(other.plan.step for other in covered) if row is first else ()
            world.sent.append(Sent(today, row.plan, covers))
        for row in covered:
            world.rows[row.id] = replace(row, covered_by=first.id)


def _wanted_at(row: Stored) -> datetime:
    when = row.plan.wanted_at or row.plan.due
    assert when is not None, "a prompt that is due has a day"
    return when


def _answer(world: _World, happening: Happening, now: datetime) -> None:
    """Answers the prompt of the step that was sent last; its facts hold from now on."""
    said = happening.answered
    assert said is not None, "only answers come here"
    rows = [
        row
        for row in world.rows.values()
        if (row.plan.rule, row.plan.step) == said.place and row.sent_at is not None
    ]
    if not rows:
        world.unanswerable.append(happening)
        return
    row = max(rows, key=lambda row: (row.sent_at or now, row.id))
    name, _, word = said.answer.partition(".")
    kind = world.rulebook.vocabulary.answers[name][word]
    facts: dict[str, Value] = {
        fact: _recorded(world, fact, value, happening.day) for fact, value in kind.records.items()
    }
    facts |= dict(said.facts)
    event = Answer(
        row.plan.key, word, now, tuple(sorted(facts.items(), key=lambda pair: pair[0])), row.plan.names
    )
    world.answers.setdefault(row.plan.key, []).append(Version(event, now))
    world.rows[row.id] = replace(row, answer=word, answered_at=now)


def _recorded(world: _World, fact: str, value: Value, day: date) -> Value:
    kind = world.rulebook.vocabulary.facts.get(fact)
    return day if kind is not None and kind.type == "date" and value == "today" else value
