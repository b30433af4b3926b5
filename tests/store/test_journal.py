"""The journal keeps what was said, and since when it was known."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from cti.core.events import Expected, Fact, Reading, RecordId, Stay
from cti.store import clients, journal
from cti.store.database import Database
from tests.store.build import (
    CALENDAR,
    HOME,
    SHELTER,
    STREET,
    append,
    at,
    clean,
    reading,
    said,
    told_of,
    waiting,
)


def test_a_first_reading_makes_client_record_and_version(database: Database) -> None:
    appended = append(database, reading("r1", SHELTER, 2))
    assert (appended.new_versions, appended.older, len(appended.clients)) == (1, 0, 1)
    assert told_of(database) == {"r1": [(SHELTER, at(2))]}
    assert waiting(database) == {"c1"}


def test_the_same_again_adds_nothing_and_plans_nobody(database: Database) -> None:
    append(database, reading("r1", SHELTER, 2), reading("r2", HOME))
    clean(database)
    appended = append(database, reading("r1", SHELTER, 2), reading("r2", HOME), learned=21)
    assert (appended.new_versions, appended.clients) == (0, frozenset())
    assert waiting(database) == set()


def test_a_correction_is_a_new_version_and_the_first_stays(database: Database) -> None:
    append(database, reading("r1", SHELTER, 2))
    clean(database)
    appended = append(database, reading("r1", HOME, 4))
    assert appended.new_versions == 1
    assert told_of(database) == {"r1": [(SHELTER, at(2)), (HOME, at(4))]}
    assert waiting(database) == {"c1"}


def test_an_older_reading_never_overrides_a_newer_one(database: Database) -> None:
    append(database, reading("r1", HOME, 4))
    assert append(database, reading("r1", SHELTER, 2)).older == 1
    assert said(database) == [HOME]


def test_what_was_said_once_more_makes_what_lies_between_older(database: Database) -> None:
    append(database, reading("r1", HOME, 2))
    append(database, reading("r1", HOME, 6))
    assert append(database, reading("r1", SHELTER, 4)).older == 1
    assert said(database) == [HOME]


def test_a_return_to_an_earlier_content_is_a_new_version(database: Database) -> None:
    for day, event in ((2, SHELTER), (3, HOME), (4, SHELTER)):
        append(database, reading("r1", event, day))
    assert said(database) == [SHELTER, HOME, SHELTER]


def test_a_retraction_is_a_version_and_needs_no_client(database: Database) -> None:
    append(database, reading("r1", SHELTER, 2))
    append(database, reading("r1", None, 4, client=""))
    assert told_of(database) == {"r1": [(SHELTER, at(2)), (None, at(4))]}
    assert append(database, reading("r1", None, 5)).new_versions == 0


def test_a_retraction_of_what_was_never_known_is_nothing(database: Database) -> None:
    appended = append(database, reading("r9", None, 4))
    assert (appended.new_versions, appended.clients) == (0, frozenset())
    assert told_of(database) == {}


def test_a_row_that_comes_back_unchanged_after_it_was_missing_is_said_again(database: Database) -> None:
    append(database, reading("r1", SHELTER, 2), learned=3)
    append(database, reading("r1", None), learned=6)
    append(database, reading("r1", SHELTER, 2), learned=9)
    assert told_of(database) == {"r1": [(SHELTER, at(2)), (None, at(6)), (SHELTER, at(6))]}


def test_of_one_batch_the_readings_count_in_the_order_of_recording(database: Database) -> None:
    append(database, reading("r1", HOME, 4), reading("r1", SHELTER, 2), reading("r1", STREET, 3))
    assert said(database) == [SHELTER, STREET, HOME]


def test_a_file_whose_rows_bear_one_time_is_read_in_its_order_and_again_without_effect(
    database: Database,
) -> None:
    rows = [reading("r1", SHELTER, 2), reading("r1", HOME, 2), reading("r1", SHELTER, 2)]
    assert append(database, *rows).new_versions == 3
    assert append(database, *rows, learned=21).new_versions == 0
    assert said(database) == [SHELTER, HOME, SHELTER]


def test_a_mapping_that_is_changed_and_changed_back_is_followed_though_no_time_changed(
    database: Database,
) -> None:
    for event in (SHELTER, STREET, SHELTER):
        append(database, reading("r1", HOME, 1), reading("r1", event, 2))
    assert said(database) == [HOME, SHELTER, STREET, SHELTER]


def test_what_holds_now_comes_after_all_that_is_dated(database: Database) -> None:
    append(database, reading("r1", HOME), reading("r1", SHELTER, 2), learned=8)
    assert told_of(database) == {"r1": [(SHELTER, at(2)), (HOME, at(8))]}
    assert append(database, reading("r1", HOME), reading("r1", SHELTER, 2), learned=9).new_versions == 0


def test_without_a_stated_time_known_is_when_it_was_learned(database: Database) -> None:
    append(database, reading("r1", SHELTER), learned=8)
    assert told_of(database) == {"r1": [(SHELTER, at(8))]}


def test_at_a_sources_first_reading_known_is_the_local_midnight_of_its_own_day(database: Database) -> None:
    append(database, reading("r1", SHELTER), reading("r2", replace(HOME, begin=date(2026, 4, 9))), first=True)
    midnight = datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert {ref: told[0][1] for ref, told in told_of(database).items()} == {"r1": midnight, "r2": at(20)}


def test_a_first_reading_of_what_has_no_day_or_an_impossible_one_is_taken(database: Database) -> None:
    append(database, reading("r1", Expected("own-home")), reading("r2", Stay("street", date.min)), first=True)
    known = {ref: told[0][1] for ref, told in told_of(database).items()}
    assert known["r1"] == at(20)
    assert known["r2"] == datetime.min.replace(tzinfo=UTC)


def test_what_is_recorded_in_the_future_is_known_when_it_is_learned(database: Database) -> None:
    append(database, reading("r1", SHELTER, 21), learned=20)
    assert told_of(database) == {"r1": [(SHELTER, at(20))]}


def test_a_mistyped_year_does_not_shut_out_what_is_recorded_later(database: Database) -> None:
    mistyped = replace(reading("r1", SHELTER), recorded=datetime(2062, 3, 1, tzinfo=UTC))
    append(database, mistyped, learned=3)
    append(database, mistyped, reading("r1", HOME, 5), learned=6)
    assert append(database, mistyped, reading("r1", HOME, 5), learned=7).new_versions == 0
    assert told_of(database) == {"r1": [(SHELTER, at(3)), (HOME, at(5))]}


def test_known_never_runs_backwards_within_a_record(database: Database) -> None:
    append(database, reading("r1", SHELTER), learned=8)
    append(database, reading("r1", HOME, 4), learned=9)
    assert told_of(database) == {"r1": [(SHELTER, at(8)), (HOME, at(8))]}


def test_a_record_that_moves_to_another_client_changes_both(database: Database) -> None:
    append(database, reading("r1", SHELTER, 2))
    clean(database)
    append(database, reading("r1", SHELTER, 4, client="c2"))
    assert waiting(database) == {"c1", "c2"}
    assert told_of(database, "c1") == {}
    assert told_of(database, "c2") == {"r1": [(SHELTER, at(2)), (SHELTER, at(4))]}


def test_parts_of_one_reference_are_records_of_their_own(database: Database) -> None:
    fact = Fact("trust", "growing", date(2026, 3, 2))
    append(database, reading("r1", SHELTER, 2), Reading(RecordId("s", "r1", "fact"), "c1", fact, at(2)))
    append(database, Reading(RecordId("s", "r1", "fact"), "c1", None, at(3)))
    with database.read() as tx:
        assert [(entry.id.part, entry.event) for entry in journal.live(tx, "s")] == [("stay", SHELTER)]


def test_live_gives_the_latest_reading_of_each_record_of_the_source(database: Database) -> None:
    append(
        database,
        reading("r1", SHELTER, 2),
        reading("r1", HOME, 4, client="c2"),
        reading("r2", STREET),
        reading("r3", STREET, 1),
        reading("r4", STREET, source="other"),
    )
    append(database, reading("r3", None))
    with database.read() as tx:
        found = sorted(journal.live(tx, "s"), key=lambda entry: entry.id)
    assert found == [reading("r1", HOME, 4, client="c2"), reading("r2", STREET)]


def test_retractions_are_counted_before_they_are_made(database: Database) -> None:
    append(
        database, reading("r1", SHELTER, 5), reading("r2", SHELTER, 5, client="c2"), reading("r3", HOME, 5)
    )
    with database.read() as tx:
        batch = [
            reading("r1", None, 6),
            reading("r2", None, 4),  # older than what stands
            reading("r3", STREET, 6),
            reading("r9", None, 6),
        ]
        found = journal.retracted(journal.Standing(tx), batch, at(20), CALENDAR)
        assert found == {RecordId("s", "r1", "stay"): clients.client_id(tx, "c1")}
    assert said(database) == [SHELTER]


def test_a_thousand_records_and_more_go_in_at_once(database: Database) -> None:
    rows = [reading(f"r{n}", SHELTER, 2, client=f"c{n % 700}") for n in range(2500)]
    appended = append(database, *rows)
    assert (appended.new_versions, len(appended.clients)) == (2500, 700)
    assert append(database, *rows, learned=21).new_versions == 0


def test_a_time_without_zone_is_refused(database: Database) -> None:
    naive = replace(reading("r1", SHELTER), recorded=datetime(2026, 3, 1))  # noqa: DTZ001
    with pytest.raises(TypeError, match="offset-naive"):
        append(database, naive)


def test_a_record_tells_all_that_it_has_said(database: Database) -> None:
    append(database, reading("r1", SHELTER, 2), reading("r1", None, 3), reading("r1", HOME, 4))
    with database.read() as tx:
        assert journal.versions(tx, RecordId("s", "r1", "stay")) == [SHELTER, None, HOME]
        assert journal.versions(tx, RecordId("s", "r1", "other")) == []
