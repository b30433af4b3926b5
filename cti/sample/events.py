"""The registration as event rows: every version of every record is a row, in the order in which they were typed in.

What is written as known at one moment is the beginning of what is written as known at a later one.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from cti.sample.records import Record, last_content, local
from cti.sample.rows import SAYS, cells

HEADER = ("id", "client", "recorded", "retracted", *SAYS)


def write_events(path: Path, records: Iterable[Record], until: datetime | None = None) -> int:
    """Writes all rows that were typed in by `until` (None: all); returns their number."""
    return _write(path, _rows(records, None, until), append=False)


def append_events(path: Path, records: Iterable[Record], after: datetime, until: datetime) -> int:
    """Adds to the file what was typed in after one moment and by another; returns the number of rows."""
    return _write(path, _rows(records, after, until), append=True)


def _rows(records: Iterable[Record], after: datetime | None, until: datetime | None) -> list[list[str]]:
    latest = local(until) if until is not None else None
    earliest = local(after) if after is not None else None
    found: list[tuple[datetime, str, list[str]]] = []
    for record in records:
        for index, version in enumerate(record.until(latest)):
            if earliest is not None and version.recorded <= earliest:
                continue
            said = version.content or last_content(record.versions[:index])
            retracted = "" if version.content is not None else "yes"
            recorded = version.recorded.isoformat(sep="T", timespec="seconds")
            row = [record.id, version.client, recorded, retracted, *cells(said)]
            found.append((version.recorded, record.id, row))
    return [row for _, _, row in sorted(found, key=lambda entry: entry[:2])]


def _write(path: Path, rows: list[list[str]], append: bool) -> int:
    new = not append or not path.exists()
    with path.open("w" if new else "a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if new:
            writer.writerow(HEADER)
        writer.writerows(rows)
    return len(rows)
