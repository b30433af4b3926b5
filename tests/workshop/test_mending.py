"""Where only the day of a prompt is another than a test expects, the new day can be written into the test."""

from __future__ import annotations

from pathlib import Path

from cti.tomlfile import TomlFile
from cti.workshop.mending import Mended, with_new_days
from tests.rulebook.house import INTAKE
from tests.workshop.tested import CHILDREN, STAY, a_test, passes, run

LATER = INTAKE.replace('due      = "14 days"', 'due      = "3 weeks"')


def mended(folder: Path, tests: str) -> tuple[str, tuple[Mended, ...]]:
    """The tests with their new days, for the house with a later map."""
    name = "rules/tests/crisis-intake.toml"
    return with_new_days(TomlFile.parse(tests, name), run(folder, tests, crisis_intake=LATER))


def test_the_new_day_is_written_and_nothing_else_is_touched(tmp_path: Path) -> None:
    assert LATER != INTAKE
    other = a_test(CHILDREN, expect="").replace("a test", "of something else")
    old = other + a_test(STAY, expect='{ step = "map-network", day = 2026-03-16 }')
    new, changes = mended(tmp_path / "old", old)
    assert new == old.replace("2026-03-16", "2026-03-23")
    line = next(number for number, text in enumerate(old.split("\n"), 1) if "2026-03-16" in text)
    assert [(one.file, one.line) for one in changes] == [("rules/tests/crisis-intake.toml", line)]
    assert all(outcome.passed for outcome in run(tmp_path / "new", new, crisis_intake=LATER))


def test_what_fails_for_another_reason_too_is_left_as_it_is(tmp_path: Path) -> None:
    for wrong in ('to = "team"', 'variant = "crisis-intake/map-network-language"', 'text = "no such words"'):
        old = a_test(STAY, expect=f'{{ day = 2026-03-16, step = "map-network", {wrong} }}')
        assert mended(tmp_path / wrong[:2], old) == (old, ())


def test_what_is_missing_and_what_nobody_expects_is_left_as_it_is(tmp_path: Path) -> None:
    old = a_test(STAY, expect='{ day = 2026-03-16, step = "propose" }')
    assert mended(tmp_path, old) == (old, ())


def test_tests_that_pass_are_left_as_they_are(tmp_path: Path) -> None:
    good = a_test(STAY, expect='{ day = 2026-03-23, step = "map-network" }')
    assert mended(tmp_path / "a", good) == (good, ())
    assert passes(tmp_path / "b", good, crisis_intake=LATER)
