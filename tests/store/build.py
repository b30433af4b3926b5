"""Short ways to write down readings, plans and messages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from cti.core.calendar import Calendar
from cti.core.events import Event, Reading, RecordId, Stay
from cti.core.messages import Item, Message, MessageKind
from cti.core.prompts import Change, Planned, Reason, Stored
from cti.store import clients, journal, outbox, plans, prompts, sent
from cti.store.database import Database
from cti.store.histories import histories
from cti.store.journal import Appended
from cti.store.tables import metadata

CALENDAR = Calendar()
SHELTER = Stay("crisis-shelter", date(2026, 3, 1))
HOME = Stay("own-home", date(2026, 3, 1))
STREET = Stay("street", date(2026, 3, 1))


def at(day: int, hour: int = 12) -> datetime:
    """Noon on that day of March 2026; days may be negative, or more than 31."""
    return datetime(2026, 3, 1, hour, tzinfo=UTC) + timedelta(days=day - 1)


def wipe(database: Database) -> None:
    """Empties all tables."""
    names = [table.name for table in reversed(metadata.sorted_tables)]
    # All at once, as this goes before every test. (TRUNCATE, and restarting the numbers, would take ten times as long.)
    with database.write() as tx:
        if database.sqlite:
            for name in names:
                tx.exec_driver_sql(f"DELETE FROM {name}")
        else:
            tx.exec_driver_sql("; ".join(f"DELETE FROM {name}" for name in names))


def reading(
    ref: str, event: Event | None, recorded: int | None = None, client: str = "c1", source: str = "s"
) -> Reading:
    """`recorded` is a day of March 2026."""
    return Reading(RecordId(source, ref, "stay"), client, event, None if recorded is None else at(recorded))


def append(database: Database, *readings: Reading, learned: int = 20, first: bool = False) -> Appended:
    """`learned` is a day of March 2026."""
    with database.write() as tx:
        return journal.append(tx, readings, at(learned), CALENDAR, first)


def told_of(database: Database, client: str = "c1") -> dict[str, list[tuple[Event | None, datetime]]]:
    """What each record of the client said, and since when that was known."""
    with database.read() as tx:
        number = clients.client_id(tx, client)
        if number is None:
            return {}
        [(_, history)] = histories(tx, [number])
        return {
            record.id.ref: [(version.event, version.known) for version in record.versions]
            for record in history.records
        }


def said(database: Database, ref: str = "r1", client: str = "c1") -> list[Event | None]:
    """What the record said, version by version."""
    return [event for event, _ in told_of(database, client)[ref]]


def clean(database: Database, open_ones: Iterable[int] = ()) -> None:
    """Notes that all clients were planned."""
    open_ones = set(open_ones)
    with database.write() as tx:
        waiting = clients.dirty_clients(tx)
        clients.mark_clean(
            tx, [clients.Clean(c.id, c.changed, "crisis-shelter", c.id in open_ones) for c in waiting]
        )


def waiting(database: Database) -> set[str]:
    """The clients that wait to be planned."""
    with database.read() as tx:
        found = clients.clients(tx, [dirty.id for dirty in clients.dirty_clients(tx)])
        return {client.ref for client in found.values()}


def planned(
    name: str = "s:r1:stay:entered",
    step: str = "map",
    client: str = "c1",
    due: int | None = 5,
    standing: str = "wanted",
    until: int | None = None,
    names: tuple[str, ...] = (),
    rule: str = "intake",
) -> Planned:
    """`due` and `until` are days of March 2026."""
    return Planned(
        rule=rule,
        step=step,
        name=name,
        names=names or (name,),
        client=client,
        day=date(2026, 3, 1),
        known=at(1),
        due=None if due is None else at(due),
        wanted_at=None if due is None else at(due),
        until=None if until is None else at(until),
        role="worker",
        text=f"{rule}/{step}",
        reason=Reason(standing, (("trust", "growing"), ("network-mapped", date(2026, 1, 2)), ("size", None))),
        worker="w1",
    )


def create(database: Database, *plans_wanted: Planned) -> list[Stored]:
    """Stores these prompts; their clients must be known."""
    with database.write() as tx:
        plans.apply(tx, [Change("create", plan) for plan in plans_wanted], "digest")
        found = {row.plan.key: row for row in prompts.listing(tx, at(1))}
    return [found[plan.key] for plan in plans_wanted]


def change(database: Database, *changes: Change) -> None:
    with database.write() as tx:
        plans.apply(tx, changes, "digest-2")


def stored(database: Database, key: str) -> Stored:
    with database.read() as tx:
        found = prompts.by_key(tx, key)
    assert found is not None, key
    return found


def keys(database: Database) -> list[str]:
    """The keys of all prompts, in the order in which they were made."""
    with database.read() as tx:
        return [row.plan.key for row in prompts.listing(tx, at(1))]


def message(
    number: int,
    *items: Item,
    kind: MessageKind = "digest",
    address: str = "w1@example.org",
    day: int = 6,
) -> Message:
    """`day` is a day of March 2026."""
    return Message(
        id=None,
        kind=kind,
        person="w1",
        address=address,
        subject="Prompts wait",
        text=f"text {number}",
        html=f"<p>text {number}</p>",
        message_id=f"<{number}@example.org>",
        in_reply_to=None,
        references=(),
        items=items,
        day=date(2026, 3, 1) + timedelta(days=day - 1),
    )


def enqueue(database: Database, *messages: Message, day: int = 6) -> list[int]:
    with database.write() as tx:
        return outbox.enqueue(tx, messages, at(day), CALENDAR)


def send(
    database: Database, prompt: Stored, covers: Iterable[Stored] = (), number: int = 1, day: int = 6
) -> None:
    """Tells of the prompt in a message of its own, and delivers that."""
    covered = [Item(other.id, "covered", prompt.id) for other in covers]
    [sent_message] = enqueue(database, message(number, Item(prompt.id, "prompt", 0), *covered), day=day)
    with database.write() as tx:
        sent.mark_sent(tx, [sent_message], at(day))
