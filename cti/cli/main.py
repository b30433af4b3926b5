"""Runs one command, and says what went wrong in one place: without a traceback, in the user's language, with an exit code.

0: done, perhaps with warnings; 1: an error was found and printed; 2: the command was used wrongly.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import typer

from cti.cli.app import app
from cti.cli.waiting import waiting
from cti.i18n import LANGUAGES, format_when, language_from_env, mark, say

if TYPE_CHECKING:
    from cti.engine import ClockWrong

GLOBAL = {"-c": 1, "--config": 1, "--lang": 1}
"""The program's own options, and how many values each has. They may also stand behind the command."""


def main(arguments: Sequence[str] | None = None) -> None:
    """The command `cti`; leaves with its exit code."""
    sys.exit(run_command(sys.argv[1:] if arguments is None else arguments))


def run_command(arguments: Sequence[str]) -> int:
    """Runs a command line and gives its exit code."""
    words = in_front(arguments)
    lang = _language(words)
    try:
        with waiting(lambda: say(lang, "One moment …")):
            _command()(words, prog_name="cti")  # leaves with 0, or with 2 where it was used wrongly
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else 1
    except BrokenPipeError:  # the reader has seen enough, as in: cti prompts | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as failure:
        return _failed(failure, lang)
    return 0


@cache
def _command() -> Callable[..., Any]:
    """What Typer makes of the signatures in `cti.cli.app`, once in a process."""
    return typer.main.get_command(app)


def in_front(arguments: Sequence[str]) -> list[str]:
    """The arguments with the program's own options before the command, wherever they were written."""
    front: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--":
            rest += [word, *words]
        elif word in GLOBAL:
            front += [word, *(value for value in [next(words, None)] if value is not None)]
        elif word.split("=", 1)[0] in ("--config", "--lang") and "=" in word:
            front.append(word)
        else:
            rest.append(word)
    return front + rest


def _language(words: Sequence[str]) -> str:
    """The language asked for, known also where the command line itself is wrong."""
    for index, word in enumerate(words):
        chosen = word.removeprefix("--lang=") if word != "--lang" else "".join(words[index + 1 : index + 2])
        if word.startswith("--lang") and chosen in LANGUAGES:
            return chosen
    return language_from_env()


def _failed(failure: Exception, lang: str) -> int:
    """Says why, and gives the exit code."""
    from cti import log
    from cti.cli.output import err, line, show_problems
    from cti.cli.refusal import Refusal
    from cti.engine import Busy, ClockWrong
    from cti.problems import Problems
    from cti.store.errors import StoreError

    console = err()
    match failure:
        case Problems():
            show_problems(console, failure.problems, lang)
        case Refusal():
            line(console, say(lang, failure.text, **failure.params), "bold")
            return failure.code
        case StoreError():
            line(console, say(lang, failure.text, **failure.params), "bold")
        case Busy():
            line(
                console,
                say(lang, "another cti is in the middle of a pass over this database; try again shortly"),
            )
        case ClockWrong():
            line(console, _clock(failure, lang), "bold")
        case OSError():
            where = f"{failure.filename}: " if failure.filename else ""
            line(console, f"{where}{failure.strerror or failure}", "bold")
        case _ if os.environ.get("CTI_DEBUG"):
            raise failure
        case _:
            # The message may quote a row of the registration; who needs it asks for it.
            what = f"{log.error_name(failure)} at {log.places(failure.__traceback__)}"
            text = mark(
                "this is a fault in cti itself: {what} (CTI_DEBUG=1 shows all of it, client data perhaps included)"
            )
            line(console, say(lang, text, what=what), "bold red")
    return 1


def _clock(failure: ClockWrong, lang: str) -> str:
    zone = failure.now.astimezone().tzinfo
    assert zone is not None
    last, now = format_when(lang, failure.last, zone), format_when(lang, failure.now, zone)
    if failure.how == "behind":
        return say(
            lang, "it is {now}, but the last pass was later: {last}; is the clock right?", now=now, last=last
        )
    return say(
        lang,
        "the last pass was on {last}, more than 14 days before {now}; if the clock is right: cti plan --apply --force",
        now=now,
        last=last,
    )
