"""What could not be read stands in quarantine once, until it is read well."""

from __future__ import annotations

from dataclasses import replace

from cti.store import quarantine
from cti.store.database import Database
from cti.store.quarantine import Unread
from tests.store.build import at

BAD = Unread("s", "r1", "march.csv", 5, "situation", "c•••", "a code {x}", (("x", "y"),))


def put(database: Database, day: int, *entries: Unread) -> None:
    with database.write() as tx:
        quarantine.put(tx, entries, at(day))


def seen(first: int, last: int, entry: Unread = BAD) -> Unread:
    return replace(entry, first_seen=at(first), last_seen=at(last))


def found(database: Database, source: str | None = None) -> list[Unread]:
    with database.read() as tx:
        return quarantine.entries(tx, source)


def test_what_is_read_again_and_again_stands_there_once(database: Database) -> None:
    put(database, 2, BAD, BAD)
    put(database, 3, replace(BAD, file="april.csv", line=9, value="d•••"))
    assert found(database) == [seen(2, 3, replace(BAD, file="april.csv", line=9, value="d•••"))]


def test_another_field_record_or_source_is_another_entry(database: Database) -> None:
    others = [replace(BAD, field="begin"), replace(BAD, ref="r2"), replace(BAD, source="t")]
    put(database, 2, BAD, *others)
    assert len(found(database)) == 4
    assert found(database, "t") == [seen(2, 2, others[2])]
    with database.read() as tx:
        assert sum(quarantine.counts(tx).values()) == 4


def test_a_row_without_reference_is_known_by_its_line(database: Database) -> None:
    nameless = replace(BAD, ref="", field="id")
    put(database, 2, nameless, replace(nameless, line=6), replace(nameless, line=None))
    put(database, 3, nameless)
    assert [(entry.line, entry.last_seen) for entry in found(database)] == [
        (None, at(2)),
        (5, at(3)),
        (6, at(2)),
    ]


def test_a_record_that_is_read_well_leaves_quarantine(database: Database) -> None:
    put(database, 2, BAD, replace(BAD, ref="r2"), replace(BAD, source="t"))
    with database.write() as tx:
        assert quarantine.read_well(tx, "s", ["r1", "", "r9"], at(3)) == 1
    assert found(database) == [seen(2, 2, replace(BAD, ref="r2")), seen(2, 2, replace(BAD, source="t"))]


def test_a_version_that_was_not_read_stays_although_another_of_its_record_was(database: Database) -> None:
    put(database, 3, BAD)
    with database.write() as tx:
        assert quarantine.read_well(tx, "s", ["r1"], at(3)) == 0
        assert quarantine.read_well(tx, "s", [], at(4)) == 0
    assert found(database) == [seen(3, 3)]


def test_what_a_whole_reading_of_a_file_no_longer_finds_leaves(database: Database) -> None:
    put(database, 2, BAD, replace(BAD, ref="r2", file="other.csv"))
    put(database, 3, replace(BAD, ref="r3"))
    with database.write() as tx:
        assert quarantine.file_read(tx, "s", "march.csv", at(3)) == 1
    assert [entry.ref for entry in found(database)] == ["r3", "r2"]


def test_what_a_whole_reading_of_the_source_no_longer_finds_leaves(database: Database) -> None:
    put(database, 2, BAD, replace(BAD, source="t"))
    put(database, 3, replace(BAD, ref="r3"))
    with database.write() as tx:
        assert quarantine.read_whole(tx, "s", at(3)) == 1
    assert [(entry.source, entry.ref) for entry in found(database)] == [("s", "r3"), ("t", "r1")]
