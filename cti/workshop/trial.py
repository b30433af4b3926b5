"""Lives through a test: what is known by then is planned, what is due is sent, what was asked is answered.

Planning, remembering and the post office's agenda are the engine's own (`plan`, `diff`, `agenda`), over the values of one client;
only the clock is the test's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from itertools import pairwise

from cti.core.calendar import Calendar
from cti.core.events import Record, RecordId, Version
from cti.core.planner import planner
from cti.rulebook.happening import Happening, Told, When
from cti.rulebook.tests_file import RuleTest
from cti.workshop.stage import Setting, Stage, setting
from cti.workshop.world import Course, World

NOON = time(12)
MOST_PASSES = 5000  # a life has fewer days on which something happens; more would be a loop


def live_through(test: RuleTest, stage: Stage) -> Course:
    """Lives through the test's events. The rule that the test is about counts as on."""
    rulebook = replace(
        stage.rulebook,
        vocabulary=replace(stage.rulebook.vocabulary, since=test.since or date.min),
        rules=tuple(replace(rule, off=rule.off and rule.id != test.rule) for rule in stage.rulebook.rules),
    )
    house = setting(test, rulebook, stage.calendar)
    records = _records(test.happenings, house.calendar)
    answers = _answers(test.happenings, house)
    world = World(rulebook, house, planner(rulebook, house.calendar), records)
    moments = {house.at(version.known) for record in records for version in record.versions}
    now = min(moments | answers.keys(), default=None)
    moments |= answers.keys() | {house.round_of(day) for day in house.absences()}
    for _ in range(MOST_PASSES):
        if now is None or (test.until is not None and house.calendar.day(now) > test.until):
            break
        world.look(now)
        for happening in answers.get(now, ()):
            world.answer(happening, now)
        if now in answers:
            world.look(now)
        now = min((*(moment for moment in moments if moment > now), *world.to_come(now)), default=None)
    return world.course()


# --- what the events say ----------------------------------------------------------------------------------------------


def _records(happenings: Sequence[Happening], calendar: Calendar) -> tuple[Record, ...]:
    """The records that the events make, each with its versions in the order in which they were recorded."""
    told: dict[RecordId, list[Told]] = {}
    for number, happening in enumerate(happenings, 1):
        if happening.answered is None:
            record = RecordId("test", happening.id or f"{number:03}", happening.part)
            told.setdefault(record, []).extend(happening.told)
    return tuple(Record(record, tuple(_versions(told[record], calendar))) for record in sorted(told))


def _versions(told: Sequence[Told], calendar: Calendar) -> Iterator[Version]:
    """What a record said, in order. An end that nobody wrote down when it came is overtaken by what was told before it."""
    begun = {id(end): begin for begin, end in pairwise(told) if end.by_itself}
    ordered = sorted(told, key=lambda one: _moment(one.recorded, calendar))
    for number, one in enumerate(ordered):
        if not one.by_itself or ordered[number - 1] is begun[id(one)]:
            yield Version(one.event, _moment(one.recorded, calendar))


def _moment(when: When, calendar: Calendar) -> datetime:
    if isinstance(when, datetime):
        return calendar.at(when.date(), when.time())
    return calendar.at(when, NOON)


def _answers(happenings: Iterable[Happening], house: Setting) -> dict[datetime, list[Happening]]:
    """The answers by the moment at which they are given: in the evening."""
    found: dict[datetime, list[Happening]] = {}
    for happening in happenings:
        if happening.answered is not None:
            found.setdefault(house.evening(happening.day), []).append(happening)
    return found
