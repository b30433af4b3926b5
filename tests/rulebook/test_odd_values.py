"""Whatever stands anywhere in a file of a manager, it is read without failing, and what is suggested mends it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cti.problems import Problem, corrected
from cti.tomlfile import TomlFile
from cti.tomlspots import KeyPath
from tests.faults import write
from tests.rulebook.house import FILES, check_house

VALUES = (
    '""',
    '"x"',
    '"14 days"',
    '"Wörker"',
    '"a/b/c"',
    '"today"',
    '"yes"',
    f'"{"9" * 400} days"',
    "0",
    "-3",
    "1.5",
    "nan",
    "inf",
    "99999999999999999999",
    "true",
    "2026-03-01",
    "2026-03-01T09:00:00",
    "09:00:00",
    "[]",
    "[[]]",
    '["x"]',
    "[1, 2]",
    "[{ x = 1 }]",
    "{}",
    "{ x = 1 }",
    '{ not = "x" }',
    '{ nl = "x" }',
)
KEYS = ("zzz", "Id", "steps", "when", "any")


def paths(values: object, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Every path in the values of a TOML file."""
    items: list[tuple[str | int, object]] = []
    if isinstance(values, dict):
        items = list(values.items())
    elif isinstance(values, list):
        items = list(enumerate(values))
    for key, value in items:
        yield (*path, key)
        yield from paths(value, (*path, key))


def edits() -> list[tuple[str, int, str]]:
    """Each value in each file made each of the odd ones, and each key another: file, line, and what then stands there."""
    found = []
    for name, text in FILES.items():
        if name.endswith(".toml"):
            file = TomlFile.parse(text, name)
            for path in paths(file.values):
                for value in VALUES:
                    found.append((name, file.value_line(path), file.replace_value(path, value)))
                for key in KEYS:
                    found.append((name, file.line(path), file.replace_key(path, key)))
    return [(name, line, new) for name, line, new in found if new is not None]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("house")
    write(made, FILES)
    return made


@given(edit=st.sampled_from(edits()))
def test_an_odd_value_or_key_anywhere_is_told_with_its_place_and_a_remedy(
    edit: tuple[str, int, str], folder: Path
) -> None:
    name, line, new = edit
    files = {**FILES, name: corrected(FILES[name], line, new)}
    try:
        write(folder, {name: files[name]})
        problems = check_house(folder)
        for problem in problems:
            assert problem.file is not None
            text = files[problem.file]
            assert problem.line is not None and 1 <= problem.line <= text.count("\n") + 1
            assert problem.message("nl") and problem.message("en")
        for problem in problems[:5]:
            if problem.suggestion is not None:
                assert problem.file is not None
                assert problem.sentence("en") not in after(folder, files, problem)
    finally:
        write(folder, {name: FILES[name]})


def after(folder: Path, files: dict[str, str], problem: Problem) -> list[str]:
    """What is still said once the suggestion stands in its place."""
    assert problem.file is not None and problem.line is not None and problem.suggestion is not None
    mended = corrected(files[problem.file], problem.line, problem.suggestion)
    write(folder, {problem.file: mended})
    left = [problem.sentence("en") for problem in check_house(folder)]
    write(folder, {problem.file: files[problem.file]})
    return left
