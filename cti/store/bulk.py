"""Many rows at once: cut into pieces, numbered, written.

`insert` goes past SQLAlchemy's handling of single values, to the driver: the first import of a registration waits for it, and it
takes half the time so on SQLite, and a third of it on PostgreSQL, by COPY.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Dialect,
    Select,
    Table,
    any_,
    bindparam,
    column,
    func,
    literal,
    select,
    text,
    type_coerce,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import UserDefinedType
from sqlmodel.sql.sqltypes import UTCDateTime

T = TypeVar("T")

PIECE = 1000
"""How many values a query names at once, and how many rows of a stream are held. SQLite takes at most 32,766 parameters."""


def pieces(items: Iterable[T], size: int = PIECE) -> Iterator[list[T]]:
    """The items in lists of at most `size`, in order."""
    iterator = iter(items)
    while piece := list(islice(iterator, size)):
        yield piece


def among(tx: Connection, column: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """That the column has one of these values. PostgreSQL takes them as one array: a thousand parameters cost more than the
    query."""
    if tx.dialect.name == "postgresql":
        return column == any_(literal(list(values), postgresql.ARRAY(column.type)))
    return column.in_(values)


def among_these(dialect: str, column: ColumnElement[Any], name: str = "these") -> ColumnElement[bool]:
    """As `among`, with the values (numbers or texts) to be given by this name: for statements that are made once and executed
    often. On SQLite as JSON, since SQLAlchemy would write a list into the statement anew each time."""
    if dialect == "postgresql":
        return column == any_(bindparam(name, type_=postgresql.ARRAY(column.type)))
    values = func.json_each(bindparam(name, type_=JSON)).table_valued("value", name=name)
    return column.in_(select(values.c.value))


class _Times(UserDefinedType[datetime]):
    """Times as `UTCDateTime` stores and gives them, in a quarter of its time."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, _kind: object) -> Callable[[Any], datetime | None]:
        return _time_of_text if dialect.name == "sqlite" else _time_in_utc


def _time_of_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")


def _time_in_utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC)


def time_of_many(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column of times, for statements that give very many rows: a re-plan reads half a dozen times a prompt."""
    return type_coerce(column, _Times())


def new_ids(tx: Connection, table: Table, count: int) -> Sequence[int]:
    """That many numbers for new rows of the table, which nobody else gets and none of which was ever given before."""
    if count == 0:
        return ()
    if tx.dialect.name == "postgresql":
        # The sequence counts on whatever becomes of this transaction.
        asked = text("SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)")
        return list(tx.scalars(asked, {"table": table.name, "count": count}))
    # A writing transaction on SQLite is alone, and AUTOINCREMENT remembers the highest number ever given.
    last = tx.scalar(text("SELECT seq FROM sqlite_sequence WHERE name = :table"), {"table": table.name}) or 0
    return range(last + 1, last + 1 + count)


def insert(tx: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Writes rows that all have the same columns."""
    if not rows:
        return
    columns = [table.c[name] for name in rows[0]]
    # By column: to look at each value by itself would take as long as writing it.
    by_column = zip(columns, zip(*(row.values() for row in rows), strict=True), strict=True)
    values = zip(*(_ready(column, tx.dialect.name, of_it) for column, of_it in by_column), strict=True)
    quote = tx.dialect.identifier_preparer
    into = f"{quote.format_table(table)} ({', '.join(quote.format_column(column) for column in columns)})"
    if tx.dialect.name == "postgresql":
        with tx.connection.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:  # type: ignore[attr-defined]
            for row in values:
                copy.write_row(row)
    else:
        marks = ", ".join("?" * len(columns))
        tx.exec_driver_sql(f"INSERT INTO {into} VALUES ({marks})", list(values))


def held(table: Table, rows: ColumnElement[bool]) -> Select[Any]:
    """What keeps others from changing these rows until the transaction ends: asked for in the order of their numbers, since two
    that change the same rows in another order may wait each for the other. For PostgreSQL; on SQLite a writer is alone."""
    these = select(table.c.id).where(rows).order_by(table.c.id).with_for_update(key_share=True)
    return select(func.count()).select_from(these.subquery())


def hold(tx: Connection, table: Table, rows: ColumnElement[bool]) -> None:
    """Keeps others from changing these rows until the transaction ends, as `held` says."""
    if tx.dialect.name == "postgresql":
        tx.execute(held(table, rows))


def update_each(tx: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Gives each row with this `id` its own values. All have the same columns, the `id` among them."""
    if not rows:
        return
    others = [name for name in rows[0] if name != "id"]
    if tx.dialect.name != "postgresql":
        values = {name: bindparam(f"new_{name}", type_=table.c[name].type) for name in others}
        change = update(table).where(table.c.id == bindparam("of")).values(values)
        tx.execute(
            change, [{"of": row["id"]} | {f"new_{name}": row[name] for name in others} for row in rows]
        )
        return
    hold(tx, table, among(tx, table.c.id, [row["id"] for row in rows]))
    # One statement for all: sent one by one, they cost five times as much.
    new = func.unnest(
        *(
            literal([row[name] for row in rows], postgresql.ARRAY(table.c[name].type))
            for name in ("id", *others)
        )
    ).table_valued(*(column(name, table.c[name].type) for name in ("id", *others)), name="new")
    new = new.render_derived()
    tx.execute(update(table).where(table.c.id == new.c.id).values({name: new.c[name] for name in others}))


def upsert(
    tx: Connection,
    table: Table,
    rows: Sequence[dict[str, Any]],
    on: Collection[str] = (),
    keep: Collection[str] = (),
    fill: Collection[str] = (),
) -> None:
    """Writes rows, over those that are there with the same primary key, or the same columns `on` (which must be unique).

    All rows have the same columns; of one that is there, columns that they do not name stay, and so do those of `keep`,
    and those of `fill` that have a value.
    """
    if not rows:
        return
    tx.execute(_upsert(tx.dialect.name, table, tuple(rows[0]), tuple(on), tuple(keep), tuple(fill)), rows)


@cache
def _upsert(
    dialect: str,
    table: Table,
    columns: tuple[str, ...],
    on: tuple[str, ...],
    keep: tuple[str, ...],
    fill: tuple[str, ...],
) -> postgresql.Insert | sqlite.Insert:
    """Made once for each set of columns: making it takes longer than executing it."""
    keys = on or tuple(column.name for column in table.primary_key)
    added = _insert(dialect, table)
    others: dict[str, ColumnElement[Any]]
    others = {name: added.excluded[name] for name in columns if name not in keys and name not in keep}
    others |= {name: func.coalesce(table.c[name], added.excluded[name]) for name in fill}
    return added.on_conflict_do_update(index_elements=keys, set_=others)


def insert_new(tx: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Writes the rows that are not there yet."""
    if rows:
        tx.execute(_insert_new(tx.dialect.name, table), rows)


@cache
def _insert_new(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    return _insert(dialect, table).on_conflict_do_nothing()


def _insert(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def _ready(column: Column[Any], dialect: str, values: Iterable[Any]) -> Iterable[Any]:
    """Values of the column as the driver takes them, which is as SQLAlchemy would give them."""
    if isinstance(column.type, UTCDateTime):
        return map(_utc if dialect == "postgresql" else _utc_text, values)
    assert not isinstance(column.type, DateTime), "times are stored as UTCDateTime"
    if isinstance(column.type, Date) and dialect == "sqlite":
        return (None if value is None else value.isoformat() for value in values)
    return values


def _utc(moment: datetime | None) -> datetime | None:
    if moment is not None and moment.utcoffset() is None:
        raise ValueError(f"a time without a zone: {moment}")
    return moment


@lru_cache(maxsize=4096)  # many rows bear one time
def _utc_text(moment: datetime | None) -> str | None:
    checked = _utc(moment)
    if checked is None:
        return None
    return checked.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
