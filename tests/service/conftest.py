"""A house with one client, to whom one rule of one step applies."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.house import House, simple_rule


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = House(tmp_path / "house")
    house.only_rule("intake", simple_rule(), call="Bel het netwerk")
    house.moves_in("3-2", "s1", "crisis-shelter", client="cliënt-4711")
    return house
