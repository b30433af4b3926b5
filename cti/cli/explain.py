"""`cti explain`: every rule and step for one client, yes or no, and why."""

from __future__ import annotations

from cti.cli.dates import read_day
from cti.cli.explained import show
from cti.cli.output import out, write_json
from cti.cli.refusal import Refusal
from cti.cli.session import Session
from cti.i18n import mark
from cti.why.data import data
from cti.why.telling import told


def explain_client(asked: Session, client: str, at: str | None, as_json: bool) -> None:
    """Prints what the rules make of the client now, or made of the client on a day."""
    day = read_day(at, "--at")
    with asked.system() as system:
        now = max(asked.as_of(system), asked.clock(system))
        calendar = system.config.calendar
        if day is not None and day > calendar.day(now):
            raise Refusal(
                mark("--at {day} is still to come; without --at it is shown what is planned"), 2, day=at
            )
        found = told(system, client, asked.lang, now, day)
    if found is None:
        raise Refusal(
            mark("no client {client} is known; cti transitions shows those that are"), client=client
        )
    if as_json:
        write_json(data(found, calendar))
    else:
        show(found, asked.lang, out())
