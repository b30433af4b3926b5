"""What an auditor is told of the audit trail: its rows in words and as a table to take along."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import Connection

from cti.core.calendar import Calendar
from cti.csvtext import Cell
from cti.engine.auditing import WHAT
from cti.i18n import format_day, mark, say
from cti.store import clients
from cti.store.audit import Entry
from cti.store.chain import Break

COLUMNS = ("row", "at", "person", "role", "what", "client", "client_number", "prompt")
"""The columns of a row that is taken along, in the words of the trail."""

_NUMBER = re.compile(r"#(\d{1,18})")


def cells(entry: Entry, calendar: Calendar) -> Sequence[Cell]:
    """A row by COLUMNS. `client` is the registration's reference, None where it concerns nobody or one who was erased."""
    at = calendar.local(entry.at).isoformat(timespec="seconds")
    numbers = (entry.client, entry.prompt)
    return entry.id, at, entry.person, entry.role, entry.what, entry.ref, *numbers


def client_number(tx: Connection, said: str) -> int | None:
    """Our number of a client: by the registration's reference, or written "#17", which reaches those who were erased too."""
    found = clients.client_id(tx, said)
    if found is None and (number := _NUMBER.fullmatch(said)) is not None:
        return int(number[1])
    return found


def what_said(lang: str, what: str) -> str:
    """What was done, in words; a word that an older or newer version noted stays as it is."""
    return say(lang, WHAT[what]) if what in WHAT else what


ROLES = {
    "worker": mark("worker"),
    "team-lead": mark("team lead"),
    "manager": mark("manager"),
    "administrator": mark("administrator"),
    "auditor": mark("auditor"),
}


def role_said(lang: str, role: str) -> str:
    """A role in words; of somebody who was in no role, a dash."""
    return say(lang, ROLES[role]) if role in ROLES else role or "–"


def client_said(lang: str, entry: Entry) -> str:
    """Whom a row concerns: the reference, or our number where nobody is known by it any more; a dash where it concerns nobody."""
    if entry.client is None:
        return "–"
    return entry.ref or say(lang, "#{n} (erased)", n=entry.client)


def break_said(lang: str, broken: Break, calendar: Calendar) -> str:
    """Where the chain breaks, with row number and day."""
    day = format_day(lang, calendar.day(broken.at)) if broken.at is not None else ""
    if broken.kind == "row":
        return say(
            lang,
            "row {n} of {day} does not follow from the row before it: one of the two was changed, or a row between "
            "them was put in or taken out",
            n=broken.id,
            day=day,
        )
    if not day:
        return say(lang, "all rows are gone")
    text = mark("after row {n} of {day}, the last one, rows are missing, or it was not the last one written")
    return say(lang, text, n=broken.id, day=day)
