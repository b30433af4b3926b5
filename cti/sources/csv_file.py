"""One CSV file of a `csv` source, read into rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from cti.core.vocabulary import Vocabulary
from cti.i18n import mark
from cti.problems import Problems, problem
from cti.sources.base import Quarantined
from cti.sources.columns import COLUMNS, Codes, RowOptions, place_columns
from cti.sources.files import Lines, Scan, records, scan, sheet
from cti.sources.rows import Mapper, Row
from cti.sources.since import Since
from cti.sources.snapshots import Read, collect


@dataclass(frozen=True, slots=True)
class Form:
    """How the files of a source are written, and what their rows mean."""

    options: RowOptions
    vocabulary: Vocabulary
    codes: dict[str, Codes]
    zone: ZoneInfo
    encoding: str
    delimiter: str | None


NOTHING = Read([], [], 0, ())

Take = Callable[[Row, tuple[str, ...]], None]
"""What becomes of a row, and of the parts that rows of its file may have."""


@contextmanager
def opened(file: Path) -> Iterator[BinaryIO]:
    """A file to be read. Raises Problems where it cannot be, also in the middle."""
    try:
        with file.open("rb") as stream:
            yield stream
    except OSError as error:
        text = mark("the file cannot be read: {why}")
        raise Problems([problem(text, file=file.name, why=error.strerror or "?")]) from error


def scanned(file: Path, encoding: str) -> Scan:
    """What a file is, without what is in it. Raises Problems where it cannot be read."""
    with opened(file) as stream:
        return scan(stream, encoding)


def read_file(
    file: Path, found: Scan, form: Form, since: Since | None = None, take: Take | None = None
) -> tuple[Read, bool]:
    """The rows of a file, and whether it is complete: one that is empty, or whose last row is cut off, may yet grow.

    Raises Problems where the text or its header cannot be read. `since` reads the rows as those of a snapshot; rows that someone
    is there to `take` are only counted.
    """
    with opened(file) as stream:
        return read_stream(file.name, stream, found, form, since, take)


def read_stream(
    name: str, stream: BinaryIO, found: Scan, form: Form, since: Since | None = None, take: Take | None = None
) -> tuple[Read, bool]:
    """The same of a file that is open."""
    if found.encoding is None:
        why = mark(
            "the file is not written in {encoding}; set encoding of the source to what it is, or to auto"
        )
        raise Problems([problem(why, file=name, line=1, encoding=form.encoding)])
    with Lines(stream, found.encoding) as lines:
        return _read(name, lines, form, since, take)


def _read(name: str, lines: Lines, form: Form, since: Since | None, take: Take | None) -> tuple[Read, bool]:
    columns = [form.options.columns.get(column, column) for column in COLUMNS]
    cut = sheet(lines, [*columns, *form.options.facts.values()], form.delimiter)
    if cut is None:
        return NOTHING, False
    places = place_columns(form.options, cut.header, name)
    mapper = Mapper(form.options, form.vocabulary, form.codes, places, form.zone, since)
    last_whole = True

    def entries() -> Iterator[Row | Quarantined]:
        nonlocal last_whole
        for line, cells in records(cut):
            if cells is None:
                reason = mark(
                    "the line does not have the columns of the header; is a quote or a delimiter amiss?"
                )
                entry: Row | Quarantined = Quarantined("", name, line, "", "", reason)
            else:
                entry = mapper.read(cells, name, line)
            last_whole = isinstance(entry, Row) and cells is not None and len(cells) >= len(cut.header)
            yield entry

    parts = mapper.parts
    read = collect(
        entries(), parts, form.options, (lambda row: take(row, parts)) if take is not None else None
    )
    return read, last_whole or not cut.cut_off
