"""`cti transitions`: what was recognised."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection

from cti.cli.dates import read_day, short_day
from cti.cli.output import add, line, out, table, write_json
from cti.cli.session import Session
from cti.core.calendar import Calendar
from cti.core.spells import spells
from cti.core.vocabulary import Vocabulary
from cti.i18n import say, say_count
from cti.sentences import situation_label
from cti.store import clients
from cti.store.histories import histories

AT_ONCE = 500


def show_transitions(asked: Session, since: str | None, until: str | None, as_json: bool) -> None:
    """Prints every step of every line, or those of a time."""
    first, last = read_day(since, "--since"), read_day(until, "--until")
    with asked.system() as system:
        vocabulary = asked.rulebook(system).vocabulary
        calendar = system.config.calendar
        with system.database.read() as tx:
            found = sorted(
                (
                    step
                    for step in recognised(tx, vocabulary, calendar)
                    if (first is None or step["day"] >= first) and (last is None or step["day"] <= last)
                ),
                key=lambda step: (step["client"], step["day"]),
            )
    if as_json:
        write_json(
            [{**step, "day": step["day"].isoformat(), "known": step["known"].isoformat()} for step in found]
        )
        return
    _show(found, vocabulary, asked.lang, bool(first or last))


def recognised(tx: Connection, vocabulary: Vocabulary, calendar: Calendar) -> Iterator[dict[str, Any]]:
    """Every step of every client's line, by client and day; `from` is None at the beginning of a line."""
    after = 0
    while numbers := clients.client_ids(tx, AT_ONCE, after):
        after = numbers[-1]
        for _, history in histories(tx, numbers):
            for spell in spells(history.records, vocabulary.gap):
                yield {
                    "client": history.client,
                    "from": spell.origin,
                    "to": spell.situation,
                    "day": spell.begin,
                    "known": calendar.local(spell.known),
                    "source": spell.record.source,
                    "source_ref": spell.record.ref,
                }


def _show(found: list[dict[str, Any]], vocabulary: Vocabulary, lang: str, narrowed: bool) -> None:
    console = out()
    if not found:
        if narrowed:
            line(
                console, say(lang, "No transitions in this time. Without --since and --until all are shown.")
            )
        else:
            line(console, say(lang, "No transitions yet. They come once a source was read:  cti tick"))
        return
    shown = table(
        say(lang, "client"),
        say(lang, "day"),
        say(lang, "from"),
        say(lang, "to"),
        say(lang, "learned"),
        say(lang, "record"),
    )
    for step in found:
        add(
            shown,
            step["client"],
            short_day(lang, step["day"]),
            situation_label(lang, step["from"], vocabulary) or "–",
            situation_label(lang, step["to"], vocabulary),
            short_day(lang, step["known"].date()),
            f"{step['source']}:{step['source_ref']}",
        )
    console.print(shown)
    people = len({step["client"] for step in found})
    line(console, "")
    steps = say_count(lang, "{n} step", "{n} steps", len(found))
    line(
        console,
        say_count(lang, "{steps} of {n} client", "{steps} of {n} clients", people, steps=steps),
        "dim",
    )
