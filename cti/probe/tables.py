"""Some rows of a table, from a file or a database, as texts. Nothing is written anywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlalchemy import MetaData, Table, inspect, select

from cti.i18n import mark
from cti.problems import Problems, problem
from cti.sources.csv_file import opened, scanned
from cti.sources.files import Lines, records, sheet
from cti.sources.parse import text_of
from cti.sources.sql_query import read_url, reading

SAMPLED = 5_000
"""Rows looked at for a guess."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The first rows of a table."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def column(self, place: int) -> list[str]:
        """What stands in a column, without what is empty."""
        return [row[place] for row in self.rows if place < len(row) and row[place]]

    def counted(self, place: int) -> Counter[str]:
        """How often each value stands in a column."""
        return Counter(self.column(place))


def of_file(file: Path) -> Sample | None:
    """The first rows of a CSV file; None where it has no header. Raises Problems where it cannot be read."""
    found = scanned(file, "auto")
    with opened(file) as stream, Lines(stream, found.encoding or "utf-8") as lines:
        cut = sheet(lines)
        if cut is None:
            return None
        rows = [tuple(cell.strip() for cell in cells) for _, cells in islice(records(cut), SAMPLED) if cells]
        return Sample(file.name, tuple(cut.header), tuple(rows))


def of_database(url: str, folder: Path) -> Iterator[Sample]:
    """The first rows of each table and view of a database. Raises Problems where it cannot be reached."""
    address = read_url(url, folder, "url")
    with reading(address, "registration") as connection:
        found = inspect(connection)
        names = sorted({*found.get_table_names(), *found.get_view_names()})
        if not names:
            raise Problems([problem(mark("the database has no table that this account can see"))])
        for name in names:
            table = Table(name, MetaData(), autoload_with=connection)
            rows = connection.execute(select(table).limit(SAMPLED))
            header = tuple(rows.keys())
            yield Sample(name, header, tuple(tuple(text_of(cell) for cell in row) for row in rows))
