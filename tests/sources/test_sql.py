"""A database is read by a query: what changed since the cursor, or all of it. The same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from cti.core.events import Assignment, Fact, Stay
from cti.problems import Problems
from cti.sources.base import Batch, State, read_again
from cti.sources.sql import Options
from tests import postgres
from tests.sources.build import NOW, faults, notes, now_says, problems_of, read, said

TABLE = """CREATE TABLE stays (nr varchar(20), cliënt varchar(20), wat varchar(20), van date, tot date, begeleider varchar(20),
           trust varchar(20), weg boolean, updated_at {moment}, version integer)"""
COLUMNS = {
    "id": "nr",
    "client": "cliënt",
    "situation": "wat",
    "begin": "van",
    "end": "tot",
    "worker": "begeleider",
    "retracted": "weg",
}
QUERY = "SELECT * FROM stays"


@pytest.fixture(scope="module")
def server() -> Iterator[Path]:
    if why := postgres.missing():
        pytest.skip(why)
    with postgres.postgres() as folder:
        yield folder


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        yield Database("sqlite:///reg.db", f"sqlite:///{tmp_path / 'reg.db'}", tmp_path)
        return
    with postgres.postgres_database(request.getfixturevalue("server")) as url:
        yield Database(url, url, tmp_path)


class Database:
    """A registration database with one table, written to by others and read by the source."""

    def __init__(self, url: str, full_url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.engine: Engine = create_engine(full_url, poolclass=NullPool)
        moment = "timestamptz" if self.engine.dialect.name == "postgresql" else "timestamp"
        self.run(TABLE.format(moment=moment))

    def run(self, statement: str, **values: object) -> None:
        with self.engine.begin() as connection:
            connection.execute(text(statement), values)

    def put(self, nr: str, wat: str, van: str, at: str | None = None, **more: object) -> None:
        """A stay of client c-NR; `at` is when the row was changed, a time in UTC on 1 March."""
        values = {"nr": nr, "cliënt": f"c-{nr}", "wat": wat, "van": date.fromisoformat(van)} | more
        if at is not None:
            values["updated_at"] = datetime.fromisoformat(f"2026-03-01T{at}:00+00:00")
            if self.engine.dialect.name == "sqlite":
                values["updated_at"] = f"2026-03-01 {at}:00"
        if self.engine.dialect.name == "sqlite":
            values = {
                name: value.isoformat() if isinstance(value, date) else value
                for name, value in values.items()
            }
        names = ", ".join(values)
        self.run(f"INSERT INTO stays ({names}) VALUES ({', '.join(':' + name for name in values)})", **values)

    def read(self, state: State | None = None, now: datetime = NOW, **settings: Any) -> Batch:
        settings = {"query": QUERY, "columns": COLUMNS, "timezone": "UTC"} | settings
        return read(self.folder, "sql", state, now, url=self.url, **settings)


def test_without_a_cursor_the_whole_result_is_a_snapshot(database: Database) -> None:
    database.put("s1", "street", "2026-02-01")
    database.put("s2", "crisis-shelter", "2026-02-02", tot=date(2026, 2, 20))
    one = database.read()
    assert now_says(one.readings) == {
        "s1 stay": Stay("street", date(2026, 2, 1)),
        "s2 stay": Stay("crisis-shelter", date(2026, 2, 2), date(2026, 2, 20)),
    }
    assert one.absent is not None
    assert not database.read(one.state).changed
    database.run("DELETE FROM stays WHERE nr = 's1'")
    two = database.read(one.state)
    assert two.absent is not None
    first = one.readings[0]
    assert first.event is not None
    assert two.absent(first.id, first.event) is None


def test_a_snapshot_remembers_since_when_it_says_something(database: Database) -> None:
    database.put("s1", "street", "2026-02-01", begeleider="w1", trust="growing")
    one = database.read(facts={"trust": "trust"}, now=datetime(2026, 3, 2, tzinfo=UTC))
    database.run("UPDATE stays SET begeleider = 'w2'")
    two = database.read(one.state, facts={"trust": "trust"}, now=datetime(2026, 3, 5, tzinfo=UTC))
    assert now_says(two.readings) == {
        "s1 stay": Stay("street", date(2026, 2, 1)),
        "s1 assignment": Assignment(date(2026, 2, 1), "w1"),
        "s1 assignment:2": Assignment(date(2026, 3, 5), "w2"),
        "s1 fact:trust": Fact("trust", "growing", date(2026, 3, 2)),
    }


def test_with_a_cursor_only_later_rows_are_read(database: Database) -> None:
    database.put("s1", "street", "2026-02-01", at="09:00")
    database.put("s2", "street", "2026-02-01", at="12:00")
    one = database.read(cursor="updated_at", cursor_id="nr")
    assert list(now_says(one.readings)) == ["s1 stay", "s2 stay"]
    assert one.absent is None
    assert one.afresh is None
    database.put("s3", "street", "2026-02-01", at="13:00")
    two = database.read(one.state, cursor="updated_at", cursor_id="nr")
    assert list(now_says(two.readings)) == ["s2 stay", "s3 stay"]
    assert two.afresh == frozenset()
    # Nothing was added: of what the overlap gives again nothing is new.
    three = database.read(two.state, cursor="updated_at", cursor_id="nr")
    assert list(now_says(three.readings)) == ["s3 stay"]
    assert not database.read(three.state, cursor="updated_at", cursor_id="nr").changed


def test_a_row_that_was_committed_late_is_not_missed(database: Database) -> None:
    database.put("s1", "street", "2026-02-01", at="12:00")
    one = database.read(cursor="updated_at", overlap="10 minutes")
    database.put("s2", "street", "2026-02-01", at="11:55")
    database.put("s3", "street", "2026-02-01", at="11:45")
    two = database.read(one.state, cursor="updated_at", overlap="10 minutes")
    assert list(now_says(two.readings)) == ["s2 stay", "s1 stay"]


def test_when_a_row_changed_there_is_when_it_was_recorded(database: Database) -> None:
    database.put("s1", "street", "2026-02-01", at="12:00")
    batch = database.read(cursor="updated_at")
    assert said(batch, "s1", "stay") == [(Stay("street", date(2026, 2, 1)), "2026-03-01T12:00:00+00:00")]


def test_a_row_marked_as_deleted_retracts(database: Database) -> None:
    database.put("s1", "street", "2026-02-01", at="12:00", weg=True)
    assert said(database.read(cursor="updated_at"), "s1", "stay") == [(None, "2026-03-01T12:00:00+00:00")]


def test_a_cursor_may_be_a_number(database: Database) -> None:
    for number in range(1, 8):
        database.put(f"s{number}", "street", "2026-02-01", version=number)
    one = database.read(cursor="version", overlap=2)
    assert said(one, "s1", "stay")[0][1] is None
    database.put("s8", "street", "2026-02-01", version=8)
    two = database.read(one.state, cursor="version", overlap=2)
    assert list(now_says(two.readings)) == ["s5 stay", "s6 stay", "s7 stay", "s8 stay"]


def test_a_cursor_may_be_a_day(database: Database) -> None:
    database.put("s1", "street", "2026-02-01")
    database.put("s2", "street", "2026-02-02")
    one = database.read(cursor="van")
    two = database.read(one.state, cursor="van")
    assert list(now_says(two.readings)) == ["s2 stay"]


def test_rows_without_a_cursor_are_read_each_time(database: Database) -> None:
    database.put("s1", "street", "2026-02-01")
    database.put("s2", "street", "2026-02-01", at="12:00")
    one = database.read(cursor="updated_at")
    assert notes(one) == ["rows without a cursor, which are read each time: 1"]
    database.put("s3", "street", "2026-02-01", at="13:00")
    assert "s1 stay" in now_says(database.read(one.state, cursor="updated_at").readings)


def test_what_cannot_be_read_costs_its_row(database: Database) -> None:
    database.put("s1", "nowhere", "2026-02-01")
    database.put("s2", "street", "2026-02-01")
    batch = database.read()
    assert list(now_says(batch.readings)) == ["s2 stay"]
    assert faults(batch) == [
        "reg:None s1 wat=n••••••: a code that the config does not map; add it under [sources.codes.situation]"
    ]


def test_it_may_be_read_from_the_start_again(database: Database) -> None:
    database.put("s1", "street", "2026-02-01", at="09:00")
    database.put("s2", "street", "2026-02-01", at="12:00")
    one = database.read(cursor="updated_at")
    assert "s1 stay" in now_says(database.read(read_again(one.state), cursor="updated_at").readings)


def test_a_changed_mapping_reads_from_the_start(database: Database) -> None:
    database.put("s1", "nowhere", "2026-02-01", at="09:00")
    database.put("s2", "street", "2026-02-01", at="12:00")
    one = database.read(cursor="updated_at")
    two = database.read(one.state, cursor="updated_at", codes={"situation": {"nowhere": "unknown"}})
    assert "s1 stay" in now_says(two.readings)


def test_the_query_may_use_the_cursor_itself(database: Database) -> None:
    database.put("s1", "street", "2026-02-01", version=1)
    query = "SELECT * FROM stays WHERE version >= coalesce(:since, version)"
    one = database.read(query=query, cursor="version", overlap=0)
    database.put("s2", "street", "2026-02-01", version=2)
    assert list(now_says(database.read(one.state, query=query, cursor="version", overlap=0).readings)) == [
        "s1 stay",
        "s2 stay",
    ]


def test_many_rows_are_streamed(database: Database) -> None:
    numbers = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500) "
        "SELECT i AS id, 'c' || i AS client, 'street' AS situation, '2026-02-01' AS begin FROM n"
    )
    assert database.read(query=numbers, columns={}).counts.read == 2500


def test_the_database_says_what_is_wrong(database: Database) -> None:
    with pytest.raises(Problems, match=r'source "reg": the database says: .*visits'):
        database.read(query="SELECT * FROM visits")


def test_a_cursor_that_the_query_lacks_is_a_problem(database: Database) -> None:
    with pytest.raises(Problems) as raised:
        database.read(query="SELECT * FROM stays WHERE version > coalesce(:since, 0)", cursor="updatedat")
    (problem,) = raised.value.problems
    assert problem.message("en").endswith('no column "updatedat" for its cursor; did you mean "updated_at"?')


def test_a_cursor_that_does_not_grow_is_a_problem(database: Database) -> None:
    database.put("s1", "street", "2026-02-01")
    with pytest.raises(Problems, match="neither a time nor a number"):
        database.read(cursor="wat")


def test_a_missing_column_is_one_clear_problem(database: Database) -> None:
    with pytest.raises(Problems, match='the header has no column "naam"'):
        database.read(columns=COLUMNS | {"client": "naam"})


@pytest.mark.postgres
def test_a_function_that_writes_cannot(server: Path, tmp_path: Path) -> None:
    with postgres.postgres_database(server) as url:
        database = Database(url, url, tmp_path)
        database.run(
            "CREATE FUNCTION tidy() RETURNS text LANGUAGE sql AS $$ DELETE FROM stays RETURNING 's1'; SELECT 's1' $$"
        )
        query = "SELECT tidy() AS id, 'c1' AS client, 'street' AS situation, '2026-02-01' AS begin"
        with pytest.raises(Problems, match="read-only transaction"):
            database.read(query=query, columns={})


def test_sqlite_is_opened_for_reading_only(tmp_path: Path) -> None:
    settings = {"query": "SELECT 1 AS id, 2 AS client, 'left' AS situation"}
    assert problems_of(tmp_path, "sql", url="sqlite:///none.db", **settings) == [
        f'source "reg": there is no file or folder {tmp_path}/none.db'
    ]
    assert not (tmp_path / "none.db").exists()


def test_an_unreachable_database_does_not_tell_the_password(tmp_path: Path) -> None:
    url = "postgresql+psycopg://reader:geheim@127.0.0.1:1/reg?connect_timeout=2"
    (said,) = problems_of(tmp_path, "sql", url=url, query="SELECT 1 AS id")
    assert said.startswith('source "reg": the database says: ')
    assert "geheim" not in said
    assert "geheim" not in repr(Options(name="reg", type="sql", url=url, query="SELECT 1"))  # type: ignore[arg-type]


def no_select(**settings: Any) -> str:
    with pytest.raises(ValidationError) as raised:
        Options(name="reg", type="sql", url="sqlite:///x", **settings)  # type: ignore[arg-type]
    (error,) = raised.value.errors()
    return str(error["ctx"]["text"])


def test_the_settings_refuse_what_does_more_than_read() -> None:
    assert "more than one statement" in no_select(query="SELECT 1; SELECT 2")
    assert "does more than read" in no_select(query="DELETE FROM stays")
    assert "not an overlap" in no_select(query="SELECT 1", overlap="a while")
