"""`cti explain`: every rule and step for one client, yes or no, and why."""

from __future__ import annotations

from cti.cli.explained import Told
from cti.cli.output import out, write_json
from cti.cli.refusal import Refusal
from cti.cli.session import Session
from cti.core.explain import explain
from cti.i18n import mark
from cti.store import clients
from cti.store import prompts as stored_prompts
from cti.store.histories import histories


def explain_client(asked: Session, client: str, as_json: bool) -> None:
    """Prints what the rules make of the client."""
    with asked.system() as system:
        rulebook, now = asked.rulebook(system), asked.as_of(system)
        calendar = system.config.calendar
        with system.database.read() as tx:
            number = clients.client_id(tx, client)
            if number is None:
                text = mark("no client {client} is known; cti transitions shows those that are")
                raise Refusal(text, client=client)
            found = dict(histories(tx, [number]))
            rows = list(stored_prompts.listing(tx, now, None, client))
    told = Told(asked.lang, rulebook, calendar, rows, now)
    why = explain(found[number], rulebook, calendar)
    if as_json:
        write_json(told.data(why))
    else:
        told.show(why, out())
