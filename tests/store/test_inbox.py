"""What is pushed waits until it is read, once each, and goes with its client."""

from __future__ import annotations

from datetime import timedelta

from cti.store import inbox
from cti.store.database import Database
from cti.store.inbox import Delivery
from tests.store.build import at

SAID = {"id": "s1", "situation": "street"}


def delivery(name: str, client: str = "c1") -> Delivery:
    return Delivery(name.encode(), client, "stay", at(2), SAID)


def waiting(database: Database, again: bool = False, source: str = "ecd") -> list[int]:
    with database.read() as tx:
        return [one.number for one in inbox.deliveries(tx, source, again)]


def test_what_was_delivered_comes_out_as_it_went_in_and_in_its_order(database: Database) -> None:
    with database.write() as tx:
        assert inbox.put(tx, "ecd", [delivery("b"), delivery("a")], at(3)) == 2
        assert inbox.put(tx, "other", [delivery("c", "c9")], at(3)) == 1
    with database.read() as tx:
        found = inbox.deliveries(tx, "ecd")
        assert inbox.count(tx, "ecd") == 2
    assert [(one.client, one.kind, one.recorded, one.fields) for one in found] == [
        ("c1", "stay", at(2), SAID)
    ] * 2
    assert found[0].number < found[1].number


def test_a_delivery_is_kept_once_also_after_it_was_read(database: Database) -> None:
    with database.write() as tx:
        assert inbox.put(tx, "ecd", [delivery("a"), delivery("a")], at(3)) == 1
        assert inbox.put(tx, "ecd", [delivery("a"), delivery("b")], at(3)) == 1
    with database.write() as tx:
        inbox.settle(tx, [one.number for one in inbox.deliveries(tx, "ecd")], [])
        assert inbox.put(tx, "ecd", [delivery("a"), delivery("b")], at(4)) == 0
        assert inbox.put(tx, "other", [delivery("a")], at(4)) == 1, (
            "another sender may call its events the same"
        )
    assert waiting(database) == []


def test_what_cannot_be_read_waits_aside(database: Database) -> None:
    with database.write() as tx:
        inbox.put(tx, "ecd", [delivery("a"), delivery("b")], at(3))
        first, second = (one.number for one in inbox.deliveries(tx, "ecd"))
        inbox.settle(tx, [first], [second])
        assert inbox.count(tx, "ecd") == 0
        assert not inbox.waits_about(tx, ["c1"])
    assert waiting(database) == []
    assert waiting(database, again=True) == [second]


def test_what_waits_about_a_client_goes_with_them(database: Database) -> None:
    with database.write() as tx:
        inbox.put(tx, "ecd", [delivery("a"), delivery("b", "c2")], at(3))
        assert inbox.waits_about(tx, ["c1"])
        inbox.erase_client(tx, "c1")
        assert not inbox.waits_about(tx, ["c1"])
        assert [one.client for one in inbox.deliveries(tx, "ecd")] == ["c2"]


def test_old_names_and_what_was_never_read_are_forgotten_and_what_waits_is_not(database: Database) -> None:
    with database.write() as tx:
        inbox.put(tx, "ecd", [delivery("a"), delivery("b")], at(3))
        first, second = (one.number for one in inbox.deliveries(tx, "ecd"))
        inbox.settle(tx, [], [second])
        inbox.forget(tx, at(3) + timedelta(days=1), at(3) + timedelta(days=1))
    assert waiting(database, again=True) == [first]
    with database.write() as tx:
        assert inbox.put(tx, "ecd", [delivery("b")], at(5)) == 1
