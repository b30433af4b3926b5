"""The outcome of the rules' tests as JUnit XML, which build servers read (Jenkins' schema junit-10.xsd)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from cti.problems import Problem
from cti.sentences import label
from cti.workshop.report import Why, calendar
from cti.workshop.verdict import Outcome

NAME = "cti rules test"
NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML may hold, however written (XML 1.0, production 2)."""


def junit(outcomes: Sequence[Outcome], seconds: Sequence[float], lang: str, why: Why | None = None) -> str:
    """A test suite for each file; the text of a failure is its calendar. `seconds` is how long each outcome took."""
    top = Element("testsuites", name=NAME)
    timed = list(zip(outcomes, seconds, strict=True))
    for file, some in groupby(timed, key=lambda pair: pair[0].test.file):
        suite = SubElement(top, "testsuite", name=_fit(file))
        members = list(some)
        for outcome, took in members:
            test = outcome.test
            name = label(lang, test.name, "")
            case = SubElement(suite, "testcase", name=_fit(name), classname=_fit(file), time=f"{took:.3f}")
            if not outcome.passed:
                text = f"{test.file}:{test.line}: {name}"
                failure = SubElement(case, "failure", message=_fit(text), type="calendar")
                failure.text = _fit(f"\n{calendar(outcome, lang, why)}\n")
        _count(suite, sum(took for _, took in members))
    _count(top, sum(seconds))
    return _written(top)


def junit_of_errors(problems: Sequence[Problem], lang: str) -> str:
    """The same for a folder in which no test can run: each error is a test that could not."""
    top = Element("testsuites", name=NAME)
    for file, some in groupby(problems, key=lambda one: one.file or NAME):
        suite = SubElement(top, "testsuite", name=_fit(file))
        for number, one in enumerate(some, 1):
            place = f"{file}:{one.line}" if one.line is not None else file
            case = SubElement(
                suite, "testcase", name=_fit(f"{place} ({number})"), classname=_fit(file), time="0.000"
            )
            error = SubElement(case, "error", message=_fit(one.message(lang)), type=one.level)
            error.text = _fit(one.sentence(lang))
        _count(suite, 0)
    _count(top, 0)
    return _written(top)


def _count(element: Element, seconds: float) -> None:
    """Sets how many tests there are below an element, and how many of them went wrong."""
    element.set("tests", str(len(element.findall(".//testcase"))))
    element.set("failures", str(len(element.findall(".//failure"))))
    element.set("errors", str(len(element.findall(".//error"))))
    element.set("time", f"{seconds:.3f}")


def _fit(text: str) -> str:
    return NO_XML.sub("\ufffd", text)


def _written(top: Element) -> str:
    indent(top)
    text: str = tostring(top, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'
