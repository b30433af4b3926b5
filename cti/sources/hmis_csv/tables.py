"""The files of an export, in a folder or a zip, whatever the case and the order of their columns.

Only the columns that a row type below names are taken; names, birth dates and citizen numbers are never looked at.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from os.path import isdir, isfile
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Generic, NamedTuple, TypeVar, cast
from zipfile import BadZipFile, ZipFile, ZipInfo

from cti.i18n import mark
from cti.problems import Problems, closest, problem
from cti.sources.csv_file import opened
from cti.sources.files import MAX_BYTES, Lines, day_in_name, find, look, plain, records, scan, sheet
from cti.sources.hmis_csv.codes import BED_NIGHT, code


class ExportRow(NamedTuple):
    line: int
    ExportDate: str
    ExportStartDate: str
    ExportEndDate: str
    CSVVersion: str
    ExportPeriodType: str
    ExportDirective: str


class ProjectRow(NamedTuple):
    line: int
    ProjectID: str
    ProjectType: str
    DateDeleted: str


class EnrollmentRow(NamedTuple):
    line: int
    EnrollmentID: str
    PersonalID: str
    ProjectID: str
    EntryDate: str
    HouseholdID: str
    RelationshipToHoH: str
    DateOfEngagement: str
    MoveInDate: str
    TranslationNeeded: str
    DateCreated: str
    DateUpdated: str
    DateDeleted: str
    worker: str


class ExitRow(NamedTuple):
    line: int
    EnrollmentID: str
    ExitDate: str
    Destination: str
    DestinationSubsidyType: str
    HousingAssessment: str
    DateUpdated: str
    DateDeleted: str


class ServiceRow(NamedTuple):
    line: int
    EnrollmentID: str
    DateProvided: str
    RecordType: str
    DateCreated: str
    DateDeleted: str


class ClientRow(NamedTuple):
    line: int
    PersonalID: str
    DateDeleted: str


OPTIONAL = frozenset(
    (
        "TranslationNeeded",
        "DateOfEngagement",
        "DestinationSubsidyType",
        "HousingAssessment",
        "ExportPeriodType",
        "DateDeleted",
    )
)
"""Columns that an export may lack: other years have them not, or they are empty for most organisations."""

NEEDED = ("Export", "Project", "Enrollment", "Exit")
USED = (*NEEDED, "Client", "Services")

BOMB_BYTES, BOMB_RATIO = 64 * 1024**2, 200
"""A zip file that unpacks to more bytes than this, and so many times its size, was made to fill the memory. (Public samples
come to six times.)"""

AnyRow = TypeVar("AnyRow", ExportRow, ProjectRow, EnrollmentRow, ExitRow, ServiceRow, ClientRow)


@dataclass(frozen=True)
class Table(Generic[AnyRow]):
    """The rows of one file; `torn` are the lines that cannot be cut into its columns.

    `complete` is False where the last row is cut off, so that the file may still be being written.
    """

    file: str
    rows: list[AnyRow]
    torn: tuple[int, ...] = ()
    complete: bool = True


class Incomplete(Exception):
    """The zip file is not all there; it may still be being written. `signature` is how it stood."""

    def __init__(self, signature: dict[str, list[int]]) -> None:
        super().__init__()
        self.signature = signature


@dataclass(frozen=True)
class Export:
    """Where the files of an export are: by their names of the standard, how to open them.

    `signature` changes when a file changes.
    """

    files: Mapping[str, Callable[[], AbstractContextManager[BinaryIO]]]
    signature: dict[str, list[int]]


def open_export(path: Path, shown: str) -> Export:
    """The export in a folder or a zip, or the newest zip of a folder. `shown` is the path as the config has it.

    Raises Problems where there is none, and Incomplete where a zip is not a whole one.
    """
    if isdir(path):
        inside = {file.name.casefold(): file for file in sorted(path.iterdir()) if file.is_file()}
        files = {
            name: inside[f"{name}.csv".casefold()] for name in USED if f"{name}.csv".casefold() in inside
        }
        for file in files.values():
            _check_size(look(file).size, file.name)
        if "Export" in files or "Enrollment" in files:
            found = Export(
                {name: partial(opened, file) for name, file in files.items()},
                {name: look(file).as_state() for name, file in files.items()},
            )
            return _whole(found, shown)
        zips = find(path, "*.zip")
        if not zips:
            text = mark(
                "{path} holds no HMIS CSV export: there is neither an Export.csv nor a zip file in it"
            )
            raise Problems([problem(text, field="path", path=shown)])
        path = max(zips, key=lambda file: (day_in_name(file.name) or date.min, look(file).changed))
    elif not isfile(path):
        raise Problems([problem(mark("there is no file or folder {path}"), field="path", path=shown)])
    return _whole(_open_zip(path), shown)


def _whole(export: Export, shown: str) -> Export:
    missing = [f"{name}.csv" for name in NEEDED if name not in export.files]
    if missing:
        text = mark("the export in {path} lacks {missing}")
        raise Problems([problem(text, field="path", path=shown, missing=missing)])
    return export


def _open_zip(path: Path) -> Export:
    signature = {path.name: look(path).as_state()}
    try:
        with ZipFile(path) as archive:
            entries = sorted(
                archive.infolist(), key=lambda entry: (entry.filename.count("/"), entry.filename)
            )
    # RuntimeError where it is of a kind unknown to Python, UnicodeError where the names in it are damaged.
    except (BadZipFile, OSError, RuntimeError, UnicodeError) as error:
        raise Incomplete(signature) from error
    homes = [entry.filename.rpartition("/")[0] for entry in entries if _stem(entry.filename) == "export"]
    inside = {
        _stem(entry.filename): entry for entry in entries if entry.filename.rpartition("/")[0] in homes[:1]
    }
    used = {name: inside[name.casefold()] for name in USED if name.casefold() in inside}
    if any(entry.flag_bits & 1 for entry in used.values()):
        text = mark("the zip file is locked with a password; put an open one in its place")
        raise Problems([problem(text, file=path.name, field="path")])
    size = sum(entry.file_size for entry in used.values())
    packed = sum(entry.compress_size for entry in used.values())
    _check_size(size, path.name)
    if size > BOMB_BYTES and size > BOMB_RATIO * packed:
        text = mark("the zip file unpacks to {times} times its size, as no export does")
        raise Problems([problem(text, file=path.name, field="path", times=size // max(packed, 1))])

    @contextmanager
    def get(entry: ZipInfo) -> Iterator[BinaryIO]:
        try:
            with ZipFile(path) as archive, archive.open(entry) as stream:
                yield cast(BinaryIO, stream)
        except (BadZipFile, EOFError, OSError, zlib.error, RuntimeError, UnicodeError) as error:
            raise Incomplete(signature) from error

    return Export({name: partial(get, entry) for name, entry in used.items()}, signature)


def _check_size(size: int, file: str) -> None:
    """The tables of an export are laid beside one another, for which they must fit into the memory."""
    if size > MAX_BYTES:
        text = mark("the file is larger than four gigabytes; is this an export?")
        raise Problems([problem(text, file=file, field="path")])


def _stem(name: str) -> str:
    base = name.rpartition("/")[2].casefold()
    return base.removesuffix(".csv") if base.endswith(".csv") else ""


def read_table(
    export: Export,
    name: str,
    kind: type[AnyRow],
    renamed: Mapping[str, str] = MappingProxyType({}),
    keep: Callable[[AnyRow], bool] | None = None,
    required: Sequence[str | None] = (),
) -> Table[AnyRow]:
    """The rows of one file of the export, only the columns of `kind`, each stripped; of them those that `keep` accepts.

    `renamed` gives the column of a field that has another name, `required` optional ones that must be there this time. Raises
    Problems for columns that are not there. A file that the export lacks has no rows.
    """
    file = f"{name}.csv"
    if name not in export.files:
        return Table(file, [])
    with export.files[name]() as stream:
        encoding = scan(stream).encoding or "utf-8-sig"
    with export.files[name]() as stream, Lines(stream, encoding) as lines:
        return _table(file, lines, kind, renamed, keep, required)


def _table(
    file: str,
    lines: Lines,
    kind: type[AnyRow],
    renamed: Mapping[str, str],
    keep: Callable[[AnyRow], bool] | None,
    required: Sequence[str | None],
) -> Table[AnyRow]:
    fields = [renamed.get(field, field) for field in kind._fields[1:]]
    cut = sheet(lines, fields)
    if cut is None:
        return Table(file, [], complete=False)
    places = {plain(column): index for index, column in reversed(list(enumerate(cut.header)))}
    optional = OPTIONAL - set(required)
    missing = [field for field in fields if field and plain(field) not in places and field not in optional]
    if missing:
        text = mark('{file} has no column "{column}", which the standard gives it')
        raise Problems(
            problem(text, file=file, line=1, column=field, guess=closest(field, filter(None, cut.header)))
            for field in missing
        )
    indices = [places.get(plain(field), -1) if field else -1 for field in fields]
    last = max(indices)
    rows: list[AnyRow] = []
    torn: list[int] = []
    whole = True
    for line, cells in records(cut):
        whole = cells is not None and len(cells) >= len(cut.header)
        if cells is None or len(cells) <= last:
            torn.append(line)
            continue
        row = kind(line, *["" if index < 0 else cells[index].strip() for index in indices])
        if keep is None or keep(row):
            rows.append(row)
    return Table(file, rows, tuple(torn), whole or not cut.cut_off)


@dataclass(frozen=True)
class Tables:
    """The tables of an export that are read."""

    exports: Table[ExportRow]
    projects: Table[ProjectRow]
    enrolments: Table[EnrollmentRow]
    exits: Table[ExitRow]
    services: Table[ServiceRow]
    clients: Table[ClientRow]

    @property
    def complete(self) -> bool:
        return all(
            table.complete
            for table in (
                self.exports,
                self.projects,
                self.enrolments,
                self.exits,
                self.services,
                self.clients,
            )
        )


def read_tables(export: Export, worker: str | None) -> Tables:
    """All tables that are read; of services the bed nights, of clients those that were deleted.

    `worker` is the column of Enrollment.csv that names the worker, where there is one.
    """
    return Tables(
        read_table(export, "Export", ExportRow),
        read_table(export, "Project", ProjectRow),
        # Without a setting no column is meant: none is called by the empty name.
        read_table(export, "Enrollment", EnrollmentRow, {"worker": worker or ""}, required=(worker,)),
        read_table(export, "Exit", ExitRow),
        read_table(export, "Services", ServiceRow, keep=is_bed_night),
        read_table(export, "Client", ClientRow, keep=lambda row: bool(row.DateDeleted)),
    )


def is_bed_night(row: ServiceRow) -> bool:
    """Whether a row of Services.csv says that the client slept there."""
    return not row.DateDeleted and code(row.RecordType) == BED_NIGHT
