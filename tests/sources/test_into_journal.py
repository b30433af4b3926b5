"""What sources give, as the journal keeps it: nothing twice, corrections as versions, and what went missing retracted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from cti.core.calendar import Calendar
from cti.core.events import Event, Expected, Reading, Stay
from cti.sources.base import Batch, State
from cti.store import journal
from cti.store.clients import client_id
from cti.store.database import Database, open_database
from cti.store.histories import histories
from cti.store.schema import upgrade
from tests.sources.build import NOW, read, write
from tests.sources.hmis import CREATED_AT, LEFT_AT, Hmis

CALENDAR = Calendar()
SHELTER = Stay("crisis-shelter", date(2026, 1, 10))
LEFT = Stay("crisis-shelter", date(2026, 1, 10), date(2026, 3, 1), "own-home")


class House:
    """A journal that a source called "reg" is read into, reading by reading, a day apart."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.state: State = {}
        self.now = NOW - timedelta(days=1)

    def take(self, batch: Batch) -> int:
        """Appends a batch with what follows from absences, as a tick does; gives the number of versions added."""
        first = not self.state
        self.state = batch.state
        with self.database.write() as tx:
            readings = list(batch.readings)
            told = {reading.id for reading in readings}
            for known in journal.live(tx, "reg") if batch.absent is not None else ():
                if known.id not in told and known.event is not None and batch.absent is not None:
                    says = batch.absent(known.id, known.event)
                    if says != known.event:
                        readings.append(Reading(known.id, known.client, says))
            if batch.unsaid is not None:
                there = journal.Standing(tx).of(reading.id for reading in readings)
                readings += [taken_back for record in there for taken_back in batch.unsaid(record)]
            return journal.append(tx, readings, self.now, CALENDAR, first).new_versions

    def hmis(self, export: Hmis) -> int:
        self.now += timedelta(days=1)
        return self.take(export.read(self.state, facts=[]))

    def csv(self, folder: Path, mode: str, missing: str = "retracted") -> int:
        self.now += timedelta(days=1)
        return self.take(read(folder, "csv", self.state, self.now, path=".", mode=mode, missing=missing))

    def said(self, client: str, ref: str, part: str = "stay") -> list[tuple[Event | None, str]]:
        """The versions of a record of this client, each with when it was known."""
        with self.database.read() as tx:
            number = client_id(tx, client)
            records = [
                record
                for _, history in histories(tx, [number] if number else [])
                for record in history.records
            ]
        return [
            (version.event, version.known.isoformat())
            for record in records
            if (record.id.ref, record.id.part) == (ref, part)
            for version in record.versions
        ]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    database = open_database(f"sqlite:///{tmp_path / 'journal.db'}")
    upgrade(database)
    yield House(database)
    database.close()


@pytest.fixture
def export(tmp_path: Path) -> Hmis:
    return Hmis(tmp_path / "export")


def learned(house: House) -> str:
    return house.now.isoformat()


def test_the_same_export_read_again_adds_nothing(house: House, export: Hmis) -> None:
    export.enrol(1, 0).leave(1, destination=410).enrol(2, 13).enrol(3, 13, MoveInDate="2026-02-15").enrol(
        4, 13
    )
    export.leave(4, destination=101).enrol(5, 1).night(5, "2026-01-15").enrol(
        6, 4, DateOfEngagement="2026-02-01"
    )
    assert house.hmis(export) > 0
    export.about["ExportDate"] = "2026-03-10 20:00:00"
    assert house.hmis(export) == 0


def test_day_by_day_and_at_once_are_known_at_the_same_times(house: House, export: Hmis) -> None:
    export.enrol(1, 0)
    house.hmis(export)
    export.leave(1, destination=410)
    house.hmis(export)
    assert house.said("c1", "e1") == [(SHELTER, CREATED_AT), (LEFT, LEFT_AT)]


def test_an_exit_that_is_gone_opens_the_stay_again(house: House, export: Hmis) -> None:
    export.enrol(1, 0).leave(1, destination=410)
    house.hmis(export)
    export.exits.clear()
    house.hmis(export)
    assert house.said("c1", "e1")[2:] == [(SHELTER, learned(house))]


def test_a_corrected_entry_is_a_version_of_the_same_record(house: House, export: Hmis) -> None:
    export.enrol(1, 0).leave(1, destination=410)
    house.hmis(export)
    export.enrolments[0]["EntryDate"] = "2026-01-08"
    assert house.hmis(export) == 1
    assert house.said("c1", "e1")[-1][0] == Stay("crisis-shelter", date(2026, 1, 8), LEFT.end, "own-home")
    assert house.hmis(export) == 0


def test_a_new_head_takes_the_familys_records(house: House, export: Hmis) -> None:
    export.enrol(1, 0, HouseholdID="h1").enrol(2, 0, HouseholdID="h1", RelationshipToHoH=2)
    house.hmis(export)
    export.enrolments[0]["RelationshipToHoH"], export.enrolments[1]["RelationshipToHoH"] = 2, 1
    assert house.hmis(export) == 1
    assert [event for event, _ in house.said("c2", "e1")][-1] == SHELTER
    assert house.said("c1", "e1") == [] or house.said("c1", "e1")[-1][0] is None


def test_a_row_that_went_missing_is_retracted_and_comes_back_as_it_was(house: House, export: Hmis) -> None:
    export.enrol(1, 13).enrol(2, 0)
    house.hmis(export)
    rows, export.enrolments = export.enrolments, export.enrolments[1:]
    house.hmis(export)
    assert house.said("c1", "e1", "expected")[-1] == (None, learned(house))
    export.enrolments = rows
    house.hmis(export)
    assert house.said("c1", "e1", "expected")[-1] == (Expected("own-home"), learned(house))
    assert house.hmis(export) == 0


def test_a_deleted_row_is_retracted(house: House, export: Hmis) -> None:
    export.enrol(1, 0).leave(1, destination=410)
    house.hmis(export)
    export.enrolments[0]["DateDeleted"] = "2026-03-05 10:00:00"
    house.hmis(export)
    assert house.said("c1", "e1")[-1] == (None, "2026-03-05T09:00:00+00:00")
    assert house.hmis(export) == 0


def test_a_deletion_from_before_the_last_change_still_retracts(house: House, export: Hmis) -> None:
    export.enrol(1, 0).leave(1, destination=410)
    house.hmis(export)
    export.enrolments[0]["DateDeleted"] = "2026-02-01"
    house.hmis(export)
    assert house.said("c1", "e1")[-1][0] is None


def test_event_rows_read_again_add_nothing(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "events"
    rows = [
        "id,client,recorded,retracted,situation,begin,end,expected",
        "s1,c1,2026-03-01T10:00,,street,2026-02-01,,own-home",
        "s1,c1,2026-03-02T10:00,,street,2026-02-03,,own-home",
        "s1,c1,2026-03-03T10:00,,street,2026-02-01,,",
    ]
    write(folder / "e.csv", "\n".join([*rows, ""]))
    house.csv(folder, "events")
    begins = [event.begin.day for event, _ in house.said("c1", "s1") if isinstance(event, Stay)]
    assert begins == [1, 3, 1]
    write(folder / "e.csv", "\n".join([*rows, "s2,c2,2026-03-04T10:00,,street,2026-02-01,,", ""]))
    assert house.csv(folder, "events") == 1
    write(folder / "f.csv", "\n".join([rows[0], "s1,c1,2026-03-05T10:00,ja,,,,", ""]))
    house.csv(folder, "events")
    assert house.said("c1", "s1")[-1] == (None, "2026-03-05T09:00:00+00:00")
    assert house.said("c1", "s1", "expected")[-1] == (None, "2026-03-03T09:00:00+00:00")


def test_a_snapshot_says_since_its_own_day_at_first_and_later_since_it_was_learned(
    house: House, tmp_path: Path
) -> None:
    folder = tmp_path / "states"
    header = "id,client,situation,begin,end,worker\n"
    write(folder / "2026-03-01.csv", header + "s1,c1,street,2026-02-01,,w1\ns2,c2,street,2026-02-01,,\n")
    house.csv(folder, "snapshots")
    begun = datetime(2026, 1, 31, 23, tzinfo=UTC).isoformat()
    assert house.said("c1", "s1") == [(Stay("street", date(2026, 2, 1)), begun)]
    write(folder / "2026-03-02.csv", header + "s1,c1,street,2026-02-01,2026-03-02,w2\n")
    house.csv(folder, "snapshots")
    assert house.said("c1", "s1")[-1] == (Stay("street", date(2026, 2, 1), date(2026, 3, 2)), learned(house))
    assert house.said("c2", "s2")[-1] == (None, learned(house))
    assert len(house.said("c1", "s1", "assignment")) == len(house.said("c1", "s1", "assignment:2")) == 1


def test_who_is_missing_from_a_snapshot_may_have_left(house: House, tmp_path: Path) -> None:
    folder = tmp_path / "states"
    header = "id,client,situation,begin\n"
    write(folder / "2026-03-01.csv", header + "s1,c1,street,2026-02-01\ns2,c2,street,2026-02-01\n")
    house.csv(folder, "snapshots", "ended")
    write(folder / "2026-03-02.csv", header + "s1,c1,street,2026-02-01\n")
    house.csv(folder, "snapshots", "ended")
    assert house.said("c2", "s2")[-1][0] == Stay("street", date(2026, 2, 1), date(2026, 3, 2))
    write(folder / "2026-03-03.csv", header + "s1,c1,street,2026-02-02\n")
    assert house.csv(folder, "snapshots", "ended") == 1
