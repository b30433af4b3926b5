"""An HMIS export as a whole: where it is, how it is written, what year it is of, and what it lacks."""

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest

from cti.core.events import Closed, Event, Expected, Fact, RecordId, Stay
from cti.problems import Problems
from cti.sources.base import Batch, read_again
from tests.sources.build import notes, now_says, problems_of, read, said, touch, write
from tests.sources.hmis import HEADERS, Hmis

SHELTER = Stay("crisis-shelter", date(2026, 1, 10))


@pytest.fixture
def hmis(tmp_path: Path) -> Hmis:
    return Hmis(tmp_path).enrol(1, 0).enrol(2, 13, MoveInDate="2026-02-15").leave(2, destination=410)


def gone(batch: Batch, ref: str, event: Event, part: str = "stay") -> bool:
    assert batch.absent is not None
    return batch.absent(RecordId("reg", ref, part), event) is None


# --- how it is written ------------------------------------------------------------------------------------------------------


def shuffled(text: str) -> str:
    """The columns in another order and other letters, the cells quoted now and then, with a byte order mark."""
    rows = [line.split(",") for line in text.splitlines()]
    order = list(range(len(rows[0])))
    random.Random(7).shuffle(order)
    header = [rows[0][index].upper() if index % 2 else rows[0][index].lower() for index in order]
    lines = [[f'"{row[i]}"' if i % 3 else row[i] for i in order] for row in rows[1:]]
    return "\ufeff" + "\r\n".join(",".join(line) for line in [header, *lines]) + "\r\n"


def test_columns_may_stand_in_any_order_and_case(hmis: Hmis) -> None:
    plain = hmis.read()
    for name, text in hmis.files().items():
        write(hmis.folder / f"{name}.csv", shuffled(text))
    assert read(hmis.folder, "hmis-csv", path=".").readings == plain.readings


def test_file_names_may_have_any_case(hmis: Hmis) -> None:
    for name, text in hmis.files().items():
        write(hmis.folder / f"{name.upper()}.CSV", text)
    assert len(now_says(read(hmis.folder, "hmis-csv", path=".").readings)) == 5


@pytest.mark.parametrize("inside", ["", "export 2026/", "a/b/"])
def test_a_zip_is_read_like_a_folder(hmis: Hmis, inside: str) -> None:
    plain = hmis.read()
    hmis.folder = hmis.folder / "zipped"
    hmis.zip(inside=inside)
    assert read(hmis.folder, "hmis-csv", path="export.zip").readings == plain.readings
    assert read(hmis.folder, "hmis-csv", path=".").readings == plain.readings


def test_of_several_zips_the_newest_is_read(hmis: Hmis) -> None:
    hmis.zip("export-2026-03-02.zip")
    hmis.enrolments.pop()
    hmis.zip("export-2026-03-01.zip")
    assert "e2 stay" in now_says(read(hmis.folder, "hmis-csv", path=".").readings)


def test_both_years_give_the_same_but_for_what_one_lacks(hmis: Hmis) -> None:
    hmis.enrolments[0]["TranslationNeeded"] = 1
    hmis.about["CSVVersion"] = "2024 v1.3"
    older = hmis.read()
    hmis.about["CSVVersion"] = "2026 v1.0"
    hmis.headers["Enrollment"] = (
        HEADERS["Enrollment"].replace("TranslationNeeded,", "") + ",MentalHealthConsultation"
    )
    newer = hmis.read()
    assert [reading for reading in older.readings if reading.id.part != "language-need"] == newer.readings
    assert len(older.readings) > len(newer.readings)


# --- what is wrong with it --------------------------------------------------------------------------------------------------


def test_an_export_of_another_year_is_refused(hmis: Hmis) -> None:
    hmis.about["CSVVersion"] = "2022 v1.3"
    hmis.write()
    assert problems_of(hmis.folder, "hmis-csv", path=".") == [
        "Export.csv:2: this is an HMIS CSV export of FY2022; the years 2024, 2026 are read, as codes differ from year to "
        "year. Let the registration system export one of these"
    ]


def test_an_export_that_does_not_say_its_year_is_refused(hmis: Hmis) -> None:
    hmis.about["CSVVersion"] = ""
    hmis.write()
    assert problems_of(hmis.folder, "hmis-csv", path=".") == [
        "Export.csv:2: Export.csv does not say its CSVVersion; the years 2024, 2026 are read"
    ]


def test_old_codes_under_a_new_year_are_refused(hmis: Hmis) -> None:
    hmis.enrol(3, 0).leave(3, destination=10).leave(1, destination=22).write()
    assert problems_of(hmis.folder, "hmis-csv", path=".") == [
        "Exit.csv: 2 of 3 destinations are codes of FY2022 or before (such as 10 for what is now 410); the years 2024, 2026 "
        "are read. Let the registration system export one of these"
    ]


def without(name: str) -> Callable[[Hmis], None]:
    return lambda hmis: (hmis.folder / name).unlink()


def rewritten(name: str, old: str, new: str) -> Callable[[Hmis], None]:
    def rewrite(hmis: Hmis) -> None:
        text = (hmis.folder / name).read_text()
        assert old in text
        (hmis.folder / name).write_text(text.replace(old, new))

    return rewrite


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (without("Exit.csv"), "the export in . lacks Exit.csv"),
        (without("Project.csv"), "the export in . lacks Project.csv"),
        (without("Enrollment.csv"), "the export in . lacks Enrollment.csv"),
        (without("Export.csv"), "the export in . lacks Export.csv"),
        (
            rewritten("Exit.csv", "ExitDate", "Exit Date"),
            'Exit.csv:1: Exit.csv has no column "ExitDate", which the standard gives it; did you mean "Exit Date"?',
        ),
    ],
)
def test_an_export_that_is_not_whole_says_what_it_lacks(
    hmis: Hmis, spoil: Callable[[Hmis], None], said: str
) -> None:
    hmis.write()
    spoil(hmis)
    assert problems_of(hmis.folder, "hmis-csv", path=".") == [said]


def test_a_path_that_holds_nothing_is_a_problem(tmp_path: Path) -> None:
    assert problems_of(tmp_path, "hmis-csv", path="none") == ["there is no file or folder none"]
    assert problems_of(tmp_path, "hmis-csv", path=".") == [
        ". holds no HMIS CSV export: there is neither an Export.csv nor a zip file in it"
    ]


def test_a_locked_zip_is_a_problem(hmis: Hmis) -> None:
    file = hmis.zip()
    with ZipFile(file) as archive:
        starts = [entry.header_offset for entry in archive.infolist()]
        directory = archive.start_dir
    data = bytearray(file.read_bytes())
    for at in starts:
        data[at + 6] |= 1
    while data[directory : directory + 4] == b"PK\x01\x02":
        data[directory + 8] |= 1
        length = sum(
            int.from_bytes(data[directory + at : directory + at + 2], "little") for at in (28, 30, 32)
        )
        directory += 46 + length
    file.write_bytes(data)
    assert problems_of(hmis.folder, "hmis-csv", path="export.zip") == [
        "export.zip: the zip file is locked with a password; put an open one in its place"
    ]


def test_a_zip_of_a_kind_that_nobody_can_unpack_yet_is_waited_for_and_then_a_problem(hmis: Hmis) -> None:
    file = hmis.zip()
    data = bytearray(file.read_bytes())
    with ZipFile(file) as archive:
        data[archive.start_dir + 6] = 75  # the version of zip that it takes
    file.write_bytes(data)
    waited = read(hmis.folder, "hmis-csv", path="export.zip")
    assert not waited.changed
    with pytest.raises(Problems, match=r"export\.zip: the zip file cannot be opened"):
        read(hmis.folder, "hmis-csv", waited.state, path="export.zip")


def test_a_zip_in_which_a_name_is_damaged_is_waited_for_and_then_a_problem(hmis: Hmis) -> None:
    file = hmis.zip()
    data = bytearray(file.read_bytes())
    with ZipFile(file) as archive:
        at = archive.start_dir
    data[at + 9] |= 8  # by this flag its names are UTF-8
    data[at + 46] = 0x9C
    file.write_bytes(data)
    waited = read(hmis.folder, "hmis-csv", path="export.zip")
    assert not waited.changed
    with pytest.raises(Problems, match=r"export\.zip: the zip file cannot be opened"):
        read(hmis.folder, "hmis-csv", waited.state, path="export.zip")


def test_situations_that_the_vocabulary_lacks_are_found_in_the_config(hmis: Hmis) -> None:
    hmis.write()
    assert problems_of(
        hmis.folder,
        "hmis-csv",
        path=".",
        project_types={"8": "longstay"},
        projects={"p0": {"situation": "shelter"}},
        destinations={"314": "hotel"},
        kept_home="kept home",
    ) == [
        'source "reg": project_types.8 = "longstay", a situation that the vocabulary lacks; did you mean "long-stay"?',
        'source "reg": projects.p0.situation = "shelter", a situation that the vocabulary lacks; did you mean '
        '"crisis-shelter"?',
        'source "reg": destinations.314 = "hotel", a situation that the vocabulary lacks',
        'source "reg": kept_home = "kept home", a situation that the vocabulary lacks; did you mean "kept-home"?',
    ]


# --- half of it --------------------------------------------------------------------------------------------------------------


def test_a_zip_whose_entry_ends_too_early_is_waited_for(hmis: Hmis) -> None:
    file = hmis.zip()
    data = bytearray(file.read_bytes())
    with ZipFile(file) as archive:
        at = archive.start_dir
    data[at + 20 : at + 24] = (4).to_bytes(4, "little")  # the size of the packed first entry
    file.write_bytes(data)
    assert notes(read(hmis.folder, "hmis-csv", path="export.zip")) == [
        "the export is not complete yet; it is read when it is"
    ]


def test_a_zip_that_is_still_being_written_is_waited_for(hmis: Hmis) -> None:
    file = hmis.zip()
    data = file.read_bytes()
    file.write_bytes(data[:-40])
    touch(file, "2026-03-09")
    one = read(hmis.folder, "hmis-csv", path="export.zip")
    assert not one.changed
    assert notes(one) == ["the export is not complete yet; it is read when it is"]
    with pytest.raises(
        Problems, match="the zip file cannot be opened; let the registration system write it anew"
    ):
        read(hmis.folder, "hmis-csv", one.state, path="export.zip")
    file.write_bytes(data)
    assert read(hmis.folder, "hmis-csv", one.state, path="export.zip").counts.read == 2


def test_a_table_that_is_cut_off_is_waited_for_and_read_when_it_stays_so(hmis: Hmis) -> None:
    hmis.write()
    file = hmis.folder / "Enrollment.csv"
    file.write_text(file.read_text().rstrip("\n").rsplit(",", 4)[0])
    one = read(hmis.folder, "hmis-csv", path=".")
    assert not one.changed
    two = read(hmis.folder, "hmis-csv", one.state, path=".")
    assert (two.counts.read, two.counts.quarantined, two.absent) == (1, 1, None)


def test_a_torn_line_stops_conclusions_and_nothing_else(hmis: Hmis) -> None:
    hmis.write()
    file = hmis.folder / "Exit.csv"
    file.write_text(file.read_text() + '"x9,e1,2026\n')
    batch = read(hmis.folder, "hmis-csv", path=".")
    assert batch.absent is None
    assert said(batch, "e1", "stay") == [(SHELTER, "2026-01-12T09:00:00+00:00")]
    assert batch.counts.rows == 2
    assert notes(batch) == ["lines that cannot be read: 1; until they can, nothing is taken for deleted"]


# --- what changed ------------------------------------------------------------------------------------------------------------


def test_an_unchanged_export_is_not_read_again(hmis: Hmis) -> None:
    one = hmis.read()
    assert not read(hmis.folder, "hmis-csv", one.state, path=".").changed
    assert read(hmis.folder, "hmis-csv", one.state, path=".", destinations={"410": "left"}).changed
    assert read(hmis.folder, "hmis-csv", read_again(one.state), path=".").readings == one.readings
    touch(hmis.folder / "Exit.csv", "2026-03-10")
    assert read(hmis.folder, "hmis-csv", one.state, path=".").changed


def test_an_older_export_brings_nothing_back(hmis: Hmis) -> None:
    one = hmis.read()
    hmis.about["ExportDate"] = "2026-03-08 20:00:00"
    two = hmis.read(one.state)
    assert not two.changed
    assert notes(two) == [
        "the export of 2026-03-08 20:00:00 is older than the last one that was read, of 2026-03-09 20:00:00; it is left unread"
    ]
    # A date of which the order is not known is not compared.
    hmis.about["ExportDate"] = "02-07-2026 12:00:00"
    assert hmis.read(one.state).changed


def test_a_deleted_enrolment_is_retracted_when_it_was_deleted(hmis: Hmis) -> None:
    hmis.enrolments[0]["DateDeleted"] = "2026-03-04 10:00:00"
    batch = hmis.read()
    assert said(batch, "e1", "stay") == [(None, "2026-03-04T09:00:00+00:00"), (None, None)]
    assert batch.counts.read == 2


def test_a_deleted_client_is_retracted_with_all_enrolments(hmis: Hmis) -> None:
    hmis.clients.append({"PersonalID": "c1", "SSN": "123456789", "DateDeleted": "2026-03-04 10:00:00"})
    assert said(hmis.read(), "e1", "stay") == [(None, "2026-03-04T09:00:00+00:00"), (None, None)]


def test_a_row_that_a_full_export_lacks_is_retracted(hmis: Hmis) -> None:
    batch = hmis.read()
    assert gone(batch, "e9", SHELTER)
    assert gone(batch, "e9", Stay("street", date(2020, 1, 1)))
    assert gone(batch, "e9", Closed(date(2026, 1, 1), "deceased"), "closed")


@pytest.mark.parametrize(
    "event",
    [
        Stay("street", date(2024, 1, 1), date(2024, 12, 31)),
        Stay("street", date(2027, 1, 1)),
        Fact("guidance", "with", date(2024, 12, 1)),
        Expected("own-home"),
    ],
)
def test_what_lies_outside_its_period_is_not_missing(hmis: Hmis, event: Event) -> None:
    assert not gone(hmis.read(), "e9", event)


@pytest.mark.parametrize(
    "about",
    [{"ExportDirective": 1}, {"ExportDirective": ""}, {"ExportPeriodType": 1}, {"ExportEndDate": ""}],
)
def test_what_an_export_lacks_that_is_not_full_is_not_missing(hmis: Hmis, about: dict[str, object]) -> None:
    hmis.about |= about
    assert not gone(hmis.read(), "e9", SHELTER)


def test_a_part_that_a_row_no_longer_has_is_retracted_from_any_export(hmis: Hmis) -> None:
    hmis.about["ExportDirective"] = 1
    assert gone(hmis.read(), "e1", Closed(date(2020, 1, 1), "deceased"), "closed")


def test_an_expectation_is_missed_by_the_entry_of_its_enrolment(hmis: Hmis) -> None:
    hmis.enrol(3, 13).enrol(4, 13)
    one = hmis.read()
    assert one.state["expected"] == {"e3": "2026-01-10", "e4": "2026-01-10"}
    del hmis.enrolments[2:]
    hmis.about["ExportEndDate"] = "2026-01-09"
    two = hmis.read(one.state)
    assert not gone(two, "e3", Expected("own-home"), "expected")
    hmis.about["ExportEndDate"] = "2026-12-31"
    three = hmis.read(two.state)
    assert gone(three, "e3", Expected("own-home"), "expected")
    assert three.state["expected"] == {}


def test_an_export_without_enrolments_is_not_a_house_without_clients(hmis: Hmis) -> None:
    hmis.enrolments.clear()
    batch = hmis.read()
    assert batch.absent is None
    assert notes(batch) == ["Enrollment.csv has no rows; nothing is taken for deleted"]


def test_several_rows_about_the_export_count_for_what_they_agree_on(hmis: Hmis) -> None:
    hmis.write()
    file = hmis.folder / "Export.csv"
    file.write_text(file.read_text() + "2,2026-03-09,2026-01-01,2026-06-30,2026 v1,3,2\n")
    batch = read(hmis.folder, "hmis-csv", path=".")
    assert not gone(batch, "e9", Stay("street", date(2025, 5, 1), date(2025, 6, 1)))
    assert gone(batch, "e9", SHELTER)
