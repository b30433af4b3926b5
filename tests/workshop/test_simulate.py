"""A draft over a time that was, on the sample organisation: its own differences and no others."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cti.core.rules import Rulebook
from cti.engine.rulebooks import read
from cti.engine.system import System
from cti.post.delivery import Habits
from cti.workshop.compare import Comparison
from cti.workshop.simulate import Days, counting_from, data, simulate
from tests.core.build import book, day, enters, rule, step
from tests.engine.sample import Sample, sample
from tests.workshop.drafting import MOVED, REMOVED, RENAMED, draft

LAST = date(2026, 1, 15)
FIRST = LAST - timedelta(days=365)
DAYS = Days(FIRST, LAST, FIRST)
EVENING = datetime(2026, 1, 15, 18, tzinfo=ZoneInfo("Europe/Amsterdam"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """The sample organisation, whose rules begin to count on its last day."""
    made = sample(tmp_path_factory.mktemp("sample") / "x", LAST, size=160)
    made.tick(EVENING, force=True)
    draft(made.folder / "rules", made.folder / "draft")
    return made


def rulebook(made: Sample, folder: str) -> Rulebook:
    found = read(made.system, made.folder / folder)
    assert found.rulebook is not None, found.problems
    return found.rulebook


def simulated(made: Sample, cap: int = 3, days: Days = DAYS) -> Comparison:
    system = System(replace(made.system.config, habits=Habits(cap)), made.system.database)
    return simulate(system, rulebook(made, "rules"), rulebook(made, "draft"), days)


def changed(found: Comparison) -> Counter[tuple[str, str, str]]:
    return Counter((entry.kind, entry.rule, entry.step) for entry in found.differences)


def test_a_draft_shows_exactly_its_own_differences(made: Sample) -> None:
    """It moves a step, adds a rule, removes one and renames one. Where no cap makes prompts wait for one another, nothing else
    changes; but a moved step is now and then named in another's mail, or another in its, when both are overdue together."""
    found = changed(simulated(made, cap=10**6))
    assert found["added", "outreach", "visit"] > 10
    assert found["removed", REMOVED, "where-to"] > 10
    assert found["moved", *MOVED] > 10
    own = {"outreach", REMOVED, MOVED[0], "still-current"}
    assert {rule for _, rule, _ in found} <= own
    beside = sum(found.values()) - sum(
        found[known]
        for known in [("added", "outreach", "visit"), ("removed", REMOVED, "where-to"), ("moved", *MOVED)]
    )
    assert beside <= 6


def test_under_the_cap_other_prompts_move_by_a_day_or_two_at_most(made: Sample) -> None:
    for entry in simulated(made).differences:
        if entry.rule not in ("outreach", REMOVED, MOVED[0], "still-current"):
            assert entry.kind == "moved"
            assert entry.before is not None and entry.after is not None
            assert abs(entry.before - entry.after) <= timedelta(days=4)


def test_a_renamed_rule_keeps_its_counts_under_its_new_name(made: Sample) -> None:
    found = simulated(made, cap=10**6)
    before, after = RENAMED
    assert before not in {rule for rule, _ in found.steps}
    for step_id in ("before", "after"):
        now, then = found.steps[after, step_id]
        assert now == then > 0


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
    assert list(differences[0]) == ["kind", "client", "rule", "step", "before", "after"]
    steps = read_by_scripts["steps"]
    assert isinstance(steps, list)
    assert list(steps[0]) == ["rule", "step", "before", "after", "late", "too_late", "silent"]
    prompts = read_by_scripts["prompts"]
    assert isinstance(prompts, dict)
    for side in ("before", "after"):
        assert sum(entry[side] for entry in steps) == prompts[side]
