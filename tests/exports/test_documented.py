"""The figures in docs/hmis.md are those of the public exports, and each step is read from the codes that it says."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.exports.conftest import SINCE, Begun
from tests.exports.oracle import Export, Row, day, destination
from tests.project import ROOT

TEXT = (ROOT / "docs" / "hmis.md").read_text(encoding="utf-8")
MEASURED = TEXT[TEXT.index("## Measured on a public export") :]
RETURN = "return to an open stay"
ORIGINS = 9


@pytest.fixture(scope="module")
def found(begun: Begun) -> list[Any]:
    found: list[Any] = begun(SINCE).json("transitions")
    return found


def test_the_numbers_of_steps_from_and_to_each_situation_are_so(found: list[Any]) -> None:
    counts = Counter((step["from"], step["to"]) for step in found)
    head, *lines = [cells for cells in rows_of_tables() if len(cells) == ORIGINS + 1]
    written = {
        (None if line[0] == "–" else word(line[0]), word(to)): int(count)
        for line in lines
        for to, count in zip(head[1:], line[1:], strict=True)
    }
    assert {pair: count for pair, count in written.items() if count} == counts
    assert f"same {len(found):,} steps" in " ".join(MEASURED.split())


def test_each_step_is_read_from_the_codes_that_are_named(found: list[Any], samples: Path) -> None:
    export = Export(samples / "hmis-fy2026")
    heads = {export.record(row): row for rows in export.of_head.values() for row in rows}
    written = [
        (word(cells[0]), cells[1], int(cells[2]))
        for cells in rows_of_tables()
        if len(cells) == 3 and cells[2].isdigit()
    ]
    counts: Counter[tuple[str, str]] = Counter()
    for step in found:
        row = heads[step["source_ref"]]
        codes = read_from(export, row, date.fromisoformat(step["day"]), step["to"])
        (line,) = [
            line for to, line, _ in written if to == step["to"] and (says(line, codes) or line == codes)
        ]
        counts[step["to"], line] += 1
    assert {(to, line): count for to, line, count in written} == counts


def read_from(export: Export, row: Row, at: date, to: str) -> str:
    """Which code of its record's enrolment says a step: "Destination 410", "type 0", or neither."""
    left = export.exits.get(row["EnrollmentID"])
    kind = export.types[row["ProjectID"]]
    if left is not None and day(left["ExitDate"]) == at:
        if destination(kind, left) == to:
            return f"Destination {left['Destination']}"
        return RETURN
    return f"type {kind}"


def says(line: str, codes: str) -> bool:
    """Whether a line of the table names this code: "Destination 101, 118" does name "Destination 118"."""
    what, _, number = codes.partition(" ")
    named = re.match(rf"(?:.*, )?{what} ((?:\d+, )*\d+)", line)
    return named is not None and number in named[1].split(", ")


def rows_of_tables() -> list[list[str]]:
    lines = [line for line in MEASURED.splitlines() if line.startswith("|") and "---" not in line]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def word(cell: str) -> str:
    return cell.strip("`")
