"""The `people-csv` source: a list of those who work here, as a CSV file; of a folder the newest."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from cti.i18n import mark
from cti.problems import Problems, problem
from cti.sources.base import Batch, Context, State, note
from cti.sources.csv_file import opened, scanned
from cti.sources.files import Lines, day_of, find, look, records, sheet
from cti.sources.people.options import COLUMNS, RowOptions, place_columns
from cti.sources.people.rows import people_batch


class Options(RowOptions):
    """The settings of a `people-csv` source."""

    path: str = Field(description="A folder of lists, one file, or a pattern such as people/*.csv.")
    pattern: str = Field(default="*.csv", description="Which files of the folder are lists.")
    encoding: Literal["auto", "utf-8", "utf-16", "cp1252"] = Field(
        default="auto", description="The encoding; auto tells UTF-8, UTF-16 and Windows-1252 apart."
    )
    delimiter: Literal["auto", ",", ";", "\t", "|"] = Field(
        default="auto", description="What stands between cells; auto takes what finds most columns."
    )


def read(options: Options, state: State, context: Context) -> Batch:
    """Reads the newest list, each time as a whole: days pass, by which people come and go. Raises Problems where there is none,
    or where it has no columns to go by."""
    path = context.folder / options.path
    files = find(path, options.pattern)
    if not files:
        text = mark('source "{source}": there is no list of people at {path}')
        raise Problems([problem(text, field="path", source=options.name, path=options.path)])
    zone = options.zone(context)
    order = {file: [day_of(file, zone).isoformat(), look(file).changed] for file in files}
    newest = max(files, key=lambda file: (order[file], file.name))
    if state.get("newest", ["", 0]) > order[newest]:
        # Whoever left would come back with it.
        text = mark("{file} is older than the last list that was read; it is left unread")
        return Batch(state=state, changed=False, notes=(note(text, file=newest.name),))
    before = look(newest).as_state()
    found, complete = _read_file(newest, options, context)
    if look(newest).as_state() != before or (not complete and state.get("waiting") != before):
        text = mark("{file} is empty or not complete yet; it is read when it is")
        waiting = state | {"waiting": before}
        return Batch(state=waiting, changed=False, notes=(note(text, file=newest.name),))
    return _with_state(found, {"newest": order[newest], "waiting": before})


def _with_state(found: Batch, state: State) -> Batch:
    return Batch(state=state, people=found.people, quarantined=found.quarantined, counts=found.counts)


def _read_file(file: Path, options: Options, context: Context) -> tuple[Batch, bool]:
    """What the file says, and whether it is complete: one that is empty, or whose last row is cut off, may yet grow."""
    encoding = scanned(file, options.encoding).encoding
    if encoding is None:
        why = mark(
            "the file is not written in {encoding}; set encoding of the source to what it is, or to auto"
        )
        raise Problems([problem(why, file=file.name, line=1, encoding=options.encoding)])
    known = [options.columns.get(column, column) for column in COLUMNS]
    delimiter = None if options.delimiter == "auto" else options.delimiter
    with opened(file) as stream, Lines(stream, encoding) as lines:
        cut = sheet(lines, known, delimiter)
        if cut is None:
            return Batch(), False
        places = place_columns(options, cut.header, file.name)
        return people_batch(records(cut), places, file.name, options, context), not cut.cut_off
