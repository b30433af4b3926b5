"""How long it takes to read a large CSV export, beside the standard library reading the same file.

    python -m benchmarks.reading

Prints rows a second of either, and the ratio: processors differ and are busy, ratios hold.
"""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.sources.build import read, write

HEADER = "id,client,recorded,situation,begin,end,destination,worker,trust"
ROWS = 100_000


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


def main() -> None:
    """Measures both ways of reading a CSV source."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        file = write(folder / "export.csv", "\n".join((HEADER, *map(row, range(ROWS)), "")))

        def bare() -> None:
            with file.open(encoding="utf-8", newline="") as stream:
                sum(1 for _ in csv.DictReader(stream))

        fastest = best(bare)
        print(f"{'csv.DictReader':<16}{ROWS / fastest:>12,.0f} rows/s")
        for mode in ("events", "snapshots"):

            def whole(mode: str = mode) -> None:
                read(folder, "csv", path=".", mode=mode, facts={"trust": "trust"})

            spent = best(whole)
            print(f"{mode:<16}{ROWS / spent:>12,.0f} rows/s {spent / fastest:>6.1f} times the bare reader")


if __name__ == "__main__":
    main()
