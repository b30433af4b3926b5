"""The audit trail: rows that follow from one another, and show when one was touched."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from cti.store import audit
from cti.store.database import Database
from cti.store.erasure import erase
from tests.store.build import SHELTER, append, at, reading


def note(database: Database, *days: int, person: str = "w1", client: int | None = None) -> None:
    with database.write() as tx:
        for day in days:
            audit.add(tx, at(day), person, "worker", "saw-client", client)


def numbers(database: Database, **asked: object) -> list[int]:
    with database.read() as tx:
        return [entry.id for entry in audit.listing(tx, **asked)]  # type: ignore[arg-type]


def broken(database: Database) -> int | None:
    with database.read() as tx:
        return audit.broken(tx)


def test_what_was_done_is_listed_newest_first_with_the_clients_reference(database: Database) -> None:
    append(database, reading("r1", SHELTER, 2))
    with database.write() as tx:
        [client] = tx.scalars(text("SELECT id FROM client"))
        audit.add(tx, at(3), "w1", "worker", "answered", client, 7)
        audit.add(tx, at(4), "", "", "came-in")
    with database.read() as tx:
        newest, oldest = audit.listing(tx)
    assert (newest.at, newest.person, newest.ref) == (at(4), "", None)
    assert (oldest.what, oldest.client, oldest.prompt, oldest.ref) == ("answered", client, 7, "c1")


def test_the_trail_is_searched_by_client_person_and_time(database: Database) -> None:
    append(database, reading("r1", SHELTER, 2))
    with database.read() as tx:
        [client] = tx.scalars(text("SELECT id FROM client"))
    note(database, 3, 4, client=client)
    note(database, 5, 6, person="w2")
    one, two, three, four = sorted(numbers(database))
    assert numbers(database, client_ref="c1") == [two, one]
    assert numbers(database, person="w2") == [four, three]
    assert numbers(database, since=at(4), until=at(6)) == [three, two]
    assert numbers(database, before=three, limit=1) == [two]


def test_an_untouched_trail_is_whole(database: Database) -> None:
    assert broken(database) is None
    note(database, 1, 2, 3)
    assert broken(database) is None


@pytest.mark.parametrize(
    ("touch", "shows"),
    [
        ("UPDATE audit SET person = 'w2' WHERE id = :two", "two"),
        ("DELETE FROM audit WHERE id = :two", "three"),
        ("DELETE FROM audit WHERE id = :one", "two"),
        ("DELETE FROM audit WHERE id = :three", "two"),
    ],
)
def test_a_row_that_was_changed_or_taken_out_shows(database: Database, touch: str, shows: str) -> None:
    note(database, 1, 2, 3)
    of = dict(zip(("three", "two", "one"), numbers(database), strict=True))
    with database.write() as tx:
        tx.execute(text(touch), {name: of[name] for name in of if f":{name}" in touch})
    assert broken(database) == of[shows]


def test_a_trail_that_was_emptied_shows(database: Database) -> None:
    note(database, 1, 2)
    with database.write() as tx:
        tx.execute(text("DELETE FROM audit"))
    assert broken(database) == 0


def test_what_is_too_old_goes_and_the_rest_still_chains(database: Database) -> None:
    note(database, 1, 2, 3)
    newest = numbers(database)[0]
    with database.write() as tx:
        assert audit.prune(tx, at(3)) == 2
        assert audit.prune(tx, at(3)) == 0
    assert numbers(database) == [newest]
    assert broken(database) is None
    note(database, 4)
    assert broken(database) is None
    with database.write() as tx:
        assert audit.prune(tx, at(9)) == 2
    assert (numbers(database), broken(database)) == ([], None)
    note(database, 10)
    assert broken(database) is None


def test_an_erasure_leaves_a_number_that_leads_to_nobody(database: Database) -> None:
    append(database, reading("r1", SHELTER, 2, client="Client-8471"))
    with database.write() as tx:
        [client] = tx.scalars(text("SELECT id FROM client"))
        audit.add(tx, at(3), "w1", "worker", "saw-client", client)
        erase(tx, "Client-8471")
    with database.read() as tx:
        [entry] = audit.listing(tx)
        assert (entry.client, entry.ref) == (client, None)
        assert audit.broken(tx) is None
    append(database, reading("r9", SHELTER, 5, client="Client-8471"))
    assert numbers(database, client_ref="Client-8471") == []
