"""The journal: what every record said, from when on we knew. Versions are only ever added (erasure is the one exception)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, text

from cti.core.calendar import Calendar
from cti.core.events import Event, Reading, RecordId
from cti.store.bulk import among, insert, new_ids, pieces, update_each
from cti.store.clients import ids_of, mark_dirty
from cti.store.codec import RETRACTED, event_of, events_of
from cti.store.erasure import Forgotten
from cti.store.tables import client, record, version
from cti.store.versions import Decided, Latest, When, decide

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Appended:
    """What was added: versions, readings that were older than what stands, records that were erased and stay out; and the numbers
    of the clients that now wait to be planned."""

    new_versions: int = 0
    older: int = 0
    erased: int = 0
    clients: frozenset[int] = field(default=frozenset())


class Standing:
    """What the journal has of some records; each is looked up once in a transaction, as long as nothing is added."""

    def __init__(self, tx: Connection) -> None:
        self._tx = tx
        self._asked: dict[str, set[str]] = defaultdict(set)
        self._empty: dict[str, bool] = {}
        self._found: dict[RecordId, Latest] = {}

    def of(self, ids: Iterable[RecordId]) -> Mapping[RecordId, Latest]:
        """What stands of these records, and perhaps of others; what is not there is not among them."""
        refs: dict[str, set[str]] = defaultdict(set)
        for source, ref, _ in ids:
            refs[source].add(ref)
        for source, named in refs.items():
            for piece in pieces(named - self._asked[source]):
                self._look_up(source, set(piece))
        return self._found

    def _look_up(self, source: str, named: set[str]) -> None:
        asked = (
            select(*_LATEST)
            .join(client, client.c.id == record.c.client_id)
            .where(record.c.source == source, among(self._tx, record.c.ref, named))
        )
        self._asked[source] |= named
        if not self._has_none(source):
            for ref, part, *rest in self._tx.execute(asked):
                self._found[RecordId(source, ref, part)] = Latest(*rest)

    def _has_none(self, source: str) -> bool:
        """Whether there is no record of the source at all, as at a first import."""
        if source not in self._empty:
            some = self._tx.scalar(select(record.c.id).where(record.c.source == source).limit(1))
            self._empty[source] = some is None
        return self._empty[source]


_LATEST = (
    record.c.ref,
    record.c.part,
    record.c.id,
    client.c.ref,
    record.c.client_id,
    record.c.seq,
    record.c.digest,
    record.c.recorded,
    record.c.stated,
    record.c.known,
)


def append(
    tx: Connection,
    readings: Iterable[Reading],
    learned: datetime,
    calendar: Calendar,
    first: bool = False,
    standing: Standing | None = None,
) -> Appended:
    """Adds what these readings say anew, and marks the clients whose history changed.

    `learned` is now; `first` says that their source is read for the first time: what it does not date was known on its own day. A
    record that moves to another client changes both. Appending the same again adds nothing. `standing` is what was looked up in
    this transaction already.
    """
    alone(tx)
    when = When(learned, calendar, first)
    forgotten = Forgotten(tx)
    versions = older = erased = 0
    changed: set[int] = set()
    people = _People(tx)
    for piece in pieces(_by_record(readings).items()):
        # What one piece adds, no other piece speaks of.
        decided = _decide((standing or Standing(tx)).of(key for key, _ in piece), piece, when)
        known = [entry for entry in decided if entry.latest is not None or entry.new]
        kept = forgotten.without_erased(known)
        _write(tx, kept, learned, changed, people)
        versions += sum(len(entry.new) for entry in kept)
        older += sum(entry.older for entry in kept)
        erased += len(known) - len(kept)
    mark_dirty(tx, changed - people.born)
    return Appended(versions, older, erased, frozenset(changed))


def retracted(
    standing: Standing, readings: Iterable[Reading], learned: datetime, calendar: Calendar
) -> Mapping[RecordId, int]:
    """Which live records these readings would retract if they were appended now, each with our number of its client."""
    when, found = When(learned, calendar), dict[RecordId, int]()
    for piece in pieces(_by_record(readings).items()):
        latest = standing.of(key for key, _ in piece)
        for key, said in piece:
            live = latest.get(key)
            if live is not None and live.digest != RETRACTED:
                new = decide(key, said, live, when).new
                if new and new[-1].text is None:
                    found[key] = live.client_id
    return found


def versions(tx: Connection, key: RecordId) -> list[Event | None]:
    """What a record has said, version by version; None where it was retracted. Empty where there is no such record."""
    of_record = (record.c.source == key.source, record.c.ref == key.ref, record.c.part == key.part)
    asked = select(version.c.event).join(record, record.c.id == version.c.record_id).where(*of_record)
    return events_of(list(tx.scalars(asked.order_by(version.c.seq))))


def live(tx: Connection, source: str) -> Iterator[Reading]:
    """What the records of this source say now, as readings; retracted ones are left out. Read within the transaction, in
    pieces."""
    asked = (
        select(record.c.ref, record.c.part, client.c.ref, version.c.event, version.c.recorded)
        .join(client, client.c.id == record.c.client_id)
        .join(version, (version.c.record_id == record.c.id) & (version.c.seq == record.c.seq))
        .where(record.c.source == source, version.c.event.is_not(None))
    )
    with tx.execute(asked, execution_options={"yield_per": 1000}) as rows:
        for ref, part, of, event, recorded in rows:
            yield Reading(RecordId(source, ref, part), of, event_of(event), recorded)


def _by_record(readings: Iterable[Reading]) -> dict[RecordId, list[Reading]]:
    grouped: dict[RecordId, list[Reading]] = defaultdict(list)
    for reading in readings:
        grouped[reading.id].append(reading)
    return grouped


def alone(tx: Connection) -> None:
    """Two that add a version to one record would give it the same number; on SQLite a writer is alone anyway."""
    if tx.dialect.name == "postgresql":
        tx.execute(text("SELECT pg_advisory_xact_lock(hashtext('cti journal'))"))


def _decide(
    latest: Mapping[RecordId, Latest], piece: Sequence[tuple[RecordId, Sequence[Reading]]], when: When
) -> list[Decided]:
    # Most readings of a row only say which parts it lacks; of a record that was never there, that is nothing to decide on.
    return [
        decide(key, readings, latest.get(key), when)
        for key, readings in piece
        if key in latest or any(reading.event is not None for reading in readings)
    ]


def _write(
    tx: Connection, decided: Sequence[Decided], learned: datetime, changed: set[int], people: _People
) -> None:
    """Writes the versions; adds to `changed` the numbers of the clients that they concern."""
    numbers = people.numbers(dict.fromkeys(new.client for entry in decided for new in entry.new))
    unused = iter(new_ids(tx, record, sum(entry.latest is None for entry in decided)))
    records, grown, again, versions = list[Row](), list[Row](), list[Row](), list[Row]()
    for entry in decided:
        latest, last = entry.latest, entry.new[-1] if entry.new else None
        number, seq = (latest.id, latest.seq) if latest is not None else (next(unused), 0)
        for new in entry.new:
            seq += 1
            versions.append(
                {
                    "record_id": number,
                    "seq": seq,
                    "client_id": numbers[new.client],
                    "event": new.text,
                    "day": new.day,
                    "recorded": new.recorded,
                    "known": new.known,
                    "learned": learned,
                }
            )
        if last is not None:
            changed.add(numbers[last.client])
            row = {
                "client_id": numbers[last.client],
                "seq": seq,
                "digest": entry.digest,
                "recorded": entry.recorded,
                "stated": entry.stated,
                "known": last.known,
            }
            if latest is None:
                key = entry.id
                records.append({"id": number, "source": key.source, "ref": key.ref, "part": key.part} | row)
            else:
                changed.add(latest.client_id)
                grown.append({"id": number} | row)
        elif latest is not None and entry.recorded != latest.recorded:
            # The same, recorded once more: what was recorded in between and comes in later is older.
            again.append({"id": number, "recorded": entry.recorded, "stated": entry.stated})
    insert(tx, record, records)
    insert(tx, version, versions)
    update_each(tx, record, grown)
    update_each(tx, record, again)


class _People:
    """The numbers of clients, each looked up once in a transaction. Those that are new wait to be planned from the start, and are
    `born`."""

    def __init__(self, tx: Connection) -> None:
        self._tx = tx
        self._numbers: dict[str, int] = {}
        self.born: set[int] = set()

    def numbers(self, refs: Collection[str]) -> Mapping[str, int]:
        """The numbers of these clients, and perhaps of others."""
        tx, known = self._tx, self._numbers
        known |= ids_of(tx, [ref for ref in refs if ref not in known])
        unknown = [ref for ref in refs if ref not in known]
        fresh = dict(zip(unknown, new_ids(tx, client, len(unknown)), strict=True))
        begun = {"changed": 1, "planned": 0, "open": False}
        insert(tx, client, [{"id": number, "ref": ref} | begun for ref, number in fresh.items()])
        self.born |= set(fresh.values())
        known |= fresh
        return known
