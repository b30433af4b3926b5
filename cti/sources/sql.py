"""The `sql` source: any database that SQLAlchemy reaches, by a query that only reads.

With a cursor column it gives the rows that were added or changed since; without one its result is a snapshot.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import chain
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_core import InitErrorDetails
from sqlalchemy import text

from cti.i18n import mark
from cti.problems import Problems, closest, problem
from cti.sources.base import Batch, Context, Quarantined, State, note, settings_digest
from cti.sources.columns import RowOptions, code_table, place_columns
from cti.sources.files import plain
from cti.sources.presets import presets
from cti.sources.row_readings import row_readings
from cti.sources.rows import Mapper, Row
from cti.sources.settings import read_overlap, wrong
from cti.sources.since import Since
from cti.sources.snapshots import Read, absent_from, collect, counts_of, snapshot_notes, snapshot_readings
from cti.sources.sql_query import read_url, reading, statement, why_not_read_only

FORM = "1"
"""Raised when this module reads the same rows differently, so that what was read before is read again."""

ROWS_AT_A_TIME = 1000

_NO_CURSOR = mark("the cursor is neither a time nor a number; choose a column that grows with each change")


def check_query(query: str) -> str:
    """The query, if it is one SELECT that only reads."""
    word = why_not_read_only(query)
    if word == ";":
        raise wrong(mark("{key}: more than one statement; a source is read by one SELECT"))
    if word is not None:
        raise wrong(mark('{key}: "{word}" does more than read; a source is read by one SELECT'), word=word)
    return query


def _check_preset(name: str | None) -> str | None:
    if name is not None and name not in presets():
        text = mark("{key} = {value}: there is no such preset; there are {presets}")
        raise wrong(text, closest(name, presets()), presets=list(presets()))
    return name


class Options(RowOptions):
    """The settings of an `sql` source. A preset gives those that the config does not."""

    url: SecretStr = Field(
        description="The database: postgresql+psycopg://user:password@host/name, sqlite:///file.db, or any other that "
        "SQLAlchemy knows and of which the driver is installed."
    )
    preset: Annotated[str | None, AfterValidator(_check_preset)] = Field(
        default=None,
        description="A ready-made query with its codes: hmis. What the config sets itself goes before.",
    )
    query: Annotated[str, AfterValidator(check_query)] = Field(
        default="",
        description="One SELECT (or WITH … SELECT) that gives a row for each registration. Required without a preset.",
    )
    cursor: str | None = Field(
        default=None,
        description="The column that grows when a row is added or changed (updated_at, a version number). Without it, each "
        "reading is a snapshot.",
    )
    cursor_id: str | None = Field(
        default=None, description="A column that orders rows of which the cursor is the same."
    )
    overlap: Annotated[timedelta | int, BeforeValidator(read_overlap)] = Field(
        default=timedelta(minutes=10),
        description='How far before the cursor is read again, for rows that were committed late: "10 minutes"; for a cursor '
        "that is a number, a number.",
    )

    @model_validator(mode="before")
    @classmethod
    def _by_its_preset(cls, said: object) -> object:
        if isinstance(said, Mapping) and isinstance(name := said.get("preset"), str) and name in presets():
            return presets()[name].with_own(said)
        return said

    @model_validator(mode="after")
    def _has_a_query(self) -> Self:
        if not self.query:
            lacking: list[InitErrorDetails] = [{"type": "missing", "loc": ("query",), "input": self.query}]
            raise ValidationError.from_exception_data("sql", lacking)
        return self


def read(options: Options, state: State, context: Context) -> Batch:
    """Reads the rows at or past the cursor of `state`, with an overlap; without a cursor column, and where there are none, the
    whole result.

    Raises Problems where the database cannot be reached or read, without its password.
    """
    settings = settings_digest(options, context.vocabulary, FORM)
    if state.get("settings") != settings:
        state = {"since": state.get("since", {})}
    state = state | {"settings": settings}
    today = context.now.astimezone(options.zone(context)).date()
    since = None if options.cursor else Since(state.get("since", {}), today)
    limit = _back(state["cursor"], options.overlap) if options.cursor and "cursor" in state else None
    found, seen = _query(options, limit, since, context)
    if limit is not None and seen.last is None:
        # Even the row that was last is not there any more: the database was put back to an earlier day, and counts from there.
        limit = None
        found, seen = _query(options, limit, since, context)
    fingerprint = seen.fingerprint.hexdigest()[:24]
    if state.get("seen") == fingerprint:
        return Batch(state=state, changed=False)
    state["seen"] = fingerprint
    quarantined, counts = tuple(found.quarantined), counts_of(found)
    if since is not None:
        for entry in quarantined:
            since.keep(entry.ref)
        if found.rows:
            state["since"] = since.state
        readings = snapshot_readings(found, options.name)
        absent = absent_from(found, options, today)
        notes = snapshot_notes(found)
        return Batch(readings, state, True, quarantined, None, counts, absent, notes=notes)
    if seen.last is not None:
        state["cursor"] = _as_state(seen.last)
    whole = None if limit is None else frozenset[str]()
    text = mark("rows without a cursor, which are read each time: {n}")
    notes = (note(text, n=seen.without),) if seen.without else ()
    readings, unsaid = row_readings([(row, found.parts) for row in found.rows], options.name)
    return Batch(readings, state, True, quarantined, whole, counts, None, unsaid, notes)


@dataclass
class _Seen:
    """What is kept of the rows that passed by: a fingerprint of all, the highest cursor, and how many had none."""

    fingerprint: Any = field(default_factory=hashlib.sha256)
    last: Any = None
    without: int = 0

    def take(self, cells: tuple[object, ...], at: int | None) -> None:
        self.fingerprint.update(repr(cells).encode("utf-8", "backslashreplace"))
        if at is not None and cells[at] is None:
            self.without += 1
        elif at is not None:
            value: Any = cells[at]
            # A column without a type of its own (SQLite) may hold texts among numbers, which have no order.
            if self.last is not None and isinstance(value, str) != isinstance(self.last, str):
                raise Problems([problem(_NO_CURSOR, field="cursor")])
            self.last = value if self.last is None else max(value, self.last)


def _query(options: Options, limit: object, since: Since | None, context: Context) -> tuple[Read, _Seen]:
    """The rows of the query from `limit` on, mapped while they come in."""
    codes = code_table(options, context.vocabulary)
    url = read_url(options.url.get_secret_value(), context.folder, "url")
    query, params = statement(options.query, options.cursor, options.cursor_id, limit, url.get_backend_name())
    streamed = {"stream_results": True, "yield_per": ROWS_AT_A_TIME}
    with (
        reading(url, options.name) as connection,
        connection.execute(text(query), params, execution_options=streamed) as result,
    ):
        header = list(result.keys())
        places = place_columns(options, header, options.name)
        at = _cursor_place(options, header)
        rows: Iterator[tuple[object, ...]] = map(tuple, result)
        if at is not None and "recorded" not in places:
            first = next(rows, None)
            if first is not None:
                rows = chain([first], rows)
                if _is_time(first[at]):
                    # When a row was last changed there is when it was recorded there.
                    places["recorded"] = at
        mapper = Mapper(options, context.vocabulary, codes, places, options.zone(context), since)
        seen = _Seen()

        def entries() -> Iterator[Row | Quarantined]:
            for cells in rows:
                seen.take(cells, at)
                yield mapper.read(cells, options.name, None)

        return collect(entries(), mapper.parts, options), seen


def _cursor_place(options: Options, header: Sequence[str]) -> int | None:
    if options.cursor is None:
        return None
    names = [plain(name) for name in header]
    if plain(options.cursor) not in names:
        why = mark('the query gives no column "{column}" for its cursor')
        guess = closest(options.cursor, header)
        raise Problems([problem(why, field="cursor", column=options.cursor, guess=guess)])
    return names.index(plain(options.cursor))


def _is_time(value: object) -> bool:
    return isinstance(value, date) or (isinstance(value, str) and _moment_text(value) is not None)


def _moment_text(value: str) -> datetime | None:
    if not re.match(r"\d{4}-\d\d-\d\d", value):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _as_state(value: object) -> list[str]:
    """A cursor's value as JSON: its kind and how it is written."""
    if isinstance(value, datetime):
        return ["moment", value.isoformat()]
    if isinstance(value, date):
        return ["day", value.isoformat()]
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return ["number", str(value)]
    if isinstance(value, str) and _moment_text(value) is not None:
        return ["text", value]
    raise Problems([problem(_NO_CURSOR, field="cursor")])


def _back(cursor: Sequence[str], overlap: timedelta | int) -> object:
    """The value from which on rows are read: the last cursor, less the overlap."""
    kind, written = cursor
    if kind == "number":
        return _number(Decimal(written) - (overlap if isinstance(overlap, int) else 0))
    span = overlap if isinstance(overlap, timedelta) else timedelta()
    if kind == "day":
        # Days are coarser than any overlap in minutes: rows of the last day are always read again.
        return date.fromisoformat(written) - timedelta(days=span.days)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", written):
        return (date.fromisoformat(written) - timedelta(days=span.days)).isoformat()
    moment = datetime.fromisoformat(written) - span
    if kind == "moment":
        return moment
    # Written as the database writes it, so that texts compare as times do; a fraction left out makes it no later.
    said = moment.isoformat(sep=written[10], timespec="seconds")
    return said.replace("+00:00", "Z") if written.endswith("Z") and moment.tzinfo is UTC else said


def _number(found: Decimal) -> int | float:
    # Not every driver takes a Decimal.
    return int(found) if found == found.to_integral_value() else float(found)
