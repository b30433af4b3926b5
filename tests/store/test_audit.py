"""The audit trail: what is noted, found again, and goes with age."""

from __future__ import annotations

from sqlalchemy import text

from cti.store import audit
from cti.store.audit import EVERYTHING, Wanted
from cti.store.chain import check
from cti.store.database import Database
from cti.store.erasure import erase
from tests.store.build import SHELTER, append, at, reading


def note(database: Database, *days: int, person: str = "w1", client: int | None = None) -> None:
    with database.write() as tx:
        for day in days:
            audit.add(tx, at(day), person, "worker", "saw-client", client)


def numbers(database: Database, wanted: Wanted = EVERYTHING) -> list[int]:
    with database.read() as tx:
        assert audit.count(tx, wanted) == len(audit.listing(tx, wanted))
        return [entry.id for entry in audit.listing(tx, wanted)]


def whole(database: Database) -> bool:
    with database.read() as tx:
        return check(tx).whole


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
    assert numbers(database, Wanted(client=client)) == [two, one]
    assert numbers(database, Wanted(person="w2")) == [four, three]
    assert numbers(database, Wanted(since=at(4), until=at(6))) == [three, two]
    with database.read() as tx:
        assert [entry.id for entry in audit.listing(tx, before=three, limit=1)] == [two]


def test_what_is_too_old_goes_and_the_rest_still_chains(database: Database) -> None:
    note(database, 1, 2, 3)
    newest = numbers(database)[0]
    with database.write() as tx:
        assert audit.prune(tx, at(3)) == 2
        assert audit.prune(tx, at(3)) == 0
    assert numbers(database) == [newest]
    assert whole(database)
    note(database, 4)
    assert whole(database)
    with database.write() as tx:
        assert audit.prune(tx, at(9)) == 2
    assert (numbers(database), whole(database)) == ([], True)
    note(database, 10)
    assert whole(database)


def test_an_erasure_leaves_a_number_that_leads_to_nobody(database: Database) -> None:
    append(database, reading("r1", SHELTER, 2, client="Client-8471"))
    with database.write() as tx:
        [client] = tx.scalars(text("SELECT id FROM client"))
        audit.add(tx, at(3), "w1", "worker", "saw-client", client)
        erase(tx, "Client-8471")
    with database.read() as tx:
        [entry] = audit.listing(tx)
        assert (entry.client, entry.ref) == (client, None)
        assert check(tx).whole
    append(database, reading("r9", SHELTER, 5, client="Client-8471"))
    with database.read() as tx:
        assert audit.listing(tx)[0].ref is None
