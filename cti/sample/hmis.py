"""The registration as an HMIS CSV export (FY2024 or FY2026), as known at a moment: a folder of files, or a zip of them.

It is a full export (ExportDirective 2) of the whole time. What was deleted stays in it with its DateDeleted. Facts, workers and
expectations other than guidance at home have no place in HMIS and are left out; households have members who are not heads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from cti.sample.hmis_around import clients, frame
from cti.sample.hmis_files import Enrolment, enrolments
from cti.sample.hmis_headers import Year, header
from cti.sample.hmis_rows import Cell, Row, contacts, elsewhere, entry, exits, nights, referrals
from cti.sample.records import Record, local
from cti.sample.truth import Truth


def write_hmis(
    path: Path, truth: Truth, records: Sequence[Record], year: Year, until: datetime | None = None
) -> None:
    """Writes the files into the folder `path`, or into the zip file of that name; those of an earlier export are replaced."""
    latest = local(until) if until is not None else max(r.versions[-1].recorded for r in records)
    tables = _tables(truth, records, latest, year)
    if path.suffix == ".zip":
        with ZipFile(path, "w", ZIP_DEFLATED) as archive:
            for name, rows in tables.items():
                # The time in the archive is the export's, so that the same export is the same bytes.
                info = ZipInfo(f"{name}.csv", latest.timetuple()[:6])
                info.compress_type = ZIP_DEFLATED
                archive.writestr(info, _text(header(name, year), rows))
        return
    path.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        # FY2026 as a Windows program writes it, FY2024 as a Unix one: with and without byte order mark and carriage return.
        encoding, newline = ("utf-8", "\n") if year == 2024 else ("utf-8-sig", "\r\n")
        (path / f"{name}.csv").write_text(_text(header(name, year), rows), encoding=encoding, newline=newline)


def _tables(truth: Truth, records: Sequence[Record], latest: datetime, year: Year) -> Mapping[str, list[Row]]:
    members = {client.id: client.members for client in truth.clients}
    found = list(enrolments(records, latest))
    tables: dict[str, list[Row]] = dict(frame(truth, latest, year))
    tables["Client"] = list(clients(truth, records, latest))
    tables["Enrollment"], tables["Exit"] = [], []
    for enrolment in found:
        for person in range(members.get(enrolment.client, 0) + 1):
            tables["Enrollment"].append(entry(enrolment, person))
            tables["Exit"].extend(exits(enrolment, person))
    for row, left in elsewhere(truth, latest):
        tables["Enrollment"].append(row)
        tables["Exit"].extend(left)
    tables["Services"] = _each(found, nights)
    tables["CurrentLivingSituation"] = [row for e in found for row in contacts(e, latest)]
    tables["Event"] = _each(found, referrals)
    return tables


def _each(found: Iterable[Enrolment], rows: Callable[[Enrolment], Iterable[Row]]) -> list[Row]:
    return [row for enrolment in found for row in rows(enrolment)]


def _text(columns: Sequence[str], rows: Iterable[Row]) -> str:
    return "".join(_lines(columns, rows))


def _lines(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    yield ",".join(f'"{name}"' for name in columns) + "\n"
    for row in rows:
        yield ",".join([_cell(row.get(name)) for name in columns]) + "\n"


def _cell(value: Cell) -> str:
    """As HUD's format has it: text in quotes, numbers and times without."""
    if value is None:
        return ""
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(value)
