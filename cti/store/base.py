"""What all tables stand on: their collection, the names of their constraints, indexes of some rows only."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import BindParameter, Index, MetaData, Table, literal, text
from sqlalchemy.orm import registry
from sqlmodel import SQLModel

# Constraints have names, so that a later migration can name what it changes.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)

# Our own numbers stand in links and logs: a number once given is never given again.
NEVER_AGAIN = {"sqlite_autoincrement": True}
# Rows that are only ever read together with their neighbours lie together.
CLUSTERED = {"sqlite_with_rowid": False}


class Row(SQLModel, registry=registry(metadata=metadata)):
    """What all tables share: a collection of their own, so that nothing else that uses SQLModel is mistaken for ours."""


def some(condition: str, name: str, *columns: str) -> Index:
    """An index of only the rows that fulfil the condition, on both kinds of database. SQLite has no truth but 1."""
    on_sqlite = condition if " " in condition else f"{condition} = 1"
    return Index(name, *columns, sqlite_where=text(on_sqlite), postgresql_where=text(condition))


def fixed(value: str) -> BindParameter[str]:
    """A value that stands in the query itself: with a parameter, the indexes above are not found."""
    return literal(value, literal_execute=True)


def table_of(row: type[Row]) -> Table:
    return cast("Any", row).__table__  # type: ignore[no-any-return]
