"""First import and daily tick, beside a script that only writes the same rows into the same empty tables.

The registration is the export of the sample organisation (2,000 clients, three years of events), with the shipped rules. Ours
finds and reads the file, maps its rows, keeps versions in the journal, plans all clients and stores their prompts. The script has
all rows of all tables ready in memory, as the import left them, and hands them to the driver: `executemany` on SQLite, COPY on
PostgreSQL, one commit. Same settings of the database, same constraints and indexes; the outputs are compared. Mail is measured by
`delivering`.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from benchmarks.figures import Figure
from cti.engine.planning import replan
from cti.engine.reading import read_sources
from cti.engine.rulebooks import in_force
from cti.engine.system import System
from cti.store import schema
from cti.store.bulk import insert
from cti.store.database import Database, open_database
from cti.store.tables import metadata
from tests.engine.sample import Sample, sample
from tests.postgres import postgres, postgres_database

TODAY = date(2026, 1, 15)
EVENING, NEXT = (datetime(2026, 1, day, 17, tzinfo=UTC) for day in (15, 16))
Rows = dict[str, list[dict[str, Any]]]


def measure(small: bool) -> Iterator[Figure]:
    """Rows of the export a second, from the file to stored prompts; then a day on which ten clients' rows are added."""
    clients = 200 if small else 2_000
    with ExitStack() as stack:
        server = stack.enter_context(postgres())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        made = sample(folder / "sample", TODAY, size=clients, since=date(2025, 1, 15))
        for kind in ("SQLite", "PostgreSQL"):

            def empty(name: str, kind: str = kind) -> Database:
                if kind == "SQLite":
                    database = open_database(f"sqlite:///{folder / name}.db")
                else:
                    database = open_database(stack.enter_context(postgres_database(server)))
                schema.ensure(database)
                stack.callback(database.close)
                return database

            yield from _on(kind, made, empty)


def _on(kind: str, made: Sample, empty: Callable[[str], Database]) -> Iterator[Figure]:
    system = System(made.system.config, empty("ours"))
    script, ours = f"a script that writes the rows, {kind}", f"first import, {kind}"
    took, read = _pass(system, EVENING)
    rows = _rows(system.database)
    bare = empty("bare")
    began = time.perf_counter()
    with bare.write() as tx:
        for table in metadata.sorted_tables:
            if rows[table.name]:
                insert(tx, table, rows[table.name])
    written = time.perf_counter() - began
    assert _counts(bare) == {name: len(of_it) for name, of_it in rows.items()}
    yield Figure(script, written, "s")
    yield Figure(ours, took, "s", of=script, most=3)
    yield Figure(f"the same, rows of the export, {kind}", read / took, "rows/s")
    took, _ = _pass(system, EVENING)
    yield Figure(f"a tick with nothing new, {kind}", took, "s", of=ours)
    export = made.folder / "export" / "events.csv"
    before = export.read_text(encoding="utf-8")
    header, *lines = before.splitlines()
    place = header.split(",").index("id")
    added = [_renamed(line, place) for line in lines[-10:]]
    export.write_text("\n".join([header, *lines, *added]) + "\n", encoding="utf-8")
    took, read = _pass(system, NEXT)
    export.write_text(before, encoding="utf-8")
    yield Figure(f"a tick after ten rows were added, {kind}", took, "s", of=ours)


def _pass(system: System, now: datetime) -> tuple[float, int]:
    """Seconds that reading and planning took, and how many rows were read."""
    rules = in_force(system, now, "bench")
    began = time.perf_counter()
    [done] = read_sources(system, rules.rulebook.vocabulary, now, None, force=True)
    planned = replan(system, rules.rulebook, now, force=True)
    took = time.perf_counter() - began
    assert not done.problems and not planned.broken
    return took, done.read


def _renamed(line: str, place: int) -> str:
    cells = line.split(",")
    cells[place] += "x"
    return ",".join(cells)


def _rows(database: Database) -> Rows:
    with database.read() as tx:
        return {
            table.name: [dict(row) for row in tx.execute(select(table)).mappings()]
            for table in metadata.sorted_tables
        }


def _counts(database: Database) -> dict[str, int]:
    with database.read() as tx:
        return {
            table.name: tx.scalar(select(func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
        }
