"""`cti rules test`: runs the rules' own tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.text import Text

from cti.cli.output import err, line, out, progress, show_problems, write_json
from cti.cli.rules import place_of
from cti.cli.session import Session
from cti.core.calendar import Calendar
from cti.core.prompts import Planned
from cti.core.rules import Rulebook
from cti.i18n import mark, say, say_count
from cti.sentences import reason
from cti.workshop.report import outcome_data, report
from cti.workshop.stage import stage_of
from cti.workshop.verdict import Outcome, run_test


def run_rule_tests(asked: Session, folder: Path | None, every: bool, as_json: bool) -> None:
    """Prints the tests that fail, or all."""
    place = place_of(asked, folder)
    checked = place.read()
    rulebook = checked.loaded.rulebook
    errors = [problem for problem in checked.problems if problem.level == "error"]
    if rulebook is None or errors:
        show_problems(err(), errors, asked.lang)
        line(err(), say(asked.lang, "These errors come first; then the tests can run."), "bold")
        raise typer.Exit(1)
    stage = stage_of(checked.loaded, place.languages, place.calendar, place.words)
    outcomes: list[Outcome] = []
    with progress(say(asked.lang, "Living through the tests …")) as shown:
        for number, one in enumerate(checked.tests, 1):
            outcomes.append(run_test(one, stage))
            shown(number, len(checked.tests))
    words = _Words(asked.lang, rulebook, place.calendar)
    if as_json:
        write_json([outcome_data(outcome, asked.lang, words.why) for outcome in outcomes])
    else:
        _show(outcomes, asked.lang, words, every)
    if not all(outcome.passed for outcome in outcomes):
        raise typer.Exit(1)


@dataclass(frozen=True)
class _Words:
    lang: str
    rulebook: Rulebook
    calendar: Calendar

    def why(self, planned: Planned) -> str:
        return reason(self.lang, planned, self.rulebook, self.calendar)


def _show(outcomes: Sequence[Outcome], lang: str, words: _Words, every: bool) -> None:
    console = out()
    failed = [outcome for outcome in outcomes if not outcome.passed]
    for outcome in outcomes if every else failed:
        style = "" if outcome.passed else "red"
        head, _, body = report(outcome, lang, words.why).partition("\n")
        console.print(Text(head, style=style), soft_wrap=True)
        if body:
            line(console, body)
    if not outcomes:
        line(
            console,
            say(lang, "No tests yet: they stand in the folder tests beside the rules, one file a rule."),
        )
    elif failed:
        text = mark("{n} of {all} test fails"), mark("{n} of {all} tests fail")
        line(console, say_count(lang, *text, len(failed), all=len(outcomes)), "bold red")
    else:
        line(console, say_count(lang, "{n} test passes", "all {n} tests pass", len(outcomes)), "green")
