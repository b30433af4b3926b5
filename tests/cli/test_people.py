"""`cti people` tells who works here, and by whose word."""

from __future__ import annotations

from datetime import date

import pytest

from cti.engine.absence import set_absence
from tests.cli.terminal import Terminal
from tests.engine.house import House, when
from tests.engine.test_listing import FIRST, LIST, write


@pytest.fixture
def listed(house: House) -> House:
    house.web = LIST
    house.configure()
    write(house, *FIRST)
    house.tick("3-23")
    set_absence(house.system, "n1", date(2026, 3, 23), date(2026, 3, 27), "w2", when("3-23"), "n1")
    return house


def test_people_are_shown_by_team_with_the_list_that_says_so(cti: Terminal, listed: House) -> None:
    shown = cti.ok("people").splitlines()
    assert shown[0].split() == [
        "id",
        "name",
        "team",
        "role",
        "language",
        "address",
        "said",
        "by",
        "away",
        "until",
    ]
    assert shown[1].split() == ["lead", "lead", "north", "team-lead", "lead@example.org", "config"]
    assert (
        shown[2].split()[-9:]
        == ["en", "n1@example.org", "staff", "Friday", "27", "March", "2026,", "w2", "stands", "in"][-9:]
    )
    assert shown[-1] == "5 people"


def test_for_scripts_the_config_has_no_name(cti: Terminal, listed: House) -> None:
    found = cti("people", "--json").json
    assert [(one["id"], one["source"]) for one in found] == [
        ("lead", None),
        ("n1", "staff"),
        ("n2", "staff"),
        ("w1", None),
        ("w2", None),
    ]
    assert found[1]["away"] == [{"from": "2026-03-23", "until": "2026-03-27", "deputy": "w2"}]


def test_who_left_a_list_is_counted(cti: Terminal, listed: House) -> None:
    write(listed, FIRST[0])
    listed.tick("3-24")
    assert cti.ok("people").splitlines()[-1] == "4 people; gone from a list within a year: 1"


def test_of_one_team_only(cti: Terminal, listed: House) -> None:
    assert len(cti("people", "--team", "north", "--json").json) == 5
    said = cti("people", "--team", "nort")
    assert (said.code, said.err) == (2, "--team nort (north?): there is no such team; there are north\n")
