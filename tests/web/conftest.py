"""A house with two teams, where one client of each waits for an answer, and its pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.house import House, when
from tests.web.browser import Pages

NOON = when("3-17", 12)

PEOPLE = """
[[teams]]
id = "south"
inbox = "south@example.org"

[[people]]
id = "s1"
name = "s1"
address = "s1@example.org"
team = "south"

[[people]]
id = "boss"
name = "boss"
address = "boss@example.org"
role = "manager"

[[people]]
id = "admin"
name = "admin"
address = "admin@example.org"
role = "administrator"

[[people]]
id = "audit"
name = "audit"
address = "audit@example.org"
role = "auditor"
"""


def settled(folder: Path) -> House:
    """w1 and w2 of north, led by lead; s1 of south; manager, administrator, auditor. Client c1 is w1's."""
    house = House(folder, lead=PEOPLE)
    house.moves_in("3-2", "r1", "crisis-shelter", client="c1")
    house.moves_in("3-2", "r2", "crisis-shelter", client="c2", worker="w2")
    house.moves_in("3-2", "r3", "crisis-shelter", client="c3", worker="s1", team="south")
    for day in ("3-3", "3-16", "3-17"):
        house.tick(day)
    assert house.stored()[0].plan.client == "c1", "prompt 1 is about c1"
    return house


@pytest.fixture(scope="session")
def settled_once(tmp_path_factory: pytest.TempPathFactory) -> House:
    """For what only looks."""
    return settled(tmp_path_factory.mktemp("pages") / "house")


@pytest.fixture
def house(settled_once: House, tmp_path: Path) -> House:
    """A house of one's own, to act in."""
    return settled_once.copied(tmp_path / "house")


@pytest.fixture
def pages(house: House) -> Pages:
    return Pages(house, NOON)
