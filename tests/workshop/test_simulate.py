"""A draft over a time that was, on the sample organisation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cti.core.rules import Rulebook
from cti.engine.rulebooks import read
from cti.workshop.compare import Comparison
from cti.workshop.simulate import Days, counting_from, data, simulate
from tests.core.build import book, day, enters, rule, step
from tests.engine.sample import Sample, sample
from tests.workshop.drafting import draft

LAST = date(2026, 1, 15)
FIRST = LAST - timedelta(days=365)
DAYS = Days(FIRST, LAST, FIRST)
EVENING = datetime(2026, 1, 15, 18, tzinfo=ZoneInfo("Europe/Amsterdam"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """The sample organisation, whose rules begin to count on its last day."""
    made = sample(tmp_path_factory.mktemp("sample") / "x", LAST, size=120)
    made.tick(EVENING, force=True)
    draft(made.folder / "rules", made.folder / "draft")
    return made


def rulebook(made: Sample, folder: str) -> Rulebook:
    found = read(made.system, made.folder / folder)
    assert found.rulebook is not None, found.problems
    return found.rulebook


def simulated(made: Sample, days: Days = DAYS) -> Comparison:
    return simulate(made.system, rulebook(made, "rules"), rulebook(made, "draft"), days)


def test_no_draft_makes_no_difference(made: Sample) -> None:
    same = rulebook(made, "rules")
    found = simulate(made.system, same, same, DAYS)
    assert found.differences == ()
    assert found.told[0] == found.told[1] > 100


def test_without_since_what_happened_before_the_rules_began_prompts_nobody(made: Sample) -> None:
    assert simulated(made, days=Days(FIRST, LAST)).told[0] < 10


def test_as_if_all_rules_had_counted_from_a_day_on() -> None:
    one = rule("one", enters("street"), step("a", 1))
    own = replace(one, id="two", since=day("5-1"))
    early = replace(one, id="three", since=day("1-1"))
    found = counting_from(book(one, own, early), day("3-1"))
    assert found.vocabulary.since == date(2020, 1, 1)
    assert [entry.since for entry in found.rules] == [None, day("3-1"), day("1-1")]
    later = replace(found, vocabulary=replace(found.vocabulary, since=day("6-1")))
    assert counting_from(later, day("3-1")).vocabulary.since == day("3-1")


def test_scripts_get_all_of_it_under_names_that_stay(made: Sample) -> None:
    found = simulated(made)
    read_by_scripts = data(found)
    assert list(read_by_scripts) == [
        "first",
        "last",
        "prompts",
        "late",
        "too_late",
        "unroutable",
        "weeks",
        "steps",
        "roles",
        "teams",
        "worker_week",
        "differences",
    ]
    differences = read_by_scripts["differences"]
    assert isinstance(differences, list) and len(differences) == len(found.differences)
    assert list(differences[0]) == ["kind", "client", "rule", "step", "before", "after", "knock_on"]
    steps = read_by_scripts["steps"]
    assert isinstance(steps, list)
    assert list(steps[0]) == ["rule", "step", "before", "after", "late", "too_late", "silent"]
    prompts = read_by_scripts["prompts"]
    assert isinstance(prompts, dict)
    for side in ("before", "after"):
        assert sum(entry[side] for entry in steps) == prompts[side]
