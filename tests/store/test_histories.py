"""Histories as the planner takes them."""

from __future__ import annotations

from cti.core.events import History, Record, RecordId, Version
from cti.store import clients
from cti.store.database import Database
from cti.store.histories import AT_ONCE, histories
from tests.store.build import HOME, SHELTER, append, at, reading


def test_records_stand_in_the_order_of_their_ids_as_text(database: Database) -> None:
    refs = ["r10", "r9", "R1", "é", "a", "Z", "r-1", "_"]
    append(database, *(reading(ref, SHELTER, 2, source=source) for ref in refs for source in ("s", "S")))
    with database.read() as tx:
        [(_, history)] = histories(tx, clients.client_ids(tx))
    assert [record.id for record in history.records] == sorted(record.id for record in history.records)
    assert len(history.records) == 16


def test_a_history_holds_all_versions_oldest_first(database: Database) -> None:
    for day, event in ((2, SHELTER), (3, None), (4, HOME)):
        append(database, reading("r1", event, day))
    with database.read() as tx:
        [(number, history)] = histories(tx, clients.client_ids(tx))
        assert number == clients.client_id(tx, "c1")
    versions = tuple(Version(event, at(day)) for day, event in ((2, SHELTER), (3, None), (4, HOME)))
    assert history == History("c1", (Record(RecordId("s", "r1", "stay"), versions),))


def test_clients_come_in_the_order_asked_for_also_those_without_records(database: Database) -> None:
    append(database, reading("r1", SHELTER, 2), reading("r2", SHELTER, 2, client="c2"))
    append(database, reading("r1", SHELTER, 3, client="c2"))
    with database.read() as tx:
        numbers = clients.ids_of(tx, ["c1", "c2"])
        found = list(histories(tx, [numbers["c2"], numbers["c1"]]))
    assert [(number, history.client, len(history.records)) for number, history in found] == [
        (numbers["c2"], "c2", 2),
        (numbers["c1"], "c1", 0),
    ]


def test_many_histories_are_read_in_pieces(database: Database) -> None:
    count = AT_ONCE + 7
    append(database, *(reading(f"r{n}", SHELTER, 2, client=f"c{n}") for n in range(count)))
    with database.read() as tx:
        found = list(histories(tx, clients.client_ids(tx)))
    assert len({history.client for _, history in found}) == count
    assert all(len(history.records) == 1 for _, history in found)
