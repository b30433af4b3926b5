"""A registration database that hangs, vanishes, or was put back to an earlier day."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from cti.problems import Problems
from tests import postgres
from tests.sources.build import problems_of
from tests.sources.test_sql import QUERY, Database


@pytest.fixture
def on_postgresql(tmp_path: Path) -> Iterator[Database]:
    if why := postgres.missing():
        pytest.skip(why)
    with postgres.postgres() as server, postgres.postgres_database(server) as url:
        yield Database(url, url, tmp_path)


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Database:
    return Database("sqlite:///reg.db", f"sqlite:///{tmp_path / 'reg.db'}", tmp_path)


@pytest.mark.postgres
def test_a_database_that_hangs_is_left_after_its_time(
    on_postgresql: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cti.sources.sql_query.PATIENCE", 1)
    on_postgresql.put("s1", "street", "2026-02-01")
    url = make_url(on_postgresql.url)
    with psycopg.connect(host=str(url.query["host"]), user="postgres", dbname=url.database) as other:
        other.execute("LOCK TABLE stays IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(Problems, match="canceling statement due to statement timeout"):
            on_postgresql.read()
    assert len(on_postgresql.read().readings) > 0


def test_a_server_that_takes_the_call_and_says_nothing_is_left_after_its_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cti.sources.sql_query.KNOCKING", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql+psycopg://reader@127.0.0.1:{silent.getsockname()[1]}/reg"
        began = time.monotonic()
        (said,) = problems_of(tmp_path, "sql", url=url, query="SELECT 1 AS id")
    assert said.startswith('source "reg": the database says: connection timeout')
    assert time.monotonic() - began < 60


def test_a_database_that_vanishes_is_said_and_read_on_when_it_is_back(on_sqlite: Database) -> None:
    on_sqlite.put("s1", "street", "2026-02-01", at="09:00")
    one = on_sqlite.read(cursor="updated_at")
    file, elsewhere = on_sqlite.folder / "reg.db", on_sqlite.folder / "elsewhere.db"
    file.rename(elsewhere)
    with pytest.raises(Problems, match="there is no file or folder"):
        on_sqlite.read(one.state, cursor="updated_at")
    elsewhere.rename(file)
    on_sqlite.put("s2", "street", "2026-02-01", at="12:00")
    two = on_sqlite.read(one.state, cursor="updated_at")
    assert "s2" in {reading.id.ref for reading in two.readings}


def test_a_database_that_was_put_back_to_an_earlier_day_is_read_from_the_start(on_sqlite: Database) -> None:
    for number in range(1, 9):
        on_sqlite.put(f"s{number}", "street", "2026-02-01", version=number)
    one = on_sqlite.read(cursor="version", overlap=2)
    on_sqlite.run("DELETE FROM stays WHERE version > 4")
    on_sqlite.put("new", "street", "2026-02-03", version=5)
    two = on_sqlite.read(one.state, cursor="version", overlap=2)
    assert "new" in {reading.id.ref for reading in two.readings}
    on_sqlite.put("next", "street", "2026-02-03", version=6)
    three = on_sqlite.read(two.state, cursor="version", overlap=2)
    assert "next" in {reading.id.ref for reading in three.readings}
    assert len(three.readings) < len(two.readings), "from here on it goes by the cursor again"


def test_a_database_that_lost_all_rows_is_believed_in_nothing(on_sqlite: Database) -> None:
    on_sqlite.put("s1", "street", "2026-02-01", version=1)
    one = on_sqlite.read(cursor="version", overlap=2)
    on_sqlite.run("DELETE FROM stays")
    two = on_sqlite.read(one.state, cursor="version", overlap=2)
    assert (two.readings, two.absent) == ([], None)
    on_sqlite.put("s2", "street", "2026-02-01", version=1)
    three = on_sqlite.read(two.state, cursor="version", overlap=2, query=QUERY)
    assert {reading.id.ref for reading in three.readings} == {"s2"}
