"""The people of a SCIM 2.0 service are a list: by their work address, with groups as teams and roles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import ValidationError

from cti.core.people import Person
from cti.engine.people import staff_known
from cti.sources.base import Batch
from cti.sources.people.scim import Options
from tests.engine.house import House, simple_rule
from tests.sources.build import faults, notes, problems_of, read
from tests.sources.people.server import ENTERPRISE, Scim, served


@pytest.fixture
def scim() -> Iterator[Scim]:
    with served(Scim()) as server:
        yield server


def look(scim: Scim, folder: Path, **settings: Any) -> Batch:
    return read(folder, "scim", url=scim.url, **settings)


def people(batch: Batch) -> tuple[Person, ...]:
    assert batch.people is not None
    return batch.people.people


def test_a_user_is_a_person_with_the_work_address(scim: Scim, tmp_path: Path) -> None:
    scim.user("w1", preferredLanguage="en-GB", displayName="worker one")
    batch = look(scim, tmp_path)
    assert people(batch) == (Person("w1", "worker one", "w1@example.org", language="en"),)
    assert (batch.counts.read, batch.counts.rows) == (1, 1)
    # Without teams and roles nobody need know the groups, and what is not used is not asked for.
    [asked] = scim.asked
    said = parse_qs(urlsplit(asked).query)
    assert said["startIndex"] == ["1"]
    assert {"userName", "emails"} <= set(said["attributes"][0].split(","))
    assert not {"phoneNumbers", "addresses", "password"} & set(said["attributes"][0].split(","))


def test_all_pages_are_read_however_few_stand_on_one(scim: Scim, tmp_path: Path) -> None:
    for number in range(5):
        scim.user(f"w{number}")
    batch = look(scim, tmp_path)
    assert [one.id for one in people(batch)] == ["w0", "w1", "w2", "w3", "w4"]
    assert batch.people is not None and batch.people.whole
    assert [parse_qs(urlsplit(one).query)["startIndex"] for one in scim.asked] == [["1"], ["3"], ["5"]]


def test_who_is_not_active_or_has_no_id_there_is_left_out(scim: Scim, tmp_path: Path) -> None:
    scim.user("w1", active=False)
    scim.user("w2", **{ENTERPRISE: {"employeeNumber": 102}})
    scim.user("machine")
    scim.user("w4", active="False", **{ENTERPRISE: {"employeeNumber": "104"}})
    batch = look(scim, tmp_path, id="employeeNumber")
    assert [one.id for one in people(batch)] == ["102"]
    assert dict(batch.counts.left_out) == {"active": 2, "id": 1}
    assert batch.counts.rows == 4


def test_groups_are_teams_and_roles_in_the_order_of_the_config(scim: Scim, tmp_path: Path) -> None:
    for name in ("w1", "w2", "w3", "w4"):
        scim.user(name)
    scim.users[2]["groups"] = [{"value": "g-Team Zuid", "display": "Team Zuid"}]
    scim.group("Team Noord", "w1", "w2")
    scim.group("Team Zuid", "w2")
    scim.group("Leads", "w2")
    teams = {"team noord": "north", "g-Team Zuid": "south", "Team West": "west"}
    batch = look(scim, tmp_path, teams=teams, roles={"Leads": "team-lead"})
    assert [(one.id, one.team, one.role) for one in people(batch)] == [
        ("w1", "north", "worker"),
        ("w2", "north", "team-lead"),
        ("w3", "south", "worker"),
    ]
    # Who is in none of the groups is somebody else's: finance, the kitchen.
    assert dict(batch.counts.left_out) == {"groups": 1}
    assert notes(batch) == ["groups of teams and roles that the server does not have: Team West"]


def test_a_department_is_a_team_and_a_role_there_is_a_role(scim: Scim, tmp_path: Path) -> None:
    scim.groups = None
    scim.user("w1", roles=[{"value": "teamleider"}], **{ENTERPRISE: {"department": "Team Noord"}})
    scim.user("w2", roles=[{"value": "stagiair"}], **{ENTERPRISE: {"department": "Team Noord"}})
    # A title is what people call themselves.
    scim.user("w3", title="teamleider", **{ENTERPRISE: {"department": "Team Noord"}})
    roles = {"Teamleider": "team-lead", "Stagiair": ""}
    batch = look(scim, tmp_path, teams={"Team Noord": "north"}, roles=roles)
    assert [(one.id, one.team, one.role) for one in people(batch)] == [
        ("w1", "north", "team-lead"),
        ("w3", "north", "worker"),
    ]
    assert dict(batch.counts.left_out) == {"codes": 1}


def test_managers_lead_where_the_config_says_so(scim: Scim, tmp_path: Path) -> None:
    scim.user("w1", **{ENTERPRISE: {"manager": {"value": "id-lead", "displayName": "the lead"}}})
    scim.user("lead")
    assert [one.role for one in people(look(scim, tmp_path))] == ["worker", "worker"]
    assert [one.role for one in people(look(scim, tmp_path, managers_lead=True))] == ["worker", "team-lead"]


def test_the_case_of_attributes_does_not_count(scim: Scim, tmp_path: Path) -> None:
    scim.users.append(
        {"ID": "1", "username": "w1", "Emails": [{"Value": "w1@example.org"}], "DisplayName": "x"}
    )
    assert people(look(scim, tmp_path)) == (Person("w1", "x", "w1@example.org"),)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"name": {"givenName": "worker", "familyName": "1"}}, "worker 1"),
        ({"name": {}}, "w1"),
        ({"name": "worker"}, "w1"),
    ],
)
def test_a_name_is_put_together_where_it_has_to_be(scim: Scim, tmp_path: Path, said: Any, name: str) -> None:
    scim.user("w1", **said)
    assert people(look(scim, tmp_path))[0].name == name


def test_a_user_that_cannot_be_read_stops_none_of_the_others(scim: Scim, tmp_path: Path) -> None:
    scim.user("w1", emails=[{"value": "mail me"}])
    scim.user("w2", emails="w2@example.org")
    scim.user("W2", userName="w2", displayName="another")
    scim.users.append("w3")  # type: ignore[arg-type]
    batch = look(scim, tmp_path)
    assert people(batch) == (Person("w1", "worker w1", None), Person("w2", "worker w2", None))
    assert faults(batch) == [
        "reg:None w1 emails=m••••••: not a mail address",
        "reg:None w2 userName=w•: another row says otherwise of the same id; the first one holds",
        "reg:None  =: not a User as SCIM 2.0 has it; the server has to mend it",
    ]
    assert batch.people is not None
    assert batch.people.doubtful == {"w1", "w2"}
    assert not batch.people.whole
    assert batch.counts.rows == 4


def test_where_a_server_gives_fewer_than_it_has_nobody_is_taken_for_gone(scim: Scim, tmp_path: Path) -> None:
    scim.user("w1")
    scim.hidden = 2
    batch = look(scim, tmp_path)
    assert batch.people is not None and not batch.people.whole
    assert notes(batch) == ["the server tells of 3 people and gives 1; nobody is taken for gone"]


def test_a_server_that_knows_one_page_only_is_not_asked_for_ever(scim: Scim, tmp_path: Path) -> None:
    scim.one_page = True
    for number in range(5):
        scim.user(f"w{number}")
    batch = look(scim, tmp_path)
    assert len(people(batch)) == 2
    assert batch.people is not None and not batch.people.whole
    assert len(scim.asked) == 2


def test_nobody_at_all_takes_nobody_for_gone(scim: Scim, tmp_path: Path) -> None:
    batch = look(scim, tmp_path)
    assert batch.people is not None and not batch.people.whole


def test_a_filter_is_passed_on(scim: Scim, tmp_path: Path) -> None:
    scim.user("w1", userType="Employee")
    scim.user("w2", userType="Guest")
    batch = look(scim, tmp_path, filter='userType eq "Employee"')
    assert [one.id for one in people(batch)] == ["w1"]


def test_a_token_is_shown_and_a_wrong_one_never_told(scim: Scim, tmp_path: Path) -> None:
    scim.token = "right"
    scim.user("w1")
    assert len(people(look(scim, tmp_path, token="right"))) == 1
    assert problems_of(tmp_path, "scim", url=scim.url, token="sesame") == [
        'source "reg": the server answers 401; it does not let us read'
    ]


def test_a_busy_server_is_given_time(scim: Scim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr("cti.sources.server.time.sleep", waited.append)
    scim.user("w1")
    scim.sulks = [(429, "3"), (503, "")]
    assert len(people(look(scim, tmp_path))) == 1
    assert waited == [3.0, 8.0]


@pytest.mark.parametrize(
    "body", [b"<html>", b"[]", b'{"Resources": []}', b'{"totalResults": 1, "Resources": {}}']
)
def test_what_is_no_list_is_told_of(scim: Scim, tmp_path: Path, body: bytes) -> None:
    scim.body = body
    assert problems_of(tmp_path, "scim", url=scim.url) == [
        'source "reg": what the server answers is not a SCIM ListResponse'
    ]


def test_groups_that_we_may_not_see_are_told_of_and_those_that_there_are_not_are_none(
    scim: Scim, tmp_path: Path
) -> None:
    scim.user("w1", **{ENTERPRISE: {"department": "Team Noord"}})
    scim.closed = True
    teams = {"Team Noord": "north"}
    assert problems_of(tmp_path, "scim", url=scim.url, teams=teams) == [
        'source "reg": the server answers 403; it does not let us read'
    ]
    scim.groups = None
    assert [one.team for one in people(look(scim, tmp_path, teams=teams))] == ["north"]


def test_a_password_does_not_go_in_clear_over_the_network() -> None:
    with pytest.raises(ValidationError):
        Options.model_validate({"name": "reg", "type": "scim", "url": "http://scim.example.org/v2"})
    with pytest.raises(ValidationError):
        Options.model_validate(
            {
                "name": "reg",
                "type": "scim",
                "url": "https://scim.example.org/v2",
                "roles": {"Leads": "leader"},
            }
        )


def test_who_comes_into_the_service_is_prompted_and_who_leaves_it_is_not(scim: Scim, tmp_path: Path) -> None:
    house = House(tmp_path / "house")
    house.only_rule("intake", simple_rule(), call="Bel het netwerk")
    house.web = f'[[sources]]\nname = "staff"\ntype = "scim"\nurl = "{scim.url}"\nteams = {{ "Team Noord" = "north" }}\n'
    house.configure()
    for name in ("n1", "n2"):
        scim.user(name, preferredLanguage="en")
    scim.group("Team Noord", "n1", "n2")
    house.moves_in("3-2", "a", "crisis-shelter", worker="n1")
    house.moves_in("3-2", "b", "crisis-shelter", client="c2", worker="n2")
    house.tick("3-3")
    assert staff_known(house.system).people["n1"].team == "north"
    scim.users[1]["active"] = False
    house.tick("3-16")
    assert sorted((mail["to"], mail["subject"]) for mail in house.mails()) == [
        ("n1@example.org", "1 prompt is waiting for you"),
        ("north@example.org", "Er staat 1 herinnering voor je klaar"),
    ]
