"""Which clients wait to be planned, and where they stand."""

from __future__ import annotations

from cti.store import clients
from cti.store.clients import Clean, Client, Dirty
from cti.store.database import Database
from tests.store.build import HOME, SHELTER, append, clean, reading, waiting


def three(database: Database) -> list[int]:
    """Three clients; gives their numbers."""
    append(database, *(reading(f"r{n}", SHELTER, 2, client=f"c{n}") for n in (1, 2, 3)))
    with database.read() as tx:
        return clients.client_ids(tx)


def test_clients_that_wait_are_given_in_pieces(database: Database) -> None:
    one, two, three_ = three(database)
    with database.read() as tx:
        assert clients.dirty_clients(tx, 2) == [Dirty(one, 1), Dirty(two, 1)]
        assert clients.dirty_clients(tx, 2, after=two) == [Dirty(three_, 1)]
        assert clients.count_dirty(tx) == 3
        assert clients.client_ids(tx, 1, after=one) == [two]


def test_a_change_that_comes_in_while_the_plan_is_made_is_not_lost(database: Database) -> None:
    three(database)
    with database.read() as tx:
        seen = clients.dirty_clients(tx)
    append(database, reading("r1", HOME, 4))
    with database.write() as tx:
        clients.mark_clean(tx, [Clean(dirty.id, dirty.changed) for dirty in seen])
    assert waiting(database) == {"c1"}
    clean(database)
    assert waiting(database) == set()


def test_all_clients_are_planned_again_when_the_rules_change(database: Database) -> None:
    numbers = three(database)
    clean(database)
    with database.write() as tx:
        clients.mark_dirty(tx, numbers[:1])
    assert waiting(database) == {"c1"}
    with database.write() as tx:
        clients.mark_all_dirty(tx)
    assert waiting(database) == {"c1", "c2", "c3"}


def test_open_situations_are_counted_as_of_the_last_planning(database: Database) -> None:
    numbers = three(database)
    with database.read() as tx:
        assert clients.open_clients(tx) == 0
    clean(database, numbers[:2])
    with database.read() as tx:
        assert clients.open_clients(tx) == 2
        assert [clients.open_clients(tx, enough) for enough in (0, 1, 2, 3)] == [0, 1, 2, 2]
        assert clients.situations(tx) == {"crisis-shelter": 3}


def test_a_client_that_cannot_be_planned_is_shown_until_its_history_changes(database: Database) -> None:
    number = three(database)[0]
    with database.write() as tx:
        seen = clients.dirty_clients(tx)
        clients.mark_clean(
            tx, [Clean(c.id, c.changed, problem="odd" if c.id == number else None) for c in seen]
        )
    with database.read() as tx:
        assert clients.unplannable(tx) == [Client(number, "c1", None, False, "odd")]
    assert waiting(database) == set()
    append(database, reading("r1", HOME, 4))
    assert waiting(database) == {"c1"}
    clean(database)
    with database.read() as tx:
        assert clients.unplannable(tx) == []


def test_clients_are_found_by_reference_and_by_number(database: Database) -> None:
    one, two, _ = three(database)
    with database.read() as tx:
        assert clients.client_id(tx, "c2") == two
        assert clients.client_id(tx, "c9") is None
        assert clients.ids_of(tx, ["c1", "c9"]) == {"c1": one}
        assert {number: found.ref for number, found in clients.clients(tx, [two]).items()} == {two: "c2"}


def test_one_client_is_asked_whether_it_waits(database: Database) -> None:
    one, *_ = three(database)
    with database.read() as tx:
        assert clients.waiting(tx, one) == Dirty(one, 1)
    clean(database)
    with database.read() as tx:
        assert clients.waiting(tx, one) is None
