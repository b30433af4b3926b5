"""What rows that are added one after another say: readings of what they mention, and what they take back by not mentioning it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from cti.core.events import Reading, RecordId
from cti.sources.base import Unsaid
from cti.sources.spool import RowOf


def row_readings(rows: Sequence[RowOf], source: str) -> tuple[list[Reading], Unsaid]:
    """The readings of these rows in their order, and what the rows say of known records that none of them mentions.

    A row takes back each part that it might have and lacks. Most records never had most parts: readings that say so would be six
    in seven.
    """
    mentioned: dict[str, set[str]] = {}
    for row, parts in rows:
        # A row that says nothing was read nevertheless: what was amiss with its record is over.
        mentioned.setdefault(row.ref, set()).update(row.parts or parts[:1])
    readings = []
    for row, parts in rows:
        among = mentioned[row.ref]
        for part in row.parts if len(row.parts) == len(among) else (part for part in parts if part in among):
            readings.append(
                Reading(RecordId(source, row.ref, part), row.client, row.parts.get(part), row.recorded)
            )
    return readings, _unsaid(rows, mentioned)


def _unsaid(rows: Sequence[RowOf], mentioned: dict[str, set[str]]) -> Unsaid:
    of_ref: dict[str, list[RowOf]] = defaultdict(list)

    def unsaid(record: RecordId) -> list[Reading]:
        if record.part in mentioned.get(record.ref, (record.part,)):
            return []
        if not of_ref:
            for entry in rows:
                of_ref[entry[0].ref].append(entry)
        return [
            Reading(record, row.client, None, row.recorded)
            for row, parts in of_ref[record.ref]
            if record.part in parts
        ]

    return unsaid
