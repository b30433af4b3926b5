"""What a test says was sent is what the service, ticking through the same days with its database and its mails, sends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

from cti.core.calendar import Calendar
from cti.engine import tick
from cti.engine.answering import answer
from cti.engine.rulebooks import in_force
from cti.problems import Problem
from cti.rulebook.check import read_with_tests
from cti.rulebook.folder import Loaded
from cti.rulebook.tests_file import read_tests
from cti.store import prompts, told
from cti.tomlfile import TomlFile
from cti.variables import Words
from cti.workshop.stage import Stage, stage_of
from cti.workshop.trial import live_through
from cti.workshop.world import Course
from tests.engine.house import House

ZONE = ZoneInfo("Europe/Amsterdam")
FIRST = date(2026, 3, 2)
WEEKS = 9
SITUATIONS = ("crisis-shelter", "long-stay", "own-home", "at-risk")

Telling = tuple[date, str, str, str]
"""On which day what kind of thing was said of which step, to whom."""


@dataclass(frozen=True)
class Said:
    """An answer to the prompt of a step that was sent last, on the evening of a day."""

    day: date
    rule: str
    step: str
    answers: str
    word: str


@dataclass(frozen=True)
class Row:
    """Something that was typed in at noon of a day: the cells of a row of the registration."""

    recorded: date
    cells: dict[str, str]


@dataclass(frozen=True)
class Story:
    """What happens to a client in an organisation, told twice: as rows of a registration, and as events of a test."""

    rows: tuple[Row, ...]
    events: tuple[str, ...]
    w1: str
    """How w1 works, as in a config."""
    cap: int
    closed: date
    said: tuple[Said, ...] = ()

    @property
    def text(self) -> str:
        """The story as a test."""
        answers = (
            f'{{ day = {one.day}, answer = "{one.answers}.{one.word}", to = "{one.rule}/{one.step}" }}'
            for one in self.said
        )
        return "\n".join(
            (
                "[[tests]]",
                'name = "a story"',
                "since = 2026-01-01",
                f"until = {FIRST + timedelta(weeks=WEEKS)}",
                f"cap = {self.cap}",
                f"closing_days = [{self.closed}]",
                "people = [",
                f'  {{ id = "w1", team = "north", {self.w1.replace(chr(10), ", ")} }},',
                '  { id = "w2", team = "north" },',
                '  { id = "lead", team = "north", role = "team-lead" },',
                "]",
                "events = [",
                *(f"  {line}," for line in (*self.events, *answers)),
                "]",
                "expect = []",
            )
        )


def story(seed: int) -> Story:
    """Nine weeks: two or three stays, some typed in late or deleted again, a fact, perhaps another worker; w1 is away awhile."""
    rng = Random(seed)
    rows: list[Row] = []
    events: list[str] = []

    def after(most: int, least: int = 0) -> date:
        return FIRST + timedelta(days=rng.randint(least, most))

    rows.append(Row(FIRST, {"id": "a1", "worker": "w1", "team": "north", "day": str(FIRST)}))
    events.append(f'{{ day = {FIRST}, worker = "w1", team = "north" }}')
    begin = FIRST
    for number in range(rng.randint(2, 3)):
        situation, recorded = rng.choice(SITUATIONS), begin + timedelta(days=rng.choice((0, 0, 1, 3, 17)))
        rows.append(Row(recorded, {"id": f"s{number}", "situation": situation, "begin": str(begin)}))
        gone = recorded + timedelta(days=rng.randint(1, 12)) if rng.random() < 0.25 else None
        retracted = f", retracted = {gone}" if gone else ""
        events.append(
            f'{{ day = {begin}, recorded = {recorded}, situation = "{situation}", id = "s{number}"{retracted} }}'
        )
        if gone:
            rows.append(Row(gone, {"id": f"s{number}", "retracted": "yes"}))
        begin += timedelta(days=rng.randint(10, 30))
    day = after(30)
    rows.append(Row(day, {"id": "f", "fact": "trust", "value": "growing", "day": str(day)}))
    events.append(f'{{ day = {day}, fact = "trust", value = "growing" }}')
    if rng.random() < 0.6:
        day = after(40, 8)
        rows.append(Row(day, {"id": "a2", "worker": "w2", "day": str(day)}))
        events.append(f'{{ day = {day}, worker = "w2" }}')
    away = after(25, 7)
    deputy = ', deputy = "w2"' if rng.random() < 0.6 else ""
    works = rng.choice(('["mon", "wed"]', '["tue", "thu", "fri"]', '["mon", "tue", "wed", "thu", "fri"]'))
    w1 = f"works = {works}\naway = [{{ from = {away}, until = {away + timedelta(days=10)}{deputy} }}]"
    return Story(
        tuple(sorted(rows, key=lambda row: row.recorded)),
        tuple(events),
        w1,
        rng.randint(1, 2),
        after(18, 14),
    )


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    """The rules that come with cti."""
    top = Path(__file__).parents[2]
    return read_with_tests(top / "rules", ("nl", "en"), top / "templates", ()).loaded


@pytest.fixture(scope="module")
def stage(loaded: Loaded) -> Stage:
    return stage_of(loaded, ("nl", "en"), Calendar(), Words())


def in_test(told_story: Story, loaded: Loaded, stage: Stage) -> Course:
    """What a test makes of the story."""
    found: list[Problem] = []
    (test,) = read_tests(TomlFile.parse(told_story.text, "story.toml"), loaded.context, loaded.steps, found)
    assert not found
    return live_through(test, stage)


def with_answers(told_story: Story, course: Course, stage: Stage, seed: int) -> Story:
    """The story, with answers some days later to some of what was sent."""
    rng = Random(seed)
    steps = {(rule.id, step.id): step for rule in stage.rulebook.rules for step in rule.steps}
    said = []
    for one in course.sent:
        step = steps.get((one.plan.rule, one.plan.step))
        if one.kind == "prompt" and step is not None and step.answers is not None and rng.random() < 0.5:
            kinds = stage.rulebook.vocabulary.answers[step.answers].values()
            word = rng.choice([kind.name for kind in kinds if not kind.asks])
            day = one.day + timedelta(days=rng.randint(0, 9))
            if day <= FIRST + timedelta(weeks=WEEKS):
                said.append(Said(day, one.plan.rule, one.plan.step, step.answers, word))
    return replace(told_story, said=tuple(sorted(said, key=lambda one: one.day)))


def tellings(course: Course) -> Counter[Telling]:
    """All that the test says was told, what was named as missed included."""
    found: Counter[Telling] = Counter()
    for one in course.sent:
        found[one.day, one.kind, f"{one.plan.rule}/{one.plan.step}", one.person] += 1
        found.update((one.day, "covered", f"{one.plan.rule}/{step}", one.person) for step in one.covers)
    return found


def in_service(told_story: Story, folder: Path) -> Counter[Telling]:
    """All that the service tells, but for whose prompt it is now: that is no matter of the rules, nor of their tests."""
    organisation = f"cap = {told_story.cap}\nclosing_days = [{told_story.closed}]"
    house = House(folder, w1=told_story.w1, organisation=organisation)
    typed = 0
    for now in looks():
        while typed < len(told_story.rows) and at(told_story.rows[typed].recorded, time(12)) <= now:
            row = told_story.rows[typed]
            house.type_in(row.recorded.isoformat(), **row.cells)
            typed += 1
        tick(house.system, now, force=True)
        said = [one for one in told_story.said if at(one.day, EVENING) == now]
        for one in said:
            give(house, one, now)
        if said:
            tick(house.system, now, force=True)
    with house.system.database.read() as tx:
        rows = {row.id: row.plan for row in prompts.listing(tx, at(FIRST, EVENING))}
        everything = told.told(tx, rows)
    found: Counter[Telling] = Counter()
    for number, entries in everything.items():
        for entry in (one for one in entries if one.item.kind not in ("handed", "passed")):
            to = entry.person or entry.address.split("@")[0]
            found[entry.day, entry.item.kind, f"{rows[number].rule}/{rows[number].step}", to] += 1
    return found


def give(house: House, said: Said, now: datetime) -> None:
    """A worker answers the prompt of the step that was sent last."""
    rows = [row for row in house.stored() if (row.plan.rule, row.plan.step) == (said.rule, said.step)]
    row = max((row for row in rows if row.sent_at is not None), key=lambda row: (row.sent_at or now, row.id))
    answer(house.system, in_force(house.system, now, "test").rulebook, str(row.id), said.word, now)


EVENING = time(23, 59, 59)


def at(day: date, when: time) -> datetime:
    return datetime.combine(day, when, ZONE)


def looks() -> Iterator[datetime]:
    """When the service looks: at opening, when the day's records are in, and in the evening."""
    for number in range(WEEKS * 7 + 1):
        day = FIRST + timedelta(days=number)
        yield from (at(day, time(9)), at(day, time(12)), at(day, EVENING))


def agree(seed: int, folder: Path, loaded: Loaded, stage: Stage) -> int:
    """Tells one story both ways; gives how much was told."""
    plain = story(seed)
    answered = with_answers(plain, in_test(plain, loaded, stage), stage, seed)
    course = in_test(answered, loaded, stage)
    met = tuple(one for one in answered.said if not _missed(one, course))
    answered = replace(answered, said=met)
    course = in_test(answered, loaded, stage)
    assert not course.unanswerable
    assert tellings(course) == in_service(answered, folder)
    return len(course.sent)


def _missed(said: Said, course: Course) -> bool:
    """Whether the answer met no prompt, because an earlier answer kept that prompt away."""
    return any(
        one.day == said.day and one.answered is not None and one.answered.place == (said.rule, said.step)
        for one in course.unanswerable
    )


@pytest.mark.parametrize("seed", range(1))
def test_a_test_sends_what_the_service_sends(seed: int, tmp_path: Path, loaded: Loaded, stage: Stage) -> None:
    assert agree(seed, tmp_path, loaded, stage) > 0


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 160))
def test_many_tests_send_what_the_service_sends(
    seed: int, tmp_path: Path, loaded: Loaded, stage: Stage
) -> None:
    agree(seed, tmp_path, loaded, stage)
