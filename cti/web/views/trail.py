"""The audit trail as an auditor reads it: what is looked for, and the rows in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from cti.core.calendar import Calendar
from cti.core.people import Person
from cti.engine.audited import client_said, role_said, what_said
from cti.i18n import mark, say
from cti.store.audit import Entry, Wanted

COMMAND_LINE = "-"
"""What is written for the person of a row that was made at the command line."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: a client by our number, a person by id, from a day up to and including another. None: whatever."""

    client: int | None = None
    person: str | None = None
    since: date | None = None
    until: date | None = None

    def wanted(self, calendar: Calendar) -> Wanted:
        """As the store asks it."""
        person = "" if self.person == COMMAND_LINE else self.person
        since = calendar.at(self.since) if self.since is not None else None
        until = calendar.at(self.until + timedelta(days=1)) if self.until is not None else None
        return Wanted(self.client, person, since, until)

    def about(self, client: int) -> Search:
        """The same, about that client."""
        return replace(self, client=client)

    def of_person(self, person: str) -> Search:
        """The same, of that person."""
        return replace(self, person=person)

    def query(self, before: int | None = None) -> str:
        """As it stands in an address, with its "?"; nothing of it is a client's reference."""
        asked = {
            "client": self.client,
            "person": self.person,
            "since": self.since.isoformat() if self.since is not None else None,
            "until": self.until.isoformat() if self.until is not None else None,
            "before": before,
        }
        said = {name: value for name, value in asked.items() if value is not None}
        return f"?{urlencode(said)}" if said else ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the trail in words. `client_number` leads to the rows about the same client, `person` to those of the same."""

    number: int
    at: datetime
    who: str
    person: str
    role: str
    what: str
    client: str
    client_number: int | None
    prompt: int | None


def line_of(lang: str, entry: Entry, people: Mapping[str, Person]) -> Line:
    """A row as it is shown."""
    known = people.get(entry.person)
    who = known.name if known is not None else entry.person or say(lang, "command line")
    return Line(
        entry.id,
        entry.at,
        who,
        entry.person or COMMAND_LINE,
        role_said(lang, entry.role) if entry.role else "",
        what_said(lang, entry.what),
        client_said(lang, entry),
        entry.client,
        entry.prompt,
    )


NOT_A_DAY = mark("write a day as 2026-12-25")
TURNED = mark("the first day comes after the last")


def day_of(text: str) -> date | None:
    """The day that was written; None where nothing was. Raises ValueError where it is none that can be looked for."""
    if not text:
        return None
    day = date.fromisoformat(text)
    if not 1970 <= day.year <= 2999:
        raise ValueError(text)
    return day
