"""`cti audit verify`: whether the audit trail was touched, and where."""

from __future__ import annotations

import re

import typer
from rich.console import Console

from cti.cli.dates import short_time
from cti.cli.output import line, out, write_json
from cti.cli.refusal import Refusal
from cti.cli.session import Session
from cti.core.calendar import Calendar
from cti.engine.audited import break_said
from cti.i18n import mark, say
from cti.store.chain import Break, Checked, Link, check

SHOWN = 10
"""So many breaks are named; the first tells where to begin."""


def verify_trail(asked: Session, noted: str | None, as_json: bool) -> None:
    """Goes through the whole trail, and leaves with 1 where it was touched."""
    link = _noted(noted) if noted is not None else None
    with asked.system() as system:
        calendar = system.config.calendar
        with system.database.read() as tx:
            found = check(tx, link)
    if as_json:
        write_json(_data(found, calendar))
    else:
        _show(out(), found, link, calendar, asked.lang)
    if not found.whole:
        raise typer.Exit(1)


def _noted(text: str) -> Link:
    read = re.fullmatch(r"(\d{1,18}):([0-9a-f]{32})", text.strip().lower())
    if read is None:
        raise Refusal(
            mark("--noted {given}: write it as cti audit verify printed it, as in 1042:ab12…"), 2, given=text
        )
    return Link(int(read[1]), read[2])


def _show(console: Console, found: Checked, noted: Link | None, calendar: Calendar, lang: str) -> None:
    if not found.breaks and found.last is None:
        line(console, say(lang, "The audit trail is empty."))
    elif not found.breaks:
        assert found.first is not None and found.last_at is not None
        first, last = (short_time(lang, at, calendar.zone) for at in (found.first, found.last_at))
        text = mark("The chain is whole: {n} rows, from {first} to {last}.")
        line(console, say(lang, text, n=found.rows, first=first, last=last))
    else:
        text = mark("The chain is broken in {n} places; rows were changed, put in or taken out:")
        one = mark("The chain is broken in one place; a row was changed, put in or taken out:")
        line(console, say(lang, one if len(found.breaks) == 1 else text, n=len(found.breaks)), "bold red")
        for broken in found.breaks[:SHOWN]:
            line(console, f"  {break_said(lang, broken, calendar)}")
        if len(found.breaks) > SHOWN:
            line(console, say(lang, "  and {n} more", n=len(found.breaks) - SHOWN))
    if found.pruned is not None:
        text = mark("Rows up to number {n} were removed for their age, as [retention] audit_years says.")
        line(console, say(lang, text, n=found.pruned.id))
    if noted is not None and found.noted is not None:
        style = "bold red" if found.noted == "other" else ""
        line(console, say(lang, NOTED[found.noted], n=noted.id), style)
    if found.last is not None:
        line(console, "")
        line(console, say(lang, "Last row: {row}", row=f"{found.last.id}:{found.last.digest}"))
        text = mark("Note it outside of this machine; later: cti audit verify --noted ROW:DIGEST")
        line(console, say(lang, text), "dim")


NOTED = {
    "same": mark("Row {n} is as it was noted: up to there nothing was made anew."),
    "other": mark("Row {n} is not as it was noted: the trail up to there was made anew."),
    "gone": mark("Row {n} was removed for its age, so what was noted of it tells nothing any more."),
}


def _data(found: Checked, calendar: Calendar) -> dict[str, object]:
    def told(broken: Break) -> dict[str, object]:
        at = calendar.local(broken.at).isoformat() if broken.at is not None else None
        return {"kind": broken.kind, "row": broken.id, "at": at}

    return {
        "whole": found.whole,
        "rows": found.rows,
        "first_at": calendar.local(found.first).isoformat() if found.first is not None else None,
        "last_at": calendar.local(found.last_at).isoformat() if found.last_at is not None else None,
        "last": f"{found.last.id}:{found.last.digest}" if found.last is not None else None,
        "removed_up_to": found.pruned.id if found.pruned is not None else None,
        "noted": found.noted,
        "breaks": [told(broken) for broken in found.breaks],
    }
