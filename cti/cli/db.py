"""`cti db`: the database's tables, and a copy of it."""

from __future__ import annotations

from pathlib import Path

from cti.cli.output import line, out, progress
from cti.cli.session import Session, called
from cti.engine.system import System
from cti.i18n import say
from cti.store import schema
from cti.store.backup import backup as copy
from cti.store.database import open_database


def upgrade(asked: Session) -> None:
    """Brings the tables up to date."""
    database = open_database(asked.config.database)
    try:
        schema.upgrade(database)
        line(out(), say(asked.lang, "{database} is up to date.", database=called(database)))
    finally:
        database.close()


def backup(asked: Session, file: Path) -> None:
    """Copies the database into the file."""
    database = open_database(asked.config.database)
    try:
        schema.check(database)
        now = asked.clock(System(asked.config, database))
        with progress(say(asked.lang, "Copying …")):
            copy(database, file, now)
        line(
            out(),
            say(
                asked.lang,
                "{file} holds a copy of {database}.",
                file=file.as_posix(),
                database=called(database),
            ),
        )
    finally:
        database.close()
