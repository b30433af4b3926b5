"""Short ways to write down a rule test and to run it, in the house of tests/rulebook."""

from __future__ import annotations

from pathlib import Path

from cti.core.calendar import Calendar
from cti.rulebook.check import Checked, read_with_tests
from cti.variables import Words
from cti.workshop.stage import stage_of
from cti.workshop.verdict import Outcome, run_tests
from tests.faults import said, write
from tests.rulebook.house import CALENDAR, DESKS, FILES, LANGUAGES

STAY = '{ day = 2026-03-02, situation = "crisis-shelter" }'
CHILDREN = '{ day = 2026-03-02, fact = "children", value = 2 }'
MAP = '{ day = 2026-03-16, step = "map-network" }'


def read(folder: Path, tests: str, **rules: str) -> Checked:
    """The house with these tests, and some rules otherwise."""
    changed = {f"rules/{name.replace('_', '-')}.toml": text for name, text in rules.items()}
    own = {"rules/tests/crisis-intake.toml": tests, "rules/tests/whole-way.toml": "tests = []"}
    write(folder, {**FILES, **changed, **own})
    checked = read_with_tests(folder / "rules", LANGUAGES, folder / "templates", DESKS)
    assert said([problem for problem in checked.problems if problem.level == "error"], "en") == ""
    return checked


def run(folder: Path, tests: str, **rules: str) -> list[Outcome]:
    """What becomes of these tests in the house."""
    return run_by(CALENDAR, folder, tests, **rules)


def run_by(calendar: Calendar, folder: Path, tests: str, **rules: str) -> list[Outcome]:
    """What becomes of these tests in an organisation with this calendar."""
    checked = read(folder, tests, **rules)
    return list(run_tests(checked.tests, stage_of(checked.loaded, LANGUAGES, calendar, Words())))


def sent(folder: Path, test: str, **rules: str) -> list[str]:
    """Everything that was sent in a test, as "03-16 prompt w1", in order."""
    (outcome,) = run(folder, test, **rules)
    return [f"{one.day:%m-%d} {one.kind} {one.person}" for one in outcome.course.sent]


def a_test(*events: str, expect: str | None = None, absent: str | None = None, more: str = "") -> str:
    """A test of the rule crisis-intake with these events; `more` are further lines of it."""
    text = (
        f'[[tests]]\nname = "a test"\nrule = "crisis-intake"\n{more}\nevents = [\n  {", ".join(events)},\n]\n'
    )
    text += f"expect = [{expect}]\n" if expect is not None else ""
    return text + (f"not = [{absent}]\n" if absent is not None else "")


def passes(folder: Path, test: str, **rules: str) -> bool:
    """Whether the only test of the file passes."""
    (outcome,) = run(folder, test, **rules)
    return outcome.passed
