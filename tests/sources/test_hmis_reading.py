"""What each code of an HMIS export is read as (docs/hmis.md), on exports of a row or two."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cti.core.events import Closed, Event, Expected, Stay
from tests.sources.build import notes, now_says, said
from tests.sources.hmis import CREATED_AT, LEFT_AT, UPDATED_AT, Hmis

ENTRY, EXIT = date(2026, 1, 10), date(2026, 3, 1)


@pytest.fixture
def hmis(tmp_path: Path) -> Hmis:
    return Hmis(tmp_path)


def stay(hmis: Hmis, **settings: Any) -> Event | None:
    return now_says(hmis.read(**settings).readings).get("e1 stay")


@pytest.mark.parametrize(
    ("kind", "situation"),
    [(0, "crisis-shelter"), (8, "crisis-shelter"), (4, "street"), (2, "long-stay"), (12, "at-risk")],
)
def test_an_enrolment_is_a_stay_by_its_projects_type(hmis: Hmis, kind: int, situation: str) -> None:
    assert stay(hmis.enrol(1, kind)) == Stay(situation, ENTRY)


@pytest.mark.parametrize("kind", [5, 6, 7, 11, 14])
def test_services_without_a_bed_are_no_stay(hmis: Hmis, kind: int) -> None:
    batch = hmis.enrol(1, kind).leave(1, destination=410).read()
    assert batch.readings == []
    assert batch.counts.read == 1


@pytest.mark.parametrize(
    ("code", "situation"),
    [
        *((code, "crisis-shelter") for code in (101, 118)),
        (116, "street"),
        *((code, "long-stay") for code in (204, 205, 215, 225, 302, 327, 329, 332)),
        *((code, "institution") for code in (206, 207)),
        *((code, "own-home") for code in (410, 411, 421, 426, 435)),
        *((code, "with-others") for code in (312, 313, 422, 423)),
        *((code, None) for code in (8, 9, 17, 30, 37, 99, 314, 335, 336, "")),
    ],
)
def test_an_exit_ends_the_stay_with_its_destination(hmis: Hmis, code: object, situation: str | None) -> None:
    batch = hmis.enrol(1, 0).leave(1, destination=code).read()
    assert now_says(batch.readings)["e1 stay"] == Stay("crisis-shelter", ENTRY, EXIT, situation)
    assert notes(batch) == []


@pytest.mark.parametrize("code", ["0410", "410.0", " 410 "])
def test_a_code_may_have_been_through_a_spreadsheet(hmis: Hmis, code: str) -> None:
    assert stay(hmis.enrol(1, 0).leave(1, destination=code)) == Stay(
        "crisis-shelter", ENTRY, EXIT, "own-home"
    )


@pytest.mark.parametrize("code", [434, 419, 440, 999])
def test_a_subsidy_in_the_place_of_a_destination_is_unknown_and_noted(hmis: Hmis, code: int) -> None:
    batch = hmis.enrol(1, 0).leave(1, destination=code).read()
    assert now_says(batch.readings)["e1 stay"] == Stay("crisis-shelter", ENTRY, EXIT)
    assert notes(batch) == [
        "Destination with a code that the standard does not have there, which counts as unknown: 1"
    ]


def test_the_entry_was_known_when_it_was_created_and_the_exit_when_it_was_updated(hmis: Hmis) -> None:
    batch = hmis.enrol(1, 0).leave(1, destination=101).read()
    whole = Stay("crisis-shelter", ENTRY, EXIT, "crisis-shelter")
    assert said(batch, "e1", "stay") == [
        (Stay("crisis-shelter", ENTRY), CREATED_AT),
        (whole, LEFT_AT),
        (whole, None),
    ]


def test_an_exit_dated_before_the_entry_was_typed_in_was_not_known_before(hmis: Hmis) -> None:
    batch = hmis.enrol(1, 0).leave(1, DateUpdated="2026-01-12").read()
    whole = Stay("crisis-shelter", ENTRY, EXIT)
    assert said(batch, "e1", "stay") == [(whole, CREATED_AT), (whole, None)]


def test_a_stay_may_end_on_the_day_it_began(hmis: Hmis) -> None:
    assert stay(hmis.enrol(1, 0).leave(1, "2026-01-10", 410)) == Stay(
        "crisis-shelter", ENTRY, ENTRY, "own-home"
    )


# --- prevention ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("destination", "assessment", "leads_to"),
    [
        (410, 1, "kept-home"),
        (435, 1, "kept-home"),
        (410, 2, "own-home"),
        (410, "", "own-home"),
        (422, 1, "with-others"),
        (101, 6, "crisis-shelter"),
    ],
)
def test_prevention_that_kept_the_home_is_no_move(
    hmis: Hmis, destination: int, assessment: object, leads_to: str
) -> None:
    hmis.enrol(1, 12).leave(1, destination=destination, HousingAssessment=assessment)
    assert stay(hmis) == Stay("at-risk", ENTRY, EXIT, leads_to)


def test_an_assessment_counts_on_leaving_prevention_only(hmis: Hmis) -> None:
    hmis.enrol(1, 0).leave(1, destination=410, HousingAssessment=1)
    assert stay(hmis) == Stay("crisis-shelter", ENTRY, EXIT, "own-home")


def test_the_config_may_read_a_kept_home_as_a_home(hmis: Hmis) -> None:
    hmis.enrol(1, 12).leave(1, destination=410, HousingAssessment=1)
    assert stay(hmis, kept_home="") == Stay("at-risk", ENTRY, EXIT, "own-home")


# --- night by night, and the street ---------------------------------------------------------------------------------------


def test_a_night_shelter_is_entered_on_the_first_bed_night(hmis: Hmis) -> None:
    hmis.enrol(1, 1).night(1, "2026-01-18").night(1, "2026-01-15").night(
        1, "2026-01-13", DateDeleted="2026-02-01"
    )
    hmis.services.append({"EnrollmentID": "e1", "DateProvided": "2026-01-11", "RecordType": 144})
    batch = hmis.read()
    assert said(batch, "e1", "stay")[0] == (
        Stay("crisis-shelter", date(2026, 1, 15)),
        "2026-01-20T07:00:00+00:00",
    )


def test_a_night_shelter_without_a_night_is_no_stay_but_leads_somewhere(hmis: Hmis) -> None:
    assert stay(hmis.enrol(1, 1)) is None
    assert stay(hmis.leave(1, destination=410)) == Stay("crisis-shelter", EXIT, EXIT, "own-home")


def test_outreach_begins_with_the_engagement(hmis: Hmis) -> None:
    batch = hmis.enrol(1, 4, DateOfEngagement="2026-02-01").read()
    assert said(batch, "e1", "stay") == [
        (Stay("street", ENTRY), CREATED_AT),
        (Stay("street", date(2026, 2, 1)), UPDATED_AT),
        (Stay("street", date(2026, 2, 1)), None),
    ]


@pytest.mark.parametrize("day", ["", "2026-01-05", "2026-03-05"])
def test_an_engagement_outside_the_enrolment_does_not_count(hmis: Hmis, day: str) -> None:
    assert stay(hmis.enrol(1, 4, DateOfEngagement=day).leave(1)) == Stay("street", ENTRY, EXIT)


# --- housing ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [3, 9, 10, 13])
def test_housing_begins_on_the_move_in_and_is_expected_before(hmis: Hmis, kind: int) -> None:
    moved = Stay("own-home", date(2026, 2, 15))
    batch = hmis.enrol(1, kind, MoveInDate="2026-02-15").read()
    assert said(batch, "e1", "expected") == [(Expected("own-home"), CREATED_AT), (Expected("own-home"), None)]
    assert said(batch, "e1", "stay") == [(moved, UPDATED_AT), (moved, None)]
    assert batch.state["expected"] == {}


def test_without_a_move_in_the_home_is_expected(hmis: Hmis) -> None:
    batch = hmis.enrol(1, 13).read()
    assert now_says(batch.readings) == {"e1 expected": Expected("own-home")}
    assert batch.state["expected"] == {"e1": "2026-01-10"}


def test_who_leaves_without_moving_in_is_no_longer_expected_to(hmis: Hmis) -> None:
    batch = hmis.enrol(1, 13).leave(1, destination=101).read()
    assert said(batch, "e1", "expected") == [
        (Expected("own-home"), CREATED_AT),
        (None, LEFT_AT),
        (None, None),
    ]
    gone = Stay("own-home", EXIT, EXIT, "crisis-shelter")
    assert said(batch, "e1", "stay") == [(gone, LEFT_AT), (gone, None)]


def test_a_move_in_before_the_entry_is_on_the_entry(hmis: Hmis) -> None:
    batch = hmis.enrol(1, 13, MoveInDate="2025-11-01").read()
    assert now_says(batch.readings)["e1 stay"] == Stay("own-home", ENTRY)
    assert notes(batch) == ["MoveInDate before the EntryDate, so that the stay begins on the EntryDate: 1"]


def test_a_move_in_after_the_exit_does_not_count(hmis: Hmis) -> None:
    batch = hmis.enrol(1, 13, MoveInDate="2026-03-09").leave(1, destination=410).read()
    assert now_says(batch.readings)["e1 stay"] == Stay("own-home", EXIT, EXIT, "own-home")
    assert notes(batch) == ["MoveInDate after the ExitDate, which counts as no move: 1"]


def test_a_move_in_recorded_after_the_exit_was_not_known_then(hmis: Hmis) -> None:
    hmis.enrol(1, 13, MoveInDate="2026-02-15", DateUpdated="2026-03-05 12:00:00").leave(1, destination=410)
    assert said(hmis.read(), "e1", "stay")[:2] == [
        (Stay("own-home", EXIT, EXIT, "own-home"), LEFT_AT),
        (Stay("own-home", date(2026, 2, 15), EXIT, "own-home"), "2026-03-05T11:00:00+00:00"),
    ]


def test_what_was_typed_in_when_it_was_over_was_never_expected(hmis: Hmis) -> None:
    hmis.enrol(1, 13, MoveInDate="2026-02-15", DateCreated="2026-03-01 17:00:00").leave(1, destination=410)
    assert said(hmis.read(), "e1", "expected") == []


# --- the end ---------------------------------------------------------------------------------------------------------------


def test_a_death_closes_the_file(hmis: Hmis) -> None:
    batch = hmis.enrol(1, 0).leave(1, destination=24).read()
    assert said(batch, "e1", "closed")[0] == (Closed(EXIT, "deceased"), LEFT_AT)
    assert now_says(batch.readings)["e1 stay"] == Stay("crisis-shelter", ENTRY, EXIT)


def test_a_death_that_only_the_assessment_tells_is_noted(hmis: Hmis) -> None:
    hmis.enrol(1, 12).leave(1, destination=410, HousingAssessment=10)
    batch = hmis.read()
    assert "e1 closed" not in now_says(batch.readings)
    assert notes(batch) == [
        "exits that say deceased in HousingAssessment and not in Destination, of which the Destination counts "
        "(deceased_by_assessment): 1"
    ]
    batch = hmis.read(deceased_by_assessment=True)
    assert now_says(batch.readings)["e1 closed"] == Closed(EXIT, "deceased")
    assert notes(batch) == []


def test_of_two_exits_the_one_updated_last_counts(hmis: Hmis) -> None:
    hmis.enrol(1, 0).leave(1, "2026-03-01", 410).leave(
        1, "2026-02-25", 101, DateUpdated="2026-02-26 10:00:00"
    )
    batch = hmis.read()
    assert now_says(batch.readings)["e1 stay"] == Stay("crisis-shelter", ENTRY, EXIT, "own-home")
    assert notes(batch) == ["exits beyond the first of an enrolment, of which the one updated last counts: 1"]


def test_a_deleted_exit_opens_the_stay_again(hmis: Hmis) -> None:
    hmis.enrol(1, 0).leave(1, destination=410, DateDeleted="2026-03-05 10:00:00")
    assert said(hmis.read(), "e1", "stay") == [
        (Stay("crisis-shelter", ENTRY), CREATED_AT),
        (Stay("crisis-shelter", ENTRY), "2026-03-05T09:00:00+00:00"),
        (Stay("crisis-shelter", ENTRY), None),
    ]


def test_an_exit_in_the_year_9999_is_none(hmis: Hmis) -> None:
    assert stay(hmis.enrol(1, 0).leave(1, "9999-12-31")) == Stay("crisis-shelter", ENTRY)


def test_an_exit_still_to_come_is_the_planned_end(hmis: Hmis) -> None:
    assert stay(hmis.enrol(1, 2).leave(1, "2026-06-01", 410)) == Stay(
        "long-stay", ENTRY, date(2026, 6, 1), "own-home"
    )
