"""A FHIR server is asked for what changed, and its resources say where clients are and who works with them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from cti.core.events import Assignment, Expected, Stay
from cti.problems import Problems
from cti.sources.base import Batch, State
from cti.sources.fhir import Options
from tests.sources.build import faults, notes, now_says, problems_of, read, said
from tests.sources.fhir.server import Fhir, Resource, served

CODES = {"situation": {"night": "crisis-shelter", "http://example.org/places|home": "own-home"}}


@pytest.fixture
def fhir() -> Iterator[Fhir]:
    with served(Fhir()) as server:
        yield server


def encounter(id: str, status: str, code: str = "CS", **more: Any) -> Resource:
    said = {"resourceType": "Encounter", "id": id, "status": status, "class": {"code": code}}
    return said | {"subject": {"reference": "Patient/1042"}, "period": {"start": "2026-03-02"}} | more


def look(fhir: Fhir, folder: Path, state: State | None = None, **settings: Any) -> Batch:
    return read(folder, "fhir", state, url=fhir.url, codes=CODES, **settings)


def test_a_stay_begins_goes_on_and_ends(fhir: Fhir, tmp_path: Path) -> None:
    fhir.put(encounter("e1", "in-progress"), "2026-03-02T09:00:00Z")
    first = look(fhir, tmp_path)
    stay = Stay("crisis-shelter", date(2026, 3, 2))
    assert now_says(first.readings) == {"Encounter/e1 stay": stay}
    assert first.readings[0].client == "1042"
    to = {"dischargeDisposition": {"coding": [{"system": "http://example.org/places", "code": "home"}]}}
    period = {"start": "2026-03-02", "end": "2026-03-08T23:30:00Z"}
    fhir.put(encounter("e1", "finished", period=period, hospitalization=to), "2026-03-09T09:00:00Z")
    second = look(fhir, tmp_path, first.state)
    # Half past eleven in Greenwich is the next day in Amsterdam.
    assert said(second, "Encounter/e1", "stay") == [
        (Stay("crisis-shelter", date(2026, 3, 2), date(2026, 3, 9), "own-home"), "2026-03-09T09:00:00+00:00")
    ]


def test_what_is_planned_is_foreseen_until_it_begins(fhir: Fhir, tmp_path: Path) -> None:
    episode = {
        "resourceType": "EpisodeOfCare",
        "id": "1",
        "status": "planned",
        "type": [{"coding": [{"system": "http://example.org/places", "code": "home"}]}],
        "patient": {"reference": "https://example.org/fhir/Patient/1042/_history/3"},
        "careManager": {"reference": "Practitioner/w1"},
        "period": {"start": "2026-04-01"},
    }
    fhir.put(episode, "2026-03-02T09:00:00Z")
    first = look(fhir, tmp_path)
    assert now_says(first.readings) == {
        "EpisodeOfCare/1 expected": Expected("own-home", date(2026, 4, 1)),
    }
    fhir.put(episode | {"status": "active"}, "2026-04-01T09:00:00Z")
    second = look(fhir, tmp_path, first.state)
    assert now_says(second.readings) == {
        "EpisodeOfCare/1 stay": Stay("own-home", date(2026, 4, 1)),
        "EpisodeOfCare/1 assignment": Assignment(date(2026, 4, 1), "w1"),
    }
    assert second.unsaid is not None
    taken_back = second.unsaid(first.readings[0].id)
    assert [one.event for one in taken_back] == [None]


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled"])
def test_what_was_entered_in_error_is_retracted(fhir: Fhir, tmp_path: Path, status: str) -> None:
    fhir.put(encounter("e1", "in-progress"), "2026-03-02T09:00:00Z")
    first = look(fhir, tmp_path)
    fhir.put(encounter("e1", status), "2026-03-03T09:00:00Z")
    second = look(fhir, tmp_path, first.state)
    assert said(second, "Encounter/e1", "stay") == [(None, "2026-03-03T09:00:00+00:00")]


def test_a_condition_tells_of_a_home_under_threat_and_a_care_team_of_the_worker(
    fhir: Fhir, tmp_path: Path
) -> None:
    condition = {
        "resourceType": "Condition",
        "id": "c1",
        "subject": {"reference": "Patient/1042"},
        "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "Z59.811"}]},
        "clinicalStatus": {"coding": [{"code": "resolved"}]},
        "onsetDateTime": "2026-02-01",
        "abatementDateTime": "2026-03-01T12:00:00+01:00",
    }
    roles = {"nurse": "Practitioner/n1", "worker": "Practitioner/w1"}
    team = {
        "resourceType": "CareTeam",
        "id": "t1",
        "status": "active",
        "subject": {"reference": "Patient/1042"},
        "period": {"start": "2026-02-03"},
        "participant": [
            {"role": [{"coding": [{"code": role}]}], "member": {"reference": who}}
            for role, who in roles.items()
        ],
    }
    fhir.put(condition, "2026-03-02T09:00:00Z")
    fhir.put(team, "2026-03-02T09:00:00Z")
    assert now_says(look(fhir, tmp_path, worker_role="worker").readings) == {
        "Condition/c1 stay": Stay("at-risk", date(2026, 2, 1), date(2026, 3, 1)),
        "CareTeam/t1 assignment": Assignment(date(2026, 2, 3), "w1"),
    }


def test_all_pages_are_read_and_only_what_changed_is_asked_again(fhir: Fhir, tmp_path: Path) -> None:
    for number in range(7):
        fhir.put(encounter(f"e{number}", "in-progress"), f"2026-03-02T09:{number:02}:00Z")
    first = look(fhir, tmp_path, resources=["Encounter"])
    assert first.counts.read == 7
    assert len(fhir.asked) == 4
    fhir.asked.clear()
    fhir.put(encounter("e7", "in-progress"), "2026-03-02T12:00:00Z")
    second = look(fhir, tmp_path, first.state, resources=["Encounter"])
    assert second.counts.read == 8, "all is within the overlap of ten minutes, and read again"
    third = look(fhir, tmp_path, second.state, resources=["Encounter"])
    assert "_lastUpdated=ge2026-03-02T11%3A50%3A00.000Z" in fhir.asked[-1]
    assert not third.changed
    fhir.asked.clear()
    fourth = look(fhir, tmp_path, third.state, resources=["Encounter"])
    assert not fourth.changed
    assert len(fhir.asked) == 1


def test_nothing_else_about_anybody_is_asked_for(fhir: Fhir, tmp_path: Path) -> None:
    look(fhir, tmp_path, resources=["Encounter"], search={"Encounter": "service-provider=Organization/7"})
    assert "_elements=id%2Cmeta%2Cstatus" in fhir.asked[0]
    assert "service-provider=Organization%2F7" in fhir.asked[0]


def test_who_is_asked_by_an_identifier_is_named_by_it(fhir: Fhir, tmp_path: Path) -> None:
    system = "http://example.org/client-number"
    subject = {"reference": "Patient/77", "identifier": {"system": system, "value": "1042"}}
    fhir.put(encounter("e1", "in-progress", subject=subject), "2026-03-02T09:00:00Z")
    fhir.put(encounter("e2", "in-progress"), "2026-03-02T09:00:00Z")
    batch = look(fhir, tmp_path, client=system)
    assert {reading.client for reading in batch.readings} == {"1042"}
    assert notes(batch) == ["resources about no client, or in a state that says nothing: 1"]


def test_a_code_that_nobody_mapped_and_a_resource_that_is_none_go_to_quarantine(
    fhir: Fhir, tmp_path: Path
) -> None:
    fhir.put(encounter("e1", "in-progress", "AMB"), "2026-03-02T09:00:00Z")
    fhir.put(encounter("e2", "finished", period={"start": "yesterday"}), "2026-03-02T09:00:00Z")
    fhir.put(encounter("e3", "in-progress", period={"start": "2026-03"}), "2026-03-02T09:00:00Z")
    fhir.put(encounter("e4", "in-progress"), "2026-03-02T09:00:00Z")
    batch = look(fhir, tmp_path)
    assert set(now_says(batch.readings)) == {"Encounter/e4 stay"}
    assert {entry.ref: entry.field for entry in batch.quarantined} == {
        "Encounter/e1": "situation",
        "Encounter/e2": "period.start",
        "Encounter/e3": "begin",
    }
    assert "yesterday" not in str(batch.quarantined)
    assert len(faults(batch)) == 3


def test_a_server_that_is_busy_is_left_alone_for_as_long_as_it_asks(
    fhir: Fhir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr("cti.sources.server.time.sleep", waited.append)
    fhir.put(encounter("e1", "in-progress"), "2026-03-02T09:00:00Z")
    fhir.sulks += [(429, "7"), (503, "")]
    assert look(fhir, tmp_path, resources=["Encounter"]).counts.read == 1
    assert waited == [7.0, 8.0]
    fhir.sulks += [(503, "")] * 4
    [said] = problems_of(tmp_path, "fhir", url=fhir.url, resources=["Encounter"])
    assert said == 'source "reg": the server answers 503'


def test_what_came_before_a_server_fell_silent_is_kept_and_the_rest_follows(
    fhir: Fhir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cti.sources.server.time.sleep", lambda seconds: None)
    for number in range(4):
        fhir.put(encounter(f"e{number}", "in-progress"), f"2026-03-0{number + 2}T09:00:00Z")
    fhir.next_page = "http://127.0.0.1:9/fhir/elsewhere"
    first = look(fhir, tmp_path, resources=["Encounter"])
    assert first.counts.read == 2
    assert ["another server" in one.sentence("en") for one in first.problems] == [True]
    fhir.next_page = None
    second = look(fhir, tmp_path, first.state, resources=["Encounter"])
    assert second.counts.read == 3
    assert not second.problems


@pytest.mark.parametrize("next_page", ["http://[", "https://a:b/", "\0", "x" * 70_000])
def test_a_next_page_that_is_no_address_is_said_and_what_came_is_kept(
    fhir: Fhir, tmp_path: Path, next_page: str
) -> None:
    for number in range(4):
        fhir.put(encounter(f"e{number}", "in-progress"), f"2026-03-0{number + 2}T09:00:00Z")
    fhir.next_page = next_page
    found = look(fhir, tmp_path, resources=["Encounter"])
    assert found.counts.read == 2
    assert ["another server" in one.sentence("en") for one in found.problems] == [True]


def test_links_that_are_no_list_lead_nowhere(fhir: Fhir, tmp_path: Path) -> None:
    fhir.body = b'{"resourceType": "Bundle", "link": 5}'
    assert look(fhir, tmp_path).problems == ()


@pytest.mark.parametrize("id", ["\0", "\ud800", "x" * 300, {"name": "someone"}])
def test_an_id_that_is_none_goes_to_quarantine_without_it(fhir: Fhir, tmp_path: Path, id: Any) -> None:
    """No database keeps half a character, and not each a null one: one such id would stop all others from being read."""
    page = {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Encounter", "id": id}}]}
    fhir.body = json.dumps(page).encode()
    [found] = look(fhir, tmp_path, resources=["Encounter"]).quarantined
    assert (found.ref, found.field) == ("", "id")


def test_a_resource_without_a_time_of_its_change_goes_to_quarantine_and_stops_no_other(
    fhir: Fhir, tmp_path: Path
) -> None:
    """Programs write the first moment that they know for none."""
    fhir.put(encounter("e1", "in-progress"), "0001-01-01T00:00:00Z")
    first = look(fhir, tmp_path, resources=["Encounter"])
    assert [one.field for one in first.quarantined] == ["recorded"]
    fhir.put(encounter("e2", "in-progress"), "2026-03-02T09:00:00Z")
    again = look(fhir, tmp_path, first.state, resources=["Encounter"])
    assert [*now_says(again.readings)] == ["Encounter/e2 stay"]


def test_a_token_is_shown_and_one_that_is_not_right_is_said_without_it(fhir: Fhir, tmp_path: Path) -> None:
    fhir.token = "open-sesame"
    fhir.put(encounter("e1", "in-progress"), "2026-03-02T09:00:00Z")
    assert look(fhir, tmp_path, token="open-sesame").counts.read == 1
    problem, *_ = problems_of(tmp_path, "fhir", url=fhir.url, token="wrong-word")
    assert problem == 'source "reg": the server answers 401; it does not let us read'
    login: dict[str, Any] = {"token_url": fhir.url, "client_id": "cti", "client_secret": "s"}
    assert look(fhir, tmp_path, **login).counts.read == 1
    problem, *_ = problems_of(tmp_path, "fhir", url=fhir.url, **(login | {"client_secret": "t"}))
    assert problem == 'source "reg": no token is given for client_id and client_secret'


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"resourceType": "Patient"}', b'{"entry": 3}'])
def test_what_is_no_bundle_is_said(fhir: Fhir, tmp_path: Path, body: bytes) -> None:
    fhir.body = body
    [said] = problems_of(tmp_path, "fhir", url=fhir.url, resources=["Encounter"])
    assert said == 'source "reg": what the server answers is not a FHIR Bundle'


def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    problems = problems_of(tmp_path, "fhir", url="http://127.0.0.1:9/fhir", resources=["Encounter"])
    assert problems == ['source "reg": the server does not answer: ConnectError']


@pytest.mark.parametrize(
    "settings",
    [
        {"url": "http://example.org/fhir"},
        {"url": "https://me:word@example.org/fhir"},
        {"url": "example.org"},
        {"client": "http://fhir.nl/fhir/NamingSystem/bsn"},
        {"token_url": "https://example.org/token"},
        {"client_secret": "s"},
        {"overlap": 3},
        {"resources": []},
    ],
)
def test_settings_that_cannot_be_meant_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Options(**({"name": "reg", "type": "fhir", "url": "https://example.org/fhir"} | settings))


def test_a_certificate_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(Problems, match=r"none\.pem|No such file"):
        read(tmp_path, "fhir", url="https://localhost:9/fhir", certificate="none.pem")
