"""The `csv` source: a folder of exports, as rows that are added (events) or as complete states (snapshots)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from os.path import isdir
from pathlib import Path
from typing import Literal

from pydantic import Field

from cti.core.events import Reading
from cti.i18n import mark
from cti.problems import Problem, Problems, problem
from cti.sources.base import Batch, Context, Note, State, Unsaid, note, settings_digest
from cti.sources.columns import RowOptions, code_table
from cti.sources.csv_file import Form, read_file, scanned
from cti.sources.files import day_of, find, look
from cti.sources.row_readings import row_readings
from cti.sources.since import Since
from cti.sources.snapshots import (
    Read,
    absent_from,
    counts_of,
    snapshot_notes,
    snapshot_readings,
    unshown_notes,
)
from cti.sources.spool import Spool

FORM = "1"
"""Raised when this module reads the same file differently, so that what was read before is read again."""


class Options(RowOptions):
    """The settings of a `csv` source."""

    mode: Literal["events", "snapshots"] = Field(
        default="events",
        description="Rows that are added one after another, or the complete state of the registration each time.",
    )
    path: str = Field(description="A folder of exports, one file, or a pattern such as exports/*.csv.")
    pattern: str = Field(default="*.csv", description="Which files of the folder are exports.")
    encoding: Literal["auto", "utf-8", "utf-16", "cp1252"] = Field(
        default="auto", description="The encoding; auto tells UTF-8, UTF-16 and Windows-1252 apart."
    )
    delimiter: Literal["auto", ",", ";", "\t", "|"] = Field(
        default="auto", description="What stands between cells; auto takes what finds most columns."
    )


def read(options: Options, state: State, context: Context) -> Batch:
    """Reads the files that are new or changed since `state`; of snapshots the newest.

    Raises Problems where the path is not there, or the mapping does not fit the vocabulary.
    """
    zone = options.zone(context)
    delimiter = None if options.delimiter == "auto" else options.delimiter
    codes = code_table(options, context.vocabulary)
    form = Form(options, context.vocabulary, codes, zone, options.encoding, delimiter)
    path = context.folder / options.path
    files = find(path, options.pattern)
    if not files and not isdir(path) and not (isdir(path.parent) and "*" in path.name):
        text = mark('source "{source}": there is no file or folder {path}')
        raise Problems([problem(text, field="path", source=options.name, path=options.path)])
    settings = settings_digest(options, context.vocabulary, FORM)
    if state.get("settings") != settings:
        # The mapping changed: all is read again, but since when a snapshot says something is still known.
        state = {"since": state.get("since", {}), "waiting": state.get("waiting", {})}
    state = {"files": {}, "waiting": {}, "since": {}} | state | {"settings": settings}
    if options.mode == "snapshots":
        return _read_snapshot(options.name, form, files, state)
    return _read_events(options.name, form, files, state)


def _read_events(source: str, form: Form, files: Sequence[Path], state: State) -> Batch:
    spool = Spool()
    reads: list[Read] = []
    seen: dict[str, list[object]] = {}
    waiting: dict[str, list[int]] = {}
    problems: list[Problem] = []
    known = {entry[2] for entry in state["files"].values()}
    so_far = spool.mark()
    for file in sorted(files, key=lambda file: (day_of(file, form.zone), look(file).changed, file.name)):
        before = look(file).as_state()
        entry = state["files"].get(file.name)
        if entry is not None and entry[:2] == before:
            seen[file.name] = entry
            continue
        try:
            found = scanned(file, form.encoding)
            if found.fingerprint in known:
                # The same content under another name, or written once more.
                seen[file.name] = [*before, found.fingerprint]
                continue
            read, complete = read_file(file, found, form, take=spool.add)
        except Problems as error:
            spool.back(so_far)
            problems.extend(error.problems)
            continue
        if look(file).as_state() != before or (not complete and state["waiting"].get(file.name) != before):
            spool.back(so_far)
            waiting[file.name] = before
            continue
        seen[file.name] = [*before, found.fingerprint]
        reads.append(read)
        so_far = spool.mark()

    def pieces() -> Iterator[tuple[list[Reading], Unsaid]]:
        return (row_readings(piece, source) for piece in spool.pieces())

    readings, unsaid = next(pieces()) if spool.in_memory else ((), None)
    return Batch(
        readings,
        {"settings": state["settings"], "files": seen, "waiting": waiting},
        changed=bool(reads),
        afresh=frozenset(
            seen.keys() - {name for name, entry in state["files"].items() if seen.get(name) == entry}
        ),
        quarantined=tuple(entry for read in reads for entry in read.quarantined),
        counts=counts_of(*reads),
        unsaid=unsaid,
        pieces=None if spool.in_memory else pieces,
        notes=(*map(_being_written, waiting), *unshown_notes(*reads)),
        problems=tuple(problems),
    )


def _read_snapshot(source: str, form: Form, files: Sequence[Path], state: State) -> Batch:
    if not files:
        return Batch(state=state, changed=False, notes=(note(mark("there is no snapshot in the folder")),))
    order = {file: [day_of(file, form.zone).isoformat(), look(file).changed] for file in files}
    newest = max(files, key=lambda file: (order[file], file.name))
    before = look(newest).as_state()
    if state["files"].get(newest.name, [])[:2] == before:
        return Batch(state=state, changed=False)
    if state.get("newest", ["", 0]) > order[newest]:
        text = mark("{file} is older than the last snapshot that was read; it is left unread")
        return Batch(state=state, changed=False, notes=(note(text, file=newest.name),))
    found = scanned(newest, form.encoding)
    again = state | {
        "files": {newest.name: [*before, found.fingerprint]},
        "newest": order[newest],
        "waiting": {},
    }
    if found.fingerprint in {entry[2] for entry in state["files"].values()}:
        return Batch(state=again, changed=False)
    today = day_of(newest, form.zone)
    since = Since(state["since"], today)
    read, complete = read_file(newest, found, form, since)
    if look(newest).as_state() != before or (not complete and state["waiting"].get(newest.name) != before):
        waiting = state | {"waiting": {newest.name: before}}
        return Batch(state=waiting, changed=False, notes=(_being_written(newest.name),))
    for entry in read.quarantined:
        since.keep(entry.ref)
    return Batch(
        snapshot_readings(read, source),
        again | {"since": since.state if read.rows else state["since"]},
        quarantined=tuple(read.quarantined),
        counts=counts_of(read),
        absent=absent_from(read, form.options, today),
        notes=snapshot_notes(read),
    )


def _being_written(name: str) -> Note:
    return note(mark("{file} is empty or not complete yet; it is read when it is"), file=name)
