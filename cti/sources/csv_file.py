"""One CSV file of a `csv` source, read into rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from cti.core.vocabulary import Vocabulary
from cti.i18n import mark
from cti.problems import Problems, problem
from cti.sources.base import Quarantined
from cti.sources.columns import COLUMNS, Codes, RowOptions, place_columns
from cti.sources.files import MAX_BYTES, UnknownEncoding, decode, records, sheet
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


def load(file: Path) -> bytes:
    """The bytes of a file. A file that cannot be opened, or is larger than any export, is a Problem."""
    try:
        if file.stat().st_size <= MAX_BYTES:
            return file.read_bytes()
    except OSError as error:
        text = mark("the file cannot be read: {why}")
        raise Problems([problem(text, file=file.name, why=error.strerror or "?")]) from error
    raise Problems(
        [problem(mark("the file is larger than four gigabytes; is this an export?"), file=file.name)]
    )


def read_file(name: str, data: bytes, form: Form, since: Since | None) -> tuple[Read, bool]:
    """The rows of a file, and whether it is complete: one that is empty, or whose last row is cut off, may yet grow.

    Raises Problems where the text or its header cannot be read. `since` reads the rows as those of a snapshot.
    """
    try:
        text = decode(data, form.encoding)
    except UnknownEncoding as error:
        why = mark(
            "the file is not written in {encoding}; set encoding of the source to what it is, or to auto"
        )
        raise Problems([problem(why, file=name, line=1, encoding=form.encoding)]) from error
    columns = [form.options.columns.get(column, column) for column in COLUMNS]
    cut = sheet(text, [*columns, *form.options.facts.values()], form.delimiter)
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

    read = collect(entries(), mapper.parts, form.options)
    return read, last_whole or not cut.cut_off
