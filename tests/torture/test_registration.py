"""The registration that is typed into during the torture asks for nothing that could not be kept."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random

from tests.engine.house import when
from tests.torture.registration import Registration


def test_who_never_was_here_is_taken_out_at_the_first_stop_of_the_next_day(tmp_path: Path) -> None:
    registration = Registration(tmp_path, Random(1), 0)
    registration.mistaken("c1", when("3-5", 15))  # a Thursday: on Monday at opening the prompt would be due
    registration.advance(when("3-6", 9, 5), newcomers=False)
    with (tmp_path / "events-2026-03-06.csv").open(encoding="utf-8") as stream:
        assert [row["retracted"] for row in csv.DictReader(stream)] == ["yes"]
