"""Once a day: what may no longer be kept is erased, and the database is kept in shape."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, text

from cti.core.calendar import Calendar, add_months
from cti.core.life import closings
from cti.engine.system import System
from cti.store import absences, audit, clients, webhooks
from cti.store.erasure import erase
from cti.store.histories import histories

AT_ONCE = 500

GIVEN_UP = timedelta(days=7)
"""How long it is shown that a webhook was not told something."""


def keep_house(system: System, now: datetime) -> dict[str, int]:
    """Erases the clients whose file was closed longer ago than the config's retention; gives what went, in counts.

    What is too old goes from the audit trail, and absences that were over a month ago go too, and what webhooks
    were not told a week ago. Does nothing while another
    process ticks; there is another day.
    """
    gone = {"erased": 0, "records": 0, "prompts": 0, "messages": 0}
    with system.database.tick_lock() as mine:
        if not mine:
            return gone
        config = system.config
        with system.database.read() as tx:
            refs = list(closed_before(tx, config.calendar, config.calendar.day(now), config.retention_months))
        for ref in refs:
            with system.database.write() as tx:
                erased = erase(tx, ref)
            if erased is not None:
                gone["erased"] += 1
                gone["records"] += erased.records
                gone["prompts"] += erased.prompts
                gone["messages"] += erased.messages
        today = config.calendar.day(now)
        with system.database.write() as tx:
            audit.prune(tx, config.calendar.at(add_months(today, -12 * config.audit_years)))
            absences.forget_before(tx, add_months(today, -1))
            webhooks.forget(tx, {hook.name for hook in config.webhooks}, now - GIVEN_UP)
        if system.database.sqlite:
            with system.database.write() as tx:
                tx.execute(text("PRAGMA optimize"))
    return gone


def closed_before(tx: Connection, calendar: Calendar, today: date, months: int) -> Iterator[str]:
    """The references of clients whose file was closed at least so many months ago and has not been opened since."""
    after = 0
    while numbers := clients.client_ids(tx, AT_ONCE, after):
        after = numbers[-1]
        shut = [client.id for client in clients.clients(tx, numbers).values() if not client.open]
        for _, history in histories(tx, shut):
            last = next(
                (one for one in reversed(closings(history.records, calendar)) if one.end is None), None
            )
            if last is not None and add_months(calendar.day(last.begin), months) <= today:
                yield history.client
