"""What tests need not wait for: the disk at each commit, someone who may be saving a rule, and the same tables and statements
made anew for each small database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from sqlalchemy import URL, Connection, Engine, create_engine, inspect
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from cti.store import schema
from cti.store.database import open_database

migrate = schema._upgrade
"""What makes the tables in earnest."""


@contextmanager
def without_waiting() -> Iterator[None]:
    """Tests fear no power cut, and what they write into a rules folder is whole at once. What the migrations make of an empty
    SQLite file is worked out once in a process and then written down; and a statement that was put into SQL for one SQLite file
    is not put into SQL again for the next."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cti.store.database.SYNCHRONOUS", "OFF")
        patch.setattr("cti.cli.session.SETTLING", 0)
        patch.setattr("cti.store.database.create_engine", _create_engine)
        patch.setattr("cti.store.schema._upgrade", _upgrade)
        yield


class Alike(SQLiteDialect_pysqlite):
    """Statements are kept by dialect: here all databases of a process have the same one."""

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Alike)

    def __hash__(self) -> int:
        return 1


registry.register("sqlite.alike", __name__, Alike.__name__)
_STATEMENTS: dict[object, object] = {}


def _create_engine(url: URL, **options: Any) -> Engine:
    if url.get_backend_name() == "sqlite":
        url = url.set(drivername="sqlite+alike")
        options["execution_options"] = {"compiled_cache": _STATEMENTS}
    return create_engine(url, **options)


def _upgrade(tx: Connection) -> None:
    if tx.dialect.name != "sqlite" or inspect(tx).get_table_names():
        migrate(tx)
        return
    raw = tx.connection.driver_connection
    assert raw is not None
    for statement in _made():
        raw.execute(statement)


@cache
def _made() -> tuple[str, ...]:
    """The statements that make what the migrations make."""
    with TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'made.db'}")
        with database.write() as tx:
            migrate(tx)
            raw = tx.connection.driver_connection
            assert raw is not None
            dumped = tuple(raw.iterdump())
        database.close()
    return tuple(statement for statement in dumped if statement not in ("BEGIN TRANSACTION;", "COMMIT;"))
