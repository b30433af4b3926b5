"""The sample organisation as iWmo messages comes to the same steps as its registration says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from cti.core.events import Reading, RecordId, Stay, Version
from cti.core.events import Record as CoreRecord
from cti.core.spells import spells
from cti.sample.organisation import make
from cti.sample.records import Record
from cti.sample.records import Stay as SampleStay
from cti.sources.iwmo.message import reference
from tests.sources.build import NOW
from tests.sources.iwmo.messages import SECRET, Post, citizen
from tests.sources.iwmo.sample import MEANT, REASONS, is_ours, number_of, write_messages

Steps = set[tuple[str, str | None, str, date]]


def steps(readings: Iterable[Reading]) -> Steps:
    """Every step of every line, by what stands in the end."""
    last = {reading.id: reading for reading in readings}
    clients: dict[str, list[CoreRecord]] = defaultdict(list)
    for reading in last.values():
        if isinstance(reading.event, Stay):
            clients[reading.client].append(CoreRecord(reading.id, (Version(reading.event, NOW),)))
    return {
        (client, spell.origin, spell.situation, spell.begin)
        for client, records in clients.items()
        for spell in spells(sorted(records, key=lambda record: record.id), 14)
    }


def registered(record: Record) -> Reading | None:
    """What the registration says in the end, as far as a code of iWmo can tell it."""
    version = record.versions[-1]
    said = version.content
    if not isinstance(said, SampleStay):
        return None
    destination = said.destination if said.destination in REASONS and not said.died else None
    client = reference(SECRET, citizen(number_of(version.client)))
    return Reading(RecordId("x", record.id), client, Stay(said.situation, said.begin, said.end, destination))


def test_the_messages_of_the_sample_come_to_the_same_steps(tmp_path: Path) -> None:
    records = [record for record in make(1, date(2026, 1, 15), 150).records if is_ours(record)]
    assert write_messages(tmp_path / "messages", records) > 300
    batch = Post(tmp_path / "messages").read(reasons=MEANT)
    assert (batch.counts.quarantined, batch.counts.left_out) == (0, {})
    true = steps(said for record in records if (said := registered(record)) is not None)
    assert len(true) > 200
    assert steps(batch.readings) == true
