"""What is said of steps that get in each other's way is what happens to them."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest
from hypothesis import given

from cti.core.life import live
from cti.core.planner import plan
from cti.core.rules import On, Records, Rulebook
from cti.rulebook.check import doubted, read_with_tests
from cti.rulebook.timing import Hours, only_undated, waits
from cti.variables import Words
from cti.workshop.report import report
from cti.workshop.stage import stage_of
from cti.workshop.verdict import run_tests
from tests.core.build import CALENDAR, VOCABULARY, enters, expects, rule, step
from tests.faults import write
from tests.laws.dice import Dice, dice, many
from tests.laws.histories import a_history
from tests.rulebook.house import DESKS, FILES, LANGUAGES

RULE = """\
id    = "crisis-intake"
title = { nl = "Instroom", en = "Intake" }
why   = { nl = "Contacten raken nu kwijt.", en = "Contacts fade now." }

[on]
enters = "crisis-shelter"

[[steps]]
id      = "map-network"
to      = "worker"
answers = "done"
expires = "4 weeks"
FIRST

[[steps]]
id      = "propose"
to      = "worker"
answers = "done"
expires = "4 weeks"
SECOND
"""

TEST = """\
[[tests]]
name   = "what becomes of the first step, or of the second"
rule   = "crisis-intake"
people = [{ id = "w1", team = "north" }]
events = [
  { day = 2026-03-02, situation = "crisis-shelter" },
  { day = 2026-03-02, worker = "w1" },
]
not    = [{ step = "STEP", because = "REASON" }]
"""


def problems(folder: Path, first: str, second: str, hours: Hours, test: str = "") -> list[str]:
    """What is said of a rule with two such steps; with a test, that it fails."""
    rule = RULE.replace("FIRST", first).replace("SECOND", second)
    files = {name: text for name, text in FILES.items() if "/tests/" not in name and "language" not in name}
    write(folder, {**files, "rules/crisis-intake.toml": rule})
    if test:
        write(folder, {"rules/tests/crisis-intake.toml": test})
    checked = doubted(read_with_tests(folder / "rules", LANGUAGES, folder / "templates", DESKS), hours)
    outcomes = run_tests(checked.tests, stage_of(checked.loaded, LANGUAGES, CALENDAR, Words()))
    failing = [report(outcome, "en") for outcome in outcomes if not outcome.passed]
    return [*(problem.message("en") for problem in checked.problems), *failing]


@pytest.mark.parametrize(
    ("first", "second", "step", "reason"),
    [
        ('due = "2 weeks"\nat = "07:30"', 'due = "2 weeks"\nat = "08:30"', "map-network", "covered"),
        ('due = "same working day"\nat = "08:00"', 'due = "same working day"', "map-network", "covered"),
        ('due = "2 weeks"\nasks = "a"', 'due = "6 weeks"\nasks = "a"', "propose", "asked"),
        (
            'due = "2 weeks"\nasks = "a"',
            'due = "2 weeks"\nasks = "a"\nafter = "map-network"',
            "propose",
            "asked",
        ),
    ],
)
def test_a_step_in_whose_place_another_goes_is_told_of_and_really_is(
    first: str, second: str, step: str, reason: str, tmp_path: Path
) -> None:
    test = TEST.replace("STEP", step).replace("REASON", reason)
    said = problems(tmp_path, first, second, Hours(), test)
    assert len(said) == 1 and "fails" not in said[0], said


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            'due = "2 weeks"\nat = "08:00"',
            'due = "2 weeks"\nat = "11:30"',
        ),  # one goes in the mail of that day
        (
            'due = "2 weeks"\nat = "10:00"',
            'due = "2 weeks"\nat = "11:30"',
        ),  # one goes before the other is due
        ('due = "2 weeks"\nat = "08:00"', 'due = "2 weeks"\nat = "08:00"'),
        ('due = "2 weeks"\nat = "07:00"\nurgent = true', 'due = "2 weeks"\nat = "08:00"'),
        ('due = "same working day"', 'due = "1 working day"'),
        ('due = "2 weeks"\nasks = "a"\nwhen = { trust = "yes" }', 'due = "6 weeks"\nasks = "a"'),
        (
            'due = "2 weeks"\nasks = "a"\nlater = { when = { trust = "no" }, by = "5 weeks" }',
            'due = "6 weeks"\nasks = "a"',
        ),
        ('due = "2 weeks"\nasks = "a"', 'due = "6 weeks"\nasks = "b"'),
    ],
)
def test_steps_that_leave_each_other_room_are_not_spoken_of(first: str, second: str, tmp_path: Path) -> None:
    assert problems(tmp_path, first, second, Hours()) == []


def test_when_the_daily_mail_goes_decides_what_is_overtaken(tmp_path: Path) -> None:
    steps = ('due = "2 weeks"\nat = "10:00"', 'due = "2 weeks"\nat = "13:30"')
    assert problems(tmp_path, *steps, Hours(mails=time(12))) == []
    assert len(problems(tmp_path, *steps, Hours(mails=time(14)))) == 1


@given(throw=dice(160))
@many(60)
def test_what_is_expected_on_a_day_brings_no_step_that_is_due_once_it_is_given_up(throw: Dice) -> None:
    late = step("late", throw.between(VOCABULARY.gap, 60), outlives=throw.chance(5))
    made = rule("r", expects("own-home", "long-stay"), late)
    assert only_undated(made, late, VOCABULARY)
    history = a_history(throw)
    dated = {
        moment.name
        for moment in live(history, VOCABULARY, CALENDAR).moments
        if moment.kind == "expects" and moment.day is not None
    }
    planned = plan(history, Rulebook(VOCABULARY, (made,)), CALENDAR)
    assert dated.isdisjoint(prompt.name for prompt in planned if prompt.wanted)


@given(throw=dice(160))
@many(60)
def test_a_step_that_waits_for_one_without_an_end_comes_only_in_place_of_one_that_was_known_too_late(
    throw: Dice,
) -> None:
    first = step("first", throw.between(0, 30), outlives=throw.chance(5))
    second = step("second", throw.between(0, 30), after="first", outlives=throw.chance(5))
    moments: tuple[On, ...] = (enters("own-home"), expects("own-home"), Records("trust", ("yes",)))
    made = rule("r", throw.one(moments), first, second)
    planned = plan(a_history(throw), Rulebook(VOCABULARY, (made,)), CALENDAR)
    if waits(made, second):
        sent = {prompt.name for prompt in planned if prompt.step == "first" and prompt.wanted}
        assert sent.isdisjoint(prompt.name for prompt in planned if prompt.step == "second" and prompt.wanted)
