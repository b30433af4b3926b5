"""The outcome of tests for build servers: JUnit XML with the calendar in it."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

from hypothesis import given
from hypothesis import strategies as st

from cti.problems import problem
from cti.workshop.junit import junit, junit_of_errors
from cti.workshop.report import calendar
from cti.workshop.verdict import Outcome
from tests.workshop.tested import MAP, STAY, a_test, run

ALLOWED = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {
            "name",
            "tests",
            "failures",
            "errors",
            "time",
            "skipped",
            "timestamp",
            "hostname",
            "id",
            "package",
            "file",
        },
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
    ),
    "testcase": (
        {"name", "time", "classname", "group"},
        {"skipped", "error", "failure", "system-out", "system-err"},
    ),
    "failure": ({"message", "type"}, set[str]()),
    "error": ({"message", "type"}, set[str]()),
}
"""What each element may have, and hold, by Jenkins' junit-10.xsd."""
NEEDED = {"testsuite": {"name", "tests", "failures", "errors"}, "testcase": {"name"}}


def valid(element: Element) -> bool:
    attributes, children = ALLOWED[element.tag]
    return (
        NEEDED.get(element.tag, set()) <= set(element.keys()) <= attributes
        and all(child.tag in children and valid(child) for child in element)
        and all(int(element.get(count, "0")) >= 0 for count in ("tests", "failures", "errors"))
    )


def outcomes(folder: Path, name: str = "a test") -> list[Outcome]:
    """One that passes and one that fails."""
    fails = a_test(STAY, expect=MAP.replace("03-16", "03-17")).replace('"a test"', '"another, that fails"')
    return run(folder, a_test(STAY, expect=MAP).replace("a test", name) + fails)


def test_each_test_is_a_case_of_its_file_and_a_failure_holds_the_calendar(tmp_path: Path) -> None:
    made = outcomes(tmp_path)
    top = fromstring(junit(made, [0.5, 0.25], "en"))
    assert valid(top)
    (suite,) = top
    file = "rules/tests/crisis-intake.toml"
    assert suite.attrib == {"name": file, "tests": "2", "failures": "1", "errors": "0", "time": "0.750"}
    assert [(case.get("name"), case.get("classname"), len(case)) for case in suite] == [
        ("a test", file, 0),
        ("another, that fails", file, 1),
    ]
    (failure,) = top.iter("failure")
    assert failure.text is not None
    assert failure.text.strip("\n") == calendar(made[1], "en")
    assert failure.get("message") == f"{file}:{made[1].test.line}: another, that fails"
    assert top.get("tests") == "2" and top.get("failures") == "1"


def test_the_calendar_may_be_in_dutch(tmp_path: Path) -> None:
    (failure,) = fromstring(junit(outcomes(tmp_path), [0, 0], "nl")).iter("failure")
    assert failure.text is not None and "di 17 mrt 2026" in failure.text


def test_signs_that_no_xml_may_hold_are_replaced(tmp_path: Path) -> None:
    top = fromstring(junit(outcomes(tmp_path, r"a <bell> \u0007 & \"quotes\""), [0, 0], "en"))
    assert next(case.get("name") for case in top.iter("testcase")) == 'a <bell> \ufffd & "quotes"'


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_a_problem_says_the_xml_can_be_read(file: str, said: str) -> None:
    found = problem("{what}", what=said, file=file or None, line=3)
    top = fromstring(junit_of_errors([found, found], "en"))
    assert valid(top)
    assert top.get("errors") == "2"


def test_a_folder_with_errors_is_a_suite_of_errors() -> None:
    found = problem("a rule is wrong", file="rules/x.toml", line=3)
    (error,) = fromstring(junit_of_errors([found], "en")).iter("error")
    assert error.text == "rules/x.toml:3: a rule is wrong"


def test_a_folder_without_tests_is_an_empty_report() -> None:
    top = fromstring(junit([], [], "en"))
    assert valid(top)
    assert (top.get("tests"), len(top)) == ("0", 0)
