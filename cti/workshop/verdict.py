"""Runs the rules' own tests: what was expected, line by line, beside what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from cti.core.prompts import STILL_CURRENT, Planned
from cti.post.texts import TextError
from cti.rulebook.expected import KINDS, UNROUTABLE, Absence, Expectation
from cti.rulebook.tests_file import RuleTest
from cti.variables import variables
from cti.workshop.stage import Stage
from cti.workshop.trial import live_through
from cti.workshop.world import Course, Sent

Verdict = Literal[
    "as expected", "other day", "other", "missing", "unexpected", "prompted", "other reason", "no prompt"
]


@dataclass(frozen=True)
class Line:
    """One line of the calendar: what was expected, what happened, and what to make of it.

    "other day": sent as expected, but not on that day. "other": sent to another role or person, or with another text (`lacks` are
    the words that it has not).
    "prompted": sent although it must not be. "other reason": not sent, but for another reason
    than the test gives. "no prompt": an answer to a prompt that was not sent. `why` is the plan's word on a step that was not
    sent; `code` says what else kept it: that it waited, that another spoke for it, that there was nobody to send it to, or that
    the step has no such thing.
    """

    verdict: Verdict
    day: date | None = None
    step: str = ""
    expected: Expectation | Absence | None = None
    sent: Sent | None = None
    why: Planned | None = None
    code: str | None = None
    lacks: tuple[str, ...] = ()

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


def run_tests(tests: Sequence[RuleTest], stage: Stage) -> tuple[Outcome, ...]:
    """The outcome of each test."""
    return tuple(run_test(test, stage) for test in tests)


def run_test(test: RuleTest, stage: Stage) -> Outcome:
    """Lives through the test and compares."""
    course = live_through(test, stage)
    found = _Comparison(test, stage, course)
    lines = [
        Line("no prompt", happening.day, _place(*happening.answered.place, test))
        for happening in course.unanswerable
        if happening.answered
    ]
    if test.expect is not None:
        lines += found.expected(test.expect)
    lines += [found.absent(absence) for absence in test.absent]
    return Outcome(test, tuple(sorted(lines, key=_in_order)), course)


def _in_order(line: Line) -> tuple[date, str, int]:
    """By day and step; of one step the prompt first."""
    kind = (
        line.sent.kind
        if line.sent is not None
        else line.expected.kind
        if line.expected is not None
        else "prompt"
    )
    return line.day or date.max, line.step, KINDS.index(kind)


@dataclass(frozen=True)
class _Comparison:
    test: RuleTest
    stage: Stage
    course: Course

    def expected(self, expect: Sequence[Expectation]) -> list[Line]:
        """A line for each expectation, and one for each prompt that nobody expected."""
        test = self.test
        left = [
            one
            for one in self.course.sent
            if one.kind in test.kinds
            and (test.rule is None or one.plan.rule in (test.rule, STILL_CURRENT[0]))
        ]
        lines: list[Line] = []
        missing: list[Expectation] = []
        for expectation in sorted(expect, key=_precision):
            step = _place(expectation.rule, expectation.step, test)
            same = [
                (one, self._lacks(one, expectation))
                for one in left
                if one.day == expectation.day and _about(one, expectation)
            ]
            good = next((found for found in same if found[1] is not None and not found[1]), None)
            one, lacks = good or next(iter(same), (None, None))
            if one is None:
                missing.append(expectation)
                continue
            left.remove(one)
            verdict: Verdict = "as expected" if good is not None else "other"
            lines.append(Line(verdict, expectation.day, step, expectation, one, lacks=lacks or ()))
        lines += [
            self._on_another_day(expectation, left)
            for expectation in sorted(missing, key=lambda one: one.day)
        ]
        lines += [
            Line("unexpected", one.day, _place(one.plan.rule, one.plan.step, test), None, one) for one in left
        ]
        return lines

    def _lacks(self, one: Sent, expectation: Expectation) -> tuple[str, ...] | None:
        """The words that its text has not; None where it is another text or goes to someone else."""
        if (
            expectation.to not in (None, one.role)
            or expectation.variant not in (None, one.plan.text)
            or expectation.person not in (None, one.person)
        ):
            return None
        return tuple(
            lacking
            for language, words in expectation.words
            if (lacking := self._lacking(one, language, words)) is not None
        )

    def _lacking(self, one: Sent, language: str, words: str) -> str | None:
        """The words, where they do not stand in the text; a text that cannot be made (the check of texts says why) has none."""
        try:
            text = rendered(one, self.stage, language)
        except TextError:
            return words
        return None if _plain(words) in _plain(text) else words

    def _on_another_day(self, expectation: Expectation, left: list[Sent]) -> Line:
        """What did not come on its day beside what came of the same step on another, which is then `left` no more."""
        one = next((one for one in left if _about(one, expectation)), None)
        if one is None:
            return self._missing(expectation)
        left.remove(one)
        key = (expectation.rule, expectation.step)
        lacks = self._lacks(one, expectation)
        verdict: Verdict = "other" if lacks or lacks is None else "other day"
        code = self.course.waited.get((expectation.day, key))
        step = _place(*key, self.test)
        return Line(verdict, expectation.day, step, expectation, one, code=code, lacks=lacks or ())

    def _missing(self, expectation: Expectation) -> Line:
        key = (expectation.rule, expectation.step)
        step = _place(*key, self.test)
        if expectation.kind != "prompt" and any(
            (one.plan.rule, one.plan.step) == key for one in self.course.sent
        ):
            return Line("missing", expectation.day, step, expectation, code=self._never(expectation))
        waited = self.course.waited.get((expectation.day, key))
        code = waited or self._kept_from(key)
        return Line("missing", expectation.day, step, expectation, None, self._standing(key), code)

    def _never(self, expectation: Expectation) -> str | None:
        """Why a step that was prompted never brings what is expected of it."""
        rule = self.stage.rulebook.rule(expectation.rule)
        step = next((step for step in rule.steps if step.id == expectation.step), None) if rule else None
        if expectation.kind == "reminder" and (step is None or step.remind is None):
            return "no-remind"
        return (
            "no-escalate"
            if expectation.kind == "escalation" and (step is None or step.escalate is None)
            else None
        )

    def _kept_from(self, key: tuple[str, str]) -> str | None:
        if key in self.course.covered:
            return "covered"
        return UNROUTABLE if key in self.course.nobody else None

    def absent(self, absence: Absence) -> Line:
        """The line of a step that must not be prompted."""
        key, course = (absence.rule, absence.step), self.course
        step = _place(*key, self.test)
        one = next(
            (one for one in course.sent if (one.plan.rule, one.plan.step, one.kind) == (*key, absence.kind)),
            None,
        )
        if one is not None:
            return Line("prompted", one.day, step, absence, one)
        codes = {plan.reason.code for plan in course.planned if (plan.rule, plan.step) == key}
        kept = self._kept_from(key)
        if absence.because is None or absence.because in (codes if kept is None else codes | {kept}):
            return Line("as expected", None, step, absence)
        code = next(iter(sorted(codes if kept is None else codes | {kept})), None)
        return Line("other reason", None, step, absence, None, self._standing(key), code)

    def _standing(self, key: tuple[str, str]) -> Planned | None:
        """What the plan says of a step in the end, at its latest moment."""
        plans = [plan for plan in self.course.planned if (plan.rule, plan.step) == key]
        return max(plans, key=lambda plan: plan.day, default=None)


def rendered(one: Sent, stage: Stage, language: str) -> str:
    """The title and the text of what was sent, as its reader gets them. Raises TextError."""
    values = variables(
        one.plan, one.known, stage.rulebook.vocabulary, stage.calendar, stage.words, lambda who: who, language
    )
    text = stage.texts.prompt(one.plan.text, language, values)
    return f"{text.title}\n{text.text}"


def _plain(text: str) -> str:
    """How words are compared: capitals and the folding of lines do not count."""
    return " ".join(text.casefold().split())


def _precision(entry: Expectation) -> tuple[bool, ...]:
    """Those that say most choose first."""
    return entry.person is None, entry.to is None, entry.variant is None, not entry.words


def _about(one: Sent, expectation: Expectation) -> bool:
    said = (expectation.rule, expectation.step, expectation.kind)
    return (one.plan.rule, one.plan.step, one.kind) == said


def _place(rule: str, step: str, test: RuleTest) -> str:
    return step if rule == test.rule else f"{rule}/{step}"
