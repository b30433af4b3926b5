"""Reads rules/tests/*.toml: the managers' own tests. Each has what happens to one client, and what must be prompted when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from cti.core.prompts import STANDINGS, STILL_CURRENT, WANTED
from cti.i18n import mark
from cti.problems import Problem
from cti.rulebook.context import Context
from cti.rulebook.happening import Happening, read_happening
from cti.rulebook.stepnames import StepNames
from cti.rulebook.table import Table
from cti.rulebook.words import nearest, one_of, read_day, read_text
from cti.tomlfile import TomlFile

KEYS = ("name", "rule", "since", "until", "events", "expect", "not")
EXPECT_KEYS = ("day", "step", "rule", "to", "variant")
NOT_KEYS = ("step", "rule", "because")
BECAUSE = (*(code for code in STANDINGS if code != WANTED), "covered")
"""Why a step is not prompted: the standings of a plan, or that a later step of the same moment spoke for it."""


@dataclass(frozen=True)
class Expectation:
    """A prompt that must be sent on `day`. `to` (a role) and `variant` (a text) are compared where they are given."""

    day: date
    rule: str
    step: str
    to: str | None = None
    variant: str | None = None


@dataclass(frozen=True)
class Absence:
    """A step that must not be prompted, and the reason where one is given."""

    rule: str
    step: str
    because: str | None = None


@dataclass(frozen=True)
class RuleTest:
    """A test. With `rule` only that rule's prompts are compared (and "is this still current?").

    `expect` is complete: any other prompt fails the test. None: only what must not happen is looked at. Prompts after `until`
    are not looked at. `file` and `line` say where the test stands.
    """

    name: str
    file: str
    line: int
    happenings: tuple[Happening, ...]
    rule: str | None = None
    since: date | None = None
    until: date | None = None
    expect: tuple[Expectation, ...] | None = None
    absent: tuple[Absence, ...] = ()


def read_tests(
    file: TomlFile, context: Context, steps: StepNames, found: list[Problem]
) -> tuple[RuleTest, ...]:
    """The tests of a file that can be read; what is wrong with the others goes to `found`."""
    top = Table.top(file, found)
    top = top.only(("tests",), meant={"test": "tests", "testen": "tests"}, elsewhere=OF_A_TEST)
    if "tests" not in top:
        top.note(mark("the file has no [[tests]]"), level="warning")
    tests = []
    for table in top.tables("tests"):
        before = len(found)
        test = _test(replace(table, field=""), context, steps)
        if test is not None and all(problem.level != "error" for problem in found[before:]):
            tests.append(test)
    return tuple(tests)


OF_A_TEST = {key: mark('"{name}" belongs to a test: write it below its [[tests]]') for key in KEYS}


def _test(table: Table, context: Context, steps: StepNames) -> RuleTest | None:
    table = table.only(
        KEYS,
        meant={
            "title": "name",
            "event": "events",
            "expected": "expect",
            "expects": "expect",
            "absent": "not",
        },
    )
    name = table.need("name", read_text, "what must happen, in one sentence")
    rule = table.take("rule", steps.rule) or nearest(table.values.get("rule"), steps.steps)
    happenings = []
    if not table.values.get("events"):
        table.note(mark("the test has no events: nothing happens to the client"))
    day: date | None = None
    for event in table.tables("events"):
        happening = read_happening(event, context, steps, day)
        if happening is not None:
            happenings.append(happening)
            day = happening.day
    if "expect" not in table and not table.values.get("not"):
        table.note_missing(mark("the test expects nothing: give `expect`, `not`, or both"), "expect", [])
    expect = tuple(_expectation(entry, rule, context, steps) for entry in table.tables("expect"))
    absent = tuple(_absence(entry, rule, steps) for entry in table.tables("not"))
    if name is None:
        return None
    return RuleTest(
        name=name,
        file=table.file.name,
        line=table.file.line(table.path),
        happenings=tuple(happenings),
        rule=rule,
        since=table.take("since", read_day),
        until=table.take("until", read_day),
        expect=tuple(entry for entry in expect if entry is not None) if "expect" in table else None,
        absent=tuple(entry for entry in absent if entry is not None),
    )


def _expectation(table: Table, rule: str | None, context: Context, steps: StepNames) -> Expectation | None:
    table = table.only(
        EXPECT_KEYS,
        meant={"on": "day", "date": "day", "role": "to", "text": "variant", "dag": "day", "stap": "step"},
    )
    day = table.need("day", read_day)
    place = steps.take(table, rule)
    to = table.take("to", context.role)
    variant = table.take("variant", steps.text)
    if day is None or place is None:
        return None
    return Expectation(day, *place, to, variant)


def _absence(table: Table, rule: str | None, steps: StepNames) -> Absence | None:
    table = table.only(NOT_KEYS, meant={"why": "because", "reason": "because", "omdat": "because"})
    place = steps.take(table, rule)
    because = table.take("because", one_of(BECAUSE, MEANT_REASONS))
    return None if place is None else Absence(*place, because)


MEANT_REASONS = {
    "conditions": "condition",
    "voorwaarde": "condition",
    "unless": "condition",
    "when": "condition",
    "moved": "moved-on",
    "transition": "moved-on",
    "expired": "too-late",
    "late": "too-late",
    "since": "before-since",
    "old": "stale",
    STILL_CURRENT[0]: "stale",
    "skip": "skipped",
    "question": "asked",
    "asks": "asked",
    "superseded": "covered",
    "gesloten": "closed",
}
