"""How commands speak: results on standard output, everything about them on standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console, RenderableType
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

from cti.cli.waiting import speak
from cti.i18n import say, say_count
from cti.problems import Problem
from cti.remedies import remedies

WIDE = 200
"""The width of tables that go into a file or another program: nothing is cut off or folded there."""


def out() -> Console:
    """Standard output."""
    return _console(sys.stdout)


def err() -> Console:
    """Standard error."""
    return _console(sys.stderr)


def _console(stream: Any) -> Console:
    speak()
    console = Console(file=stream, highlight=False, emoji=False, markup=False)
    if not console.is_terminal:
        console = Console(file=stream, highlight=False, emoji=False, markup=False, width=WIDE, no_color=True)
    return console


def write_json(data: object) -> None:
    """The one JSON document that goes to standard output."""
    speak()
    sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=False) + "\n")


def line(console: Console, text: str, style: str = "") -> None:
    """One line of text, never folded: what is long may be copied whole."""
    console.print(Text(text, style=style), soft_wrap=True)


def table(*columns: str, right: Sequence[str] = ()) -> Table:
    """An empty table; numbers stand to the right."""
    made = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in columns:
        made.add_column(Text(column), justify="right" if column in right else "left", overflow="fold")
    return made


def add(made: Table, *cells: object, style: str = "") -> None:
    """A row of plain text cells."""
    made.add_row(*(Text("" if cell is None else str(cell)) for cell in cells), style=style)


# --- problems ---------------------------------------------------------------------------------------------------------

_STYLE = {"error": "bold red", "warning": "yellow"}


def show_problems(console: Console, problems: Sequence[Problem], lang: str) -> None:
    """Each problem on a line of its own, with what to write instead."""
    names = {"error": say(lang, "error"), "warning": say(lang, "warning")}
    for problem in problems:
        shown = Text(f"{names[problem.level]}: ", style=_STYLE[problem.level])
        console.print(shown + Text(problem.sentence(lang)), soft_wrap=True)
        for remedy in remedies(problem, lang):
            line(console, f"    {remedy}", "green")


def tally(problems: Sequence[Problem], lang: str) -> str:
    """ "2 errors, 1 warning"."""
    errors = sum(problem.level == "error" for problem in problems)
    warnings = len(problems) - errors
    said = [
        say_count(lang, "{n} error", "{n} errors", errors) if errors else "",
        say_count(lang, "{n} warning", "{n} warnings", warnings) if warnings else "",
    ]
    return ", ".join(part for part in said if part)


# --- progress ---------------------------------------------------------------------------------------------------------


class Progressing:
    """A bar for something with a known number of steps; without a terminal it is silent."""

    def __init__(self, progress: Progress | None, text: str) -> None:
        self._progress = progress
        self._task = progress.add_task(text, total=None) if progress is not None else None

    def __call__(self, done: int, total: int | None = None, text: str | None = None) -> None:
        """So many steps are done, of so many."""
        if self._progress is not None and self._task is not None:
            if text is not None:
                self._progress.update(self._task, description=text)
            self._progress.update(self._task, completed=done, total=total)


class _WhenKnown(ProgressColumn):
    """A column that is there once it is known how much there is to do; until then a bar would tell nothing."""

    def __init__(self, column: ProgressColumn) -> None:
        super().__init__()
        self._column = column

    def render(self, task: Task) -> RenderableType:
        return self._column(task) if task.total is not None else Text()


@contextmanager
def progress(text: str) -> Iterator[Progressing]:
    """Shows on standard error, if that is a terminal, that something is going on; gone when it is done."""
    console = err()
    if not console.is_terminal:
        yield Progressing(None, text)
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        _WhenKnown(BarColumn(bar_width=28)),
        _WhenKnown(MofNCompleteColumn()),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        yield Progressing(bar, text)
