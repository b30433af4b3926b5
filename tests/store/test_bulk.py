"""Writing many rows past SQLAlchemy leaves the rows that SQLAlchemy would have left."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import String, cast, func, select
from sqlalchemy.exc import StatementError

from cti.store.bulk import insert, insert_new, new_ids, pieces, update_each, upsert
from cti.store.database import Database
from cti.store.tables import client, meta, prompt, record, version
from tests.service.waiting import wait_for

LOCAL = timezone(timedelta(hours=2))
TIMES = [
    datetime(2026, 3, 1, 12, tzinfo=UTC),
    datetime(2026, 3, 1, 1, 30, 15, 123456, LOCAL),
    datetime(999, 12, 31, tzinfo=UTC),
]


def rows(count: int = 3) -> list[dict[str, object]]:
    return [
        {
            "record_id": 1,
            "seq": n + 1,
            "client_id": 1,
            "event": ['["stay"]', None, 'tab\t quote" backslash\\ new\nline \\N é 🏠'][n],
            "day": [date(2026, 3, 1), None, date(1, 1, 1)][n],
            "recorded": [None, TIMES[0], TIMES[1]][n],
            "known": TIMES[n],
            "learned": TIMES[0],
        }
        for n in range(count)
    ]


def a_record(database: Database) -> None:
    with database.write() as tx:
        tx.execute(client.insert(), [{"id": 1, "ref": "c1", "changed": 1, "planned": 0, "open": False}])
        row = {
            "id": 1,
            "source": "s",
            "ref": "r",
            "part": "",
            "client_id": 1,
            "seq": 3,
            "digest": b"\0\xff\\",
        }
        insert(tx, record, [row | {"known": TIMES[0]}])


def test_rows_are_the_same_whichever_way_they_were_written(database: Database) -> None:
    a_record(database)
    found = []
    for by_core in (True, False):
        with database.write() as tx:
            if by_core:
                tx.execute(version.insert(), rows())
            else:
                insert(tx, version, rows())
            as_text = [cast(column, String) for column in version.c]
            found.append((tx.execute(select(version)).all(), tx.execute(select(*as_text)).all()))
            tx.execute(version.delete())
    assert found[0] == found[1]
    assert [row.known for row in found[0][0]] == [time.astimezone(UTC) for time in TIMES]
    assert all(row.known.tzinfo is UTC for row in found[0][0])


def test_bytes_and_truth_come_back(database: Database) -> None:
    a_record(database)
    with database.write() as tx:
        insert(tx, client, [{"id": 2, "ref": "c2", "changed": 1, "planned": 0, "open": True}])
        assert tx.scalars(select(client.c.open).order_by(client.c.id)).all() == [False, True]
        assert tx.scalar(select(record.c.digest)) == b"\0\xff\\"


@pytest.mark.parametrize("by_core", [True, False])
def test_a_time_without_a_zone_is_refused(database: Database, by_core: bool) -> None:
    a_record(database)
    naive = [rows(1)[0] | {"known": datetime(2026, 3, 1)}]  # noqa: DTZ001
    with database.write() as tx, pytest.raises((ValueError, StatementError), match=r"(?i)zone"):
        tx.execute(version.insert(), naive) if by_core else insert(tx, version, naive)


def test_a_number_that_was_given_is_never_given_again(database: Database) -> None:
    given: set[int] = set()
    for _ in range(3):
        with database.write() as tx:
            numbers = list(new_ids(tx, client, 2))
            insert(
                tx,
                client,
                [{"id": n, "ref": f"c{n}", "changed": 1, "planned": 0, "open": False} for n in numbers],
            )
            tx.execute(client.delete())
        assert given.isdisjoint(numbers) and len(set(numbers)) == 2
        given |= set(numbers)


def test_no_numbers_are_asked_for_where_none_are_needed(database: Database) -> None:
    with database.write() as tx:
        assert list(new_ids(tx, prompt, 0)) == []
        insert(tx, client, [])
        insert_new(tx, client, [])
        upsert(tx, meta, [])


def test_writing_over_a_row_leaves_alone_what_is_not_named_and_what_is_kept(database: Database) -> None:
    whole = {"id": 1, "ref": "c1", "changed": 1, "planned": 0, "open": True, "situation": "street"}
    with database.write() as tx:
        upsert(tx, client, [whole])
        upsert(
            tx, client, [{"id": 1, "ref": "c2", "changed": 2, "planned": 9, "open": False}], keep=["planned"]
        )
        row = tx.execute(select(client)).one()
        assert (row.ref, row.changed, row.planned, row.open, row.situation) == ("c2", 2, 0, False, "street")
        insert_new(tx, client, [whole | {"id": 3, "ref": "c2"}])
        assert tx.scalar(select(func.count()).select_from(client)) == 1


def test_each_row_gets_its_own_values_of_every_type(database: Database) -> None:
    a_record(database)
    with database.write() as tx:
        insert(tx, version, rows())
        insert(
            tx, client, [{"id": n, "ref": f"c{n}", "changed": 1, "planned": 0, "open": False} for n in (2, 3)]
        )
        update_each(
            tx,
            client,
            [
                {"id": 3, "open": True, "planned": 7, "situation": "é {curly} 'quoted' \\ \"double\""},
                {"id": 1, "open": False, "planned": 8, "situation": None},
                {"id": 9, "open": True, "planned": 9, "situation": "nobody's"},
            ],
        )
        columns = (client.c.id, client.c.open, client.c.planned, client.c.situation)
        assert [tuple(row) for row in tx.execute(select(*columns).order_by(client.c.id))] == [
            (1, False, 8, None),
            (2, False, 0, None),
            (3, True, 7, "é {curly} 'quoted' \\ \"double\""),
        ]
        update_each(tx, record, [{"id": 1, "recorded": TIMES[1], "stated": b"\0\\\xff", "digest": b""}])
        row = tx.execute(select(record.c.recorded, record.c.stated, record.c.digest)).one()
        assert tuple(row) == (TIMES[1], b"\0\\\xff", b"")
        update_each(tx, record, [{"id": 1, "recorded": None, "stated": None}])
        assert tuple(tx.execute(select(record.c.recorded, record.c.stated)).one()) == (None, None)
        update_each(tx, record, [])


def test_pieces_hold_everything_in_order() -> None:
    assert list(pieces(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(pieces([])) == []


@pytest.mark.parametrize("kind", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_rows_are_held_in_the_order_of_their_numbers_wherever_they_lie(database: Database) -> None:
    with database.write() as tx:
        new = {"changed": 1, "planned": 0, "open": False}
        insert(tx, client, [{"id": number, "ref": f"c{number}"} | new for number in (1, 2, 3)])
    with database.write() as tx:
        update_each(tx, client, [{"id": 1, "changed": 2}])  # lies behind the others from now on
    with database.write() as other, ThreadPoolExecutor(1) as beside:
        with database.write() as one:
            one.execute(select(client.c.id).where(client.c.id == 2).with_for_update())
            changes = [{"id": number, "changed": 3} for number in (3, 2, 1)]
            done = beside.submit(update_each, other, client, changes)
            free = select(client.c.id).with_for_update(skip_locked=True)

            def held() -> set[int]:
                with database.write() as third:
                    return {1, 2, 3} - set(third.scalars(free))

            wait_for(lambda: held() == {1, 2})
        done.result()
