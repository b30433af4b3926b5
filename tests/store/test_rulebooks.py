"""The rulebooks that were in force."""

from __future__ import annotations

from cti.store import rulebooks
from cti.store.database import Database
from cti.store.rulebooks import Adopted
from tests.store.build import at


def adopt(database: Database, digest: str, day: int) -> None:
    with database.write() as tx:
        rulebooks.adopt(tx, digest, {"b.toml": "x = 'é'\n", "a.toml": digest}, "m1", at(day))


def test_the_one_adopted_last_is_in_force(database: Database) -> None:
    with database.read() as tx:
        assert rulebooks.in_force(tx) is None
    adopt(database, "one", 2)
    adopt(database, "two", 3)
    with database.read() as tx:
        found = rulebooks.in_force(tx)
    assert found is not None
    assert found == Adopted(found.number, "two", {"a.toml": "two", "b.toml": "x = 'é'\n"}, "m1", at(3))


def test_an_earlier_one_is_put_back_by_adopting_it_again(database: Database) -> None:
    for day, digest in enumerate(("one", "two", "one"), 2):
        adopt(database, digest, day)
    with database.read() as tx:
        assert [found.digest for found in rulebooks.history(tx)] == ["one", "two", "one"]
        last = rulebooks.by_digest(tx, "one")
        assert last is not None and last.at == at(4)
        assert rulebooks.adopted(tx, last.number) == last
        assert rulebooks.adopted(tx, 999_999) is None
        assert rulebooks.by_digest(tx, "three") is None


def test_the_last_ten_are_shown(database: Database) -> None:
    for number in range(12):
        adopt(database, f"d{number}", 2)
    with database.read() as tx:
        shown = [found.digest for found in rulebooks.history(tx)]
        assert shown == [f"d{number}" for number in range(11, 1, -1)]
        assert len(rulebooks.history(tx, 50)) == 12
