"""Reading again what could not be read: the sources with something in quarantine, from their beginning."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from cti.sources.base import read_again
from cti.store import quarantine, sources


def read_all_again(tx: Connection, now: datetime) -> Collection[str]:
    """Has those sources read from their beginning at their next reading; gives their names.

    What they said before adds nothing.
    """
    names = quarantine.counts(tx).keys()
    for name in names:
        before = sources.source_state(tx, name)
        state = read_again(dict(before.state))
        sources.was_read(tx, name, before.last_read_at or now, state, before.counts, new=False)
    return names
