"""Opening the database and its transactions: one writer at a time on SQLite, PostgreSQL by the same code.

On SQLite a writing transaction takes the write lock when it begins, and waits for it: a transaction that read first and
wrote later could be refused halfway ("database is locked"), however long it is willing to wait.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from cti.store.errors import Unreachable, WrongAddress
from cti.store.locks import file_locks, make_private, server_locks

BUSY_SECONDS = 60
"""How long a writer on SQLite waits for the one before it."""

SYNCHRONOUS = "FULL"
"""On SQLite, what was committed survives a power cut too. (Tests, which fear no power cut, wait for the disk less often.)"""

CACHE_KIB = 65536
"""Page cache of a connection on SQLite. Its own default of 2 MB makes large imports half as fast."""

MOST_CONNECTIONS = 40
"""Of one process to PostgreSQL. A lock has one for itself, and whoever holds it needs another: there must be enough for all."""

ALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 60_000}
"""When a connection to PostgreSQL counts as dead, in seconds (the last in milliseconds). By themselves systems wait for hours; a
machine that is gone must not hold its locks so long, and the server is told the same."""


class Database:
    """A database that is open. Safe to share between threads; after a fork, open it anew."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self.shown = url.render_as_string(hide_password=True)
        self.sqlite = url.get_backend_name() == "sqlite"
        self.file = Path(url.database or "") if self.sqlite else None
        self.engine = self._engine()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A writing transaction: committed at the end of the block, rolled back where it raises."""
        with self._connection(cti_write=True) as connection, connection.begin():
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A reading transaction: everything read in it is of one moment. Writing in it is an error."""
        options: dict[str, Any] = {"cti_write": False}
        if not self.sqlite:
            options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self._connection(**options) as connection, connection.begin():
            yield connection

    @contextmanager
    def lock(self, *names: str, tries: int = 1) -> Iterator[bool]:
        """True where nobody else holds one of these locks, and keeps others from them for the block; False where another process
        or thread does, which is asked so many times, a tenth of a second apart.

        A process that dies lets go of them. (On PostgreSQL they belong to the session: a connection pooler must pool sessions.)
        """
        locked = file_locks(self.file) if self.file is not None else server_locks(self._connection)
        for left in range(tries - 1, -1, -1):
            with locked(sorted(names)) as got:
                if got or not left:
                    yield got
                    return
            time.sleep(0.1)

    def close(self) -> None:
        """Closes all connections."""
        self.engine.dispose()

    @contextmanager
    def _connection(self, **options: Any) -> Iterator[Connection]:
        try:
            connection = self.engine.connect()
        except DBAPIError as error:
            raise Unreachable(url=self.shown, error=_said(error)) from error
        with connection:
            yield connection.execution_options(**options)

    def _engine(self) -> Engine:
        if self.file is None:
            engine = create_engine(
                self.url,
                pool_pre_ping=True,
                max_overflow=MOST_CONNECTIONS - 5,  # beside the five that are kept
                connect_args={
                    "connect_timeout": 10,
                    "application_name": "cti",
                    "client_encoding": "utf8",
                    **ALIVE,
                },
            )
            event.listen(engine, "connect", _prepare_postgresql)
            return engine
        make_private(self.file)
        engine = create_engine(self.url, connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine


def open_database(url: str) -> Database:
    """Opens the database at this address, in the form that SQLAlchemy has them. A new SQLite file is made, readable to its
    owner only.

    Raises WrongAddress, and Unreachable where nothing answers there. Whether the tables are there is `cti.store.schema`'s
    question.
    """
    try:
        address = make_url(url)
        backend = address.get_backend_name()
        shown = url if backend == "sqlite" else address.render_as_string(hide_password=True)
        if backend == "sqlite":
            address = address.set(drivername="sqlite+pysqlite")
        elif backend == "postgresql":
            address = address.set(drivername="postgresql+psycopg")
        usable = backend in ("sqlite", "postgresql") and bool(address.database)
        # What is in memory is forgotten, and seen by one connection only.
        if not usable or address.database == ":memory:" or "mode" in address.query:
            raise WrongAddress(url=shown)
    except (ArgumentError, NoSuchModuleError, ValueError):
        # What cannot be taken apart may hold a password anywhere.
        raise WrongAddress(url=url.partition(":")[0] + ":…") from None
    database = Database(address)
    with database.read() as tx:
        tx.execute(text("SELECT 1"))
    return database


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver begins no transactions of its own; _begin_sqlite does
    for pragma in (
        "foreign_keys = ON",
        f"synchronous = {SYNCHRONOUS}",
        f"cache_size = -{CACHE_KIB}",
        "temp_store = MEMORY",
        "secure_delete = ON",  # what is erased is overwritten, not only unlinked
    ):
        connection.execute(f"PRAGMA {pragma}")
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        _switch_to_wal(connection)


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Only one process can switch, and the others are refused at once, whatever their timeout; so the write lock comes first."""
    for _ in range(BUSY_SECONDS * 10):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("COMMIT")
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
    raise sqlite3.OperationalError("another process keeps the database from being opened")


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("cti_write", False)
    if connection.info.get("cti_write") != write:  # as it was used last
        _directly(connection, "PRAGMA query_only = " + ("OFF" if write else "ON"))
        connection.info["cti_write"] = write
    if write:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        _directly(connection, "BEGIN")


def _directly(connection: Connection, statement: str) -> None:
    """What cannot be refused, past SQLAlchemy, which takes many times as long for it: there is one for each transaction."""
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(statement)


def _prepare_postgresql(connection: Any, _record: object) -> None:
    # Times come back in the session's zone; in UTC they need no conversion.
    connection.autocommit = True
    connection.execute("SET TIME ZONE 'UTC'")
    for name in ("idle", "interval", "count"):  # nothing to a socket of this machine
        connection.execute(f"SET tcp_keepalives_{name} = {ALIVE[f'keepalives_{name}']}")
    connection.autocommit = False


def _said(error: DBAPIError) -> str:
    """The driver's own words, on one line, without SQLAlchemy's address of an explanation."""
    return " ".join(str(error.orig).split())
