"""The registration as snapshots: a file holds what every record says on its day; what was deleted is not in it."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from cti.sample.records import Record, local
from cti.sample.rows import SAYS, cells

HEADER = ("id", "client", *SAYS)


def write_snapshot(folder: Path, records: Iterable[Record], until: datetime) -> Path:
    """Writes `registration-YYYY-MM-DD.csv`, as known at that moment, into the folder; returns the file."""
    latest = local(until)
    path = folder / f"registration-{latest:%Y-%m-%d}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for record in records:
            versions = record.until(latest)
            if versions and versions[-1].content is not None:
                writer.writerow([record.id, versions[-1].client, *cells(versions[-1].content)])
    return path
