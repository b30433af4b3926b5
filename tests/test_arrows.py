"""The arrows between the packages run one way, and the reasoning reads no clock."""

import ast
from collections.abc import Iterator

import pytest

from tests.project import imports, modules, within

CODE = modules("cti")

# What each package may import of cti, beside itself. What is not named here may import all but the commands.
TOML = ("cti.tomlfile", "cti.tomlspots", "cti.tomlmend", "cti.tomlrepairs", "cti.tomlforeign")
LEAVES = (
    "cti.i18n",
    "cti.problems",
    "cti.address",
    "cti.days",
    "cti.sandbox",
    "cti.trust",
    "cti.remote",
    "cti.fhir",
    *TOML,
)
MAY_IMPORT = {
    "cti.core": (),
    "cti.i18n": (),
    "cti.problems": ("cti.i18n",),
    "cti.tomlspots": (),
    "cti.address": (),
    "cti.days": (),
    "cti.sandbox": (),
    "cti.trust": (),
    "cti.remote": ("cti.trust",),
    "cti.fhir": ("cti.remote",),
    "cti.tomlrepairs": ("cti.i18n", "cti.days"),
    "cti.tomlforeign": ("cti.i18n", "cti.tomlrepairs"),
    "cti.tomlmend": ("cti.i18n", "cti.problems", "cti.tomlrepairs", "cti.tomlforeign"),
    "cti.tomlfile": ("cti.problems", "cti.tomlmend", "cti.tomlspots"),
    "cti.rulebook": ("cti.core", *LEAVES),
    "cti.store": ("cti.core",),
    "cti.sources": ("cti.core", *LEAVES),
    "cti.post": ("cti.core", "cti.i18n", "cti.sandbox"),
    "cti.channels": (
        "cti.core",
        "cti.post",
        "cti.address",
        "cti.i18n",
        "cti.trust",
        "cti.remote",
        "cti.fhir",
    ),
    "cti.sample": (),
    "cti.shipped": (),
}
CLOCKS = {"now", "utcnow", "today", "time", "time_ns", "monotonic", "perf_counter", "localtime", "gmtime"}


def strays(package: str, allowed: tuple[str, ...]) -> Iterator[str]:
    for module, source in CODE.items():
        if within(module, package):
            for line, name in imports(source):
                if within(name, "cti") and not within(name, package, *allowed):
                    yield f"{module}:{line} imports {name}"


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_only_what_lies_below_it(package: str) -> None:
    assert list(strays(package, MAY_IMPORT[package])) == []


def test_nothing_imports_the_commands_but_the_commands() -> None:
    assert [
        f"{module}:{line}"
        for module, source in CODE.items()
        if not within(module, "cti.cli", "cti.__main__")
        for line, name in imports(source)
        if within(name, "cti.cli")
    ] == []


def test_only_the_service_and_the_commands_import_the_pages() -> None:
    assert [
        f"{module}:{line}"
        for module, source in CODE.items()
        if not within(module, "cti.web", "cti.service", "cti.cli")
        for line, name in imports(source)
        if within(name, "cti.web")
    ] == []


def clock_readings(source: str) -> Iterator[int]:
    """Lines that ask what time it is: datetime.now(), date.today(), time.time() and their like."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
            owner = ast.unparse(node.func.value)
            if owner.split(".")[-1] in ("datetime", "date", "time"):
                yield node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            yield node.lineno


def test_only_the_commands_and_the_service_read_a_clock() -> None:
    edge = ("cti.cli", "cti.service", "cti.log")
    found = [
        f"{name}:{line}"
        for name, text in CODE.items()
        for line in clock_readings(text)
        if not within(name, *edge)
    ]
    assert found == []


def test_the_check_knows_a_clock_when_it_sees_one() -> None:
    source = """
from time import time
now = datetime.now(UTC)
day = datetime.date.today()
at = time.monotonic()
noon = datetime.combine(day, time(12))
fine = self.now(), event.time(), calendar.today
"""
    assert sorted(clock_readings(source)) == [2, 3, 4, 5]


def test_the_check_sees_each_way_to_import() -> None:
    source = """
import cti.store
from cti import web
from cti.cli.main import app
def later():
    import_module("cti.web.pages")
"""
    assert [name for _, name in imports(source)] == [
        "cti.store",
        "cti.web",
        "cti.cli.main.app",
        "cti.web.pages",
    ]
