"""Erasing a client leaves hashes, and nothing comes back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from cti.core.events import Answer, Fact, Reading, RecordId
from cti.core.messages import Item
from cti.core.prompts import Change, Stored
from cti.store import audit, clients, journal, meta, outbox, prompts, quarantine, sources, tables
from cti.store.chain import check
from cti.store.database import Database
from cti.store.erasure import Erased, erase
from cti.store.quarantine import Unread
from tests.store.build import (
    CALENDAR,
    HOME,
    SHELTER,
    append,
    at,
    change,
    create,
    enqueue,
    keys,
    message,
    planned,
    reading,
    said,
    send,
    stored,
    told_of,
)

SECRET = "Client-8471"
REF = "Ref-5526"


def erase_client(database: Database, ref: str) -> Erased | None:
    with database.write() as tx:
        return erase(tx, ref)


@pytest.fixture
def told_rows(database: Database) -> list[Stored]:
    """A client with records, a sent prompt, a covered one and one that waits in a message with another client's."""
    append(
        database,
        reading(REF, SHELTER, 2, client=SECRET),
        reading(REF, HOME, 3, client=SECRET),
        reading("other", SHELTER, 2, client="c2"),
    )
    name = f"s:{REF}:stay:entered"
    rows = create(
        database,
        planned(name, client=SECRET),
        planned(name, step="later", client=SECRET),
        planned(name, step="last", client=SECRET),
        planned("o", client="c2"),
    )
    answer = Answer(rows[0].plan.key, "done", at(7), (), (name,))
    append(database, Reading(RecordId("cti", rows[0].plan.key, "answer"), SECRET, answer, at(7)))
    send(database, rows[0], covers=[rows[1]])
    with database.write() as tx:
        prompts.record_answer(tx, rows[0].id, "done", at(7), "w1")
        prompts.hand(tx, rows[2].id, "w2", "w1", at(7))
        audit.add(tx, at(7), "w1", "worker", "answered", prompts.client_of(tx, rows[0].id), rows[0].id)
    entered = Reading(RecordId("cti", "1/fact/1", "trust"), SECRET, Fact("trust", "no", at(7).date()), at(7))
    append(database, entered)
    with database.write() as tx:
        journal.append(tx, [Reading(entered.id, SECRET, None, at(8))], at(8), CALENDAR)
    both = message(2, Item(rows[2].id, "prompt", 0), Item(rows[3].id, "prompt", 0))
    enqueue(database, both, day=7)
    return rows


def everything(database: Database) -> str:
    """All that all tables hold, as text."""
    with database.read() as tx:
        return "\n".join(
            repr(row) for table in tables.metadata.sorted_tables for row in tx.execute(select(table))
        )


def test_nothing_of_the_client_is_left_but_hashes(database: Database, told_rows: list[Stored]) -> None:
    with database.write() as tx:
        quarantine.put(tx, [Unread("s", REF, "a.csv", 3, "begin", "x•", "no day")], at(3))
        state = {"facts": {"trust": {REF: ["no", "2026-03-01"], "other": ["yes", "2026-03-02"]}}, REF: [1]}
        sources.was_read(tx, "s", at(3), state, {}, new=True)
    assert erase_client(database, SECRET) == Erased(records=3, prompts=3, messages=1)
    left = everything(database)
    assert SECRET not in left
    # The names at the top of what a source goes on from are its own, whatever they look like.
    assert left.count(REF) == 1 and '"other":["yes","2026-03-02"]' in left
    with database.read() as tx:
        assert tx.scalar(text("SELECT count(*) FROM erased")) == 3 + 3
        [seen] = audit.listing(tx)
        assert (seen.ref, check(tx).whole) == (None, True)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_the_file_itself_holds_nothing_of_the_client(
    database: Database, told_rows: list[Stored], tmp_path: Path
) -> None:
    erase_client(database, SECRET)
    database.close()
    for file in tmp_path.glob("cti.db*"):
        assert SECRET.encode() not in file.read_bytes(), file


def test_a_later_export_brings_nothing_back(database: Database, told_rows: list[Stored]) -> None:
    erase_client(database, SECRET)
    again = [reading(REF, SHELTER, 2, client=SECRET), reading(REF, HOME, 30, client=SECRET)]
    other_part = Reading(RecordId("s", REF, "fact:trust"), SECRET, HOME, at(30))
    appended = append(database, *again, other_part, reading("other", HOME, 4, client="c2"), learned=31)
    assert (appended.new_versions, appended.erased) == (1, 2)
    with database.read() as tx:
        assert clients.client_id(tx, SECRET) is None
    assert said(database, "other", "c2") == [SHELTER, HOME]


def test_a_client_who_comes_again_is_a_new_one(database: Database, told_rows: list[Stored]) -> None:
    with database.read() as tx:
        number = clients.client_id(tx, SECRET)
    erase_client(database, SECRET)
    append(database, reading("new", SHELTER, 30, client=SECRET), learned=31)
    assert told_of(database, SECRET) == {"new": [(SHELTER, at(30))]}
    with database.read() as tx:
        assert clients.client_id(tx, SECRET) != number


def test_nothing_is_sent_again(database: Database, told_rows: list[Stored]) -> None:
    erase_client(database, SECRET)
    append(database, reading("new", SHELTER, 30, client=SECRET), learned=31)
    change(database, *(Change("create", row.plan) for row in told_rows[:3]))
    assert keys(database) == [told_rows[3].plan.key]


def test_what_waited_for_others_in_the_same_message_is_told_anew(
    database: Database, told_rows: list[Stored]
) -> None:
    erase_client(database, SECRET)
    other = stored(database, told_rows[3].plan.key)
    assert other == told_rows[3]
    with database.write() as tx:
        assert list(prompts.due(tx, at(8))) == [other]
        assert outbox.claim(tx, at(8), 10, timedelta(minutes=1)) == []


def test_what_was_said_while_a_record_was_the_clients_goes_with_the_record(database: Database) -> None:
    append(database, reading("r1", SHELTER, 2, client=SECRET), reading("r2", SHELTER, 2, client=SECRET))
    append(database, reading("r1", HOME, 4, client="c2"))
    assert erase_client(database, SECRET) == Erased(records=1, prompts=0, messages=0)
    assert said(database, "r1", "c2") == [SHELTER, HOME]
    append(database, reading("r1", SHELTER, 5, client="c2"))
    assert said(database, "r1", "c2") == [SHELTER, HOME, SHELTER]


def test_a_client_that_is_not_there_cannot_be_erased(database: Database) -> None:
    assert erase_client(database, "nobody") is None


def test_hashes_need_a_key_that_every_database_makes_for_itself(database: Database) -> None:
    found = []
    for _ in range(2):
        append(database, reading("r1", SHELTER, 2, client=SECRET))
        erase_client(database, SECRET)
        with database.write() as tx:
            found.append(tx.scalar(text("SELECT hash FROM erased")))
            tx.execute(text("DELETE FROM erased"))
            meta.put(tx, "erasure-key", None)
    assert found[0] != found[1]


def test_what_was_read_before_an_erasure_can_still_be_retracted_elsewhere(database: Database) -> None:
    append(database, reading("r1", SHELTER, 2, client=SECRET), reading("r2", SHELTER, 2, client="c2"))
    erase_client(database, SECRET)
    with database.read() as tx:
        gone = [reading("r1", None, 9), reading("r2", None, 9)]
        assert list(journal.retracted(journal.Standing(tx), gone, at(20), CALENDAR)) == [
            RecordId("s", "r2", "stay")
        ]
