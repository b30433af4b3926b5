"""What is held on a client: every table and column is either told and erased, or tells of no client."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Column, Table, select
from sqlmodel.sql.sqltypes import UTCDateTime

from cti.core.events import Answer, Reading, RecordId
from cti.core.messages import Item
from cti.store import audit, clients, inbox, linked, prompts, quarantine, sources, tables
from cti.store.database import Database
from cti.store.erasure import erase
from cti.store.inbox import Delivery
from cti.store.quarantine import Unread
from tests.store.build import HOME, SHELTER, append, at, create, enqueue, message, planned, reading, send

FILLED_BY_ITSELF = ("client", "record", "version", "prompt", "message")

SECRET, REF = "Client-8471", "Ref-5526"


@pytest.mark.parametrize("table", tables.metadata.sorted_tables, ids=lambda table: table.name)
def test_each_column_is_told_and_erased_or_tells_of_no_client(table: Table) -> None:
    if table in linked.ABOUT:
        assert linked.MEANINGLESS.get(table.name, frozenset()) <= set(table.c.keys())
        assert linked.JSON.get(table.name, frozenset()) <= set(table.c.keys())
        return
    named = [name.strip() for names in linked.NOT_ABOUT[table.name] for name in names.split(",")]
    assert sorted(named) == sorted(table.c.keys())
    about = {one.name for one in linked.ABOUT}
    assert [key.target_fullname for key in table.foreign_keys if key.column.table.name in about] == []


@pytest.fixture
def number(database: Database) -> int:
    """Our number of a client about whom there is a row in each table that may have one; another client is there too."""
    append(
        database,
        reading(REF, SHELTER, 2, client=SECRET),
        reading(REF, HOME, 3, client=SECRET),
        reading("other", SHELTER, 2, client="c2"),
    )
    first, second, other = create(
        database,
        planned(f"s:{REF}:stay:entered", client=SECRET),
        planned(f"s:{REF}:stay:entered", step="later", client=SECRET),
        planned("o", client="c2"),
    )
    answer = Answer(first.plan.key, "done", at(7), (("trust", "yes"),), (), "w1", "Note-3391")
    append(database, Reading(RecordId("cti", first.plan.key, "answer"), SECRET, answer, at(7)))
    send(database, first)
    enqueue(database, message(2, Item(second.id, "prompt", 0)), message(3, Item(other.id, "prompt", 0)))
    with database.write() as tx:
        found = clients.client_id(tx, SECRET)
        assert found is not None
        tx.execute(tables.assignment.insert().values(client_id=found, day=at(2).date(), worker="w1"))
        prompts.record_answer(tx, first.id, "done", at(7), "w1")
        audit.add(tx, at(7), "w1", "worker", "answered", found, first.id)
        fields = {"id": "p1", "situation": "street"}
        inbox.put(tx, "s", [Delivery(b"1", SECRET, "stay", at(3), fields)], at(3))
        inbox.put(tx, "s", [Delivery(b"2", "c2", "stay", at(3), {"id": "other"})], at(3))
        quarantine.put(tx, [Unread("s", REF, "a.csv", 3, "begin", "x•", "no day")], at(3))
        state = {"facts": {"trust": {REF: ["no", "2026-03-01"], "other": ["yes", "2026-03-02"]}}}
        sources.was_read(tx, "s", at(3), state, {}, new=True)
        for table in linked.ABOUT:
            if table.name in FILLED_BY_ITSELF or tx.execute(select(table).limit(1)).first():
                continue
            row = {column.name: some(column) for column in table.c if not column.nullable}
            tx.execute(
                table.insert().values(
                    row
                    | {
                        name: of
                        for name, of in (("client_id", found), ("prompt_id", first.id))
                        if name in table.c
                    }
                )
            )
    return found


def some(column: Column[Any]) -> object:
    """A value that the column takes."""
    if isinstance(column.type, UTCDateTime):
        return at(1)
    kinds = {date: at(1).date(), bytes: b"x", int: 1, bool: True}
    return kinds.get(column.type.python_type, "{}")


def test_each_table_that_may_tell_of_a_client_is_told_and_no_row_of_another(
    database: Database, number: int
) -> None:
    with database.read() as tx:
        rows = linked.rows_about(tx, [number])
    assert {name for name, found in rows.items() if not found} == set()
    assert {row["ref"] for row in rows["client"]} == {SECRET}
    told = repr(rows)
    for word in (SECRET, REF, "Note-3391", "text 2", "x•", "2026-03-01"):
        assert word in told
    for word in ("'c2'", "'other'", "text 3", "2026-03-02'"):
        assert word not in told


def test_what_was_told_of_is_what_an_erasure_takes(database: Database, number: int) -> None:
    with database.write() as tx:
        before = linked.rows_about(tx, [number])
        refs = {(row["source"], row["ref"]) for row in before["record"]}
        erase(tx, SECRET)
        left = linked.rows_about(tx, [number])
        assert {name for name, found in left.items() if found} == set(linked.STAYS)
        for table in linked.ABOUT:
            if table.name in linked.STAYS or table.name == "message":
                continue
            # Not only are they found no more by the way to the client: the rows themselves are gone.
            keys = [column.name for column in table.primary_key]
            gone = {tuple(row[key] for key in keys) for row in before[table.name]}
            assert gone & {tuple(row) for row in tx.execute(select(*table.primary_key))} == set()
        assert not [ref for _, ref in refs if f'"{ref}"' in str(tx.scalar(select(tables.source.c.state)))]


def test_a_waiting_mail_about_others_too_is_told_without_its_words(database: Database, number: int) -> None:
    with database.write() as tx:
        mine, others = (
            row.id
            for row in tx.execute(select(tables.message.c.id).where(tables.message.c.state == "queued"))
        )
        tx.execute(
            tables.message_item.update().where(tables.message_item.c.message == others).values(message=mine)
        )
        rows = linked.rows_about(tx, [number])
    assert mine in {row["id"] for row in rows["message"]}
    assert rows["message_body"] == []


def test_whose_a_record_was_and_is_now_can_be_told(database: Database, number: int) -> None:
    append(database, reading(REF, HOME, 9, client="c2"))
    with database.read() as tx:
        new = clients.client_id(tx, "c2")
        assert new is not None
        assert linked.once_of(tx, new) == {number}
        assert linked.passed_to(tx, number) == {new}
        assert not linked.is_registered(tx, number, "cti")
        assert linked.is_registered(tx, new, "cti")
        assert linked.known_before(tx, [number, new], at(8)) == {number}
        assert linked.learned_before(tx, [number, new], at(20)) == set()
        assert linked.learned_before(tx, [number, new], at(21)) == {number, new}
