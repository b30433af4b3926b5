from pathlib import Path

import pytest

from cti.engine.quiet import quiet_sources
from tests.engine.house import House, simple_rule, when


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = House(tmp_path / "house")
    house.only_rule("intake", simple_rule(), call="Bel het netwerk")
    config = house.folder / "config.toml"
    config.write_text(
        config.read_text().replace('path = "export"', 'path = "export"\nquiet_after = "16 working hours"')
    )
    house.reopen()
    return house


def said(house: House, day: str, hour: int = 10) -> list[str]:
    return [problem.sentence("en") for problem in quiet_sources(house.system, when(day, hour))]


def test_a_source_that_was_never_read_is_not_quiet(house: House) -> None:
    assert said(house, "3-20") == []


def test_a_source_that_brings_nothing_for_two_working_days_is_a_warning(house: House) -> None:
    house.moves_in("3-6", "s1", "crisis-shelter")
    house.tick("3-6", 12)
    # Friday noon; the weekend does not count.
    assert said(house, "3-10", 11) == []
    assert said(house, "3-10", 12) == [
        'source "registration" has brought nothing new since 2026-03-06 12:00; is the export still made?'
    ]


def test_readings_without_news_do_not_make_it_fresh(house: House) -> None:
    house.moves_in("3-6", "s1", "crisis-shelter")
    house.tick("3-6", 12)
    house.tick("3-10", 11)
    assert len(said(house, "3-10", 12)) == 1
    house.moves_in("3-10", "s2", "crisis-shelter", client="c2")
    house.tick("3-10", 13)
    assert said(house, "3-10", 14) == []
