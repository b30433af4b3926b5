"""`cti check`: config, rules, texts, database, sources and mail server; all problems at once."""

from __future__ import annotations

import os

import typer

from cti.cli.checks import Findings, examined
from cti.cli.output import line, out, progress, show_problems, tally, write_json
from cti.cli.session import Session
from cti.i18n import say


def show_check(asked: Session, as_json: bool) -> None:
    """Prints all that was looked into, and all that is wrong."""
    with progress(say(asked.lang, "Checking …")):
        found = examined(asked.file, os.environ, asked.now(), asked.lang)
    if as_json:
        write_json([problem.data(asked.lang) for problem in found.problems])
    else:
        _show(found, asked.lang)
    if found.errors:
        raise typer.Exit(1)


def _show(found: Findings, lang: str) -> None:
    console = out()
    for part in found.parts:
        sign, style = ("✘", "red") if part.failed else ("✔", "green")
        line(console, f"{sign} {part.text}", style)
    if found.problems:
        line(console, "")
        show_problems(console, found.problems, lang)
        line(console, "")
        line(console, tally(found.problems, lang), "bold")
    else:
        line(console, "")
        line(console, say(lang, "Nothing is wrong."), "bold green")
