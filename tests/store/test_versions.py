"""Laws of the journal over random readings: appending is idempotent, batches do not matter, older never overrides."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cti.core.events import Event, Reading, RecordId
from cti.store import clients, journal
from cti.store.database import Database
from cti.store.histories import histories
from cti.store.versions import When, decide
from tests.store.build import CALENDAR, HOME, SHELTER, STREET, at, wipe

EVENTS: tuple[Event | None, ...] = (SHELTER, HOME, STREET, None)
_profile = settings.default or settings()
# Each example is a round of its own through a database.
both = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    max_examples=_profile.max_examples // 4,
)

records = st.builds(
    RecordId, st.just("s"), st.sampled_from(["r1", "r2", "r3"]), st.sampled_from(["stay", "fact"])
)
stamps = st.none() | st.integers(0, 8).map(lambda hours: at(2) + timedelta(hours=hours))
readings = st.builds(Reading, records, st.sampled_from(["c1", "c2"]), st.sampled_from(EVENTS), stamps)

World = dict[str, list[tuple[RecordId, tuple[tuple[Event | None, object], ...]]]]


@st.composite
def in_order(draw: st.DrawFn) -> list[Reading]:
    """Readings of which each has its own time, in the order of those."""
    count = draw(st.integers(0, 12))
    return [
        Reading(
            draw(records),
            draw(st.sampled_from(["c1", "c2"])),
            draw(st.sampled_from(EVENTS)),
            at(2) + timedelta(hours=n),
        )
        for n in range(count)
    ]


@st.composite
def cut(draw: st.DrawFn) -> tuple[list[Reading], list[list[Reading]]]:
    """Readings in order, and the same cut into batches."""
    whole = draw(in_order())
    places = sorted(draw(st.lists(st.integers(0, len(whole)), max_size=4)))
    edges = [0, *places, len(whole)]
    return whole, [whole[begin:end] for begin, end in pairwise(edges)]


def world(database: Database) -> World:
    """All that is known, of all clients."""
    with database.read() as tx:
        return {
            history.client: [
                (record.id, tuple((version.event, version.known) for version in record.versions))
                for record in history.records
            ]
            for _, history in histories(tx, clients.client_ids(tx))
        }


def play(database: Database, *batches: list[Reading], learned: int = 20) -> list[int]:
    """Appends the batches to an empty journal, a day apart; gives how many versions each added."""
    wipe(database)
    return [add(database, batch, learned + number) for number, batch in enumerate(batches)]


def add(database: Database, batch: list[Reading], learned: int) -> int:
    with database.write() as tx:
        return journal.append(tx, batch, at(learned), CALENDAR).new_versions


@given(batches=st.lists(st.lists(readings, max_size=8), max_size=3), last=st.lists(readings, max_size=8))
@both
def test_appending_the_same_again_adds_nothing(
    database: Database, batches: list[list[Reading]], last: list[Reading]
) -> None:
    play(database, *batches, last)
    before = world(database)
    assert add(database, last, 40) == 0
    assert world(database) == before


@given(cut())
@both
def test_batches_do_not_matter_where_readings_come_in_order(
    database: Database, example: tuple[list[Reading], list[list[Reading]]]
) -> None:
    whole, batches = example
    play(database, whole)
    at_once = world(database)
    play(database, *batches)
    assert world(database) == at_once


@given(in_order(), st.randoms(use_true_random=False))
@both
def test_the_order_of_rows_in_a_file_does_not_matter(
    database: Database, whole: list[Reading], random: object
) -> None:
    play(database, whole)
    in_order_of_time = world(database)
    shuffled = list(whole)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    play(database, shuffled)
    assert world(database) == in_order_of_time


@given(in_order(), st.data())
@both
def test_an_older_reading_never_overrides_a_newer_one(
    database: Database, whole: list[Reading], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(whole))
    play(database, *([entry] for entry in order))
    latest: dict[RecordId, Reading] = {}
    for entry in whole:
        # A retraction of what is not known at all is nothing, whenever it was recorded.
        latest[entry.id] = entry
    for client, told in world(database).items():
        for record, versions in told:
            final = latest[record]
            if final.event is not None:
                assert (versions[-1][0], client) == (final.event, final.client)


@given(st.lists(st.lists(readings, max_size=6), max_size=5))
@both
def test_known_never_runs_backwards_nor_ahead_of_learning(
    database: Database, batches: list[list[Reading]]
) -> None:
    play(database, *batches)
    for told in world(database).values():
        for _, versions in told:
            known = [moment for _, moment in versions]
            assert known == sorted(known)  # type: ignore[type-var]
            assert all(moment <= at(20 + len(batches)) for moment in known)  # type: ignore[operator]


@given(st.lists(st.lists(readings, max_size=6), max_size=4))
@both
def test_versions_are_only_ever_added(database: Database, batches: list[list[Reading]]) -> None:
    wipe(database)
    before: dict[RecordId, tuple[tuple[Event | None, object], ...]] = {}
    for number, batch in enumerate(batches):
        add(database, batch, 20 + number)
        now = {record: versions for told in world(database).values() for record, versions in told}
        assert all(now[record][: len(versions)] == versions for record, versions in before.items())
        before = now
    assert all(
        one[0] is not None or index > 0 for versions in before.values() for index, one in enumerate(versions)
    )


@pytest.mark.parametrize("events", [(SHELTER, HOME), (SHELTER, HOME, SHELTER), (SHELTER, None, SHELTER)])
def test_of_readings_with_one_time_the_last_holds_however_they_are_cut(
    database: Database, events: tuple[Event | None, ...]
) -> None:
    rows = [Reading(RecordId("s", "r1", "stay"), "c1", event, at(2)) for event in events]
    for place in range(len(rows)):
        play(database, rows[:place], rows[place:])
        [(_, versions)] = world(database)["c1"]
        assert versions[-1][0] == events[-1]


@given(readings)
def test_the_first_reading_of_a_record_comes_to_what_it_comes_to_among_others(reading: Reading) -> None:
    when = When(at(2, 4), CALENDAR)
    assert decide(reading.id, [reading], None, when) == decide(reading.id, [reading, reading], None, when)
