"""What a tick asks for is found by an index, however much there is. (SQLite tells how it would
search; PostgreSQL decides that by how much there is.)"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

import pytest
from sqlalchemy import Connection, event

from cti.core.events import RecordId
from cti.core.messages import Item
from cti.core.prompts import Change
from cti.store import (
    absences,
    assignments,
    audit,
    caseload,
    clients,
    journal,
    logins,
    outbox,
    plans,
    prompts,
    sent,
    told,
)
from cti.store.database import Database
from cti.store.histories import histories
from tests.store.build import (
    CALENDAR,
    HOME,
    SHELTER,
    append,
    at,
    create,
    enqueue,
    message,
    planned,
    reading,
    send,
)

Asked = Callable[[Connection], object]


def exhaust(items: Iterable[object]) -> None:
    for _ in items:
        pass


WHOSE = caseload.Whose(
    frozenset({"w1"}),
    frozenset({"north"}),
    "north",
    frozenset({"w1"}),
    frozenset({"w2"}),
    frozenset({"w1", "w2"}),
)

ASKED: dict[str, Asked] = {
    "the clients that wait": lambda tx: clients.dirty_clients(tx, 500, 1),
    "the open clients": clients.open_clients,
    "enough open clients": lambda tx: clients.open_clients(tx, 1000),
    "the next clients": lambda tx: clients.client_ids(tx, 500, 1),
    "the histories": lambda tx: exhaust(histories(tx, [1, 2])),
    "the prompts of clients": lambda tx: prompts.stored_for(tx, [1, 2], [("intake", "map", "a")]),
    "the prompts that are due": lambda tx: exhaust(prompts.due(tx, at(6))),
    "the prompts to follow": lambda tx: exhaust(sent.to_follow(tx, at(6))),
    "the unroutable prompts": lambda tx: sent.set_unroutable(tx, []),
    "the absences": absences.listing,
    "a client that may wait": lambda tx: clients.waiting(tx, 1),
    "a prompt that changes hands": lambda tx: prompts.hand(tx, 1, "w2", "w1", at(6)),
    "whose prompt it is": lambda tx: prompts.client_of(tx, 1),
    "a prompt to look at again": lambda tx: sent.follow(tx, [1], at(6)),
    "what a record has said": lambda tx: journal.versions(tx, RecordId("s", "r1", "stay")),
    "a row of the audit trail": lambda tx: audit.add(tx, at(6), "w1", "worker", "saw-client", 1),
    "a prompt": lambda tx: (prompts.by_key(tx, "k"), prompts.by_id(tx, 1)),
    "what was told": lambda tx: told.told(tx, [1, 2]),
    "who has the day's message": lambda tx: told.mailed(tx, at(6).date()),
    "a claim": lambda tx: outbox.claim(tx, at(6), 10, timedelta(minutes=1)),
    "expired claims": lambda tx: outbox.release_expired(tx, at(6)),
    "the failures": outbox.failures,
    "the counts of the outbox": outbox.counts,
    "a message that was sent": lambda tx: sent.mark_sent(tx, [1], at(6)),
    "a message that is made": lambda tx: outbox.enqueue(
        tx, [message(9, Item(2, "prompt", 0))], at(6), CALENDAR
    ),
    "an append": lambda tx: journal.append(tx, [reading("r1", HOME, 9, client="c2")], at(20), CALENDAR),
    "my open prompts": lambda tx: caseload.open_prompts(tx, WHOSE, at(6).date(), at(6), at(9)),
    "my answered prompts": lambda tx: caseload.answered_prompts(tx, WHOSE, at(6).date(), at(2)),
    "whose a client is": lambda tx: assignments.of_client(tx, 1, at(6).date()),
    "whom a prompt was sent to": lambda tx: caseload.sent_to(tx, 1, "w1", "north@example.org"),
    "the links that were asked for": lambda tx: logins.asked_since(tx, b"a", b"p", at(5)),
    "a plan": lambda tx: plans.apply(
        tx,
        [
            Change("create", planned("z")),
            Change("rename", planned("y"), prompts.by_id(tx, 2)),
            Change("drop", planned("c"), prompts.by_id(tx, 3)),
        ],
        "digest",
    ),
}
"""What a tick and the pages ask, by name."""

WHOLE = ("absence", "held", "meta", "sqlite_sequence", "these", "CONSTANT ROW")
"""Tables of a few rows, and what a statement was given."""


@pytest.fixture
def full(database: Database) -> Database:
    append(database, reading("r1", SHELTER, 2), reading("r2", SHELTER, 2, client="c2"))
    one, two, *_ = create(database, *(planned(name) for name in "abcd"))
    send(database, one)
    enqueue(database, message(2, Item(two.id, "reminder", 1)))
    with database.write() as tx:
        journal.append(tx, [reading("r1", HOME, 5)], at(6), CALENDAR)
    return database


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", ASKED)
def test_a_tick_searches_nothing_from_end_to_end(full: Database, name: str) -> None:
    statements: list[tuple[str, object]] = []

    def listen(_c: object, _cursor: object, statement: str, values: object, _x: object, many: bool) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            statements.append((statement, values[0] if many else values))  # type: ignore[index]

    with full.write() as tx:
        event.listen(full.engine, "before_cursor_execute", listen)
        ASKED[name](tx)
        event.remove(full.engine, "before_cursor_execute", listen)
        plans_found = {
            (statement, row[3])
            for statement, values in statements
            for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]
        }
    assert statements
    scans = [
        f"{step}: {statement}"
        for statement, step in plans_found
        if step.startswith("SCAN")
        and "USING" not in step
        and not step.startswith(tuple(f"SCAN {t}" for t in WHOLE))
    ]
    assert scans == []


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_what_is_due_is_found_among_what_waits_and_not_among_all_that_ever_fell_due(full: Database) -> None:
    asked: list[tuple[str, object]] = []

    def listen(_c: object, _cursor: object, statement: str, values: object, *_: object) -> None:
        asked.append((statement, values))

    with full.read() as tx:
        event.listen(full.engine, "before_cursor_execute", listen)
        exhaust(prompts.due(tx, at(6)))
        event.remove(full.engine, "before_cursor_execute", listen)
        [(statement, values)] = asked
        steps = [row[3] for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]  # type: ignore[arg-type]
    assert steps[0].startswith("SEARCH prompt USING INDEX ix_prompt_due ")
