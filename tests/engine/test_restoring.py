"""An earlier rulebook is put back: at once, as a whole, and within the limits of any other change."""

from __future__ import annotations

from pathlib import Path

import pytest

from cti.engine import Busy
from cti.engine.locks import PLAN
from cti.engine.restoring import restore
from cti.engine.rulebooks import in_force
from cti.problems import Problems
from cti.store import rulebooks
from tests.engine.house import House, simple_rule, when


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Five clients on the street, whom the second rulebook would not prompt about; the limit is three."""
    made = House(tmp_path, floor=3)
    made.only_rule("outreach", simple_rule("outreach", "visit", enters="street"), visit="Ga langs")
    for number in range(5):
        made.moves_in("3-2", f"s{number}", "street", client=f"s{number}")
    made.tick("3-2")
    return made


def draft(house: House, **words: str) -> None:
    house.only_rule("intake", simple_rule(**words), call="Bel even")


def pending(house: House) -> list[str]:
    return sorted(row.plan.client for row in house.stored() if row.plan.wanted)


def numbers(house: House) -> list[int]:
    with house.system.database.read() as tx:
        return [one.number for one in rulebooks.history(tx)]


def test_open_clients_get_what_it_says_before_the_next_pass(house: House) -> None:
    draft(house)
    house.tick("3-3", force=True)
    assert pending(house) == []
    done = restore(house.system, 1, when("3-4"), "lead", force=True)
    assert (done.number, done.planning.created) == (3, 5)
    assert pending(house) == [f"s{number}" for number in range(5)]
    house.ticks("3-4", "3-20")
    assert len(house.mails()) == 2, "three on the first day, and the rest on the next"


def test_what_is_over_a_limit_keeps_it_out_until_someone_insists(house: House) -> None:
    house.moves_in("3-2", "a", "crisis-shelter")
    draft(house)
    house.tick("3-3", force=True)
    house.tick("3-17")
    with pytest.raises(Problems, match="would prompt about 5 clients at once, which is over the limit of 3"):
        restore(house.system, 1, when("3-17", 12), "lead")
    assert numbers(house) == [2, 1] and pending(house) == ["c1"]
    restore(house.system, 1, when("3-17", 12), "lead", force=True)
    assert numbers(house) == [3, 2, 1]
    assert pending(house) == [f"s{number}" for number in range(5)]
    assert house.tick("3-18").held == ()


def test_rules_for_a_desk_that_is_gone_are_put_back_by_force_only(house: House) -> None:
    text = house.folder / "config.toml"
    plain = text.read_text()
    text.write_text(plain + '\n[desks]\nfront = "front@example.org"\n')
    house.reopen()
    house.only_rule("intake", simple_rule().replace('to = "worker"', 'to = "front"'), call="Bel even")
    assert house.tick("3-3", force=True).adopted is not None
    draft(house, more="since = 2026-02-01")
    house.tick("3-4")
    text.write_text(plain)
    house.reopen()
    with pytest.raises(Problems, match="front"):
        restore(house.system, 2, when("3-5"), "lead")
    restore(house.system, 2, when("3-5"), "lead", force=True)
    assert in_force(house.system, when("3-6"), "test").rulebook.rules[0].steps[0].to == "front"


def test_it_waits_for_the_end_of_a_pass(house: House) -> None:
    with house.system.database.lock(PLAN), pytest.raises(Busy):
        restore(house.system, 1, when("3-3"), "lead")
    assert numbers(house) == [1]


def test_a_refused_folder_is_left_alone_from_then_on(house: House) -> None:
    draft(house)
    house.tick("3-3", force=True)
    draft(house, due="3 weks")
    assert house.tick("3-4").problems != ()
    restore(house.system, 1, when("3-4", 12), "lead", force=True)
    house.tick("3-5")
    assert house.mails() == [] and pending(house) != []
