"""The parts of a tick, each done by itself: none waits for another, and each is done by one at a time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from cti.engine import (
    LAST_PLANNED,
    LAST_POSTED,
    Busy,
    ClockWrong,
    last_done,
    last_tick,
    locks,
    plan,
    post,
    read,
)
from cti.store import held
from tests.engine.house import House, simple_rule, when

DUE = when("3-17", 10)


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = House(tmp_path / "house")
    house.only_rule("intake", simple_rule(), call="Bel het netwerk")
    house.moves_in("3-3", "s1", "crisis-shelter")
    return house


def test_the_parts_one_after_the_other_are_a_tick(house: House) -> None:
    assert read(house.system, DUE, "registration").versions == 2
    assert plan(house.system, DUE).planning.created == 1
    assert post(house.system, DUE).sent == 1
    assert {last_done(house.system, part) for part in (LAST_PLANNED, LAST_POSTED)} == {DUE}


def test_before_the_first_planning_nothing_is_posted_and_reading_puts_the_rules_in_force(
    house: House,
) -> None:
    assert post(house.system, DUE).messages == 0
    read(house.system, DUE, "registration")
    assert post(house.system, DUE).messages == 0
    assert plan(house.system, DUE).adopted is None


@pytest.mark.parametrize("lock", [locks.PLAN, locks.POST, locks.of_source("another")])
def test_a_source_is_read_by_one_at_a_time_whatever_else_is_done(house: House, lock: str) -> None:
    read(house.system, DUE, "registration")
    with house.system.database.lock(lock):
        read(house.system, DUE, "registration")
    with house.system.database.lock(locks.of_source("registration")), pytest.raises(Busy):
        read(house.system, DUE, "registration")


def test_what_is_due_goes_out_while_others_read_and_plan(house: House) -> None:
    read(house.system, DUE, "registration")
    plan(house.system, DUE)
    with house.system.database.lock(locks.PLAN, locks.of_source("registration")):
        with pytest.raises(Busy):
            plan(house.system, DUE)
        assert post(house.system, DUE).sent == 1


def test_about_a_client_whose_records_just_changed_nothing_goes_out_before_that_is_planned(
    house: House,
) -> None:
    house.moves_in("3-3", "s2", "crisis-shelter", client="c2", worker="w2")
    read(house.system, DUE, "registration")
    plan(house.system, DUE)
    house.type_in("3-16", "gone", "c1", closed="2026-03-16")
    read(house.system, DUE, "registration")
    with house.system.database.lock(locks.PLAN):
        assert post(house.system, DUE).sent == 1
    plan(house.system, DUE)
    assert post(house.system, DUE).messages == 0
    assert [mail["To"] for mail in house.mails()] == ["w2@example.org"]


def test_while_another_makes_messages_those_that_were_made_go_out(house: House) -> None:
    read(house.system, DUE, "registration")
    plan(house.system, DUE)
    post(house.system, DUE, stopping=lambda: True)  # made, and left for later
    with house.system.database.lock(locks.POST):
        done = post(house.system, DUE)
    assert (done.messages, done.sent) == (0, 1)


def test_a_clock_that_is_a_little_behind_stands_still_and_one_that_is_more_so_waits(house: House) -> None:
    read(house.system, DUE, "registration")
    plan(house.system, DUE)
    assert plan(house.system, DUE - timedelta(seconds=50)).now == DUE
    assert last_tick(house.system) == DUE
    for part in (plan, post):
        with pytest.raises(ClockWrong):
            part(house.system, DUE - timedelta(seconds=70))
    with house.system.database.read() as tx:
        assert [one.kind for one in held.holding(tx)] == ["clock"]
    post(house.system, DUE + timedelta(seconds=1))
    with house.system.database.read() as tx:
        assert list(held.holding(tx)) == []
