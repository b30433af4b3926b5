"""How much comes to each worker in the coming weeks, beside what the cap lets through."""

from __future__ import annotations

from pathlib import Path

from cti.engine.rulebooks import in_force
from cti.workshop.load import Load, load
from tests.engine.house import House, simple_rule, when


def loaded(folder: Path, keys: str = "", w1: str = "") -> Load:
    """What w1 and w2 are to be told from 9 March on, after 24 clients of w1 and one of w2 came in on the 3rd."""
    house = House(folder, organisation="cap = 1", floor=100, w1=w1)
    house.only_rule("intake", simple_rule(keys=keys), call="Bel het netwerk")
    for number in range(24):
        house.moves_in("3-3", f"s{number}", "crisis-shelter", client=f"c{number}")
    house.moves_in("3-3", "s24", "crisis-shelter", client="c24", worker="w2")
    house.tick("3-4")
    now = when("3-9")
    return load(house.system, in_force(house.system, now, "test").rulebook, now)


def test_more_than_the_cap_lets_through_in_four_weeks_is_counted(tmp_path: Path) -> None:
    assert loaded(tmp_path / "h") == Load(
        over=1, people=2, prompts=24, room=19
    )  # Good Friday lies among them


def test_who_works_fewer_days_has_less_room(tmp_path: Path) -> None:
    assert loaded(tmp_path / "h", w1='works = ["mon", "tue"]') == Load(over=1, people=2, prompts=24, room=8)


def test_urgent_prompts_stand_outside(tmp_path: Path) -> None:
    assert loaded(tmp_path / "h", keys="urgent = true") == Load(0, 0, 0, 0)
