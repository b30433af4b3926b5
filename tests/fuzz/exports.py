"""What is fed to the readers of exports, and what may come of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from cti.core.events import Assignment, Closed, Expected, Fact, Stay, Value
from cti.core.vocabulary import FactKind
from cti.problems import Problems
from cti.sources import csv, hmis_csv
from cti.sources.base import Batch
from cti.sources.columns import code_table, place_columns
from cti.sources.csv_file import Form, read_stream
from cti.sources.files import scan
from cti.sources.hmis_csv.tables import Export, Tables, read_tables
from cti.sources.parse import FIRST_YEAR, OPEN_YEAR, usable_id
from cti.sources.row_readings import row_readings
from cti.sources.rows import Mapper
from cti.sources.since import Since
from cti.sources.snapshots import Read, collect, counts_of, snapshot_notes, snapshot_readings
from tests.fuzz.dice import Target, words_of
from tests.fuzz.said import all_said, problems_are_said, whole_way
from tests.rulebook.house import LANGUAGES
from tests.sources.build import HOME, WORDS, context, read
from tests.sources.hmis import Hmis

FACTS = {"trust": "trust", "review-date": "review", "children": "children"}
EVENTS = """\
id,client,recorded,situation,begin,end,destination,worker,trust,review,children,retracted
s1,c1,2026-01-05T09:00:00,crisis-shelter,2026-01-04,,,w1,growing,,2,
s1,c1,2026-02-05T09:00:00,crisis-shelter,2026-01-04,2026-02-04,own-home,w1,yes,2026-05-01,2,
s2,c2,2026-02-06 10:00,street,2026-02-01,2026-02-09,crisis-shelter,w2,,,,
s3,c2,2026-02-10T10:00:00+01:00,long-stay,2026-02-09,,,w2,no,,0,yes
"""
SNAPSHOT = """\
id;client;situation;begin;end;worker;expected;trust;review;children
s1;c1;crisis-shelter;2026-01-04;;w1;own-home;growing;;2
s2;c2;long-stay;04-01-2026;2026-02-04;w2;;"yes";2026-05-01;0
s3;"c;3";at-risk;2026-02-01;;;;;;
"""


def taken(batch: Batch) -> None:
    """Raises where something was read that nobody may say, or a value shows in quarantine."""
    for reading in batch.readings:
        # A row that was deleted may not say whose it was.
        assert usable_id(reading.client) or reading.event is None, reading
        assert usable_id(reading.id.ref), reading
        assert reading.recorded is None or reading.recorded.utcoffset() is not None, reading
        match reading.event:
            case Stay(situation, begin, end, destination):
                assert {situation, destination or situation} <= WORDS.situations.keys(), reading
                assert end is None or end >= begin, reading
                assert _is_day(begin) and (end is None or _is_day(end)), reading
            case Expected(situation, day):
                assert situation in WORDS.situations and (day is None or _is_day(day)), reading
            case Fact(name, value, day):
                assert _is_day(day) and _fits(WORDS.facts[name], value), reading
            case Assignment(day, who, team):
                assert _is_day(day) and all(one is None or usable_id(one) for one in (who, team)), reading
            case Closed(day, _, until):
                assert _is_day(day) and (until is None or _is_day(until)), reading
    for fault in batch.quarantined:
        assert _can_be_kept(fault.ref, fault.file, fault.field, fault.value), fault
        assert set(fault.value[1:]) <= {"•"} and len(fault.value) <= 16, fault
        all_said(*(fault.sentence(lang) for lang in LANGUAGES))
    all_said(*(note.sentence(lang) for note in batch.notes for lang in LANGUAGES))
    problems_are_said(batch.problems)
    assert batch.counts.rows >= batch.counts.read >= 0


def _can_be_kept(*texts: str) -> bool:
    """Whether each database takes these: PostgreSQL has no null characters, and none takes half a character."""
    return all("\0" not in text and text.encode(errors="ignore").decode() == text for text in texts)


def _is_day(day: date) -> bool:
    return FIRST_YEAR <= day.year <= OPEN_YEAR


def _fits(kind: FactKind, value: Value) -> bool:
    match kind.type:
        case "choice":
            return value in kind.values
        case "date":
            return isinstance(value, date) and _is_day(value)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e16
        case _:
            return isinstance(value, bool)


@cache
def _form(mode: Literal["events", "snapshots"]) -> Form:
    options = csv.Options(name="reg", type="csv", path=".", mode=mode, facts=FACTS)
    return Form(options, WORDS, code_table(options, WORDS), HOME, "auto", None)


def feed_csv(mode: Literal["events", "snapshots"], folder: Path, data: bytes) -> None:
    try:
        if whole_way(data):
            (folder / "export-2026-03-01.csv").write_bytes(data)
            taken(read(folder, "csv", path=".", mode=mode, facts=FACTS))
            return
        since = Since({}, date(2026, 3, 1)) if mode == "snapshots" else None
        _rows(read_stream("e.csv", BytesIO(data), scan(BytesIO(data)), _form(mode), since)[0], mode)
    except Problems as refused:
        problems_are_said(refused.problems)


def _rows(found: Read, mode: Literal["events", "snapshots"]) -> None:
    if mode == "events":
        readings, unsaid = row_readings([(row, found.parts) for row in found.rows], "reg")
        taken(Batch(readings, quarantined=tuple(found.quarantined), counts=counts_of(found), unsaid=unsaid))
    else:
        said = snapshot_readings(found, "reg")
        taken(
            Batch(
                said,
                quarantined=tuple(found.quarantined),
                counts=counts_of(found),
                notes=snapshot_notes(found),
            )
        )


def feed_sql(folder: Path, data: bytes) -> None:
    """The cells of the input as values of a database, which has them in more kinds than text."""
    rows = [line.split(b",") for line in data.splitlines()]
    columns = EVENTS.splitlines()[0].split(",")
    if not whole_way(data):
        form = _form("events")
        mapper = Mapper(form.options, WORDS, form.codes, place_columns(form.options, columns, "reg"), HOME)
        cells = ([_value(cell) for cell in [*row, *[b""] * len(columns)][: len(columns)]] for row in rows)
        entries = (mapper.read(one, "reg", None) for one in cells)
        _rows(collect(entries, mapper.parts, form.options), "events")
        return
    file = folder / "registration.db"
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("DROP TABLE IF EXISTS stays")
        database.execute(f"CREATE TABLE stays ({', '.join(columns)})")
        marks = ", ".join("?" * len(columns))
        values = [[_value(cell) for cell in [*row, *[b""] * len(columns)][: len(columns)]] for row in rows]
        database.executemany(f"INSERT INTO stays VALUES ({marks})", values)
    try:
        taken(read(folder, "sql", url=f"sqlite:///{file}", query="SELECT * FROM stays", facts=FACTS))
    except Problems as refused:
        problems_are_said(refused.problems)


def _value(cell: bytes) -> object:
    for kind in (int, float):
        try:
            number = kind(cell)
        except (ValueError, OverflowError):
            continue
        return number if not isinstance(number, int) or abs(number) < 2**63 else cell
    try:
        return cell.decode() or None
    except UnicodeDecodeError:
        return cell


@cache
def hmis_files() -> dict[str, str]:
    with TemporaryDirectory() as folder:
        made = Hmis(Path(folder)).enrol(1, 1).enrol(2, 3, MoveInDate="2026-02-01").enrol(3, 12)
        return made.leave(1, destination=410).leave(3, destination=118).night(1, "2026-01-12").files()


TABLES = {
    "Export": "exports",
    "Project": "projects",
    "Enrollment": "enrolments",
    "Exit": "exits",
    "Services": "services",
    "Client": "clients",
}


@cache
def _whole() -> Tables:
    return read_tables(
        Export({name: partial(BytesIO, text.encode()) for name, text in hmis_files().items()}, {}), None
    )


def _tables(called: str, content: bytes) -> Tables:
    """The tables of the export in which one file has this content; the others are as they were read before."""
    if called not in TABLES:
        return _whole()
    read_anew = read_tables(Export({called: partial(BytesIO, content)}, {}), None)
    return replace(_whole(), **{TABLES[called]: getattr(read_anew, TABLES[called])})


def feed_hmis(folder: Path, data: bytes) -> None:
    """One file of an export, named in the first line of the input, and the others as they should be."""
    name, _, content = data.partition(b"\n")
    called = name.decode("ascii", errors="ignore").strip()
    try:
        if whole_way(data):
            for file, text in hmis_files().items():
                (folder / f"{file}.csv").write_bytes(content if file == called else text.encode())
            taken(read(folder, "hmis-csv", path="."))
            return
        options = hmis_csv.Options(name="reg", type="hmis-csv", path=".")
        tables = _tables(called, content)
        taken(hmis_csv.read_tables_of(options, tables, {}, {"expected": {}}, context(folder)))
    except Problems as refused:
        problems_are_said(refused.problems)


def feed_zip(folder: Path, data: bytes) -> None:
    (folder / "export.zip").write_bytes(data)
    try:
        taken(read(folder, "hmis-csv", path="export.zip"))
    except Problems as refused:
        problems_are_said(refused.problems)


@cache
def zipped() -> bytes:
    with TemporaryDirectory() as folder:
        return Hmis(Path(folder)).enrol(1, 1).leave(1, destination=410).zip().read_bytes()


def export_targets() -> tuple[Target, ...]:
    """The readers of exports and of databases."""
    events, snapshot = _few(EVENTS), _few(SNAPSHOT)
    hmis = [f"{name}\n{text}".encode() for name, text in hmis_files().items()]
    entries = [b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"Exit.csv", b"/"]
    return (
        Target("csv-events", events, words_of(EVENTS), partial(feed_csv, "events"), head=1),
        Target("csv-snapshots", snapshot, words_of(SNAPSHOT, ";"), partial(feed_csv, "snapshots"), head=1),
        Target("sql", events, words_of(EVENTS), feed_sql),
        Target("hmis-csv", hmis, words_of(*hmis_files().values()), feed_hmis, head=2),
        Target("hmis-zip", [zipped()], entries, feed_zip),
    )


def _few(text: str) -> list[bytes]:
    """The header with each of the rows, and with all of them."""
    head, *rows = text.splitlines(keepends=True)
    return [text.encode(), *((head + row).encode() for row in rows)]
