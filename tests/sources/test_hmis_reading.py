"""What each code of an HMIS export is read as (docs/hmis.md), on exports of a row or two."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cti.core.events import Assignment, Closed, Event, Expected, Fact, Stay
from tests.sources.build import faults, notes, now_says, said
from tests.sources.hmis import CREATED_AT, LEFT, LEFT_AT, UPDATED_AT, Hmis

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


# --- facts ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "value"), [(3, "with"), (10, "with"), (13, "with"), (9, "without")])
def test_a_home_comes_with_guidance_or_without(hmis: Hmis, kind: int, value: str) -> None:
    batch = hmis.enrol(1, kind, MoveInDate="2026-02-15").read()
    assert now_says(batch.readings)["e1 guidance"] == Fact("guidance", value, date(2026, 2, 15))
    assert said(batch, "e1", "guidance")[0][1] == UPDATED_AT


@pytest.mark.parametrize(
    ("destination", "subsidy", "value"),
    [(435, 431, "with"), (435, 439, "with"), (435, 440, "with"), (435, 433, "without"), (410, "", "without")],
)
def test_a_rented_home_may_come_with_guidance(
    hmis: Hmis, destination: int, subsidy: object, value: str
) -> None:
    hmis.enrol(1, 0).leave(1, destination=destination, DestinationSubsidyType=subsidy)
    assert now_says(hmis.read().readings)["e1 guidance-exit"] == Fact("guidance", value, EXIT)


@pytest.mark.parametrize(
    ("kind", "entry", "exit_day", "value"),
    [
        (6, "2026-01-01", None, "with"),
        (13, "2026-03-10", None, "with"),
        (6, "2026-03-20", None, "without"),
        (6, "2026-01-01", "2026-02-01", "without"),
        (0, "2026-01-01", None, "without"),
    ],
)
def test_an_enrolment_that_goes_on_is_guidance(
    hmis: Hmis, kind: int, entry: str, exit_day: str | None, value: str
) -> None:
    hmis.enrol(1, 0).leave(1, destination=410).enrol(2, kind, entry, PersonalID="c1")
    if exit_day:
        hmis.leave(2, exit_day)
    assert now_says(hmis.read().readings)["e1 guidance-exit"] == Fact("guidance", value, EXIT)


def test_a_home_that_was_kept_tells_nothing_about_guidance(hmis: Hmis) -> None:
    hmis.enrol(1, 12).leave(1, destination=410, HousingAssessment=1)
    assert list(now_says(hmis.read().readings)) == ["e1 stay"]


def test_translation_is_a_need_for_language(hmis: Hmis) -> None:
    hmis.enrol(1, 0, TranslationNeeded=1).enrol(2, 0, TranslationNeeded=0)
    says = now_says(hmis.read().readings)
    assert says["e1 language-need"] == Fact("language-need", True, ENTRY)
    assert "e2 language-need" not in says


def test_the_config_may_leave_facts_out(hmis: Hmis) -> None:
    hmis.enrol(1, 13, MoveInDate="2026-02-15", TranslationNeeded=1)
    assert set(now_says(hmis.read(facts=[]).readings)) == {"e1 stay", "e1 expected"}


# --- projects and people ------------------------------------------------------------------------------------------------------


def test_a_project_may_be_read_otherwise_than_its_type(hmis: Hmis) -> None:
    hmis.enrol(1, 3, MoveInDate="2026-02-15").enrol(2, 2).enrol(3, 6)
    batch = hmis.read(
        projects={
            "p3": {"situation": "long-stay"},
            "p2": {"situation": ""},
            "p6": {"situation": "crisis-shelter", "team": "north"},
        }
    )
    assert now_says(batch.readings) == {
        "e1 stay": Stay("long-stay", ENTRY),
        "e3 stay": Stay("crisis-shelter", ENTRY),
        "e3 assignment": Assignment(ENTRY, None, "north"),
    }


def test_what_a_stay_begins_with_may_be_said_for_a_project(hmis: Hmis) -> None:
    hmis.enrol(1, 2, MoveInDate="2026-02-15")
    assert stay(hmis, projects={"p2": {"begins": "move-in"}}) == Stay("long-stay", date(2026, 2, 15))


def test_types_and_destinations_may_be_read_otherwise(hmis: Hmis) -> None:
    hmis.enrol(1, 8).leave(1, destination=314)
    found = stay(hmis, project_types={"8": "long-stay"}, destinations={"314": "street"})
    assert found == Stay("long-stay", ENTRY, EXIT, "street")


def test_a_project_that_is_left_out_is_counted_so(hmis: Hmis) -> None:
    hmis.enrol(1, 0).enrol(2, 2)
    batch = hmis.read(projects={"p0": {"left_out": True}})
    assert list(now_says(batch.readings)) == ["e2 stay"]
    assert (batch.counts.read, batch.counts.left_out) == (1, {"projects": 1})


def test_a_project_that_the_export_lacks_may_stand_in_the_config(hmis: Hmis) -> None:
    hmis.enrol(1, 99)
    assert stay(hmis, projects={"p99": {"situation": "street"}}) == Stay("street", ENTRY)


def test_the_team_is_the_projects_or_else_the_sources(hmis: Hmis) -> None:
    hmis.enrol(1, 0).enrol(2, 2).enrol(3, 6)
    says = now_says(hmis.read(team="north", projects={"p2": {"team": "south"}}).readings)
    assert says["e1 assignment"] == Assignment(ENTRY, None, "north")
    assert says["e2 assignment"] == Assignment(ENTRY, None, "south")
    assert "e3 assignment" not in says


def test_the_worker_is_named_by_the_column_of_the_config_only(hmis: Hmis) -> None:
    hmis.enrol(1, 0, UserID="u7")
    assert "e1 assignment" not in now_says(hmis.read().readings)
    assert now_says(hmis.read(worker="userid").readings)["e1 assignment"] == Assignment(ENTRY, "u7")


# --- what cannot be read ----------------------------------------------------------------------------------------------------


def test_what_cannot_be_read_is_named_with_its_place(hmis: Hmis) -> None:
    hmis.enrol(1, 0, "soon").enrol(2, 0).leave(2, "2026-01-01").enrol(3, 77).enrol(4, 0, PersonalID="")
    hmis.enrol(5, 0).leave(5, "").enrol(6, 0).leave(6, destination="home").enrol(
        7, 13, MoveInDate="31/31/2026"
    )
    hmis.enrol(8, 0, "").enrol(9, 0)
    batch = hmis.read()
    assert faults(batch) == [
        "Enrollment.csv:2 e1 EntryDate=s•••: not a day, or not written as the config says (dates)",
        "Exit.csv:2 e2 ExitDate=2•••••••••: the ExitDate lies before the EntryDate; correct the one or the other in the "
        "registration",
        "Enrollment.csv:4 e3 ProjectID=p••: the project is not in Project.csv, or its ProjectType is none of the standard's",
        "Enrollment.csv:5 e4 PersonalID=: the row has no id, or one that cannot be read",
        "Exit.csv:3 e5 ExitDate=: an exit without an ExitDate",
        "Exit.csv:4 e6 Destination=h•••: not a code; the codes of the standard are numbers",
        "Enrollment.csv:8 e7 MoveInDate=3•••••••••: not a day, or not written as the config says (dates)",
        "Enrollment.csv:9 e8 EntryDate=: an enrolment without an EntryDate",
    ]
    assert list(now_says(batch.readings)) == ["e9 stay"]
    assert (batch.counts.read, batch.counts.quarantined, batch.counts.rows) == (1, 8, 9)


def test_an_enrolment_that_stands_twice_is_read_once(hmis: Hmis) -> None:
    batch = hmis.enrol(1, 0).enrol(1, 2).read()
    assert now_says(batch.readings) == {"e1 stay": Stay("crisis-shelter", ENTRY)}
    assert (batch.counts.read, batch.counts.quarantined) == (1, 1)


def test_a_project_type_that_is_no_code_quarantines_its_enrolments(hmis: Hmis) -> None:
    hmis.projects.append({"ProjectID": "p15", "ProjectType": "x"})
    assert hmis.enrol(1, 15).read().counts.quarantined == 1


def test_a_time_of_recording_that_may_be_two_days_counts_as_none(hmis: Hmis) -> None:
    batch = (
        hmis.enrol(1, 0, DateCreated="02-07-2026 12:00:00")
        .enrol(2, 0, DateCreated="13-01-26 12:00:00")
        .read()
    )
    assert said(batch, "e1", "stay") == [(Stay("crisis-shelter", ENTRY), None)]
    assert said(batch, "e2", "stay")[0][1] == "2026-01-13T11:00:00+00:00"
    assert notes(batch) == [
        "times of recording that cannot be read, or could be two days, and count as not stated: 1"
    ]


def test_days_in_another_order_are_read_when_the_config_says_so(hmis: Hmis) -> None:
    hmis.enrol(1, 0, "01/10/2026", DateCreated="1/12/2026 10:00").leave(1, "3/1/2026", 410, DateUpdated=LEFT)
    batch = hmis.read(dates="mm/dd/yyyy")
    assert said(batch, "e1", "stay")[:2] == [
        (Stay("crisis-shelter", ENTRY), CREATED_AT),
        (Stay("crisis-shelter", ENTRY, EXIT, "own-home"), LEFT_AT),
    ]
