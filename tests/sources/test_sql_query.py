"""A query only reads, and its errors tell no secrets."""

from pathlib import Path

import pytest
from sqlalchemy import make_url

from cti.problems import Problems
from cti.sources.sql_query import read_url, statement, why_not_read_only, without_secrets


@pytest.mark.parametrize(
    "query",
    [
        "SELECT id, client, begin, deleted FROM stays",
        "select * from stays;",
        "  WITH s AS (SELECT 1 AS id) SELECT * FROM s",
        "-- delete what?\nSELECT 'insert; drop' AS note /* update */",
        'SELECT "update" FROM t',
        "SELECT replace(a, 'x', 'y'), truncate(n, 2) FROM t",
        "SELECT updated_at, created_at FROM t",
        "SELECT $$a; delete$$ AS x",
    ],
)
def test_a_query_that_reads_is_accepted(query: str) -> None:
    assert why_not_read_only(query) is None


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("UPDATE stays SET client = 1", "update"),
        ("DELETE FROM stays", "delete"),
        ("SELECT 1; DROP TABLE stays", ";"),
        ("WITH gone AS (DELETE FROM stays RETURNING *) SELECT * FROM gone", "delete"),
        ("SELECT * INTO copy FROM stays", "into"),
        ("SELECT * FROM stays FOR UPDATE", "update"),
        ("PRAGMA writable_schema = 1", "pragma"),
        ("CALL tidy()", "call"),
        ("-- nothing", ""),
    ],
)
def test_a_query_that_does_more_is_refused(query: str, word: str) -> None:
    assert why_not_read_only(query) == word


def test_a_cursor_limits_and_orders_the_query() -> None:
    sent, params = statement("SELECT * FROM s;", "updated_at", "id", 7, "postgresql")
    assert (
        sent
        == "SELECT * FROM (SELECT * FROM s\n) q WHERE updated_at >= :since OR updated_at IS NULL ORDER BY updated_at, id"
    )
    assert params == {"since": 7}


def test_the_first_time_there_is_no_limit() -> None:
    assert statement("SELECT * FROM s", "updated_at", None, None, "sqlite") == (
        "SELECT * FROM (SELECT * FROM s\n) q ORDER BY updated_at",
        {},
    )


def test_a_query_may_put_the_limit_where_it_is_fast() -> None:
    query = "SELECT * FROM s WHERE changed >= coalesce(:since, changed)"
    assert statement(query, "changed", None, 7, "sqlite") == (query, {"since": 7})


def test_a_colon_in_a_text_is_no_parameter() -> None:
    assert statement("SELECT ' :since', a::date FROM s", None, None, None, "postgresql")[0] == (
        "SELECT ' \\:since', a::date FROM s"
    )


@pytest.mark.parametrize(
    ("dialect", "quoted"),
    [("mssql", "[last change]"), ("mysql", "`last change`"), ("sqlite", '"last change"')],
)
def test_a_name_with_a_space_is_quoted_as_the_database_does(dialect: str, quoted: str) -> None:
    assert statement("SELECT 1", "last change", None, None, dialect)[0].endswith(f"ORDER BY {quoted}")


def test_a_password_is_masked_however_it_is_written() -> None:
    url = make_url("postgresql+psycopg://reader:p%40ss%2Fword@db/reg")
    assert without_secrets("no entry for p@ss/word or p%40ss%2Fword", url) == "no entry for ••• or •••"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("just text with a secret", "not the address of a database"),
        (
            "oracle+nonsense://reader:secret@db/reg",
            "the program that talks to this kind of database is not installed",
        ),
        ("postgresql+psycopg://reader:secret@db:port/reg", "not the address of a database"),
    ],
)
def test_an_address_that_is_none_is_not_shown(tmp_path: Path, address: str, said: str) -> None:
    with pytest.raises(Problems, match=said) as raised:
        read_url(address, tmp_path, "url")
    assert "secret" not in str(raised.value)


def test_a_relative_file_is_beside_the_config(tmp_path: Path) -> None:
    assert read_url("sqlite:///reg.db", tmp_path, "url").database == str(tmp_path / "reg.db")
