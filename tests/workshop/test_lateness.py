"""How late records reach us, and which steps suffer from it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cti.engine.rulebooks import in_force
from cti.workshop.lateness import Late, Lateness, Suffering, data, lateness
from cti.workshop.simulate import Days
from tests.engine.house import House, simple_rule, when


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A house that looked in on 2 March; after that things are typed in late, and once more seen late."""
    house = House(tmp_path / "house")
    house.only_rule("intake", simple_rule(due="1 week"), call="Bel het netwerk")
    house.type_in("3-1", "a1", client="c1", worker="w1", team="north", day="2026-03-01")
    house.type_in("3-1", "a2", client="c2", worker="w2", team="north", day="2026-03-01")
    house.tick("3-2")
    house.moves_in("3-4", "s1", "crisis-shelter", client="c1")  # on its day, seen the next morning
    house.tick("3-5")
    house.tick("3-17")
    house.moves_in("3-25", "s2", "crisis-shelter", begin="3-5", client="c2", worker="w2")
    house.tick("3-29")
    house.type_in("3-30", "s1", client="c1", situation="crisis-shelter", begin="2026-03-04", end="2026-03-28")
    house.tick("3-31")
    return house


def report(house: House) -> Lateness:
    rulebook = in_force(house.system, when("3-31"), "test").rulebook
    return lateness(house.system, rulebook, Days(date(2026, 3, 3), date(2026, 3, 31)))


def test_what_came_is_counted_by_source_team_and_kind(house: House) -> None:
    found = {late.kind: late for late in report(house).records}
    assert {(late.source, late.team) for late in found.values()} == {("registration", "north")}
    begun = found["begin"]
    assert (begun.count, begun.median, begun.worst, begun.under_way) == (2, 12.5, 24, 4)
    ended = found["end"]
    assert (ended.count, ended.median, ended.nine_in_ten, ended.worst, ended.under_way) == (1, 3, 3, 3, 1)


def test_the_steps_that_suffered_stand_below_it(house: House) -> None:
    assert report(house).steps == (Suffering(("intake", "call"), 2, 1, 0),)


def test_what_came_before_or_after_is_not_counted(house: House) -> None:
    rulebook = in_force(house.system, when("3-31"), "test").rulebook
    found = lateness(house.system, rulebook, Days(date(2026, 3, 30), date(2026, 3, 31)))
    assert [(late.kind, late.count) for late in found.records] == [("end", 1)]


def test_scripts_get_days_as_numbers() -> None:
    late = Late("registration", "", "fact", 3, 1.5, 2, 9, 0)
    found = data(Lateness(date(2026, 3, 1), date(2026, 3, 31), (late,), ()))
    assert found["records"] == [
        {
            "source": "registration",
            "team": None,
            "kind": "fact",
            "count": 3,
            "median": 1.5,
            "nine_in_ten": 2,
            "worst": 9,
            "under_way": 0,
        }
    ]
