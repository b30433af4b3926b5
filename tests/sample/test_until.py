"""The exports as known at a moment: what is known later contains what was known before, and the same seed is the same bytes."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from cti.sample.events import append_events, write_events
from cti.sample.organisation import DIALECTS, Dialect, Organisation, make, write, write_export
from cti.sample.snapshots import write_snapshot
from tests.project import ROOT
from tests.sample.conftest import TODAY
from tests.sample.reading import table

NOON = datetime(2025, 6, 1, 12)  # noqa: DTZ001 - local, as the sample has it
MOMENTS = [NOON + timedelta(days=days) for days in (0, 1, 2, 9, 40)]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_event_rows_only_grow(organisation: Organisation, tmp_path: Path) -> None:
    texts = []
    for moment in MOMENTS:
        write_events(tmp_path / "events.csv", organisation.records, moment)
        texts.append((tmp_path / "events.csv").read_text())
    assert all(later.startswith(earlier) and later != earlier for earlier, later in pairwise(texts))


def test_appending_day_by_day_gives_the_file_that_is_written_at_once(
    organisation: Organisation, tmp_path: Path
) -> None:
    write_events(tmp_path / "grown.csv", organisation.records, MOMENTS[0])
    for before, moment in pairwise(MOMENTS):
        append_events(tmp_path / "grown.csv", organisation.records, before, moment)
    write_events(tmp_path / "whole.csv", organisation.records, MOMENTS[-1])
    assert (tmp_path / "grown.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_appending_to_no_file_begins_with_the_header(organisation: Organisation, tmp_path: Path) -> None:
    rows = append_events(tmp_path / "new.csv", organisation.records, MOMENTS[0], MOMENTS[1])
    assert len(table(tmp_path / "new.csv")) == rows > 0


def test_no_row_was_typed_in_after_the_moment(organisation: Organisation, tmp_path: Path) -> None:
    write_events(tmp_path / "events.csv", organisation.records, NOON)
    assert max(row["recorded"] for row in table(tmp_path / "events.csv")) <= NOON.isoformat()
    write_export(tmp_path / "hmis", organisation, "hmis-2024", NOON)
    for file in (tmp_path / "hmis").glob("*.csv"):
        for row in table(file):
            for column in ("DateCreated", "DateUpdated", "DateDeleted"):
                assert row.get(column, "") <= NOON.isoformat(sep=" "), file.name


def test_hmis_rows_never_vanish_and_never_change_when_they_were_made(
    organisation: Organisation, tmp_path: Path
) -> None:
    before: dict[str, str] = {}
    for moment in MOMENTS:
        write_export(tmp_path, organisation, "hmis-2026", moment)
        for name, key in (("Enrollment", "EnrollmentID"), ("Exit", "ExitID"), ("Client", "PersonalID")):
            now = {row[key]: row["DateCreated"] for row in table(tmp_path / f"{name}.csv")}
            then = {ref: made for ref, made in before.items() if ref.startswith(f"{name}:")}
            assert all(now[ref.partition(":")[2]] == made for ref, made in then.items())
            before |= {f"{name}:{ref}": made for ref, made in now.items()}


def test_a_snapshot_lacks_what_was_deleted(organisation: Organisation, tmp_path: Path) -> None:
    file = write_snapshot(tmp_path, organisation.records, NOON)
    assert file.name == "registration-2025-06-01.csv"
    ids = {row["id"] for row in table(file)}
    for record in organisation.records:
        versions = record.until(NOON)
        assert (record.id in ids) == bool(versions and versions[-1].content is not None)


def test_a_moment_with_a_zone_is_taken_as_the_organisations_time(
    organisation: Organisation, tmp_path: Path
) -> None:
    write_events(tmp_path / "local.csv", organisation.records, NOON)
    write_events(tmp_path / "utc.csv", organisation.records, datetime(2025, 6, 1, 10, tzinfo=UTC))
    assert (tmp_path / "local.csv").read_bytes() == (tmp_path / "utc.csv").read_bytes()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_same_seed_gives_the_same_bytes(dialect: Dialect, tmp_path: Path) -> None:
    for name in ("one", "two"):
        write(tmp_path / name, seed=5, today=TODAY, dialect=dialect, clients=60)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    write(tmp_path / "other", seed=6, today=TODAY, dialect=dialect, clients=60)
    assert contents(tmp_path / "other") != contents(tmp_path / "one")


def test_no_byte_depends_on_the_order_of_hashes(tmp_path: Path) -> None:
    code = (
        "import sys; from datetime import date; from pathlib import Path; from cti.sample.organisation import write\n"
        "for d in ('events', 'hmis-2024'): write(Path(sys.argv[1]) / d, 5, today=date(2026, 1, 15), dialect=d, clients=60)"
    )
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / seed)],
            check=True,
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed},
        )
    assert contents(tmp_path / "1") == contents(tmp_path / "2")


def test_the_organisation_grows_with_the_number_of_clients() -> None:
    small, large = make(1, TODAY, clients=50), make(1, TODAY, clients=100)
    assert small.truth.clients == large.truth.clients[:50]
    assert 1.5 < len(large.records) / len(small.records) < 2.5
