"""A copy of the database while it runs, as one file: an SQLite database, whatever kind the original is.

The copy is of one moment. To put it back, name it in the config, or `restore` it into an empty database of either kind. It knows
that it is a copy and of when, so that whoever goes on from it asks what was sent since then.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Table, select, text

from cti.store import meta, schema
from cti.store.bulk import insert, pieces
from cti.store.database import Database, open_database
from cti.store.errors import FileExists, NotEmpty
from cti.store.tables import metadata

_COPIED = "copied-at"
"""Where a copy remembers when it was made. It is never in a database that goes on from no copy."""


def copied_at(tx: Connection) -> datetime | None:
    """When the copy was made that this database was put back from; None where it is none, or where it has gone on since."""
    found = meta.get(tx, _COPIED)
    return None if found is None else datetime.fromisoformat(found)


def go_on(tx: Connection) -> None:
    """This database is no copy any more: what was done since it was made is known."""
    meta.put(tx, _COPIED, None)


def backup(database: Database, file: Path, now: datetime) -> None:
    """Writes a copy to a new file that only its owner can read. Raises FileExists, and OSError where it cannot be written there.

    A copy that could not be finished is not left behind.
    """
    schema.check(database)
    try:
        # The name is taken first, so that two copies never write over one another.
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        raise FileExists(file=str(file)) from None
    half = file.with_name(f".{file.name}.half")
    try:
        if database.file is not None:
            _copy_file(database.file, half)
        else:
            _copy_to_file(database, half)
        _note(half, now)
        os.replace(half, file)
    except BaseException:
        for left in (file, *half.parent.glob(f"{half.name}*")):
            left.unlink(missing_ok=True)
        raise


def restore(file: Path, database: Database) -> None:
    """Fills an empty database from a copy. Raises NotEmpty where it holds anything already, and OSError where there is no
    copy."""
    if not file.is_file():
        raise FileNotFoundError(2, "no such file", str(file))
    copy = open_database(f"sqlite:///{file}")
    try:
        schema.check(copy)
        schema.ensure(database)
        _copy(copy, database)
    finally:
        copy.close()


def _copy_file(original: Path, half: Path) -> None:
    os.close(os.open(half, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
    with closing(sqlite3.connect(original, isolation_level=None)) as connection:
        try:
            connection.execute("VACUUM INTO ?", [str(half)])
        except sqlite3.OperationalError as error:
            raise OSError(error.sqlite_errorcode, str(error), str(half)) from error


def _copy_to_file(original: Database, half: Path) -> None:
    half.unlink(missing_ok=True)
    copy = open_database(f"sqlite:///{half}")
    try:
        schema.upgrade(copy)
        _copy(original, copy)
    finally:
        copy.close()


def _note(half: Path, now: datetime) -> None:
    """Has the copy know when it was made: before that it was complete. A copy of a copy knows no more than the first."""
    copy = open_database(f"sqlite:///{half}")
    try:
        with copy.write() as tx:
            if copied_at(tx) is None:
                meta.put(tx, _COPIED, now.isoformat())
    finally:
        copy.close()
    # Without its log beside it, it is one file; whoever opens it as a database switches it back.
    with closing(sqlite3.connect(half, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def _copy(original: Database, copy: Database) -> None:
    with original.read() as old, copy.write() as new:
        for table in metadata.sorted_tables:
            if new.execute(select(table).limit(1)).first() is not None:
                raise NotEmpty(url=copy.shown)
        for table in metadata.sorted_tables:
            rows = old.execute(select(table), execution_options={"yield_per": 1000}).mappings()
            for piece in pieces(rows):
                insert(new, table, [dict(row) for row in piece])
            if "id" in table.c and table.c.id.autoincrement is not False:
                _count_on(new, table, _last_number(old, table))


def _last_number(tx: Connection, table: Table) -> int:
    """The highest number ever given to a row of the table, also where that row is gone."""
    if tx.dialect.name == "postgresql":
        sequence = tx.scalar(text("SELECT pg_get_serial_sequence(:table, 'id')"), {"table": table.name})
        row = tx.execute(text(f"SELECT last_value, is_called FROM {sequence}")).one()
        return row.last_value if row.is_called else 0
    found = tx.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = :table"), {"table": table.name})
    if found is None:  # not a table that remembers it
        found = tx.scalar(select(table.c.id).order_by(table.c.id.desc()).limit(1))
    return found or 0


def _count_on(tx: Connection, table: Table, last: int) -> None:
    """The next row of the table gets a higher number than this."""
    if last == 0:
        return
    given = {"table": table.name, "last": last}
    if tx.dialect.name == "postgresql":
        tx.execute(text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :last)"), given)
    elif table.dialect_options["sqlite"]["autoincrement"]:
        tx.execute(text("DELETE FROM sqlite_sequence WHERE name = :table"), given)
        tx.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :last)"), given)
