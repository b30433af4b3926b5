"""What an HMIS export is read as beside stays: facts, projects and teams by the config, and what cannot be read."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cti.core.events import Assignment, Event, Fact, Stay
from tests.sources.build import faults, notes, now_says, said
from tests.sources.hmis import CREATED_AT, LEFT, LEFT_AT, UPDATED_AT, Hmis

ENTRY, EXIT = date(2026, 1, 10), date(2026, 3, 1)


@pytest.fixture
def hmis(tmp_path: Path) -> Hmis:
    return Hmis(tmp_path)


def stay(hmis: Hmis, **settings: Any) -> Event | None:
    return now_says(hmis.read(**settings).readings).get("e1 stay")


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
