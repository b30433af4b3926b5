"""Making the tables, bringing them up to date, and refusing those of another cti."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from cti.store import meta, schema
from cti.store.database import Database, open_database
from cti.store.errors import NotMade, NotOurs, TooNew, TooOld, WrongEncoding
from cti.store.tables import metadata
from tests.postgres import postgres_database
from tests.speed import migrate
from tests.store.conftest import Postgres


@pytest.fixture(autouse=True)
def _real_migrations(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here it is the migrations themselves that are looked at, not what was made of them before."""
    monkeypatch.setattr(schema, "_upgrade", migrate)


def set_version(database: Database, version: str) -> None:
    with database.write() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})


def test_an_empty_database_is_refused_until_its_tables_are_made(empty: Database) -> None:
    with pytest.raises(NotMade, match=r"is empty; run: cti db upgrade"):
        schema.check(empty)
    schema.upgrade(empty)
    schema.check(empty)


def test_tables_are_made_on_the_spot_and_only_once(empty: Database) -> None:
    schema.ensure(empty)
    with empty.write() as tx:
        meta.put(tx, "a", 1)
    schema.ensure(empty)
    schema.upgrade(empty)
    with empty.read() as tx:
        assert meta.get(tx, "a") == 1


def test_the_schema_that_is_needed_is_where_the_migrations_end() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    config.set_main_option("path_separator", "os")
    assert schema.needed() == ScriptDirectory.from_config(config).get_current_head()


def test_an_older_schema_is_refused_with_the_command_that_upgrades_it(database: Database) -> None:
    set_version(database, "0000")
    with pytest.raises(TooOld, match=r"of an older cti \(schema 0000, needed \d{4}\); run: cti db upgrade"):
        schema.check(database)
    with pytest.raises(TooOld):
        schema.ensure(database)
    set_version(database, schema.needed())


def test_a_newer_schema_is_refused_and_left_as_it_is(database: Database) -> None:
    set_version(database, "9999")
    for act in (schema.check, schema.ensure, schema.upgrade):
        with pytest.raises(TooNew, match=r"of a newer cti \(schema 9999, this one knows \d{4}\)"):
            act(database)
    set_version(database, schema.needed())


def test_a_database_of_something_else_is_refused_and_left_as_it_is(empty: Database) -> None:
    with empty.write() as tx:
        tx.execute(text("CREATE TABLE letters (id INTEGER)"))
    for act in (schema.check, schema.ensure, schema.upgrade):
        with pytest.raises(NotOurs, match="holds tables that are not of cti"):
            act(empty)
    with empty.read() as tx:
        assert tx.scalar(text("SELECT count(*) FROM letters")) == 0


def test_the_migrations_make_what_the_table_classes_say(empty: Database) -> None:
    schema.upgrade(empty)
    with empty.read() as tx:
        context = MigrationContext.configure(tx, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_the_migrations_make_it_to_the_letter(
    empty_url: str, kind: str, tmp_path: Path, server: Postgres
) -> None:
    """`compare_metadata` does not look at the conditions of indexes, nor at how a table is stored."""
    migrated = open_database(empty_url)
    schema.upgrade(migrated)
    if kind == "sqlite":
        made = open_database(f"sqlite:///{tmp_path}/made.db")
        assert described(migrated, by_migrations=True) == described(made)
        made.close()
    else:
        with postgres_database(server.server) as url:
            made = open_database(url)
            assert described(migrated, by_migrations=True) == described(made)
            made.close()
    migrated.close()


def described(database: Database, by_migrations: bool = False) -> list[str]:
    """How the database itself describes its tables and indexes."""
    if not by_migrations:
        with database.write() as tx:
            metadata.create_all(tx)
    with database.read() as tx:
        found = _sqlite(tx) if database.sqlite else _postgresql(tx)
    return sorted(entry for entry in found if "alembic_version" not in entry)


def _sqlite(tx: Connection) -> list[str]:
    found = tx.scalars(text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"))
    # Constraints may stand in another order.
    return [" ".join(sorted(sql.replace(",", " ").replace("\n", " ").split())) for sql in found]


def _postgresql(tx: Connection) -> list[str]:
    indexes = text("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'")
    constraints = text(
        "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace"
    )
    return [*tx.scalars(indexes), *tx.scalars(constraints)]


def test_an_upgrade_that_fails_changes_nothing(empty: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        with empty.engine.connect():
            raise RuntimeError("no power")

    monkeypatch.setattr("alembic.runtime.migration.HeadMaintainer.update_to_step", fail)
    with pytest.raises(RuntimeError, match="no power"):
        schema.upgrade(empty)
    monkeypatch.undo()
    with pytest.raises(NotMade):
        schema.check(empty)
    schema.upgrade(empty)


@pytest.mark.postgres
def test_a_database_that_does_not_keep_text_as_unicode_is_refused(server: Postgres) -> None:
    with postgres_database(server.server, "ENCODING 'SQL_ASCII'") as url:
        database = open_database(url)
        with pytest.raises(WrongEncoding, match="stores text as SQL_ASCII; make one with ENCODING 'UTF8'"):
            schema.ensure(database)
        database.close()
