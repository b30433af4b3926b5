"""Once a day: what may no longer be kept is erased, and the database is kept in shape."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, text

from cti.core.calendar import ONE_DAY, add_months
from cti.core.events import Closed, Event, Expected, History, Stay
from cti.core.life import closings
from cti.engine import Busy
from cti.engine.forgetting import forget, person_of
from cti.engine.locks import everything
from cti.engine.people import known_staff, lists
from cti.engine.system import System
from cti.sources.settings import OURS
from cti.store import absences, audit, clients, feeds, inbox, linked, outbox, people, quarantine, webhooks
from cti.store.histories import histories

AT_ONCE = 500

GIVEN_UP = timedelta(days=7)
"""How long it is shown that a webhook was not told something."""


REMEMBERED = timedelta(days=30)
"""How long it is remembered that an event was delivered. What is pushed again later is told apart by when it was recorded."""


def keep_house(system: System, now: datetime) -> dict[str, int]:
    """Erases the clients whose time is over, as `whose_time_is_over` says; gives what went, in counts.

    Beside them goes what is too old of the audit trail, of absences (a month), of mail about nobody any more (a month), of what
    webhooks were not told (a week), of the quarantine, and of what was pushed. Raises Busy.
    """
    gone = {"erased": 0, "records": 0, "prompts": 0, "messages": 0}
    with system.database.lock(*everything(system)) as mine:
        if not mine:
            raise Busy
        calendar, today = system.config.calendar, system.config.calendar.day(now)
        with system.database.read() as tx:
            numbers = list(whose_time_is_over(tx, system, today))
        for number in numbers:
            with system.database.write() as tx:
                person = person_of(tx, number)
                if person is None:  # it went with another, into whom it was merged
                    continue
                if inbox.waits_about(tx, [one.ref for one in (person.client, *person.merged)]):
                    continue  # something new is known of them by tomorrow
                erased = forget(tx, system, person, now)
            gone["erased"] += len(person.numbers)
            gone["records"] += erased.records
            gone["prompts"] += erased.prompts
            gone["messages"] += erased.messages
        config = system.config
        with system.database.write() as tx:
            audit.prune(tx, calendar.at(add_months(today, -12 * config.audit_years)))
            absences.forget_before(tx, add_months(today, -1))
            webhooks.forget(tx, config.listeners, now - GIVEN_UP)
            outbox.forget_before(tx, add_months(today, -1))
            kept_from = calendar.at(add_months(today, -config.retention_months))
            quarantine.forget_before(tx, kept_from)
            inbox.forget(tx, now - REMEMBERED, kept_from)
            people.forget(tx, lists(system))
            feeds.forget(tx, set(known_staff(tx, system).people))
        if system.database.sqlite:
            with system.database.write() as tx:
                tx.execute(text("PRAGMA optimize"))
    return gone


def whose_time_is_over(tx: Connection, system: System, today: date) -> Iterator[int]:
    """The clients (our numbers) about whom nothing may be kept any more.

    Their file was closed so many months ago and has not been opened since; or all that was registered was taken back as long ago;
    or nothing was registered for the longer time in which a file that nobody closes counts as quiet.
    """
    config = system.config
    closed_by = add_months(today, -config.retention_months)
    quiet_by = add_months(today, -config.quiet_months)
    quiet_before, closed_before = (config.calendar.at(day + ONE_DAY) for day in (quiet_by, closed_by))
    after = 0
    while numbers := clients.client_ids(tx, AT_ONCE, after):
        after = numbers[-1]
        shut = {client.id for client in clients.clients(tx, numbers).values() if not client.open}
        silent = shut | linked.known_before(tx, numbers, quiet_before)
        for number, history in histories(tx, sorted(silent)):
            over = _closed(history, system, closed_by) or _quiet(history, system, quiet_by)
            if over or _taken_back(tx, number, history, closed_before):
                yield number


def _closed(history: History, system: System, by: date) -> bool:
    calendar = system.config.calendar
    last = next((one for one in reversed(closings(history.records, calendar)) if one.end is None), None)
    return last is not None and calendar.day(last.begin) <= by


def _taken_back(tx: Connection, number: int, history: History, before: datetime) -> bool:
    """Whether nothing is registered any more since before that moment; not of who was merged into another: they go together."""
    if linked.is_registered(tx, number, OURS) or linked.passed_to(tx, number):
        return False
    return not history.records or bool(linked.learned_before(tx, [number], before))


def _quiet(history: History, system: System, by: date) -> bool:
    """Whether all that was registered is about days before that, was known before that, and no stay lasts."""
    calendar = system.config.calendar
    said = [record.event for record in history.records if record.event is not None]
    if not said or any(calendar.day(record.versions[-1].known) > by for record in history.records):
        return False
    return not any(_lasts(event, by) for event in said)


def _lasts(event: Event, by: date) -> bool:
    match event:
        case Stay(_, _, end):
            return end is None or end > by
        case Expected(_, day):
            return day is not None and day > by
        case Closed(day):
            return day > by
    return False
