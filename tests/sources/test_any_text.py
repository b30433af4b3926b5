"""Whatever stands in an export: it is read, left out or quarantined, nothing breaks, and no citizen number comes through."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import assume, given
from hypothesis import strategies as st

from cti.problems import Problems
from cti.sources.base import Batch
from tests.sources.build import read
from tests.sources.hmis import HEADERS, Hmis

SSN = "987654329"
"""Stands in every column that no source may read."""

# Of everything a little: what is meant, what is nearly meant, and what nobody means.
DAYS = st.sampled_from(
    ["2026-01-10", "2026-02-30", "01-02-2026", "9999-12-31", "0001-01-01", "", "2026-01-10 25:00"]
)
CODES = st.sampled_from(
    ["", "0", "1", "2", "12", "13", "24", "99", "200", "410", "435", "x", "-1", "1.0", "9" * 30]
)
WORDS = st.sampled_from(["", "street", "own-home", "trust", "yes", "nee", "w1", "deceased", "Totaal"])
ANY = st.text(max_size=12).filter(lambda text: SSN not in text)
CELL = st.one_of(DAYS, CODES, WORDS, ANY)
IDS = st.sampled_from(["", "1", "2", "3", "\x00", "x" * 300])


def told(batch: Batch) -> str:
    """All that a batch tells to anyone."""
    return repr((batch.readings, batch.quarantined, batch.notes, batch.problems)) + json.dumps(batch.state)


def rows_of(
    header: list[str], fixed: dict[str, st.SearchStrategy[str]]
) -> st.SearchStrategy[list[list[str]]]:
    row = st.tuples(*(fixed.get(name, CELL) for name in header)).map(list)
    return st.lists(row, max_size=6)


EVENT_COLUMNS = [
    "id",
    "client",
    "recorded",
    "retracted",
    "situation",
    "begin",
    "end",
    "destination",
    "expected",
]
EVENT_COLUMNS += ["expected_day", "fact", "value", "day", "worker", "team", "closed", "closed_until", "BSN"]


def quoted(rows: list[list[str]]) -> str:
    """CSV of these rows, quoted where it must be."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


@given(
    rows_of(EVENT_COLUMNS, {"id": IDS, "client": IDS, "BSN": st.just(SSN)}),
    st.sampled_from(["events", "snapshots"]),
)
def test_every_row_of_a_csv_is_accounted_for(rows: list[list[str]], mode: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "e.csv").write_text(quoted([EVENT_COLUMNS, *rows]), "utf-8", newline="")
        batch = read(Path(folder), "csv", path="e.csv", mode=mode)
    assert batch.counts.rows == len(rows)
    assert SSN not in told(batch)
    assert all(reading.id.ref and reading.client for reading in batch.readings)


@given(st.text() | st.binary())
def test_no_text_and_no_bytes_break_the_csv_source(content: str | bytes) -> None:
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    with tempfile.TemporaryDirectory() as folder:
        for name, before in (("a.csv", b""), ("b.csv", b"id,client,situation,begin\n")):
            (Path(folder) / name).write_bytes(before + data)
        for mode in ("events", "snapshots"):
            with suppress(Problems):
                json.dumps(read(Path(folder), "csv", path=".", mode=mode).state)


FIXED: dict[str, dict[str, st.SearchStrategy[str]]] = {
    "Enrollment": {"EnrollmentID": IDS, "PersonalID": IDS, "HouseholdID": IDS, "RelationshipToHoH": CODES},
    "Exit": {"EnrollmentID": IDS},
    "Services": {"EnrollmentID": IDS, "RecordType": CODES},
    "Client": {name: st.just(SSN) for name in ("SSN", "FirstName", "LastName", "DOB")} | {"PersonalID": IDS},
    "Project": {"ProjectID": st.sampled_from(["p0", "p13", "p12"]), "ProjectType": CODES},
}


@given(st.data(), st.booleans())
def test_every_enrolment_of_an_hmis_export_is_accounted_for(data: st.DataObject, heads_only: bool) -> None:
    projects = st.sampled_from(["p0", "p1", "p4", "p12", "p13", "p77", ""])
    with tempfile.TemporaryDirectory() as folder:
        hmis = Hmis(Path(folder)).write()
        drawn = {}
        for name, fixed in FIXED.items():
            header = HEADERS[name].split(",")
            choice = fixed | ({"ProjectID": projects} if name == "Enrollment" else {})
            drawn[name] = data.draw(rows_of(header, choice), label=name)
            with (hmis.folder / f"{name}.csv").open("a", encoding="utf-8", newline="") as stream:
                stream.write(quoted(drawn[name]))
        try:
            batch = read(hmis.folder, "hmis-csv", path=".", heads_only=heads_only, team="north")
        except Problems as refused:
            old_codes = "FY2022" in str(refused)
            assume(not old_codes)
            raise
    assert batch.counts.rows == len(drawn["Enrollment"])
    assert SSN not in told(batch)
    assert all(reading.id.ref for reading in batch.readings)
    assert all(reading.client for reading in batch.readings if reading.event is not None)


@given(st.sampled_from(sorted(HEADERS)), st.text() | st.binary())
def test_no_text_and_no_bytes_break_the_hmis_source(name: str, content: str | bytes) -> None:
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    with tempfile.TemporaryDirectory() as folder:
        file = Hmis(Path(folder)).enrol(1, 0).write().folder / f"{name}.csv"
        for spoilt in (data, file.read_bytes() + data):
            file.write_bytes(spoilt)
            with suppress(Problems):
                json.dumps(read(Path(folder), "hmis-csv", path=".").state)
