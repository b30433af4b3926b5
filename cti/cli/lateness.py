"""`cti lateness`: how late records reach us, and which steps suffer from it."""

from __future__ import annotations

from collections.abc import Sequence

from babel.numbers import format_decimal
from rich.console import Console

from cti.cli.dates import plain_day, read_day
from cti.cli.output import add, line, out, progress, table, write_json
from cti.cli.session import Session
from cti.cli.simulate import days_of
from cti.i18n import mark, say
from cti.workshop.lateness import SAID, Late, Lateness, data, lateness


def show_lateness(
    asked: Session, first: str | None, last: str | None, since: str | None, as_json: bool
) -> None:
    """Prints how late records came, and the steps that suffered."""
    wanted = read_day(first, "--from"), read_day(last, "--to"), read_day(since, "--since")
    with asked.system() as system:
        days = days_of(asked, system, *wanted)
        with progress(say(asked.lang, "Replaying the journal …")) as shown:
            found = lateness(system, asked.rulebook(system), days, shown)
    if as_json:
        write_json(data(found))
    else:
        _show(found, asked.lang, out())


def _show(found: Lateness, lang: str, console: Console) -> None:
    first, last = plain_day(lang, found.first), plain_day(lang, found.last)
    text = mark("How late records reached us, {first} – {last}")
    line(console, say(lang, text, first=first, last=last), "bold")
    line(console, say(lang, "in days after the day that they are about"))
    show_records(found.records, lang, console)
    line(console, "")
    if not found.steps:
        line(console, say(lang, "No step suffered from it."))
        return
    line(console, say(lang, "Steps that suffered from it, by the rules in force"), "bold")
    heads = [say(lang, text) for text in (mark("told"), mark("late"), mark("too late"))]
    shown = table(say(lang, "step"), *heads, right=heads)
    for one in found.steps:
        add(shown, "/".join(one.step), one.told, one.late or "–", one.too_late or "–")
    console.print(shown)


def show_records(records: Sequence[Late], lang: str, console: Console) -> None:
    """The table of how late records came, or that nothing is known of it."""
    if not records:
        line(console, say(lang, "Nothing came in of which it is known when it was recorded."))
        return
    numbers = [
        say(lang, text)
        for text in (mark("number"), mark("median"), mark("9 in 10"), mark("worst"), mark("under way"))
    ]
    shown = table(say(lang, "source"), say(lang, "team"), say(lang, "kind"), *numbers, right=numbers)
    for late in records:
        middle = format_decimal(late.median, locale=lang)
        team = late.team or say(lang, "no team")
        kind = say(lang, SAID[late.kind])
        add(shown, late.source, team, kind, late.count, middle, late.nine_in_ten, late.worst, late.under_way)
    console.print(shown)
    text = mark("under way: the most days that any took from being recorded there to reaching us")
    line(console, say(lang, text), "dim")
