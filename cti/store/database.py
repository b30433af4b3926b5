"""Opening the database and its transactions: one writer at a time on SQLite, PostgreSQL by the same code.

On SQLite a writing transaction takes the write lock when it begins, and waits for it: a transaction that read first and
wrote later could be refused halfway ("database is locked"), however long it is willing to wait.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from cti.store.errors import Unreachable, WrongAddress

BUSY_SECONDS = 60
"""How long a writer on SQLite waits for the one before it."""

SYNCHRONOUS = "FULL"
"""On SQLite, what was committed survives a power cut too. (Tests, which fear no power cut, wait for the disk less often.)"""

CACHE_KIB = 65536
"""Page cache of a connection on SQLite. Its own default of 2 MB makes large imports half as fast."""

_LOCKS = 0x637469  # "cti": the first of the two numbers of our advisory locks on PostgreSQL
_TICK = 1


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
    def tick_lock(self) -> Iterator[bool]:
        """True where nobody else ticks, and keeps others from it for the block; False where another process or thread does.

        A process that dies lets go of it. (On PostgreSQL it belongs to the session, so a connection pooler must pool sessions.)
        """
        with self._file_lock() if self.sqlite else self._advisory_lock() as got:
            yield got

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

    @contextmanager
    def _file_lock(self) -> Iterator[bool]:
        # A lock of the operating system, held through SQLite because that works alike on all systems.
        file = f"{self.file}-tick"
        _make_private(Path(file))
        with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as lock:
            try:
                lock.execute("PRAGMA journal_mode = OFF")  # nothing is ever written
                lock.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise Unreachable(url=self.shown, error=str(error)) from error
                yield False
            else:
                yield True

    @contextmanager
    def _advisory_lock(self) -> Iterator[bool]:
        with self._connection(isolation_level="AUTOCOMMIT") as connection:
            key = {"one": _LOCKS, "two": _TICK}
            got = connection.scalar(text("SELECT pg_try_advisory_lock(:one, :two)"), key)
            try:
                yield bool(got)
            finally:
                if got:
                    # A session that is gone has let go of its lock already.
                    with suppress(DBAPIError):
                        connection.execute(text("SELECT pg_advisory_unlock(:one, :two)"), key)

    def _engine(self) -> Engine:
        if self.file is None:
            engine = create_engine(
                self.url,
                pool_pre_ping=True,
                connect_args={"connect_timeout": 10, "application_name": "cti", "client_encoding": "utf8"},
            )
            event.listen(engine, "connect", _prepare_postgresql)
            return engine
        _make_private(self.file)
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


def _make_private(file: Path) -> None:
    """An empty file that only its owner can read, where there is none. SQLite gives the files beside it the same rights."""
    try:
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise Unreachable(url=f"sqlite:///{file}", error=error.strerror or str(error)) from None


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
    connection.exec_driver_sql("PRAGMA query_only = " + ("OFF" if write else "ON"))
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _prepare_postgresql(connection: Any, _record: object) -> None:
    # Times come back in the session's zone; in UTC they need no conversion.
    connection.autocommit = True
    connection.execute("SET TIME ZONE 'UTC'")
    connection.autocommit = False


def _said(error: DBAPIError) -> str:
    """The driver's own words, on one line, without SQLAlchemy's address of an explanation."""
    return " ".join(str(error.orig).split())
