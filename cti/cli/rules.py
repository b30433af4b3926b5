"""`cti rules check` and `cti rules test`: a rules folder and its own tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.text import Text

from cti.cli.outcome import rule_counts
from cti.cli.output import err, line, out, progress, show_problems, tally, write_json
from cti.cli.refusal import Refusal
from cti.cli.session import Session
from cti.core.calendar import Calendar
from cti.core.prompts import Planned
from cti.core.rules import Rulebook
from cti.i18n import mark, say, say_count
from cti.rulebook.check import Checked, read_with_tests
from cti.rulebook.run import Outcome, outcome_data, report, run_test
from cti.sentences import reason


@dataclass(frozen=True)
class Place:
    """A rules folder with what its texts and steps must fit."""

    folder: Path
    templates: Path
    languages: Sequence[str]
    desks: Sequence[str]
    calendar: Calendar
    base: Path

    def read(self) -> Checked:
        """Rules, texts and tests, and all that is wrong with them."""
        return read_with_tests(self.folder, self.languages, self.templates, self.desks, self.base)


def check_rules(asked: Session, folder: Path | None, as_json: bool) -> None:
    """Prints all that is wrong with a rules folder."""
    checked = place_of(asked, folder).read()
    if as_json:
        write_json([problem.data(asked.lang) for problem in checked.problems])
    else:
        show_checked(checked, asked.lang)
    if any(problem.level == "error" for problem in checked.problems):
        raise typer.Exit(1)


def show_checked(checked: Checked, lang: str) -> None:
    """What is wrong, and a word on what was read."""
    show_problems(out(), checked.problems, lang)
    if checked.problems:
        line(out(), tally(checked.problems, lang), "bold")
    rulebook = checked.loaded.rulebook
    if rulebook is not None:
        counts = rule_counts(rulebook, len(checked.tests), lang)
        line(out(), say(lang, "Can be used: {counts}.", counts=counts))


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
    outcomes: list[Outcome] = []
    with progress(say(asked.lang, "Living through the tests …")) as shown:
        for number, one in enumerate(checked.tests, 1):
            outcomes.append(run_test(one, rulebook, place.calendar))
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


def place_of(asked: Session, folder: Path | None) -> Place:
    """The folder that is meant, with the config's languages and desks; a folder by itself can do without a config."""
    if folder is not None and not folder.is_dir():
        raise Refusal(mark("there is no folder {folder}"), 2, folder=folder.as_posix())
    if folder is not None and not asked.file.exists():
        return Place(
            folder,
            folder.absolute().parent / "templates",
            ("nl", "en"),
            (),
            Calendar(),
            folder.absolute().parent,
        )
    config = asked.config
    rules_folder = folder.absolute() if folder is not None else config.rules
    templates = rules_folder.parent / "templates"
    return Place(
        rules_folder,
        templates if folder is not None and templates.is_dir() else config.templates,
        config.languages,
        tuple(config.staff.desks),
        config.calendar,
        rules_folder.parent if folder is not None else config.folder,
    )
