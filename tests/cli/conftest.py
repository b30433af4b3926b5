from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.engine.house import House, simple_rule


@pytest.fixture
def cti(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Terminal:
    """The command `cti`, run where the test stands: in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return Terminal(capfd)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """A small organisation with one rule, in which the test stands. Three clients came into crisis shelter in March 2026."""
    house = House(tmp_path / "house")
    monkeypatch.chdir(house.folder)
    house.only_rule("intake", simple_rule(), call="Bel het netwerk")
    house.moves_in("3-2", "s1", "crisis-shelter", client="c1")
    house.moves_in("3-3", "s2", "crisis-shelter", client="c2")
    house.moves_in("3-4", "s3", "crisis-shelter", client="c3", worker="w2")
    house.moves_in("3-20", "s4", "own-home", client="c3", worker="w2")
    return house
