"""A test made from a client's history tells the same story as nobody's, and passes as it is written."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cti.core.calendar import Calendar
from cti.core.events import (
    Answer,
    Assignment,
    Closed,
    Event,
    Expected,
    Fact,
    History,
    Record,
    RecordId,
    Stay,
    Value,
    Version,
)
from cti.core.planner import plan
from cti.core.prompts import Planned
from cti.problems import Problem
from cti.rulebook.check import read_with_tests
from cti.rulebook.folder import Loaded
from cti.rulebook.tests_file import RuleTest, read_tests
from cti.tomlfile import TomlFile
from cti.variables import Words
from cti.workshop.disguise import NOON, disguised
from cti.workshop.scenario import scenario
from cti.workshop.stage import Stage, stage_of
from cti.workshop.verdict import run_test
from tests.engine.sample import sample
from tests.faults import write

TOP = Path(__file__).parents[2]
PLAIN = Calendar(country="")
"""A year without holidays: these do not move along with weeks."""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """The shipped rules, with days for months: a month is not the same number of days a whole number of weeks later."""
    folder = tmp_path_factory.mktemp("rules")
    files = {
        file.relative_to(TOP).as_posix(): file.read_text(encoding="utf-8")
        for top in ("rules", "templates")
        for file in (TOP / top).rglob("*.*")
        if file.is_file() and "tests" not in file.parts
    }
    in_days = {name: re.sub(r'"(\d+) months?\b', _in_days, text) for name, text in files.items()}
    write(folder, in_days)
    return read_with_tests(folder / "rules", ("nl", "en"), folder / "templates", ()).loaded


def _in_days(found: re.Match[str]) -> str:
    return f'"{30 * int(found[1])} days'


@pytest.fixture(scope="module")
def stage(loaded: Loaded) -> Stage:
    return stage_of(loaded, ("nl", "en"), PLAIN, Words())


def as_test(text: str, loaded: Loaded) -> RuleTest:
    found: list[Problem] = []
    (test,) = read_tests(TomlFile.parse(text, "scenario.toml"), loaded.context, loaded.steps, found)
    assert not found
    return test


# --- the same story ---------------------------------------------------------------------------------------------------


def outline(planned: Planned, shift: timedelta) -> tuple[object, ...]:
    """What a plan says of a step, its days moved."""
    days = [PLAIN.day(when) + shift if when is not None else None for when in (planned.due, planned.until)]
    code = planned.reason.code
    return planned.rule, planned.step, planned.day + shift, *days, code, planned.role, planned.text


def by_day(history: History) -> History:
    """What a test can tell of a history: how it stood each evening, as if typed in at noon. A record that was gone by the evening
    was never there."""
    moments = sorted({version.known for record in history.records for version in record.versions})
    noons = {
        known: PLAIN.at(PLAIN.day(known), NOON) + timedelta(seconds=number)
        for number, known in enumerate(moments)
    }
    records = []
    for record in history.records:
        evenings = {PLAIN.day(version.known): version for version in record.versions}
        said: list[Version] = []
        for version in evenings.values():
            if version.event != (said[-1].event if said else None):
                said.append(Version(version.event, noons[version.known]))
        if said:
            records.append(replace(record, versions=tuple(said)))
    return History(history.client, tuple(records))


def tells_the_same(history: History, loaded: Loaded, stage: Stage) -> bool:
    """Writes, reads and runs the test of a history; whether there was one."""
    text = scenario(history, loaded, stage, "en")
    if text is None:
        return False
    outcome = run_test(as_test(text, loaded), stage)
    assert outcome.passed, text
    history = by_day(history)
    first = min(PLAIN.day(version.known) for record in history.records for version in record.versions)
    begins = min(
        PLAIN.day(version.known)
        for record in disguised(history, stage.rulebook, PLAIN).records
        for version in record.versions
    )
    anytime = replace(stage.rulebook, vocabulary=replace(stage.rulebook.vocabulary, since=date.min))
    real = Counter(outline(entry, begins - first) for entry in plan(history, anytime, PLAIN))
    assert Counter(outline(entry, timedelta(0)) for entry in outcome.course.planned) == real, text
    return True


def identifying(history: History) -> set[str]:
    """References of the client and of its records; names of workers and teams are w1 and north in the sample."""
    return {history.client, *(record.id.ref for record in history.records)}


def on_the_sample(folder: Path, size: int, loaded: Loaded, stage: Stage) -> int:
    last = date(2026, 1, 15)
    made = sample(folder / "x", last, size=size)
    made.tick(datetime(2026, 1, 15, 18, tzinfo=UTC), force=True)
    told = 0
    for history in made.histories():
        told += tells_the_same(history, loaded, stage)
        text = scenario(history, loaded, stage, "nl") or ""
        assert not {name for name in identifying(history) if name in text}
        assert not re.search(r"\b202[0-6]-", text), text
    return told


def test_the_tests_of_the_sample_organisation_tell_what_its_registration_tells(
    tmp_path: Path, loaded: Loaded, stage: Stage
) -> None:
    assert on_the_sample(tmp_path, 40, loaded, stage) > 25


@pytest.mark.long
def test_so_do_those_of_many_clients(tmp_path: Path, loaded: Loaded, stage: Stage) -> None:
    assert on_the_sample(tmp_path, 500, loaded, stage) > 400


# --- nothing that tells who it is -------------------------------------------------------------------------------------

START = date(2026, 1, 5)
days = st.integers(0, 200).map(lambda number: START + timedelta(days=number))
situations = st.sampled_from(
    ("at-risk", "crisis-shelter", "long-stay", "own-home", "gone-from-the-vocabulary")
)
secrets = st.uuids().map(lambda uuid: f"secret-{uuid}")
"""Something that only the registration knows."""


@st.composite
def stays(draw: st.DrawFn) -> Stay:
    begin = draw(days)
    end = draw(st.none() | days)
    return Stay(draw(situations), begin, end, draw(st.none() | situations) if end else None)


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    """An answer to a step that is there, or was; with a note and the one who gave it."""
    at = datetime.combine(draw(days), datetime.min.time(), UTC) + timedelta(hours=draw(st.integers(0, 22)))
    steps: tuple[tuple[str, str, tuple[tuple[str, Value], ...]], ...] = (
        ("crisis-intake/map-network", "mapped", (("network-mapped", at.date()),)),
        ("crisis-intake/propose-conference", "declined", (("declined-because", "privacy"),)),
        ("long-stay/keep-network", "talked", ()),
        ("gone/step", "done", (("trust", "growing"),)),
    )
    step, word, facts = draw(st.sampled_from(steps))
    ref = draw(secrets)
    return Answer(f"{step}/{ref}:stay:entered", word, at, facts, (ref,), draw(secrets), draw(secrets))


events: st.SearchStrategy[Event] = st.one_of(
    stays(),
    stays(),
    st.builds(Expected, situations, st.none() | days),
    st.builds(Fact, st.just("trust"), st.sampled_from(("growing", "yes", "gone")), days),
    st.builds(Fact, st.just("network-mapped"), days, days),
    st.builds(Fact, secrets, secrets, days),
    st.builds(Assignment, days, secrets, st.none() | secrets),
    st.builds(Closed, days, st.sampled_from(("closed", "deceased", "opted-out")), st.none() | days),
    answers(),
)


@st.composite
def records(draw: st.DrawFn) -> Record:
    """A record with up to three versions of one kind, some of them deletions."""
    first = draw(events)
    others = draw(st.lists(st.none() | events, max_size=2))
    kept = [event for event in others if event is None or type(event) is type(first)]
    known = sorted(draw(st.lists(days, min_size=len(kept) + 1, max_size=len(kept) + 1)))
    versions = [
        Version(event, datetime(day.year, day.month, day.day, 8 + number, 13, 7, tzinfo=UTC))
        for number, (event, day) in enumerate(zip((first, *kept), known, strict=True))
    ]
    return Record(RecordId(draw(secrets), draw(secrets), type(first).__name__), tuple(versions))


@st.composite
def histories(draw: st.DrawFn) -> History:
    found = draw(st.lists(records(), min_size=1, max_size=6))
    return History(draw(secrets), tuple(sorted(found, key=lambda record: record.id)))


SHARED = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)


@SHARED
@given(history=histories())
def test_whatever_happened_nothing_that_tells_who_it_is_gets_into_the_test_and_it_passes(
    history: History, loaded: Loaded, stage: Stage
) -> None:
    text = scenario(history, loaded, stage, "nl")
    if text is None:
        return
    assert "secret" not in text
    assert not re.search(r"\b202[5-8]-", text), "no day is as it was"
    assert not re.search(r"\d\d:\d\d", text), "no time of day is told"
    assert run_test(as_test(text, loaded), stage).passed


@SHARED
@given(history=histories())
def test_all_days_move_by_one_whole_number_of_weeks(history: History, stage: Stage) -> None:
    other = disguised(history, stage.rulebook, PLAIN)
    shown = {record.id.part: record for record in other.records}
    shifts = {
        moved.event.day - said.event.day
        for record in history.records
        for said in record.versions
        for moved in (shown[record.id.part].versions if record.id.part in shown else ())
        if len(shown[record.id.part].versions) == len(record.versions) == 1
        and isinstance(said.event, Assignment)
        and isinstance(moved.event, Assignment)
        and sum(one.id.part == record.id.part for one in history.records) == 1
    }
    assert len(shifts) <= 1
    assert all(shift % timedelta(weeks=1) == timedelta(0) for shift in shifts)


# --- how it reads -----------------------------------------------------------------------------------------------------


def one(
    event: Event, *later: tuple[date, Event | None], part: str = "stay", known: date | None = None
) -> Record:
    """A record with its first version known on that day, and what it said later."""
    first = known or date(2026, 3, 2)
    said = ((first, event), *later)
    return Record(
        RecordId("s", f"{part}-{event}", part),
        tuple(Version(told, datetime(day.year, day.month, day.day, 11, tzinfo=UTC)) for day, told in said),
    )


def events_of(text: str | None) -> list[str]:
    assert text is not None
    return re.findall(r"^  (\{ day.*\}),$", text.split("expect =")[0], re.MULTILINE)


def test_a_stay_that_was_registered_as_it_happened_is_one_line(loaded: Loaded, stage: Stage) -> None:
    begin, end = date(2026, 3, 2), date(2026, 3, 30)
    stay = one(Stay("crisis-shelter", begin), (end, Stay("crisis-shelter", begin, end, "own-home")))
    lines = events_of(scenario(History("c1", (stay,)), loaded, stage, "en"))
    assert lines == [
        '{ day = 2030-01-07, situation = "crisis-shelter", until = 2030-02-04, destination = "own-home" }'
    ]


def test_an_end_that_was_known_ahead_is_told_of_the_same_record(loaded: Loaded, stage: Stage) -> None:
    begin = date(2026, 3, 2)
    lines = events_of(
        scenario(History("c1", (one(Stay("crisis-shelter", begin, date(2026, 3, 30))),)), loaded, stage, "en")
    )
    assert lines == [
        '{ day = 2030-01-07, situation = "crisis-shelter", id = "r1" }',
        '{ day = 2030-01-07, situation = "crisis-shelter", until = 2030-02-04, id = "r1" }',
    ]


def test_a_record_that_was_deleted_says_so_in_its_line(loaded: Loaded, stage: Stage) -> None:
    fact = one(Fact("trust", "growing", date(2026, 3, 1)), (date(2026, 3, 9), None), part="fact")
    (line,) = events_of(scenario(History("c1", (fact,)), loaded, stage, "en"))
    assert line == (
        '{ day = 2030-01-06, recorded = 2030-01-07, fact = "trust", value = "growing", retracted = 2030-01-14 }'
    )


def test_an_answer_is_told_as_an_answer_where_its_prompt_is_sent_and_else_as_its_facts(
    loaded: Loaded, stage: Stage
) -> None:
    stay = one(Stay("crisis-shelter", date(2026, 3, 2)))

    def told(day: date) -> str:
        at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        facts = (("network-mapped", day), ("network", "small"))
        said = Answer("crisis-intake/map-network/s:x:stay:entered", "mapped", at, facts)
        record = Record(RecordId("cti", said.prompt, "answer"), (Version(said, at),))
        return events_of(scenario(History("c1", (record, stay)), loaded, stage, "en"))[-1]

    assert told(date(2026, 3, 18)).startswith('{ day = 2030-01-23, answer = "mapped.mapped", to = "crisis-')
    assert told(date(2026, 3, 4)).startswith('{ day = 2030-01-09, fact = "network')


def test_workers_and_teams_are_numbered_as_they_come_by(loaded: Loaded, stage: Stage) -> None:
    first = one(Assignment(date(2026, 3, 2), "jansen", "noord"), part="assignment")
    second = one(Assignment(date(2026, 4, 6), "bakker", "noord"), part="assignment2", known=date(2026, 4, 6))
    lines = events_of(scenario(History("c1", (first, second)), loaded, stage, "en"))
    assert [line.split(", ", 1)[1] for line in lines] == [
        'worker = "w1", team = "t1" }',
        'worker = "w2", team = "t1" }',
    ]


def test_who_is_not_known_at_all_makes_no_test(loaded: Loaded, stage: Stage) -> None:
    assert scenario(History("c1", ()), loaded, stage, "en") is None


def test_a_day_at_the_end_of_all_time_becomes_the_last_that_a_test_takes(
    loaded: Loaded, stage: Stage
) -> None:
    fact = one(Fact("network-mapped", date.max, date(2026, 3, 2)), part="fact")
    assert "2199-12-31" in (scenario(History("c1", (fact,)), loaded, stage, "en") or "")
