"""Where only the day of a prompt is another than a test expects, the new day can be written into the test."""

from __future__ import annotations

from pathlib import Path

from cti.tomlfile import TomlFile
from cti.workshop.mending import Mended
from cti.workshop.mending import mended as written_anew
from tests.rulebook.house import INTAKE
from tests.workshop.tested import CHILDREN, STAY, a_test, passes, run

LATER = INTAKE.replace('due      = "14 days"', 'due      = "3 weeks"')


def mended(folder: Path, tests: str) -> tuple[str, tuple[Mended, ...]]:
    """The tests with their new days, for the house with a later map."""
    name = "rules/tests/crisis-intake.toml"
    return written_anew(TomlFile.parse(tests, name), run(folder, tests, crisis_intake=LATER))


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


NEW_STEP = (
    LATER
    + """
[[steps]]
id      = "once-more"
due     = "5 weeks"
to      = "worker"
text    = "crisis-intake/propose"
expires = "2 weeks"
answers = "done"
"""
)
ONCE_MORE = '{ day = 2026-04-07, step = "once-more", to = "worker" }'  # five weeks on it is Easter Monday
MAP = '{ day = 2026-03-23, step = "map-network", to = "worker" }'


def with_new_step(folder: Path, tests: str) -> tuple[str, list[int]]:
    """The tests with what a new step of the house brings, and the lines that are new or changed."""
    name = "rules/tests/crisis-intake.toml"
    outcomes = run(folder, tests, crisis_intake=NEW_STEP)
    new, changes = written_anew(TomlFile.parse(tests, name), outcomes)
    return new, [one.line for one in changes]


def test_a_step_that_is_new_is_written_behind_what_comes_before_it(tmp_path: Path) -> None:
    short = a_test(STAY, expect=MAP)
    long = a_test(STAY, expect=f"\n  {MAP},  # a Monday\n").replace("a test", "the same in several lines")
    new, lines = with_new_step(tmp_path / "old", short + long)
    assert new == short.replace(MAP, f"{MAP}, {ONCE_MORE}") + long.replace(
        "# a Monday\n", f"# a Monday\n  {ONCE_MORE},\n"
    )
    assert [new.split("\n")[line - 1] for line in lines] == [
        f"expect = [{MAP}, {ONCE_MORE}]",
        f"  {ONCE_MORE},",
    ]
    assert all(outcome.passed for outcome in run(tmp_path / "new", new, crisis_intake=NEW_STEP))


def test_a_test_that_expects_nothing_does_not_come_to_expect_a_new_step(tmp_path: Path) -> None:
    old = a_test(STAY, expect="")
    assert with_new_step(tmp_path, old) == (old, [])


def test_a_step_that_must_not_come_is_not_written_in(tmp_path: Path) -> None:
    old = a_test(STAY, expect=MAP, absent='{ step = "once-more" }')
    assert with_new_step(tmp_path, old) == (old, [])


def test_tests_that_pass_are_left_as_they_are(tmp_path: Path) -> None:
    good = a_test(STAY, expect='{ day = 2026-03-23, step = "map-network" }')
    assert mended(tmp_path / "a", good) == (good, ())
    assert passes(tmp_path / "b", good, crisis_intake=LATER)
