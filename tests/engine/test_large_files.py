"""An export with more rows than memory has room for says what it would say otherwise, and takes no more memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from cti.core.events import History
from cti.sources import spool
from cti.store import clients, quarantine
from cti.store.histories import histories
from tests.engine.house import COLUMNS, House, when
from tests.sources.build import read, write


@contextmanager
def little_memory(rows: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spool, "IN_MEMORY", rows)
        patch.setattr(spool, "AT_ONCE", rows // 2)
        yield


def lives(dice: Random, rows: int) -> list[list[str]]:
    """Rows about a few people, corrected, retracted and typed in again, some of which cannot be read; in no order."""
    found = []
    for _ in range(rows):
        number = dice.randrange(rows // 3)
        begin = when("2-1") + timedelta(days=dice.randrange(200))
        recorded = begin + timedelta(days=dice.randrange(20), minutes=dice.randrange(600))
        cells = dict.fromkeys(COLUMNS, "") | {
            "id": f"s{number}",
            "client": f"c{number % 7}",
            "recorded": f"{recorded:%Y-%m-%dT%H:%M:%S}",
            "situation": dice.choice(("crisis-shelter", "own-home", "street", "nowhere")),
            "begin": f"{begin:%Y-%m-%d}",
            "worker": dice.choice(("w1", "w2", "")),
        }
        if dice.random() < 0.1:
            cells["retracted"] = "yes"
        found.append([cells[column] for column in COLUMNS])
    return found


def written(house: House, name: str, rows: list[list[str]]) -> None:
    lines = [",".join(row) for row in [COLUMNS, *rows]]
    (house.folder / "export" / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def told(house: House) -> tuple[list[History], list[tuple[str, str]]]:
    with house.system.database.read() as tx:
        found = sorted(
            (history for _, history in histories(tx, clients.client_ids(tx))), key=lambda h: h.client
        )
        unread = sorted((entry.ref, entry.field) for entry in quarantine.entries(tx))
    return [History(one.client, tuple(sorted(one.records, key=lambda r: str(r.id)))) for one in found], unread


@pytest.mark.parametrize("seed", range(2))
def test_rows_that_are_sorted_on_disk_say_what_they_say_in_memory(seed: int, tmp_path: Path) -> None:
    first, second = lives(Random(seed), 60), lives(Random(seed + 100), 60)
    small, large = (House(tmp_path / name, floor=1000) for name in ("small", "large"))
    for house in (small, large):
        written(house, "events-2026-09-01.csv", first)
    small.tick("9-1")
    with little_memory(10):
        large.tick("9-1")
    assert told(large) == told(small)
    for house in (small, large):
        written(house, "events-2026-09-02.csv", second)
    small.tick("9-2")
    with little_memory(10):
        large.tick("9-2")
    assert told(large) == told(small)
    assert told(small)[0] and told(small)[1]


def test_a_large_file_that_would_retract_many_is_held_as_well(tmp_path: Path) -> None:
    house = House(tmp_path / "house", floor=5)
    for number in range(40):
        house.moves_in("2-1", f"s{number}", "crisis-shelter", client=f"c{number}")
    with little_memory(10):
        house.tick("2-2")
        before = told(house)
        for number in range(30):
            house.retract("2-3", f"s{number}", client=f"c{number}")
        done = house.tick("2-4")
        assert done.sources[0].held is not None and done.sources[0].held.clients == 30
        assert told(house) == before
        house.tick("2-5", force=True)
    assert sum(record.versions[-1].event is None for one in told(house)[0] for record in one.records) == 60


def test_of_a_large_file_that_is_still_being_written_nothing_is_taken(tmp_path: Path) -> None:
    house = House(tmp_path / "house")
    for number in range(40):
        house.moves_in("2-1", f"s{number}", "crisis-shelter", client=f"c{number}")
    file = house.folder / "export" / "events.csv"
    file.write_text(file.read_text() + "s40,c40,2026-0", encoding="utf-8")
    with little_memory(10):
        house.tick("2-2")
        assert told(house)[0] == []
        house.tick("2-3")
    assert len(told(house)[0]) == 40


def test_ten_times_as_many_rows_take_no_more_memory(tmp_path: Path) -> None:
    peaks = []
    for size in (500, 4_000):
        lines = [f"s{number},c{number},street,2026-02-01\n" for number in range(size)]
        write(tmp_path / f"{size}" / "events.csv", "".join(["id,client,situation,begin\n", *lines]))
        with little_memory(100):
            tracemalloc.start()
            batch = read(tmp_path / f"{size}", "csv", path=".")
            assert batch.pieces is not None
            assert sum(len(readings) for readings, _ in batch.pieces()) == size
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]
