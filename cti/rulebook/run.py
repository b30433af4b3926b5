"""Runs the rules' own tests, and shows a failure as a small calendar: what was expected beside what happened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from babel.dates import format_date

from cti.core.calendar import Calendar
from cti.core.prompts import STILL_CURRENT, Planned
from cti.core.rules import Rulebook
from cti.i18n import say
from cti.rulebook.simulate import Course, Sent, simulate
from cti.rulebook.tests_file import Absence, Expectation, RuleTest

Why = Callable[[Planned], str]
"""Says in words why the plan does not want a step."""

Verdict = Literal["as expected", "other", "missing", "unexpected", "prompted", "other reason", "no prompt"]


@dataclass(frozen=True)
class Line:
    """One line of the calendar: what was expected, what happened, and what to make of it.

    "other": sent on that day, but to another role or with another text. "prompted": sent although it must not be. "other
    reason": not sent, but for another reason than the test gives. "no prompt": an answer to a prompt that was not sent.
    `why` is the plan's word on a step that was not sent.
    """

    verdict: Verdict
    day: date | None = None
    step: str = ""
    expected: Expectation | Absence | None = None
    sent: Sent | None = None
    why: Planned | None = None
    code: str | None = None

    @property
    def good(self) -> bool:
        return self.verdict == "as expected"


@dataclass(frozen=True)
class Outcome:
    """What became of a test: it passed when every line is good."""

    test: RuleTest
    lines: tuple[Line, ...]
    course: Course

    @property
    def passed(self) -> bool:
        return all(line.good for line in self.lines)


def run_tests(tests: Sequence[RuleTest], rulebook: Rulebook, calendar: Calendar) -> tuple[Outcome, ...]:
    """The outcome of each test."""
    return tuple(run_test(test, rulebook, calendar) for test in tests)


def run_test(test: RuleTest, rulebook: Rulebook, calendar: Calendar) -> Outcome:
    """Lives through the test and compares."""
    course = simulate(test, rulebook, calendar)
    lines = [
        Line("no prompt", happening.day, _place(*happening.answered.place, test))
        for happening in course.unanswerable
        if happening.answered
    ]
    sent = [one for one in course.sent if test.rule is None or one.plan.rule in (test.rule, STILL_CURRENT[0])]
    if test.expect is not None:
        lines += _compared(test, test.expect, sent, course)
    lines += [_absent(test, absence, course) for absence in test.absent]
    return Outcome(test, tuple(sorted(lines, key=lambda line: (line.day or date.max, line.step))), course)


def _compared(
    test: RuleTest, expect: Sequence[Expectation], sent: Sequence[Sent], course: Course
) -> list[Line]:
    left = list(sent)
    lines: list[Line] = []
    for expectation in sorted(expect, key=lambda entry: (entry.to is None, entry.variant is None)):
        step = _place(expectation.rule, expectation.step, test)
        same = [one for one in left if _is(one, expectation)]
        good = next((one for one in same if _matches(one, expectation)), None)
        one = good or next(iter(same), None)
        if one is None:
            why = _standing(course, expectation.rule, expectation.step)
            code = "covered" if (expectation.rule, expectation.step) in course.covered else None
            lines.append(Line("missing", expectation.day, step, expectation, None, why, code))
            continue
        left.remove(one)
        lines.append(Line("as expected" if good else "other", expectation.day, step, expectation, one))
    lines += [
        Line("unexpected", one.day, _place(one.plan.rule, one.plan.step, test), None, one) for one in left
    ]
    return lines


def _is(one: Sent, expectation: Expectation) -> bool:
    return (one.day, one.plan.rule, one.plan.step) == (expectation.day, expectation.rule, expectation.step)


def _matches(one: Sent, expectation: Expectation) -> bool:
    return expectation.to in (None, one.plan.role) and expectation.variant in (None, one.plan.text)


def _absent(test: RuleTest, absence: Absence, course: Course) -> Line:
    step = _place(absence.rule, absence.step, test)
    place = (absence.rule, absence.step)
    one = next((one for one in course.sent if (one.plan.rule, one.plan.step) == place), None)
    if one is not None:
        return Line("prompted", one.day, step, absence, one)
    codes = {plan.reason.code for plan in course.planned if (plan.rule, plan.step) == place}
    if place in course.covered:
        codes.add("covered")
    if absence.because is None or absence.because in codes:
        return Line("as expected", None, step, absence)
    return Line(
        "other reason", None, step, absence, None, _standing(course, *place), next(iter(sorted(codes)), None)
    )


def _standing(course: Course, rule: str, step: str) -> Planned | None:
    """What the plan says of a step in the end, at its latest moment."""
    plans = [plan for plan in course.planned if (plan.rule, plan.step) == (rule, step)]
    return max(plans, key=lambda plan: plan.day, default=None)


def _place(rule: str, step: str, test: RuleTest) -> str:
    return step if rule == test.rule else f"{rule}/{step}"


# --- the calendar -----------------------------------------------------------------------------------------------------


def report(outcome: Outcome, lang: str, why: Why | None = None) -> str:
    """The outcome of a test to read: one line where it passed, else a calendar of expected beside happened."""
    test = outcome.test
    head = f"{test.file}:{test.line}: {test.name}"
    if outcome.passed:
        return f"✓ {head}"
    rows = [_row(line, lang, why) for line in outcome.lines]
    titles = (" ", say(lang, "expected"), say(lang, "happened"))
    width = max(len(row[1]) for row in (titles, *rows))
    body = "\n".join(f"  {mark} {left:<{width}}  {right}".rstrip() for mark, left, right in (titles, *rows))
    return f"✗ {head}\n{body}"


def _row(line: Line, lang: str, why: Why | None = None) -> tuple[str, str, str]:
    mark = "✓" if line.good else "✗"
    happened = _sent(line.sent, line.step, lang) if line.sent is not None else "–"
    expected = "–"
    match line.expected:
        case Expectation(day, _, _, to, variant):
            expected = _written(day, line.step, to, variant, lang)
            if line.sent is not None and to is None and variant is None:
                happened = _written(line.sent.day, line.step, None, None, lang)
        case Absence(_, _, because):
            expected = say(lang, "{step} not prompted", step=line.step)
            expected += f" ({because})" if because else ""
            happened = (
                _sent(line.sent, line.step, lang) if line.sent is not None else say(lang, "not prompted")
            )
    if line.verdict == "no prompt":
        expected = say(lang, "{step} is answered", step=line.step)
        happened = say(lang, "no prompt of this step had been sent")
        return mark, f"{_day(line.day, lang)}  {expected}", happened
    if line.code is not None:
        happened += f" ({line.code})"
    elif line.why is not None and not line.why.wanted:
        happened += f" ({line.why.reason.code})"
    if line.why is not None and line.sent is None and why is not None:
        happened += f": {why(line.why)}"
    elif line.verdict in ("missing", "other reason") and line.why is None:
        happened += f": {say(lang, 'no such moment')}"
    return mark, expected, happened


def _sent(sent: Sent, step: str, lang: str) -> str:
    text = _written(sent.day, step, sent.plan.role, sent.plan.text, lang)
    return f"{text} ({say(lang, 'also for {steps}', steps=sent.covers)})" if sent.covers else text


def _written(day: date | None, step: str, to: str | None, variant: str | None, lang: str) -> str:
    text = f"{_day(day, lang)}  {step}"
    text += f" → {to}" if to is not None else ""
    return text + (f" [{variant}]" if variant is not None else "")


def _day(day: date | None, lang: str) -> str:
    """A day in the width of a column: "ma 16 mrt 2026"."""
    if day is None:
        return ""
    locale = "nl" if lang == "nl" else "en"
    return f"{format_date(day, 'EEE', locale=locale)} {day.day:>2} {format_date(day, 'MMM y', locale=locale)}"


def outcome_data(outcome: Outcome, lang: str, why: Why | None = None) -> dict[str, Any]:
    """The outcome as scripts read it (`cti rules test --json`)."""
    return {
        "file": outcome.test.file,
        "line": outcome.test.line,
        "name": outcome.test.name,
        "rule": outcome.test.rule,
        "passed": outcome.passed,
        "lines": [_line_data(line, lang, why) for line in outcome.lines],
    }


def _line_data(line: Line, lang: str, why: Why | None = None) -> dict[str, Any]:
    _, expected, happened = _row(line, lang, why)
    return {
        "verdict": line.verdict,
        "day": line.day.isoformat() if line.day is not None else None,
        "step": line.step,
        "expected": expected,
        "happened": happened,
    }
