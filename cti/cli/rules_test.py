"""`cti rules test`: runs the rules' own tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import typer
from rich.text import Text

from cti.cli.output import err, line, out, progress, show_problems, write_json
from cti.cli.refusal import Refusal
from cti.cli.rules import place_of
from cti.cli.session import Session
from cti.core.calendar import Calendar
from cti.core.prompts import Planned
from cti.core.rules import Rulebook
from cti.i18n import mark, say, say_count
from cti.problems import Problems
from cti.sentences import reason
from cti.store import clients
from cti.store.histories import histories
from cti.tomlfile import TomlFile
from cti.workshop.junit import junit, junit_of_errors
from cti.workshop.report import outcome_data, report
from cti.workshop.scenario import scenario
from cti.workshop.stage import stage_of
from cti.workshop.verdict import Outcome, run_test


def run_rule_tests(
    asked: Session, folder: Path | None, every: bool, as_json: bool, junit_file: Path | None
) -> None:
    """Prints the tests that fail, or all; writes them to `junit_file` as well."""
    place = place_of(asked, folder)
    checked = place.read()
    rulebook = checked.loaded.rulebook
    errors = [problem for problem in checked.problems if problem.level == "error"]
    if rulebook is None or errors:
        if junit_file is not None:
            junit_file.write_text(junit_of_errors(errors, asked.lang), encoding="utf-8")
        show_problems(err(), errors, asked.lang)
        line(err(), say(asked.lang, "These errors come first; then the tests can run."), "bold")
        raise typer.Exit(1)
    stage = stage_of(checked.loaded, place.languages, place.calendar, place.words)
    outcomes: list[Outcome] = []
    seconds: list[float] = []
    with progress(say(asked.lang, "Living through the tests …")) as shown:
        for number, one in enumerate(checked.tests, 1):
            began = perf_counter()
            outcomes.append(run_test(one, stage))
            seconds.append(perf_counter() - began)
            shown(number, len(checked.tests))
    words = _Words(asked.lang, rulebook, place.calendar)
    if junit_file is not None:
        junit_file.write_text(junit(outcomes, seconds, asked.lang, words.why), encoding="utf-8")
    if as_json:
        write_json([outcome_data(outcome, asked.lang, words.why) for outcome in outcomes])
    else:
        _show(outcomes, asked.lang, words, every)
    if not all(outcome.passed for outcome in outcomes):
        raise typer.Exit(1)


def new_rule_test(
    asked: Session, folder: Path | None, client: str | None, to: Path | None, as_json: bool
) -> None:
    """Prints a test made of a client's history, or writes it to the end of the file `to`."""
    if client is None:
        raise Refusal(mark("--to says where the test of --new CLIENT goes; name the client"), 2)
    config = asked.config
    with asked.system() as system:
        loaded = place_of(asked, folder).read().loaded if folder is not None else asked.loaded(system)
        if loaded.rulebook is None:
            raise Problems(loaded.problems)
        with system.database.read() as tx:
            number = clients.client_id(tx, client)
            if number is None:
                text = mark("no client {client} is known; cti transitions shows those that are")
                raise Refusal(text, client=client)
            history = dict(histories(tx, [number]))[number]
    stage = stage_of(loaded, config.languages, config.calendar, config.words)
    written = scenario(history, loaded, stage, asked.lang)
    if written is None:
        raise Refusal(
            mark("nothing is known of client {client} of which a test could be made"), client=client
        )
    if to is not None:
        _append(written, to)
    if as_json:
        write_json({"file": to.as_posix() if to is not None else None, "test": written})
    elif to is None:
        out().print(Text(written.rstrip("\n")), soft_wrap=True)
    else:
        line(err(), say(asked.lang, "The test stands at the end of {file}.", file=to.as_posix()))


def _append(written: str, to: Path) -> None:
    """Puts the test at the end of a file, if that is one for tests still; makes the file where it is not there."""
    before = TomlFile.read(to).text.rstrip("\n") + "\n\n" if to.exists() else ""
    TomlFile.parse(before + written, to.as_posix())
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(before + written, encoding="utf-8")


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
