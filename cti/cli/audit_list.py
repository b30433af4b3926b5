"""`cti audit list`: who saw and did what."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from cti.cli.dates import read_day, short_time
from cti.cli.output import add, line, out, table, write_json
from cti.cli.refusal import Refusal
from cti.cli.session import Session
from cti.core.calendar import Calendar
from cti.csvtext import csv_text
from cti.engine.audited import COLUMNS, cells, client_number, client_said, role_said, what_said
from cti.engine.auditing import audit
from cti.i18n import mark, say
from cti.store import audit as trail
from cti.store.audit import Entry, Wanted

NEWEST = 50
"""So many rows a table shows where nothing else is asked."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for on the command line."""

    client: str | None
    person: str | None
    since: str | None
    until: str | None
    limit: int | None
    as_json: bool
    as_csv: bool


def show_trail(asked: Session, wish: Wish) -> None:
    """Prints the rows that were asked for, and notes that they were read."""
    if wish.as_json and wish.as_csv:
        raise Refusal(mark("--json and --csv cannot both be"), 2)
    with asked.system() as system:
        calendar = system.config.calendar
        with system.database.write() as tx:
            wanted = _wanted(tx, wish, calendar)
            limit = wish.limit or (None if wish.as_json or wish.as_csv else NEWEST)
            found, count = trail.listing(tx, wanted, limit=limit), trail.count(tx, wanted)
            audit(tx, system, None, "saw-trail", asked.clock(system), wanted.client)
    if wish.as_json:
        write_json([dict(zip(COLUMNS, cells(entry, calendar), strict=True)) for entry in found])
    elif wish.as_csv:
        sys.stdout.write(csv_text(COLUMNS, (cells(entry, calendar) for entry in found)))
    else:
        _show(found, count, calendar, asked.lang)


def _wanted(tx: Connection, wish: Wish, calendar: Calendar) -> Wanted:
    first, last = read_day(wish.since, "--since"), read_day(wish.until, "--until")
    number = client_number(tx, wish.client) if wish.client is not None else None
    if wish.client is not None and number is None:
        text = mark("no client {client} is known; one who was erased is asked for by number, as in #17")
        raise Refusal(text, client=wish.client)
    since = calendar.at(first) if first is not None else None
    until = calendar.at(last + timedelta(days=1)) if last is not None else None
    return Wanted(number, wish.person, since, until)


def _show(found: list[Entry], count: int, calendar: Calendar, lang: str) -> None:
    console = out()
    if not found:
        line(console, say(lang, "There are no such rows in the audit trail."))
        return
    number, prompt = say(lang, "row"), say(lang, "prompt")
    heads = (say(lang, "when"), say(lang, "who"), say(lang, "as"), say(lang, "what"), say(lang, "client"))
    shown = table(number, *heads, prompt, right=(number, prompt))
    for entry in found:
        who = entry.person or say(lang, "command line")
        when = short_time(lang, entry.at, calendar.zone)
        said = (who, role_said(lang, entry.role), what_said(lang, entry.what), client_said(lang, entry))
        add(shown, entry.id, when, *said, entry.prompt or "–")
    console.print(shown)
    if count > len(found):
        line(console, "")
        text = mark("The newest {n} of {all} rows; --limit N shows more, --csv all.")
        line(console, say(lang, text, n=len(found), all=count), "dim")
