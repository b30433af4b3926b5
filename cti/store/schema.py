"""Which form the tables have, and bringing them to the one that this cti knows."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from cti.store.database import Database
from cti.store.errors import NotMade, NotOurs, TooNew, TooOld, WrongEncoding

MIGRATIONS = Path(__file__).parent / "migrations"


def ensure(database: Database) -> None:
    """Makes the tables where the database is empty, else checks them."""
    try:
        check(database)
    except NotMade:
        upgrade(database)


def check(database: Database) -> None:
    """Raises where the tables are not those of this cti: NotMade, TooOld, TooNew, NotOurs."""
    with database.read() as tx:
        _check(database, tx, needed())


def upgrade(database: Database) -> None:
    """Brings the tables to the form that this cti knows, from any older one or from nothing, in one transaction.

    Raises NotOurs and TooNew, having changed nothing. Of several processes at once, one does it.
    """
    with database.write() as tx:
        if not database.sqlite:
            tx.execute(text("SELECT pg_advisory_xact_lock(hashtext('cti db upgrade'))"))
        try:
            _check(database, tx, needed())
        except (NotMade, TooOld):
            _upgrade(tx)


def needed() -> str:
    """The schema that this cti works with: the number of its newest migration."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def _check(database: Database, tx: Connection, wanted: str) -> None:
    if not database.sqlite and (encoding := tx.scalar(text("SHOW server_encoding"))) != "UTF8":
        raise WrongEncoding(url=database.shown, found=encoding)
    tables = inspect(tx).get_table_names()
    known = "alembic_version" in tables
    found = tx.scalar(text("SELECT version_num FROM alembic_version")) if known else None
    if found == wanted:
        return
    if found is None:
        raise (NotOurs if tables else NotMade)(url=database.shown)
    # Migrations are numbered, so one that this cti does not have tells which of the two is newer.
    raise (TooOld if found < wanted else TooNew)(url=database.shown, found=found, needed=wanted)


def _upgrade(tx: Connection) -> None:
    # Alembic is loaded here and not above: loading it takes longer than most commands do, and few upgrade.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = tx
    command.upgrade(config, "head")
