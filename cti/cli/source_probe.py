"""`cti source probe`: a first look at a registration, and a mapping to start from."""

from __future__ import annotations

import os
from pathlib import Path

import typer
from rich.console import Console

from cti.cli.output import add, err, line, progress, show_problems, table
from cti.cli.session import Session
from cti.config import load
from cti.core.calendar import Calendar
from cti.core.vocabulary import Vocabulary
from cti.i18n import LANGUAGES, mark, say
from cti.probe.looking import Found, Recognised, look
from cti.probe.written import config_text
from cti.problems import Problems
from cti.rulebook.folder import read_folder
from cti.sentences import label, situation_label
from cti.shipped import folder
from cti.sources.base import Context

MOST = 12
"""Lines of one kind that are shown."""


def probe(asked: Session, what: str) -> None:
    """Prints the source to start from on standard output, and what it recognises beside it."""
    vocabulary, calendar = _ground(asked)
    context = Context(vocabulary, calendar.zone, asked.now(), Path.cwd())
    with progress(say(asked.lang, "Looking …")):
        found = look(what, context, asked.lang)
    typer.echo(config_text(found, asked.lang), nl=False)
    _show(found, vocabulary, asked.lang, err())
    if found.read is None:
        raise typer.Exit(1)


def _ground(asked: Session) -> tuple[Vocabulary, Calendar]:
    """The words and the zone of the config, where there is one; else those that cti comes with."""
    if asked.file.exists():
        config = load(asked.file, os.environ)
        loaded = read_folder(config.rules, config.languages, config.templates, tuple(config.staff.desks))
        calendar = config.calendar
    else:
        loaded = read_folder(folder("rules"), tuple(LANGUAGES), folder("templates"), ())
        calendar = Calendar()
    if loaded.rulebook is None:
        raise Problems(loaded.problems)
    return loaded.rulebook.vocabulary, calendar


def _show(found: Found, vocabulary: Vocabulary, lang: str, console: Console) -> None:
    line(console, "")
    guess = found.guess
    if guess is not None and guess.citizen:
        text = mark("Columns that look like a citizen number are not read: {columns}")
        line(console, say(lang, text, columns=list(guess.citizen)), "yellow")
    if found.others:
        text = mark("Other tables might be meant as well: {tables}")
        line(console, say(lang, text, tables=list(found.others)))
    if found.read is None:
        show_problems(console, found.problems, lang)
        line(console, say(lang, "By this mapping nothing can be read yet."), "bold red")
        return
    _recognised(found.read, vocabulary, lang, console)
    show_problems(console, found.problems, lang)
    text = mark(
        "This is a guess. Read it line by line with someone who knows the registration, then put it into config.toml."
    )
    line(console, "")
    line(console, say(lang, text), "bold")


def _recognised(read: Recognised, vocabulary: Vocabulary, lang: str, console: Console) -> None:
    text = mark("By this mapping: rows {rows}, clients {clients}, workers {workers}.")
    line(console, say(lang, text, rows=read.rows, clients=read.clients, workers=read.workers), "bold")
    shown = table(say(lang, "recognised"), say(lang, "number"), right=(say(lang, "number"),))
    for word, count in read.stays.items():
        add(shown, say(lang, "stay: {what}", what=situation_label(lang, word, vocabulary)), count)
    for word, count in read.expected.items():
        add(shown, say(lang, "expected: {what}", what=situation_label(lang, word, vocabulary)), count)
    for word, count in read.facts.items():
        kind = vocabulary.facts.get(word)
        add(shown, say(lang, "fact: {what}", what=label(lang, kind.label if kind else {}, word)), count)
    if read.stays or read.expected or read.facts:
        console.print(shown)
    if read.left_out:
        line(console, say(lang, "rows that say nothing by this mapping: {n}", n=read.left_out))
    for one in read.notes[:MOST]:
        line(console, one.sentence(lang))
    if read.unread:
        line(console, say(lang, "What could not be read"), "bold")
        shown = table(say(lang, "field"), say(lang, "why"), say(lang, "number"), right=(say(lang, "number"),))
        for (field, why), count in list(read.unread.items())[:MOST]:
            add(shown, field, why, count)
        console.print(shown)
