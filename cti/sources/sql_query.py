"""A query that only reads: checked before it is sent, sent in a transaction that cannot write, its errors without secrets."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from os.path import isfile
from pathlib import Path
from urllib.parse import quote, unquote

from sqlalchemy import URL, Connection, create_engine, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from cti.i18n import mark
from cti.problems import Problem, Problems, problem

_NOT_CODE = re.compile(
    r"""'(?:[^']|'')*' | "(?:[^"]|"")*" | `[^`]*` | \[[^\]]*\] | --[^\n]* | /\*.*?\*/ | \$(\w*)\$.*?\$\1\$""",
    re.DOTALL | re.VERBOSE,
)
_WRITES = frozenset(
    ["insert", "update", "delete", "merge", "replace", "into", "drop", "alter", "create", "truncate"]
)
_FUNCTIONS = frozenset(("replace", "truncate"))
"""Words that also name functions, which a reading query may well call."""

KNOCKING = 10
"""Seconds in which a server must let us in."""

PATIENCE = 120
"""Seconds that PostgreSQL may take until it begins to answer, and then for each thousand rows. Passes wait for it."""


def why_not_read_only(query: str) -> str | None:
    """The word by which the query would do more than read, or None; ";" means a second statement.

    What stands in texts, quoted names and comments does not count.
    """
    code = _NOT_CODE.sub(" '' ", query).strip().rstrip(";").strip()
    if ";" in code:
        return ";"
    words = [(hit[0].lower(), code[hit.end() :].lstrip()[:1]) for hit in re.finditer(r"[A-Za-z_]\w*", code)]
    if not words or words[0][0] not in ("select", "with"):
        return words[0][0] if words else ""
    for word, after in words:
        if word in _WRITES and not (word in _FUNCTIONS and after == "("):
            return word
    return None


def read_url(value: str, folder: Path, field: str) -> URL:
    """The address of the database; a relative SQLite file is meant from `folder`. Raises Problems without showing it."""
    try:
        url = make_url(value)
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError, ValueError, ImportError) as error:
        why = mark(
            'not the address of a database; write it as "postgresql+psycopg://user:password@host/name"'
        )
        if isinstance(error, NoSuchModuleError | ImportError):
            why = mark("the program that talks to this kind of database is not installed")
        raise Problems([problem(why, field=field)]) from None
    if url.get_backend_name() == "sqlite" and url.database:
        url = url.set(database=str(folder / url.database))
    return url


@contextmanager
def reading(url: URL, source: str) -> Iterator[Connection]:
    """A connection that can only read. What goes wrong is raised as Problems, without passwords and without values."""
    try:
        driver = {"connect_args": _not_for_ever(url), **_read_only_file(url, source)}
        engine = create_engine(url, poolclass=NullPool, hide_parameters=True, **driver)
        with engine.connect() as connection, connection.execution_options(**_options(url)).begin():
            if url.get_backend_name() == "sqlite":
                connection.exec_driver_sql("PRAGMA query_only = ON")
            elif url.get_backend_name() == "postgresql":
                connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{PATIENCE}s'")
            elif url.get_backend_name() in ("mysql", "mariadb"):
                connection.exec_driver_sql("SET SESSION TRANSACTION READ ONLY")
            yield connection
    except SQLAlchemyError as error:
        raise Problems([_problem(error, url, source)]) from None


def _options(url: URL) -> dict[str, object]:
    return {"postgresql_readonly": True} if url.get_backend_name() == "postgresql" else {}


def _not_for_ever(url: URL) -> dict[str, object]:
    """What keeps a server that hangs, or a line that is dead, from holding up the pass. What the address says goes before."""
    if url.get_driver_name() not in ("psycopg", "psycopg2"):
        return {}
    asked = {
        "connect_timeout": KNOCKING,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 60_000,
    }
    return {name: value for name, value in asked.items() if name not in url.query}


def _read_only_file(url: URL, source: str) -> dict[str, object]:
    if url.get_backend_name() != "sqlite" or not url.database:
        return {}
    file = Path(url.database)
    if not isfile(file):
        text = mark('source "{source}": there is no file or folder {path}')
        raise Problems([problem(text, field="url", source=source, path=str(file))])

    def connect() -> sqlite3.Connection:
        # Opened so, SQLite makes no file where there is none, and takes no lock that the registration would wait for.
        return sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True, timeout=10)

    return {"creator": connect}


def _problem(error: SQLAlchemyError, url: URL, source: str) -> Problem:
    if isinstance(error, DataError):
        # The database quotes the value, which may be somebody's.
        return problem(
            mark(
                'source "{source}": the query meets a value that it cannot convert; let it give days as text'
            ),
            field="query",
            source=source,
        )
    said = str(error.orig if isinstance(error, DBAPIError) and error.orig else error)
    line = next((line.strip() for line in said.splitlines() if line.strip()), type(error).__name__)
    text = mark('source "{source}": the database says: {why}')
    return problem(text, field="query", source=source, why=without_secrets(line, url))


def without_secrets(said: str, url: URL) -> str:
    """The text without the password of the address, however it is written in it."""
    password = url.password
    if password:
        for secret in sorted({password, quote(password, safe=""), unquote(password)}, key=len, reverse=True):
            said = said.replace(secret, "•••")
    return said


def statement(
    query: str, cursor: str | None, tie: str | None, since: object, dialect: str
) -> tuple[str, dict[str, object]]:
    """The query to send and its parameters: everything, or what lies at or past `since` in the order of the cursor.

    A query that has `:since` in it puts the limit where it wants it. Rows without a cursor are given each time.
    """
    bare = query.strip().rstrip(";").strip()
    if cursor is None:
        return _literal(bare), {}
    if ":since" in _NOT_CODE.sub(" '' ", bare):
        return _literal(bare, but=":since"), {"since": since}
    column, order = _quoted(cursor, dialect), [_quoted(name, dialect) for name in (cursor, tie) if name]
    limit = "" if since is None else f" WHERE {column} >= :since OR {column} IS NULL"
    params = {} if since is None else {"since": since}
    return f"SELECT * FROM ({_literal(bare)}\n) q{limit} ORDER BY {', '.join(order)}", params


def _quoted(name: str, dialect: str) -> str:
    # A plain name stands without quotes, as its case would count within them on some databases.
    if re.fullmatch(r"[A-Za-z_]\w*", name):
        return name
    if dialect in ("mysql", "mariadb"):
        return f"`{name.replace('`', '``')}`"
    if dialect == "mssql":
        return f"[{name.replace(']', ']]')}]"
    return '"' + name.replace('"', '""') + '"'


def _literal(query: str, but: str = "") -> str:
    # A colon before a word means a parameter to SQLAlchemy, also within quotes ('10:mm'); a cast (::date) does not.
    def escape(hit: re.Match[str]) -> str:
        return hit[0] if hit[0] == but else "\\" + hit[0]

    return re.sub(r"(?<![:\w\\]):\w+", escape, query)
