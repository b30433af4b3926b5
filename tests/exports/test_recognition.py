"""What is recognised in whole HMIS exports, held against a second reading of the same files.

The public ones are of clients whom nobody here made up. The generated ones hold what those lack: deletions, corrections, deaths,
night shelters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from pathlib import Path

import pytest

from cti.sample.organisation import Dialect, make, write_export
from tests.exports.conftest import NOW
from tests.exports.oracle import HOME, Export, day, steps
from tests.exports.place import Place, Step, place

YEARS = ("2024", "2026")
SINCE = date(2027, 1, 1)
"""Late enough that nothing is prompted: these tests are about what is recognised."""

TODAY = date(2026, 1, 15)


class Read:
    """An export, what the tick said about reading it, and what was recognised."""

    def __init__(self, folder: Path, export: Path, now: str) -> None:
        self.export = export
        self.place: Place = place(folder, export, SINCE)
        self.tick = self.place.tick(now)
        self.transitions: list[Step] = self.place.transitions()


ReadYear = Callable[[str], Read]


@pytest.fixture(scope="module")
def public_of(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> ReadYear:
    """Reads the public demo export of a year, at the end of its last day."""

    @cache
    def read(year: str) -> Read:
        folder = tmp_path_factory.mktemp("public") / "x"
        return Read(folder, samples / f"hmis-fy{year}", NOW)

    return read


@pytest.fixture(scope="module")
def generated_of(tmp_path_factory: pytest.TempPathFactory) -> ReadYear:
    """Reads the sample organisation's export as it stood in the middle of things: corrections are still to come."""

    @cache
    def read(year: str) -> Read:
        folder = tmp_path_factory.mktemp("generated")
        until = datetime(2026, 1, 15, 12)  # noqa: DTZ001 - local, as the sample has it
        dialect: Dialect = "hmis-2024" if year == "2024" else "hmis-2026"
        write_export(folder / "export", make(1, TODAY), dialect, until)
        return Read(folder / "x", folder / "export", "2026-01-15T12:00:00+01:00")

    return read


@pytest.fixture(params=YEARS)
def public(request: pytest.FixtureRequest, public_of: ReadYear) -> Read:
    return public_of(request.param)


@pytest.fixture(params=YEARS)
def generated(request: pytest.FixtureRequest, generated_of: ReadYear) -> Read:
    return generated_of(request.param)


def test_another_reading_of_the_public_exports_finds_the_same_steps(public: Read) -> None:
    assert public.transitions == steps(public.export)


def test_another_reading_of_generated_exports_finds_the_same_steps(generated: Read) -> None:
    assert generated.transitions == steps(generated.export)


def test_every_enrolment_of_the_public_exports_is_accounted_for(public: Read) -> None:
    counts = {name: public.tick[name] for name in ("read", "left_out", "quarantined")}
    assert counts == {"read": 2960, "left_out": 1811, "quarantined": 0}
    assert sum(counts.values()) == rows_in(public.export) == 4771


def test_every_enrolment_of_generated_exports_is_accounted_for(generated: Read) -> None:
    counts = [generated.tick[name] for name in ("read", "left_out", "quarantined")]
    assert all(count > 0 for count in counts[:2])
    assert sum(counts) == rows_in(generated.export)


def test_no_home_that_was_kept_is_a_move_in_the_public_exports(public: Read) -> None:
    assert homes_kept_that_are_moves(public) == []
    assert Counter(to for _, _, to, _ in public.transitions)["kept-home"] == 316


def test_no_home_that_was_kept_is_a_move_in_generated_exports(generated: Read) -> None:
    assert homes_kept_that_are_moves(generated) == []
    assert Counter(to for _, _, to, _ in generated.transitions)["kept-home"] > 20


def test_a_tick_counts_the_steps_that_are_listed(generated: Read) -> None:
    assert generated.tick["transitions"] == len(generated.transitions)


def test_both_years_of_the_public_export_give_the_same_list(public_of: ReadYear) -> None:
    assert_same(public_of("2024"), public_of("2026"))


def test_both_years_of_a_generated_export_give_the_same_list(generated_of: ReadYear) -> None:
    assert_same(generated_of("2024"), generated_of("2026"))


def assert_same(older: Read, newer: Read) -> None:
    assert older.transitions == newer.transitions
    for name in ("read", "left_out", "quarantined", "transitions"):
        assert older.tick[name] == newer.tick[name]


def rows_in(export: Path) -> int:
    return sum(len(members) for members in Export(export).households.values())


def homes_kept_that_are_moves(read: Read) -> list[tuple[str, date]]:
    """Steps into an own home on the day on which prevention ended with the home kept, and nothing else says so on that day."""
    export = Export(read.export)
    kept: set[tuple[str, date]] = set()
    moved: set[tuple[str, date]] = set()
    for client, rows in export.of_head.items():
        for row in rows:
            left = export.exits.get(row["EnrollmentID"])
            if row["MoveInDate"]:
                moved.add((client, max(day(row["MoveInDate"]), day(row["EntryDate"]))))
            if left is not None and left["Destination"] in HOME:
                of_prevention = export.types[row["ProjectID"]] == "12"
                was_kept = of_prevention and left["HousingAssessment"] == "1"
                (kept if was_kept else moved).add((client, day(left["ExitDate"])))
    assert kept
    entered = {(client, at) for client, _, to, at in read.transitions if to == "own-home"}
    return sorted((kept - moved) & entered)
