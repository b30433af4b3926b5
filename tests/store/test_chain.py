"""The chain of the audit trail: whatever is done to a row shows, and where."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, insert, select, update

from cti.store import audit, meta
from cti.store.chain import HEAD, Break, Checked, Link, chained, check
from cti.store.database import Database
from cti.store.tables import audit as table
from tests.store.build import at, wipe

ROWS = 6


def fill(tx: Connection, rows: int = ROWS) -> None:
    for day in range(1, rows + 1):
        audit.add(tx, at(day), f"w{day % 3}", "worker", "saw-prompt", day, day + 7)


def checked(database: Database, noted: Link | None = None) -> Checked:
    with database.read() as tx:
        return check(tx, noted)


def rows_of(tx: Connection) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in tx.execute(select(table).order_by(table.c.id))]


def test_an_untouched_trail_is_whole(database: Database) -> None:
    assert checked(database) == Checked(0, None, None, None, None, ())
    with database.write() as tx:
        fill(tx, 3)
    found = checked(database)
    assert (found.whole, found.rows, found.first, found.last_at) == (True, 3, at(1), at(3))
    assert found.last is not None and len(found.last.digest) == 32


OTHER: dict[str, Any] = {
    "at": at(1) + timedelta(microseconds=1),
    "person": "w9",
    "role": "auditor",
    "what": "answered",
    "client": None,
    "prompt": 99,
    "digest": b"\x00" * 16,
    "id": 9_000_000,
}


@pytest.fixture
def filled(database: Database) -> Database:
    with database.write() as tx:
        fill(tx)
    return database


@pytest.mark.parametrize("column", OTHER)
@pytest.mark.parametrize("place", [0, 2, ROWS - 1])
def test_a_single_changed_column_of_a_single_row_shows(filled: Database, column: str, place: int) -> None:
    with filled.write() as tx:
        row = rows_of(tx)[place]
        tx.execute(update(table).where(table.c.id == row["id"]).values({column: OTHER[column]}))
    found = checked(filled)
    assert not found.whole
    if column not in ("id", "digest"):
        assert found.breaks == (Break("row", row["id"], OTHER["at"] if column == "at" else row["at"]),)


def test_of_a_row_that_was_taken_out_the_next_one_tells(filled: Database) -> None:
    with filled.write() as tx:
        rows = rows_of(tx)
        tx.execute(delete(table).where(table.c.id == rows[2]["id"]))
    assert checked(filled).breaks == (Break("row", rows[3]["id"], rows[3]["at"]),)


def test_of_the_last_rows_that_were_taken_out_the_end_tells(filled: Database) -> None:
    with filled.write() as tx:
        rows = rows_of(tx)
        tx.execute(delete(table).where(table.c.id > rows[3]["id"]))
    assert checked(filled).breaks == (Break("end", rows[3]["id"], rows[3]["at"]),)
    with filled.write() as tx:
        tx.execute(delete(table))
    assert checked(filled).breaks == (Break("end", 0, None),)


TOUCHES = ("change", "remove", "insert", "swap")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_single_row_that_is_changed_taken_out_put_in_or_swapped_shows(
    filled: Database, data: st.DataObject
) -> None:
    with filled.write() as tx:
        before = rows_of(tx)
        rows = [dict(row) for row in before]
        place = data.draw(st.integers(0, ROWS - 1))
        match data.draw(st.sampled_from(TOUCHES)):
            case "change":
                column = data.draw(st.sampled_from(sorted(OTHER)))
                rows[place][column] = OTHER[column]
            case "remove":
                del rows[place]
            case "insert":
                # With a digest that follows from the row before it, as someone would who knows how it is made.
                number = rows[-1]["id"] + 1 if place == ROWS - 1 else None
                last = rows[place]["digest"]
                new = {**rows[place], "id": number or rows[place]["id"], "person": "w8"}
                said = (new["person"], new["role"], new["what"], new["client"], new["prompt"])
                new["digest"] = chained(last, new["id"], new["at"], *said)
                if number is None:  # the numbers beyond move up by one
                    for row in rows[place:]:
                        row["id"] += 1
                rows.insert(place + (number is not None), new)
            case _:
                other = data.draw(st.integers(0, ROWS - 1).filter(lambda n: n != place))
                one, two = rows[place], rows[other]
                one["id"], two["id"] = two["id"], one["id"]
        tx.execute(delete(table))
        tx.execute(insert(table), rows)
    assert not checked(filled).whole
    with filled.write() as tx:
        tx.execute(delete(table))
        tx.execute(insert(table), before)
    assert checked(filled).whole


def test_a_trail_that_was_made_anew_from_a_row_on_shows_by_what_was_noted_elsewhere(
    filled: Database,
) -> None:
    noted = checked(filled).last
    assert noted is not None
    with filled.write() as tx:
        audit.add(tx, at(8), "w1", "worker", "saw-prompt")
    assert checked(filled, noted).noted == "same"
    with filled.write() as tx:
        rows = rows_of(tx)
        digest = rows[1]["digest"]
        rows[2]["person"] = "w8"
        for row in rows[2:]:
            said = (row["person"], row["role"], row["what"], row["client"], row["prompt"])
            digest = row["digest"] = chained(digest, row["id"], row["at"], *said)
            tx.execute(update(table).where(table.c.id == row["id"]).values(row))
        meta.put(tx, HEAD, {"id": rows[-1]["id"], "digest": digest.hex()})
    assert checked(filled).whole
    found = checked(filled, noted)
    assert (found.noted, found.whole) == ("other", False)


def test_what_was_noted_of_a_row_that_went_for_its_age_tells_nothing(filled: Database) -> None:
    with filled.read() as tx:
        two, three = rows_of(tx)[1:3]
    noted = [Link(row["id"], row["digest"].hex()) for row in (two, three)]
    with filled.write() as tx:
        audit.prune(tx, at(4))
    assert [checked(filled, one).noted for one in noted] == ["gone", "same"]
    assert checked(filled, replace(noted[1], digest="00")).noted == "other"
    found = checked(filled)
    assert (found.pruned, found.first, found.rows) == (noted[1], at(4), 3)


def test_a_number_that_was_never_given_is_no_row_that_was_noted(database: Database) -> None:
    with database.write() as tx:
        fill(tx, 2)
    assert checked(database, Link(99_999_999, "00")).noted == "other"
    wipe(database)
