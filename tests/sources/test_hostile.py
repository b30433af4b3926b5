"""Exports that were made to break whoever reads them."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from tests.sources.build import now_says, problems_of, read
from tests.sources.hmis import Hmis

HEADER = "id,client,situation,begin\n"
GOOD = "good,c1,street,2026-01-01\n"


def test_a_zip_that_unpacks_to_a_thousand_times_its_size_is_not_unpacked(tmp_path: Path) -> None:
    hmis = Hmis(tmp_path / "export").enrol(1, 0).write()
    with ZipFile(tmp_path / "export.zip", "w", ZIP_DEFLATED, compresslevel=1) as archive:
        for file in hmis.folder.iterdir():
            if file.name != "Enrollment.csv":
                archive.write(file, file.name)
        with archive.open("Enrollment.csv", "w") as stream:
            for _ in range(80):
                stream.write(bytes(1024**2))
    (said,) = problems_of(tmp_path, "hmis-csv", path="export.zip")
    assert said.startswith("export.zip: the zip file unpacks to ")


def test_a_giant_cell_costs_its_row_and_no_other(tmp_path: Path) -> None:
    giant = f'big,"{"x" * 2_000_000}",street,2026-01-01\n'
    (tmp_path / "e.csv").write_text(HEADER + giant + GOOD, encoding="utf-8")
    batch = read(tmp_path, "csv", path="e.csv")
    assert set(now_says(batch.readings)) == {"good stay"}
    assert (len(batch.quarantined), batch.counts.rows) == (1, 2)
    assert len(repr(batch.quarantined)) < 2000, "what is shown of it is short"


def test_a_file_full_of_quotes_that_never_close_is_read_in_time_and_its_good_row_is_found(
    tmp_path: Path,
) -> None:
    bad = "".join(f'{n},"c{n}","str"eet","2026-01-01\n' for n in range(20_000))
    (tmp_path / "e.csv").write_text(HEADER + bad + GOOD, encoding="utf-8")
    batch = read(tmp_path, "csv", path="e.csv")
    assert set(now_says(batch.readings)) == {"good stay"}
    assert batch.counts.rows == 20_001


def test_null_characters_cost_their_row(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_bytes(HEADER.encode() + b"\0bad,c\0,street,2026-01-01\n" + GOOD.encode())
    batch = read(tmp_path, "csv", path="e.csv")
    assert set(now_says(batch.readings)) == {"good stay"}
    assert len(batch.quarantined) == 1


@pytest.mark.parametrize("kind", ["csv", "hmis-csv", "iwmo"])
@pytest.mark.parametrize("name", ["x" * 300, "a\0b", "x" * 300 + "/*.csv"])
def test_a_path_that_no_system_has_is_not_there(tmp_path: Path, kind: str, name: str) -> None:
    more = {"secret": "a-key-that-is-only-for-these-tests-0123456789"} if kind == "iwmo" else {}
    [problem] = problems_of(tmp_path, kind, path=name, **more)
    assert "there is no file or folder" in problem
