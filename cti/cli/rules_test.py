"""`cti rules test`: runs the rules' own tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from time import perf_counter

import typer
from rich.text import Text

from cti.cli.output import err, line, out, progress, show_problems, write_json
from cti.cli.refusal import Refusal
from cti.cli.rules import Place, place_of
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
from cti.workshop.mending import mended as written_anew
from cti.workshop.report import mended_line, outcome_data, report
from cti.workshop.scenario import scenario
from cti.workshop.stage import stage_of
from cti.workshop.verdict import Outcome, run_test


@dataclass(frozen=True)
class Wish:
    """How tests are run: all shown or only those that fail, as text or JSON, as JUnit XML too, with new days written in."""

    every: bool = False
    as_json: bool = False
    junit_file: Path | None = None
    mend: bool = False


def run_rule_tests(asked: Session, folder: Path | None, wish: Wish) -> None:
    """Prints the tests that fail, or all; writes them to a file as well."""
    place = place_of(asked, folder)
    ran = _ran(asked, place, wish)
    if wish.mend and _mend(asked, place, ran.outcomes):
        ran = _ran(asked, place, wish)
    if wish.junit_file is not None:
        text = junit(ran.outcomes, ran.seconds, asked.lang, ran.words.why)
        wish.junit_file.write_text(text, encoding="utf-8")
    if wish.as_json:
        write_json([outcome_data(outcome, asked.lang, ran.words.why) for outcome in ran.outcomes])
    else:
        _show(ran.outcomes, asked.lang, ran.words, wish.every)
    if not all(outcome.passed for outcome in ran.outcomes):
        raise typer.Exit(1)


@dataclass(frozen=True)
class _Ran:
    """What became of the tests, how long each took, and the words to tell it in."""

    outcomes: Sequence[Outcome]
    seconds: Sequence[float]
    words: _Words


def _ran(asked: Session, place: Place, wish: Wish) -> _Ran:
    """Reads the folder and runs its tests. Leaves with 1 where there are errors in it that come first."""
    checked = place.read()
    rulebook = checked.loaded.rulebook
    errors = [problem for problem in checked.problems if problem.level == "error"]
    if rulebook is None or errors:
        if wish.junit_file is not None:
            wish.junit_file.write_text(junit_of_errors(errors, asked.lang), encoding="utf-8")
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
    return _Ran(outcomes, seconds, _Words(asked.lang, rulebook, place.calendar))


def _mend(asked: Session, place: Place, outcomes: Sequence[Outcome]) -> bool:
    """Writes new days and new steps into the tests that fail for nothing else, and says where; whether there were any."""
    found = False
    for name, some in groupby(outcomes, key=lambda outcome: outcome.test.file):
        path = place.base / name
        written, mended = written_anew(TomlFile.read(path, name), list(some))
        for one in mended:
            found = True
            line(err(), f"{one.file}:{one.line}: {mended_line(one.verdict, asked.lang)}")
        if mended:
            newline = "\r\n" if b"\r\n" in path.read_bytes() else "\n"
            path.write_text(written, encoding="utf-8", newline=newline)
    return found


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
        text = mark("{n} of {all} tests fails"), mark("{n} of {all} tests fail")
        line(console, say_count(lang, *text, len(failed), all=len(outcomes)), "bold red")
    else:
        line(console, say_count(lang, "{n} test passes", "all {n} tests pass", len(outcomes)), "green")
