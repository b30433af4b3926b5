"""Tables to take along, which no spreadsheet takes for anything but text and numbers."""

import csv
import io
from datetime import date

import pytest

from cti.csvtext import csv_text, safe


@pytest.mark.parametrize(
    "text", ["=1+1", "+31", "-2", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1", "＝1+1", "=HYPERLINK(“x”)"]
)
def test_a_text_that_could_be_a_formula_stays_a_text(text: str) -> None:
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize(
    ("cell", "written"),
    [("c-1042", "c-1042"), (-3, "-3"), (0, "0"), (2.5, "2.5"), (None, ""), (date(2026, 3, 2), "2026-03-02")],
)
def test_other_cells_are_written_as_they_are(cell: str | int | float | date | None, written: str) -> None:
    assert safe(cell) == written


def test_what_is_written_is_read_again_by_any_reader() -> None:
    rows = [["a,b", 'say "no"'], ["two\nlines", "é"]]
    text = csv_text(["one", "=two"], rows, ";")
    assert text.endswith("\r\n")
    assert list(csv.reader(io.StringIO(text, newline=""), delimiter=";")) == [["one", "'=two"], *rows]
