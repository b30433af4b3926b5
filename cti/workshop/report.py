"""Shows what became of a test as a small calendar: what was expected beside what happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from babel.dates import format_date

from cti.core.prompts import Planned
from cti.i18n import mark, say
from cti.rulebook.expected import Absence, Expectation
from cti.sentences import label
from cti.workshop.verdict import Line, Outcome
from cti.workshop.world import Sent

Why = Callable[[Planned], str]
"""Says in words why the plan does not want a step."""

KINDS = {
    "prompt": "{step}",
    "reminder": mark("{step}: reminder"),
    "escalation": mark("{step}: escalation"),
    "notice": mark("{step}: notice"),
}
TURNS = {
    "withdrawn": mark("{step}: notice that it is off"),
    "moved": mark("{step}: notice of another day"),
    "reinstated": mark("{step}: notice that it is needed again"),
}
KEPT = {
    "outside-hours": mark("nobody was at work any more"),
    "before-digest": mark("the hour of the daily message had not come"),
    "day-off": mark("its recipient did not work that day"),
    "mailed": mark("its recipient had had that day's message"),
    "cap": mark("its recipient had that day's fill of prompts"),
    "unroutable": mark("there was nobody to send it to"),
    "no-remind": mark("this step has no remind"),
    "no-escalate": mark("this step has no escalate"),
}


def report(outcome: Outcome, lang: str, why: Why | None = None) -> str:
    """The outcome of a test to read: one line where it passed, else a calendar of expected beside happened."""
    head = f"{outcome.test.file}:{outcome.test.line}: {label(lang, outcome.test.name, '')}"
    if outcome.passed:
        return f"✓ {head}"
    return f"✗ {head}\n{calendar(outcome, lang, why)}"


def calendar(outcome: Outcome, lang: str, why: Why | None = None) -> str:
    """What was expected beside what happened, a line each."""
    rows = [_Row(line, outcome, lang).cells(why) for line in outcome.lines]
    titles = (" ", say(lang, "expected"), say(lang, "happened"))
    width = max(len(row[1]) for row in (titles, *rows))
    return "\n".join(f"  {mark} {left:<{width}}  {right}".rstrip() for mark, left, right in (titles, *rows))


def mended_line(line: Line, lang: str) -> str:
    """What was changed in a test: "first-days: ma 16 mrt 2026 → ma 23 mrt 2026", or "first-days: ma 16 mrt 2026 added"."""
    now = line.sent.day if line.sent is not None else line.day
    if line.verdict == "unexpected":
        return say(lang, "{step}: {when} added", step=line.step, when=_day(now, lang).strip())
    return f"{line.step}: {_day(line.day, lang).strip()} → {_day(now, lang).strip()}"


def outcome_data(outcome: Outcome, lang: str, why: Why | None = None) -> dict[str, Any]:
    """The outcome as scripts read it (`cti rules test --json`)."""
    return {
        "file": outcome.test.file,
        "line": outcome.test.line,
        "name": label(lang, outcome.test.name, ""),
        "rule": outcome.test.rule,
        "passed": outcome.passed,
        "lines": [_line_data(line, outcome, lang, why) for line in outcome.lines],
    }


def _line_data(line: Line, outcome: Outcome, lang: str, why: Why | None) -> dict[str, Any]:
    _, expected, happened = _Row(line, outcome, lang).cells(why)
    about = line.sent or line.expected
    return {
        "verdict": line.verdict,
        "day": line.day.isoformat() if line.day is not None else None,
        "step": line.step,
        "kind": about.kind if about is not None else "prompt",
        "person": line.sent.person if line.sent is not None else None,
        "expected": expected,
        "happened": happened,
    }


class _Row:
    """One line of the calendar in words."""

    def __init__(self, line: Line, outcome: Outcome, lang: str) -> None:
        self.line, self.lang = line, lang
        # In a test that says nothing of people, nobody needs to read who they are.
        entries = outcome.test.expect or ()
        self.persons = outcome.test.people is not None or any(entry.person for entry in entries)

    def cells(self, why: Why | None) -> tuple[str, str, str]:
        """A mark, what was expected, and what happened."""
        line, lang = self.line, self.lang
        mark = "✓" if line.good else "✗"
        if line.verdict == "no prompt":
            expected = say(lang, "{step} is answered", step=line.step)
            happened = say(lang, "no prompt of this step had been sent, or it was withdrawn since")
            return mark, f"{_day(line.day, lang)}  {expected}", happened
        expected, happened = "–", "–" if line.sent is None else self._sent(line.sent)
        match line.expected:
            case Expectation() as expectation:
                expected = self._expected(expectation)
                fits = line.verdict in ("as expected", "other day")
                if line.sent is not None and fits and expectation.to is None and not expectation.variant:
                    happened = self._sent(line.sent, briefly=True)
            case Absence() as absence:
                expected = self._absent(absence)
                if line.sent is None:
                    happened = say(lang, "not prompted")
        return mark, expected, happened + self._because(why)

    def _expected(self, expectation: Expectation) -> str:
        step = say(self.lang, KINDS[expectation.kind], step=self.line.step)
        text = f"{_day(expectation.day, self.lang)}  {step}"
        text += _to(expectation.to, expectation.person)
        text += f" [{expectation.variant}]" if expectation.variant is not None else ""
        return text + "".join(f" “{words}”" for _, words in expectation.words)

    def _absent(self, absence: Absence) -> str:
        step = say(self.lang, KINDS[absence.kind], step=self.line.step)
        text = say(self.lang, "{step} not prompted", step=step)
        return f"{text} ({absence.because})" if absence.because else text

    def _sent(self, sent: Sent, briefly: bool = False) -> str:
        text = TURNS[sent.turn] if sent.turn is not None else KINDS[sent.kind]
        said = f"{_day(sent.day, self.lang)}  {say(self.lang, text, step=self.line.step)}"
        said += _to(None if briefly else sent.role, sent.person if self.persons else None)
        if self.persons and sent.stands_in_for is not None:
            said += f" ({say(self.lang, 'in place of {person}', person=sent.stands_in_for)})"
        if sent.kind == "prompt" and not briefly:
            said += f" [{sent.plan.text}]"
        return (
            f"{said} ({say(self.lang, 'also for {steps}', steps=sent.covers)})"
            if sent.covers and not briefly
            else said
        )

    def _because(self, why: Why | None) -> str:
        """What kept a step from being sent, or what its text lacks."""
        line, lang = self.line, self.lang
        if line.lacks:
            words = [f"“{words}”" for words in line.lacks]
            return f"; {say(lang, 'its text lacks {words}', words=words)}"
        text = ""
        if line.code is not None:
            text = f" ({line.code})"
        elif line.why is not None and not line.why.wanted:
            text = f" ({line.why.reason.code})"
        if line.code in KEPT:
            return f"{text}: {say(lang, KEPT[line.code])}"
        if line.why is not None and line.sent is None and why is not None:
            return f"{text}: {why(line.why)}"
        if line.verdict in ("missing", "other reason") and line.why is None and self._about_prompt:
            return f"{text}: {say(lang, 'no such moment')}"
        return text

    @property
    def _about_prompt(self) -> bool:
        return self.line.expected is None or self.line.expected.kind == "prompt"


def _to(role: str | None, person: str | None) -> str:
    named = " ".join(name for name in (role, person) if name)
    return f" → {named}" if named else ""


def _day(day: date | None, lang: str) -> str:
    """A day in the width of a column: "ma 16 mrt 2026"."""
    if day is None:
        return ""
    locale = "nl" if lang == "nl" else "en"
    return f"{format_date(day, 'EEE', locale=locale)} {day.day:>2} {format_date(day, 'MMM y', locale=locale)}"
