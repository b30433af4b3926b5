"""A tick with nothing new, with 100 changed clients and after a rule change, from a thousand clients on (sources not read).

    python -m benchmarks.growth 1000 1000000

measures with other numbers of clients, and keeps it in RESULTS.md. The clients are copies of those of a sample organisation that
was imported and planned in earnest: the rows are what an import makes, with numbers and references of their own; what was due has
been answered. Memory is the most that the process of the tick held at a time, its helpers aside.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from benchmarks.figures import Figure, Row
from cti.config import load
from cti.core.events import Reading, RecordId, Stay
from cti.core.prompts import WANTED
from cti.engine import tick
from cti.engine.planning import replan
from cti.engine.reading import read_sources
from cti.engine.rulebooks import in_force
from cti.engine.system import System
from cti.store import clients, database, journal, prompts, tables
from cti.store.bulk import insert
from cti.store.database import open_database
from tests.engine.sample import Sample, sample

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)
CHANGED = 100

TURNS = 7
"""So often a short tick is made."""

COPIED = (tables.client, tables.record, tables.version, tables.assignment, tables.prompt, tables.prompt_name)
NUMBERS = {"client_id": "client", "record_id": "record", "prompt_id": "prompt", "covered_by": "prompt"}
TEXTS = ("key", "name", "names", "facts")
"""Columns in which records are named."""

MARK = "\0"
"""Stands where a copy has its number."""

Rows = dict[str, list[dict[str, Any]]]


def measure(small: bool, sizes: Sequence[int] = ()) -> Iterator[Row]:
    """Ticks at each number of clients, every one in a process of its own."""
    database.SYNCHRONOUS = "OFF"  # in this process, which only makes what is measured
    few, *more = sizes or ((300, 900) if small else (1_000, 20_000))
    for size in (few, *more):
        with tempfile.TemporaryDirectory() as folder:
            made = sample(Path(folder) / "house", TODAY, size=min(few, 1_000), since=date(2026, 1, 1))
            has = grow(made, size)
            name = f"{size:,} clients"
            for number, what in enumerate(("nothing", "changed", "rules"), 1):
                took, memory = ticked(made.folder, what, number)
                told = {"nothing": "nothing new", "changed": f"{CHANGED} changed", "rules": "a rule changed"}[
                    what
                ]
                if what == "rules":
                    yield Figure(f"{told}, {name}", took / has * 1_000_000, "µs a client")
                else:
                    of = f"{told}, {few:,} clients" if size != few else None
                    yield Figure(
                        f"{told}, {name}",
                        took * 1000,
                        "ms",
                        of=of,
                        most=1.3 if of and what == "changed" else None,
                    )
                yield Figure(f"{told}, {name}, memory", memory, "MB", most=400)


def grow(made: Sample, size: int) -> int:
    """Imports and plans the sample, and copies its clients until there are so many. Gives how many there are."""
    system = made.system
    rules = in_force(system, NOW, "bench")
    read_sources(system, rules.rulebook.vocabulary, NOW, None, force=True)
    replan(system, rules.rulebook, NOW, force=True)
    with system.database.write() as tx:
        # As if it had been at work all the time: nothing that fell due was left to pass.
        due = (tables.prompt.c.due <= NOW + timedelta(days=1), tables.prompt.c.standing == WANTED)
        for number in tx.scalars(select(tables.prompt.c.id).where(*due)).all():
            prompts.record_answer(tx, number, "done", NOW)
    with system.database.read() as tx:
        rows: Rows = {
            table.name: [dict(row) for row in tx.execute(select(table)).mappings()] for table in COPIED
        }
        refs: dict[int, list[str]] = defaultdict(list)
        for number, ref in tx.execute(select(tables.record.c.client_id, tables.record.c.ref)):
            refs[number].append(ref)
    step = {name: max((row.get("id", 0) for row in of_it), default=0) for name, of_it in rows.items()}
    client_of = {row["id"]: row["client_id"] for row in rows["prompt"]}
    for name, of_it in rows.items():
        for row in of_it:
            owner = client_of[row["prompt_id"]] if name == "prompt_name" else row.get("client_id")
            _mark(row, refs.get(owner or 0, ()))
    copies = max(1, round(size / len(rows["client"])))
    for copy in range(1, copies):
        with system.database.write() as tx:
            for table in COPIED:
                insert(tx, table, [_copy(row, table.name, step, copy) for row in rows[table.name]])
    return copies * len(rows["client"])


def _mark(row: dict[str, Any], refs: Iterable[str]) -> None:
    """Puts a mark before each reference in the texts of a row, where a copy has its number."""
    if "ref" in row:
        row["ref"] = MARK + row["ref"]
    for column in TEXTS:
        if row.get(column) is not None:
            for ref in set(refs):
                row[column] = row[column].replace(f":{ref}:", f":{MARK}{ref}:")


def _copy(row: dict[str, Any], table: str, step: dict[str, int], copy: int) -> dict[str, Any]:
    new = dict(row)
    for column in ("id", *NUMBERS):
        if new.get(column) is not None:
            new[column] += copy * step[NUMBERS.get(column, table)]
    for column in ("ref", *TEXTS):
        if new.get(column) is not None:
            new[column] = new[column].replace(MARK, f"{copy}~")
    return new


def ticked(folder: Path, what: str, number: int, changed: int = CHANGED) -> tuple[float, float]:
    """Seconds and megabytes of a tick in a process of its own; the number tells the ticks of one house apart."""
    run = [sys.executable, "-m", "benchmarks.growth", "--tick", str(folder), what]
    run += [str(number), str(changed)]
    took, memory = json.loads(subprocess.run(run, capture_output=True, text=True, check=True).stdout)
    return float(took), float(memory)


def _tick(folder: Path, what: str, number: int, changed: int) -> None:
    """Changes what is to be changed, then ticks; in the process that is measured. Of short ticks the least of a few counts."""
    config = load(folder / "config.toml", {})
    system = System(config, open_database(config.database))
    now = NOW + timedelta(minutes=number)
    # What a service that runs has read already: rules and texts.
    tick(system, now - timedelta(seconds=30), sources=())
    took = []
    for turn in range(1 if what == "rules" else TURNS):
        now += timedelta(seconds=1)
        if what == "changed":
            _change(system, now, changed, turn)
        elif what == "rules":
            vocabulary = folder / "rules" / "vocabulary.toml"
            text = vocabulary.read_text(encoding="utf-8")
            vocabulary.write_text(text.replace("since = 2026-01-01", "since = 2026-01-02"), encoding="utf-8")
        began = time.perf_counter()
        done = tick(system, now, sources=(), force=what == "rules")
        took.append(time.perf_counter() - began)
        if what == "changed":
            assert done.planning.clients == changed
    print(json.dumps([min(took), _most_memory()]))


def _change(system: System, now: datetime, changed: int, turn: int) -> None:
    """So many clients moved, from all over the house; other ones each turn."""
    with system.database.write() as tx:
        every = clients.client_ids(tx)
        some = clients.clients(tx, every[turn :: max(1, len(every) // changed)][:changed])
        moved = Stay("long-stay", TODAY)
        readings = [
            Reading(RecordId("registration", f"new-{now:%M-%S}-{one.id}", "stay"), one.ref, moved, now)
            for one in some.values()
        ]
        journal.append(tx, readings, now, system.config.calendar)


def _most_memory() -> float:
    """The most memory that this process had at a time, in MB (`getrusage` would count its parent's too)."""
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("the system does not tell how much memory was used")


def main() -> None:
    """Ticks once, as a process that is measured; or measures with the numbers of clients that are given."""
    if sys.argv[1:2] == ["--tick"]:
        folder, what, number, changed = sys.argv[2:]
        _tick(Path(folder), what, int(number), int(changed))
        return
    from benchmarks.__main__ import keep, run

    sizes = [int(size) for size in sys.argv[1:]]
    about = (__doc__ or "").splitlines()[0]
    keep("growth", run("growth", about, lambda small: measure(small, sizes), small=False))


if __name__ == "__main__":
    main()
