"""Whom a command is about."""

from __future__ import annotations

from sqlalchemy import Connection

from cti.cli.refusal import Refusal
from cti.engine.forgetting import Person, person_of
from cti.i18n import mark
from cti.store import clients


def person_called(tx: Connection, ref: str) -> Person:
    """The person with this reference, with all that was merged there. Raises Refusal where none is known."""
    number = clients.client_id(tx, ref)
    person = person_of(tx, number) if number is not None else None
    if person is None:
        text = mark("no client {client} is known; cti transitions shows those that are")
        raise Refusal(text, client=ref)
    return person
