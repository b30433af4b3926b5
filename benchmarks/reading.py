"""Reading a CSV export of 100,000 rows, beside the standard library's reader, which only takes the rows apart."""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.figures import Figure
from tests.sources.build import read, write

HEADER = "id,client,recorded,situation,begin,end,destination,worker,trust"


def measure(small: bool) -> Iterator[Figure]:
    """Rows a second on the processor, of events and of snapshots."""
    rows = 10_000 if small else 100_000
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        file = write(folder / "export.csv", "\n".join((HEADER, *map(row, range(rows)), "")))

        def bare() -> None:
            with file.open(encoding="utf-8", newline="") as stream:
                sum(1 for _ in csv.DictReader(stream))

        yield Figure("csv.DictReader", rows / best(bare), "rows/s")
        for mode in ("events", "snapshots"):

            def whole(mode: str = mode) -> None:
                read(folder, "csv", path=".", mode=mode, facts={"trust": "trust"})

            yield Figure(mode, rows / best(whole), "rows/s", of="csv.DictReader")


def row(n: int) -> str:
    """One stay as an export has it."""
    day, end = n % 28 + 1, "" if n % 5 == 4 else f"2026-01-{n % 28 + 1:02}"
    recorded = f"2026-0{n % 3 + 1}-{day:02}T{n % 24:02}:{n % 60:02}:00"
    return f"s{n},c{n // 5},{recorded},crisis-shelter,2025-{n % 12 + 1:02}-{day:02},{end},own-home,w{n % 25},growing"


def best(work: Callable[[], object]) -> float:
    """The least time on the processor of a few runs, in seconds."""
    spent = []
    for _ in range(3):
        before = time.process_time()
        work()
        spent.append(time.process_time() - before)
    return min(spent)
