"""The first part of a tick: from the sources into the journal, one transaction a source."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from cti.collecting import without_collecting
from cti.core.calendar import Calendar
from cti.core.events import Reading, RecordId
from cti.core.limits import Held, Limits
from cti.core.vocabulary import Vocabulary
from cti.engine.listing import PEOPLE, keep_list
from cti.engine.outcome import SourceRead
from cti.engine.system import System
from cti.problems import Problems
from cti.sources import LISTS, source_module
from cti.sources.base import Batch, Context, Pushed, SourceOptions, State, Unsaid
from cti.store import held, inbox, journal, quarantine, sources
from cti.store.clients import open_clients

RETRACTIONS = "retractions"


def read_sources(
    system: System, vocabulary: Vocabulary, now: datetime, names: Collection[str] | None, force: bool
) -> tuple[SourceRead, ...]:
    """Reads the named sources (None: all). One that cannot be read says so, and the others go on."""
    wanted = [source for source in system.config.sources if names is None or source.name in names]
    return tuple(_read_source(system, source, vocabulary, now, force) for source in wanted)


def _read_source(
    system: System, options: SourceOptions, vocabulary: Vocabulary, now: datetime, force: bool
) -> SourceRead:
    with system.database.read() as tx:
        before = sources.source_state(tx, options.name)

    def pushed(again: bool) -> list[Pushed]:
        with system.database.read() as tx:
            found = inbox.deliveries(tx, options.name, again)
        return [Pushed(one.number, one.client, one.kind, one.recorded, one.fields) for one in found]

    config = system.config
    context = Context(
        vocabulary, config.calendar.zone, now, config.folder, pushed, frozenset(config.staff.teams)
    )
    with without_collecting():
        try:
            batch = source_module(options.type).read(options, dict(before.state), context)
        except Problems as unreadable:
            with system.database.write() as tx:
                sources.failed(tx, options.name, now, str(unreadable))
            return SourceRead(options.name, problems=unreadable.problems)
        if options.type in LISTS:
            return _keep_people(system, options.name, batch, now, force)
        first = before.first_read_at is None
        return _keep(system, options.name, batch, dict(before.state), now, first=first, force=force)


def _keep(
    system: System, name: str, batch: Batch, before: State, now: datetime, first: bool, force: bool
) -> SourceRead:
    """Into the journal with it, as far as the limit on retractions allows; then the source may forget what it had read."""
    calendar = system.config.calendar
    done = SourceRead(
        name,
        read=batch.counts.read,
        left_out=batch.counts.left_out,
        quarantined=batch.counts.quarantined,
        changed=batch.changed,
        notes=batch.notes,
        problems=batch.problems,
    )
    with system.database.write() as tx:
        journal.alone(tx)  # other sources may be read at the same time
        at_once = list(_pieces(tx, name, batch)) if batch.pieces is None else None
        gone: dict[RecordId, int] = {}
        if at_once is not None or not first:  # else nothing stands yet that could go
            for standing, readings in at_once or _pieces(tx, name, batch):
                gone |= _would_go(standing, readings, now, calendar)
        over = None if force else _over(tx, name, len(set(gone.values())), system.config.limits)
        _hold(tx, RETRACTIONS, name, over, now)
        if batch.changed:
            _quarantine(tx, name, batch, now)
        versions = 0
        for standing, readings in at_once or _pieces(tx, name, batch):
            if batch.changed and batch.afresh is not None:
                quarantine.read_well(tx, name, {reading.id.ref for reading in readings}, now)
            taken = readings if over is None else [one for one in readings if one.id not in gone]
            appended = journal.append(tx, taken, now, calendar, first=first, standing=standing)
            versions += appended.new_versions
        # Held retractions must be seen again by the next reading, so the source goes on from where it was.
        state = batch.state if over is None else before
        if over is None:
            inbox.settle(tx, batch.taken, batch.unread)
        counts = {"read": done.read, "left_out": dict(done.left_out), "quarantined": done.quarantined}
        sources.was_read(tx, name, now, state, counts, new=versions > 0)
    return replace(done, versions=versions, held=over)


def _keep_people(system: System, name: str, batch: Batch, now: datetime, force: bool) -> SourceRead:
    with system.database.write() as tx:
        done = keep_list(tx, system, name, batch, now, force)
        _hold(tx, PEOPLE, name, done.held, now)
        if batch.people is not None:
            _quarantine(tx, name, batch, now)
    return done


def _pieces(tx: Connection, name: str, batch: Batch) -> Iterator[tuple[journal.Standing, Sequence[Reading]]]:
    """All that was read, and what follows from what was not, with what stands of it; in one piece where there is room for it."""
    if batch.pieces is not None:
        for said, unsaid in batch.pieces():
            standing = journal.Standing(tx)
            yield standing, _with_unsaid(standing, list(said), unsaid)
        return
    readings = list(batch.readings)
    if batch.absent is not None:
        told = {reading.id for reading in readings}
        for known in journal.live(tx, name):
            if known.id not in told and known.event is not None:
                now_says = batch.absent(known.id, known.event)
                if now_says != known.event:
                    readings.append(Reading(known.id, known.client, now_says))
    standing = journal.Standing(tx)
    yield standing, _with_unsaid(standing, readings, batch.unsaid)


def _with_unsaid(
    standing: journal.Standing, readings: list[Reading], unsaid: Unsaid | None
) -> Sequence[Reading]:
    if unsaid is not None:
        there = standing.of(reading.id for reading in readings)
        readings += [taken_back for record in list(there) for taken_back in unsaid(record)]
    return readings


def _would_go(
    standing: journal.Standing, readings: Sequence[Reading], now: datetime, calendar: Calendar
) -> Mapping[RecordId, int]:
    """The live records that these readings would retract, each with our number of its client."""
    doubtful = {reading.id for reading in readings if reading.event is None}
    return journal.retracted(
        standing, (reading for reading in readings if reading.id in doubtful), now, calendar
    )


def _over(tx: Connection, name: str, clients: int, limits: Limits) -> Held | None:
    """Whether retracting records of so many clients is over the limit."""
    if clients <= limits.floor:
        return None  # and nobody counts who has an open situation
    open_now = open_clients(tx, limits.enough(clients))
    limit = limits.allows(open_now)
    return Held(RETRACTIONS, name, clients, limit, open_now) if clients > limit else None


def _hold(tx: Connection, kind: str, name: str, over: Held | None, now: datetime) -> None:
    held.hold(tx, (kind,), [waiting(over)] if over is not None else [], now, of=name)


def waiting(over: Held) -> held.Waiting:
    """A held change as the store keeps it."""
    numbers = {"clients": over.clients, "limit": over.limit, "open": over.open_clients}
    return held.Waiting(over.what, over.of, numbers)


def _quarantine(tx: Connection, name: str, batch: Batch, now: datetime) -> None:
    """Keeps what could not be read, and lets go of what could be this time."""
    found = [
        quarantine.Unread(
            name, entry.ref, entry.file, entry.line, entry.field, entry.value, entry.reason, entry.params
        )
        for entry in batch.quarantined
    ]
    quarantine.put(tx, found, now)
    if batch.afresh is None:
        quarantine.read_whole(tx, name, now)
        return
    # A row without a reference is only known by its file and line.
    for file in batch.afresh:
        quarantine.file_read(tx, name, file, now)
