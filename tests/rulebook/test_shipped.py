"""The rules, texts and tests that come with cti: nothing is wrong with them, and the tests pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from cti.rulebook.check import Checked, doubted, read_with_tests
from cti.variables import Words
from cti.workshop.report import report
from cti.workshop.stage import stage_of
from cti.workshop.verdict import run_tests
from tests.faults import said
from tests.rulebook.house import CALENDAR, LANGUAGES

TOP = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def shipped() -> Checked:
    return doubted(read_with_tests(TOP / "rules", LANGUAGES, TOP / "templates", ()))


def test_nothing_is_said_of_the_shipped_folder(shipped: Checked) -> None:
    assert said(shipped.problems, "en") == ""


def test_each_shipped_rule_has_tests_and_all_of_them_pass(shipped: Checked) -> None:
    rulebook = shipped.loaded.rulebook
    assert rulebook is not None
    outcomes = run_tests(shipped.tests, stage_of(shipped.loaded, LANGUAGES, CALENDAR, Words()))
    assert "\n".join(report(outcome, "en") for outcome in outcomes if not outcome.passed) == ""
    assert {rule.id for rule in rulebook.rules} <= {test.rule for test in shipped.tests}
