"""Reads a rules folder with its tests: for `cti check`, `cti rules check` and `cti rules test`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cti.problems import Problem, Problems
from cti.rulebook.doubts import doubts
from cti.rulebook.folder import TESTS, Loaded, read_folder, see_rules, shown, text_of
from cti.rulebook.seen import Seen
from cti.rulebook.tests_file import RuleTest, read_tests
from cti.rulebook.timing import Hours
from cti.tomlfile import TomlFile

USUAL = Hours()


@dataclass(frozen=True)
class Checked:
    """A folder as it was read, the tests in it that can be read, and all that is wrong with either."""

    loaded: Loaded
    tests: tuple[RuleTest, ...]
    problems: tuple[Problem, ...]


def check(
    folder: Path,
    languages: Sequence[str],
    templates: Path,
    roles: Collection[str],
    hours: Hours = USUAL,
) -> tuple[Problem, ...]:
    """All that is wrong with a rules folder, its texts and its tests, doubts included; arguments as for `read_folder`."""
    return doubted(read_with_tests(folder, languages, templates, roles), hours).problems


def read_with_tests(
    folder: Path,
    languages: Sequence[str],
    templates: Path,
    roles: Collection[str],
    base: Path | None = None,
    seen: Seen | None = None,
) -> Checked:
    """The folder with its tests; arguments as for `read_folder`."""
    seen = seen if seen is not None else see_rules(folder, templates)
    loaded = read_folder(folder, languages, templates, roles, base, seen)
    base = base if base is not None else folder.parent
    found: list[Problem] = []
    tests: list[RuleTest] = []
    for file in seen.within(folder / TESTS):
        if file.suffix != ".toml":
            continue
        name = shown(file, base)
        try:
            toml = TomlFile.parse(text_of(seen.files[file], name), name)
        except Problems as problems:
            found += problems.problems
        else:
            tests += read_tests(toml, loaded.context, loaded.steps, found)
    return Checked(loaded, tuple(tests), (*loaded.problems, *sorted(found, key=_place)))


def doubted(checked: Checked, hours: Hours = USUAL) -> Checked:
    """What was read, with what is most likely not meant. It changes nothing about whether the folder can be used."""
    problems = (*checked.problems, *doubts(checked.loaded, hours))
    return replace(checked, problems=tuple(sorted(problems, key=_place)))


def _place(problem: Problem) -> tuple[str, int]:
    return problem.file or "", problem.line or 0
