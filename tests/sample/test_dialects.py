"""The truth is in the exports, the same in each dialect; and whoever reads them carelessly does not find it."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from cti.sample.organisation import DIALECTS, Dialect, Organisation, make, write_export
from cti.sample.records import SETTLED
from cti.sample.truth import Transition
from tests.sample.conftest import AFTERWARDS, TODAY
from tests.sample.reading import (
    KINDS,
    Read,
    figures,
    stays_of_events,
    stays_of_hmis,
    stays_of_snapshot,
    transitions,
    worst,
)


def read(folder: Path, dialect: str) -> list[Read]:
    if dialect == "events":
        return stays_of_events(folder / "events.csv")
    if dialect == "snapshots":
        return stays_of_snapshot(max(folder.glob("*.csv")))
    return stays_of_hmis(folder)


@pytest.fixture(scope="session")
def true(organisation: Organisation) -> tuple[Transition, ...]:
    return organisation.truth.transitions()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_careful_reading_finds_the_four_transitions(
    dialect: str, exports: Path, true: tuple[Transition, ...]
) -> None:
    found = transitions(read(exports / dialect, dialect))
    for kind, (precision, recall) in figures(found, true).items():
        assert precision >= 0.99 and recall >= 0.99, kind


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_dialects_agree_on_every_step_of_every_line(
    dialect: str, exports: Path, true: tuple[Transition, ...]
) -> None:
    assert transitions(read(exports / dialect, dialect)) == set(true)


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_it_is_so_with_any_seed(seed: int, tmp_path: Path) -> None:
    organisation = make(seed, TODAY, clients=300)
    for dialect in DIALECTS:
        write_export(tmp_path / dialect, organisation, dialect, AFTERWARDS)
        found = transitions(read(tmp_path / dialect, dialect))
        assert found == set(organisation.truth.transitions()), dialect


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_happened_three_months_before_an_export_is_found_in_it(
    dialect: Dialect, organisation: Organisation, tmp_path: Path
) -> None:
    write_export(tmp_path, organisation, dialect)
    settled = TODAY - SETTLED
    found = {t for t in transitions(read(tmp_path, dialect)) if t.day < settled}
    assert found == set(organisation.truth.transitions(settled))


@pytest.mark.parametrize("day", range(20, 1100, 135))
def test_the_dialects_agree_at_any_moment(day: int, organisation: Organisation, tmp_path: Path) -> None:
    until = datetime.combine(organisation.truth.start, datetime.min.time()) + timedelta(days=day, hours=13)
    for dialect in DIALECTS:
        write_export(tmp_path / dialect, organisation, dialect, until)
    lines = [transitions(read(tmp_path / dialect, dialect)) for dialect in DIALECTS]
    assert all(line == lines[0] for line in lines)
    settled = until.date() - SETTLED
    assert {t for t in lines[0] if t.day < settled} == set(organisation.truth.transitions(settled))


def test_without_merging_the_shelter_is_entered_far_too_often(
    exports: Path, true: tuple[Transition, ...]
) -> None:
    found = transitions(read(exports / "events", "events"), gap=0)
    precision, recall = figures(found, true)["crisis-shelter"]
    assert precision < 0.9 and recall >= 0.99


def test_without_overlaps_old_files_bring_clients_back_to_where_they_no_longer_are(
    exports: Path, true: tuple[Transition, ...]
) -> None:
    found = transitions(read(exports / "events", "events"), overlaps=False)
    assert figures(found, true)["crisis-shelter"][0] < 0.9
    assert worst(found, true) < 0.9


def test_without_corrections_days_and_situations_are_wrong(
    exports: Path, true: tuple[Transition, ...]
) -> None:
    events = exports / "events" / "events.csv"
    assert worst(transitions(stays_of_events(events, versions="first")), true) < 0.8
    assert worst(transitions(stays_of_events(events, versions="stated")), true) < 0.93


def test_without_deletions_what_was_a_mistake_happened(exports: Path, true: tuple[Transition, ...]) -> None:
    kept = stays_of_events(exports / "events" / "events.csv", deletions=False)
    assert worst(transitions(kept), true) < 0.96
    assert worst(transitions(stays_of_hmis(exports / "hmis-2026", deletions=False)), true) < 0.96


def test_with_whole_households_everything_happens_too_often(
    exports: Path, true: tuple[Transition, ...]
) -> None:
    found = transitions(stays_of_hmis(exports / "hmis-2024", heads=False))
    assert all(figures(found, true)[kind][0] < 0.9 for kind in KINDS)


def test_no_threat_that_ended_with_the_home_kept_is_a_move(exports: Path) -> None:
    for dialect in DIALECTS:
        for stay in read(exports / dialect, dialect):
            assert stay.destination != "kept-home" or stay.situation == "at-risk"


def test_there_is_a_tie_that_only_the_record_ids_decide(exports: Path) -> None:
    begun: dict[tuple[str, date], set[str]] = {}
    for stay in read(exports / "events", "events"):
        if stay.begin != stay.end:
            begun.setdefault((stay.client, stay.begin), set()).add(stay.situation)
    assert sum(len(situations) > 1 for situations in begun.values()) >= 4
