"""How reading the sources goes."""

from __future__ import annotations

from cti.store import sources
from cti.store.database import Database
from cti.store.sources import SourceState
from tests.store.build import at


def state(database: Database, name: str = "s") -> SourceState:
    with database.read() as tx:
        return sources.source_state(tx, name)


def read(database: Database, day: int, cursor: int, new: bool, name: str = "s") -> None:
    with database.write() as tx:
        sources.was_read(tx, name, at(day), {"cursor": cursor, "é": [1, None]}, {"read": cursor}, new)


def test_a_source_that_was_never_read_has_nothing_to_go_on_from(database: Database) -> None:
    assert state(database) == SourceState("s")


def test_a_reading_notes_where_to_go_on_and_when_something_was_new(database: Database) -> None:
    read(database, 2, 7, new=True)
    read(database, 3, 8, new=False)
    assert state(database) == SourceState(
        "s",
        first_read_at=at(2),
        last_read_at=at(3),
        last_new_at=at(2),
        state={"cursor": 8, "é": [1, None]},
        counts={"read": 8},
    )


def test_a_failed_reading_leaves_what_the_source_goes_on_from(database: Database) -> None:
    with database.write() as tx:
        sources.failed(tx, "s", at(1), "no such folder")
    assert state(database) == SourceState("s", last_error="no such folder", last_error_at=at(1))
    read(database, 2, 7, new=False)
    assert state(database).first_read_at == at(2)
    assert state(database).last_error is None
    with database.write() as tx:
        sources.failed(tx, "s", at(3), "gone")
    assert (state(database).state["cursor"], state(database).last_error) == (7, "gone")


def test_sources_are_listed_by_name(database: Database) -> None:
    for name in ("b", "a", "B"):
        read(database, 2, 1, new=False, name=name)
    with database.read() as tx:
        assert [found.name for found in sources.source_states(tx)] == ["B", "a", "b"]
