"""When what a record says reached us."""

from __future__ import annotations

from cti.core.events import RecordId
from cti.store import arrivals, sources
from cti.store.database import Database
from tests.store.build import HOME, SHELTER, append, at, reading


def first_read(database: Database, day: int) -> None:
    with database.write() as tx:
        sources.was_read(tx, "s", at(day), {}, {}, new=True)


def test_what_was_there_at_the_first_reading_counts_as_reached_when_it_was_recorded(
    database: Database,
) -> None:
    append(database, reading("r1", SHELTER, 2), reading("r2", SHELTER, 3), learned=5, first=True)
    first_read(database, 5)
    append(database, reading("r1", HOME, 6), learned=9)
    with database.read() as tx:
        assert list(arrivals.reached(tx)) == [
            (RecordId("s", "r1", "stay"), ((at(2), at(2)), (at(6), at(9)))),
        ]


def test_what_is_not_dated_there_reaches_us_when_it_is_known(database: Database) -> None:
    first_read(database, 5)
    append(database, reading("r1", SHELTER), learned=9)
    with database.read() as tx:
        assert list(arrivals.reached(tx)) == []
