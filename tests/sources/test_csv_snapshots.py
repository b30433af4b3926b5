"""Snapshots: the newest file is the complete state, and what it lacks says something."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cti.core.events import Assignment, Event, Expected, Fact, RecordId, Stay
from cti.sources.base import Batch, State, read_again
from tests.sources.build import faults, notes, now_says, read, write

HEADER = "id,client,situation,begin,end,worker,expected"


def snapshot(folder: Path, day: str, *rows: str) -> None:
    write(folder / f"state-{day}.csv", "\n".join((HEADER, *rows)) + "\n")


def look(folder: Path, state: State | None = None, **settings: Any) -> Batch:
    return read(folder, "csv", state, path=".", mode="snapshots", **settings)


def gone(batch: Batch, ref: str, event: Event, part: str = "stay") -> Event | None:
    assert batch.absent is not None
    return batch.absent(RecordId("reg", ref, part), event)


OPEN = Stay("street", date(2026, 1, 1))
OVER = Stay("street", date(2026, 1, 1), date(2026, 2, 1))


def test_the_newest_snapshot_is_read_and_no_other(tmp_path: Path) -> None:
    snapshot(tmp_path, "2026-03-01", "s1,c1,street,2026-01-01,,,")
    snapshot(tmp_path, "2026-03-02", "s2,c2,street,2026-01-01,,,")
    batch = look(tmp_path)
    assert list(now_says(batch.readings)) == ["s2 stay"]
    assert not look(tmp_path, batch.state).changed


def test_a_row_that_the_next_snapshot_lacks_is_retracted(tmp_path: Path) -> None:
    snapshot(tmp_path, "2026-03-02", "s2,c2,street,2026-01-01,,,")
    batch = look(tmp_path)
    assert gone(batch, "s1", OPEN) is None


def test_or_it_ended_on_the_snapshots_day(tmp_path: Path) -> None:
    snapshot(tmp_path, "2026-03-02", "s2,c2,street,2026-01-01,,,")
    batch = look(tmp_path, missing="ended")
    assert gone(batch, "s1", OPEN) == Stay("street", date(2026, 1, 1), date(2026, 3, 2))
    assert gone(batch, "s1", OVER) == OVER
    assert gone(batch, "s1", Stay("street", date(2026, 4, 1))) == Stay(
        "street", date(2026, 4, 1), date(2026, 4, 1)
    )
    assert gone(batch, "s1", Expected("own-home"), "expected") is None
    assert gone(batch, "s1", Fact("trust", "yes", date(2026, 1, 1)), "fact:trust") is not None


def test_or_it_only_left(tmp_path: Path) -> None:
    snapshot(tmp_path, "2026-03-02", "s2,c2,street,2026-01-01,,,")
    assert gone(look(tmp_path, missing="kept"), "s1", OPEN) == OPEN


@pytest.mark.parametrize("missing", ["retracted", "ended", "kept"])
def test_a_part_that_a_row_no_longer_has_is_retracted(tmp_path: Path, missing: str) -> None:
    snapshot(tmp_path, "2026-03-02", "s1,c1,street,2026-01-01,,,")
    assert gone(look(tmp_path, missing=missing), "s1", Expected("own-home"), "expected") is None


def test_a_row_that_cannot_be_read_is_not_taken_for_deleted(tmp_path: Path) -> None:
    snapshot(tmp_path, "2026-03-02", "s1,c1,nowhere,2026-01-01,,,", "s2,c2,street,2026-01-01,,,")
    batch = look(tmp_path)
    assert gone(batch, "s1", OPEN) == OPEN
    assert gone(batch, "s3", OPEN) is None


def test_a_row_without_an_id_may_be_any_so_nothing_is_taken_for_deleted(tmp_path: Path) -> None:
    snapshot(tmp_path, "2026-03-02", ",c1,street,2026-01-01,,,", "s2,c2,street,2026-01-01,,,")
    batch = look(tmp_path)
    assert batch.absent is None
    assert notes(batch) == [
        "rows that tell no record: 1; until they can be read, nothing is taken for deleted"
    ]


def test_a_total_below_the_rows_is_no_record(tmp_path: Path) -> None:
    snapshot(tmp_path, "2026-03-02", "s2,c2,street,2026-01-01,,,", ",,1 client,,,,")
    batch = look(tmp_path)
    assert gone(batch, "s1", OPEN) is None
    assert len(batch.quarantined) == 1


def test_a_snapshot_without_rows_is_not_a_house_without_clients(tmp_path: Path) -> None:
    snapshot(tmp_path, "2026-03-02")
    batch = look(tmp_path)
    assert batch.absent is None
    assert notes(batch) == ["the snapshot has no rows that can be read; nothing is taken for deleted"]


def test_an_older_snapshot_does_not_come_after_a_newer_one(tmp_path: Path) -> None:
    snapshot(tmp_path, "2026-03-02", "s2,c2,street,2026-01-01,,,")
    batch = look(tmp_path)
    (tmp_path / "state-2026-03-02.csv").unlink()
    snapshot(tmp_path, "2026-03-01", "s1,c1,street,2026-01-01,,,")
    later = look(tmp_path, batch.state)
    assert not later.changed
    assert notes(later) == [
        "state-2026-03-01.csv is older than the last snapshot that was read; it is left unread"
    ]


def test_one_file_may_be_written_over_each_time(tmp_path: Path) -> None:
    write(tmp_path / "state.csv", HEADER + "\ns1,c1,street,2026-01-01,,,\n", "2026-03-01")
    first = look(tmp_path)
    write(tmp_path / "state.csv", HEADER + "\ns1,c1,street,2026-01-01,2026-03-01,,\n", "2026-03-02")
    assert now_says(look(tmp_path, first.state).readings) == {
        "s1 stay": Stay("street", date(2026, 1, 1), date(2026, 3, 1))
    }


def test_of_two_rows_with_one_id_the_later_is_quarantined(tmp_path: Path) -> None:
    snapshot(tmp_path, "2026-03-02", "s1,c1,street,2026-01-01,,,", "s1,c1,own-home,2026-02-01,,,")
    batch = look(tmp_path)
    assert now_says(batch.readings) == {"s1 stay": OPEN}
    assert faults(batch) == [
        "state-2026-03-02.csv:3 s1 id=s•: another row of this snapshot has the same id; each registration needs its own"
    ]


def test_a_fact_without_a_day_holds_since_the_first_snapshot_that_said_it(tmp_path: Path) -> None:
    state: State = {}
    found = []
    for day, trust, other in (("01", "growing", ""), ("02", "growing", "yes"), ("03", "yes", "yes")):
        text = f"id,client,situation,begin,Band\ns1,c1,street,2026-01-01,{other}\ns2,c1,street,2026-01-01,{trust}\n"
        write(tmp_path / f"2026-03-{day}.csv", text)
        batch = look(tmp_path, state, facts={"trust": "Band"})
        state = batch.state
        fact = now_says(batch.readings)["s2 fact:trust"]
        assert isinstance(fact, Fact)
        found.append((fact.value, fact.day.day))
    assert found == [("growing", 1), ("growing", 1), ("yes", 3)]


def test_a_worker_who_takes_over_does_so_on_the_day_that_says_so(tmp_path: Path) -> None:
    batch = Batch()
    for day, worker in (("01", "w1"), ("02", "w1"), ("03", "w2")):
        snapshot(
            tmp_path,
            f"2026-03-{day}",
            f"s1,c1,street,2026-01-01,,{worker},",
            f"s2,c2,street,2026-01-{day},,,",
        )
        batch = look(tmp_path, batch.state)
    expected = {
        "s1 stay": OPEN,
        "s2 stay": Stay("street", date(2026, 1, 3)),
        "s1 assignment": Assignment(date(2026, 1, 1), "w1"),
        "s1 assignment:2": Assignment(date(2026, 3, 3), "w2"),
    }
    assert now_says(batch.readings) == expected
    # Also after the stay has ended, and when a row in between could not be read.
    snapshot(tmp_path, "2026-03-04", "s1,c1,nowhere,2026-01-01,,w2,")
    batch = look(tmp_path, batch.state)
    snapshot(tmp_path, "2026-03-05", "s1,c1,street,2026-01-01,2026-03-04,w2,")
    batch = look(tmp_path, batch.state)
    snapshot(tmp_path, "2026-03-06", "s1,c1,street,2026-01-01,2026-03-05,w2,")
    over = now_says(look(tmp_path, batch.state).readings)
    assert [over[part] for part in ("s1 assignment", "s1 assignment:2")] == [
        expected["s1 assignment"],
        expected["s1 assignment:2"],
    ]


def test_a_snapshot_read_again_from_the_beginning_forgets_nobody(tmp_path: Path) -> None:
    batch = Batch()
    for day, worker in (("01", "w1"), ("02", "w2")):
        snapshot(tmp_path, f"2026-03-{day}", f"s1,c1,street,2026-01-01,,{worker},")
        batch = look(tmp_path, batch.state)
    again = look(tmp_path, read_again(batch.state))
    assert again.changed
    assert again.readings == batch.readings


def test_a_half_written_snapshot_is_waited_for(tmp_path: Path) -> None:
    write(tmp_path / "state.csv", HEADER + "\ns1,c1,street,2026-01-01,,,\ns2,c2,str", "2026-03-01")
    batch = look(tmp_path)
    assert not batch.changed
    assert batch.readings == ()
    assert look(tmp_path, batch.state).counts.quarantined == 1
