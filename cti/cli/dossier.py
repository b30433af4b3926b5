"""`cti dossier`: all that is held on a client, in sentences or row by row."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from typing import Any

from rich.console import Console

from cti.cli.dossier_words import Words
from cti.cli.output import line, out, write_json
from cti.cli.person import person_called
from cti.cli.session import Session
from cti.engine.auditing import audit
from cti.engine.forgetting import Person
from cti.i18n import mark, say
from cti.store import linked
from cti.store.linked import Row

Rows = dict[str, list[Row]]


def show_dossier(asked: Session, ref: str, as_json: bool) -> None:
    """Prints what is held, and notes that it was read."""
    with asked.system() as system:
        calendar, vocabulary = system.config.calendar, asked.rulebook(system).vocabulary
        with system.database.write() as tx:
            person = person_called(tx, ref)
            rows = linked.rows_about(tx, person.numbers)
            for one in person.numbers:
                audit(tx, system, None, "saw-dossier", asked.clock(system), one)
    if as_json:
        write_json({"tables": _plain(rows, calendar.zone), **_who(person)})
    else:
        _show(out(), person, rows, Words(asked.lang, vocabulary, calendar))


def _who(person: Person) -> dict[str, object]:
    return {
        "client": person.client.ref,
        "number": person.client.id,
        "merged": [other.ref for other in person.merged],
        "passed_to": [other.ref for other in person.passed_to],
    }


def _show(console: Console, person: Person, rows: Rows, words: Words) -> None:
    lang = words.lang
    text = mark("All that is held on client {client}, our number #{number}")
    line(console, say(lang, text, client=person.client.ref, number=person.client.id), "bold")
    if person.merged:
        merged = [other.ref for other in person.merged]
        line(console, say(lang, "With what was held on {merged}, merged there.", merged=merged))
    if person.passed_to:
        others = [other.ref for other in person.passed_to]
        text = mark("Records that once named this client belong to {others} now, and are told there.")
        line(console, say(lang, text, others=others))
    if person.client.situation is not None:
        where = words.situation(person.client.situation)
        line(console, say(lang, "Where the client stands, by what is registered: {where}", where=where))
    for title, said in words.sections(rows):
        line(console, "")
        count = sum(not one.startswith(" ") for one in said)
        line(console, f"{title} ({count})", "bold")
        for one in said:
            line(console, f"  {one}")
    line(console, "")
    text = mark("Not here: the registration itself, mails that were sent, backups. --json has every row.")
    line(console, say(lang, text), "dim")
    text = mark("Names and ids of those who work here stand in it: judge whether these may go along.")
    line(console, say(lang, text), "dim")


def _plain(value: Any, zone: tzinfo) -> Any:
    """Values as JSON has them, times on the organisation's clock."""
    match value:
        case dict():
            return {name: _plain(one, zone) for name, one in value.items()}
        case list():
            return [_plain(one, zone) for one in value]
        case datetime():
            return value.astimezone(zone).isoformat()
        case date():
            return value.isoformat()
    return value
