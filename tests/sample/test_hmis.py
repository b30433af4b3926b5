"""The HMIS dialect: the form of HUD's CSV export in its two years."""

from pathlib import Path
from zipfile import ZipFile

import pytest

from cti.sample.hmis import write_hmis
from cti.sample.hmis_headers import Year, header
from cti.sample.organisation import Organisation
from tests.sample.conftest import AFTERWARDS
from tests.sample.reading import table

FILES = (
    *("Export", "Organization", "User", "Project", "HMISParticipation", "Client"),
    *("Enrollment", "Exit", "Services", "CurrentLivingSituation", "Event"),
)
KEYS = {
    "Client": "PersonalID",
    "Enrollment": "EnrollmentID",
    "Exit": "ExitID",
    "Services": "ServicesID",
    "CurrentLivingSituation": "CurrentLivingSitID",
    "Event": "EventID",
    "Project": "ProjectID",
    "User": "UserID",
}


@pytest.mark.parametrize("year", [2024, 2026])
def test_all_files_are_there_with_their_columns(year: Year, exports: Path) -> None:
    folder = exports / f"hmis-{year}"
    assert sorted(file.stem for file in folder.iterdir()) == sorted(FILES)
    for name in FILES:
        first = (folder / f"{name}.csv").read_text(encoding="utf-8-sig").splitlines()[0]
        assert first == ",".join(f'"{column}"' for column in header(name, year))


def test_the_two_years_differ_in_the_columns_that_the_standard_changed() -> None:
    for name in FILES:
        assert (header(name, 2024) == header(name, 2026)) == (name not in ("Client", "Enrollment"))
    assert {"Sex", "HispanicLatinao"} <= set(header("Client", 2026)) and "Woman" not in header("Client", 2026)
    assert "TranslationNeeded" in header("Enrollment", 2024)
    assert "TranslationNeeded" not in header("Enrollment", 2026)


@pytest.mark.parametrize("year", [2024, 2026])
def test_the_real_exports_have_the_same_columns(year: Year, samples: Path) -> None:
    for name in FILES:
        real = (samples / f"hmis-fy{year}" / f"{name}.csv").read_text(encoding="utf-8-sig").splitlines()[0]
        assert real.replace('"', "").split(",") == header(name, year), name


def test_both_years_tell_the_same(exports: Path) -> None:
    for name in FILES:
        both = set(header(name, 2024)) & set(header(name, 2026)) - {"CSVVersion"}
        rows = [
            [
                {column: row[column] for column in both}
                for row in table(exports / f"hmis-{year}" / f"{name}.csv")
            ]
            for year in (2024, 2026)
        ]
        assert rows[0] == rows[1]


def test_it_is_a_full_export_of_the_whole_time(exports: Path, organisation: Organisation) -> None:
    for year, version in (("2024", "2024 v1.3"), ("2026", "2026 v1")):
        (export,) = table(exports / f"hmis-{year}" / "Export.csv")
        assert export["CSVVersion"] == version and export["ExportDirective"] == "2"
        assert export["ExportStartDate"] == organisation.truth.start.isoformat()
        assert export["ExportEndDate"] == "2027-01-01"


@pytest.mark.parametrize("name", KEYS)
def test_keys_are_unique(name: str, exports: Path) -> None:
    keys = [row[KEYS[name]] for row in table(exports / "hmis-2026" / f"{name}.csv")]
    assert len(keys) == len(set(keys)) > 0


def test_every_row_belongs_to_one_that_is_there(exports: Path) -> None:
    folder = exports / "hmis-2026"
    enrolled = {row["EnrollmentID"]: row for row in table(folder / "Enrollment.csv")}
    people = {row["PersonalID"] for row in table(folder / "Client.csv")}
    projects = {row["ProjectID"] for row in table(folder / "Project.csv")}
    assert {row["PersonalID"] for row in enrolled.values()} <= people
    assert {row["ProjectID"] for row in enrolled.values()} <= projects
    for name in ("Exit", "Services", "CurrentLivingSituation", "Event"):
        for row in table(folder / f"{name}.csv"):
            assert enrolled[row["EnrollmentID"]]["PersonalID"] == row["PersonalID"], name


def test_every_household_has_one_head_and_some_have_members(exports: Path) -> None:
    heads: dict[str, list[str]] = {}
    for row in table(exports / "hmis-2024" / "Enrollment.csv"):
        heads.setdefault(row["HouseholdID"], []).append(row["RelationshipToHoH"])
    assert all(household.count("1") == 1 for household in heads.values())
    rows = sum(map(len, heads.values()))
    assert 0.12 <= 1 - len(heads) / rows <= 0.45


def test_an_enrolment_has_one_exit_that_is_not_deleted_at_most(exports: Path) -> None:
    live = [
        row["EnrollmentID"] for row in table(exports / "hmis-2024" / "Exit.csv") if not row["DateDeleted"]
    ]
    assert len(live) == len(set(live))


def test_no_exit_lies_before_its_entry(exports: Path) -> None:
    entries = {
        row["EnrollmentID"]: row["EntryDate"] for row in table(exports / "hmis-2024" / "Enrollment.csv")
    }
    for row in table(exports / "hmis-2024" / "Exit.csv"):
        assert row["ExitDate"] >= entries[row["EnrollmentID"]]


def test_deleted_rows_of_each_kind_stay_in_the_export(exports: Path) -> None:
    for name in ("Enrollment", "Exit", "Services", "Client"):
        rows = table(exports / "hmis-2026" / f"{name}.csv")
        assert 0 < sum(bool(row["DateDeleted"]) for row in rows) < len(rows) / 5, name


def test_all_the_traps_of_the_default_reading_occur(exports: Path) -> None:
    folder = exports / "hmis-2024"
    types = {row["ProjectID"]: row["ProjectType"] for row in table(folder / "Project.csv")}
    enrolments = [row for row in table(folder / "Enrollment.csv") if not row["DateDeleted"]]
    exits = {row["EnrollmentID"]: row for row in table(folder / "Exit.csv") if not row["DateDeleted"]}
    assert {types[row["ProjectID"]] for row in enrolments} == {
        *("0", "1", "2", "3", "4", "6", "8", "9", "10", "11", "12", "13", "14")
    }
    moves = [row for row in enrolments if types[row["ProjectID"]] in ("3", "9", "10", "13")]
    assert sum(row["EntryDate"] > row["MoveInDate"] > "" for row in moves) >= 3
    assert sum(not row["MoveInDate"] and row["EnrollmentID"] in exits for row in moves) >= 5
    assert sum(not row["MoveInDate"] and row["EnrollmentID"] not in exits for row in moves) >= 3
    street = [row for row in enrolments if types[row["ProjectID"]] == "4"]
    assert sum(row["DateOfEngagement"] > row["EntryDate"] for row in street) >= 10
    assert sum(not row["DateOfEngagement"] for row in street) >= 10
    destinations = {row["Destination"] for row in exits.values()}
    assert {"24", "30", "101", "116", "206", "207", "302", "312", "410", "422", "435"} <= destinations


def test_an_exit_that_kept_the_home_is_one_from_prevention(exports: Path) -> None:
    folder = exports / "hmis-2024"
    types = {row["ProjectID"]: row["ProjectType"] for row in table(folder / "Project.csv")}
    project = {row["EnrollmentID"]: row["ProjectID"] for row in table(folder / "Enrollment.csv")}
    kept = [row for row in table(folder / "Exit.csv") if row["HousingAssessment"] == "1"]
    assert len(kept) > 80
    assert {types[project[row["EnrollmentID"]]] for row in kept} == {"12"}
    assert {row["Destination"] for row in kept} <= {"410", "411", "435"}


def test_nobody_has_a_name_a_birthday_or_a_citizen_number(exports: Path) -> None:
    for row in table(exports / "hmis-2024" / "Client.csv"):
        assert not any(row[column] for column in ("FirstName", "MiddleName", "LastName", "SSN", "DOB"))


def test_a_zip_holds_the_same_files(organisation: Organisation, tmp_path: Path) -> None:
    for year in (2024, 2026):
        write_hmis(tmp_path / "export.zip", organisation.truth, organisation.records, year, AFTERWARDS)
        write_hmis(tmp_path / "folder", organisation.truth, organisation.records, year, AFTERWARDS)
        with ZipFile(tmp_path / "export.zip") as archive:
            for name in archive.namelist():
                plain = (tmp_path / "folder" / name).read_text(encoding="utf-8-sig")
                assert archive.read(name).decode() == plain
