"""The `people-sql` source: a list of those who work here, as the result of a query that only reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr
from sqlalchemy import text

from cti.sources.base import Batch, Context, State
from cti.sources.people.options import RowOptions, place_columns
from cti.sources.people.rows import Entry, people_batch
from cti.sources.sql import ROWS_AT_A_TIME, check_query
from cti.sources.sql_query import read_url, reading, statement


class Options(RowOptions):
    """The settings of a `people-sql` source."""

    url: SecretStr = Field(
        description="The database: postgresql+psycopg://user:password@host/name, sqlite:///file.db, or any other that "
        "SQLAlchemy knows and of which the driver is installed."
    )
    query: Annotated[str, AfterValidator(check_query)] = Field(
        description="One SELECT (or WITH … SELECT) that gives a row for each person, or for each absence."
    )


def read(options: Options, state: State, context: Context) -> Batch:
    """Reads the whole result. Raises Problems where the database cannot be reached or read, without its password."""
    url = read_url(options.url.get_secret_value(), context.folder, "url")
    streamed = {"stream_results": True, "yield_per": ROWS_AT_A_TIME}
    query, _ = statement(options.query, None, None, None, url.get_backend_name())
    with (
        reading(url, options.name) as connection,
        connection.execute(text(query), execution_options=streamed) as result,
    ):
        places = place_columns(options, list(result.keys()), options.name)
        rows: Iterator[Entry] = ((None, tuple(row)) for row in result)
        return people_batch(rows, places, options.name, options, context)
