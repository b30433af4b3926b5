"""What is open passes on by itself: to another worker, to the deputy of someone on leave; and who hears that nobody answers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cti.engine.absence import set_absence
from tests.engine.house import House, simple_rule, when
from tests.engine.test_acting import REMIND, days, mails


@pytest.fixture
def house(tmp_path: Path) -> House:
    """An intake on 2 March, prompted on 16 March until 11 May; reminded after five working days, escalated after eight."""
    made = House(tmp_path)
    made.only_rule("intake", simple_rule(keys=REMIND), call="Bel even")
    made.moves_in("3-2", "a", "crisis-shelter")
    return made


def test_another_worker_is_told_of_what_is_open_on_the_day_on_which_they_take_over(house: House) -> None:
    house.tick("3-16")
    house.type_in("3-17", "x", worker="w2", day="2026-03-19")
    days(house, "3-17", "3-18", "3-19", "3-20")
    assert mails(house) == [("w1", "3-16"), ("w2", "3-19")]


def test_a_deputy_is_told_of_what_is_open_when_a_long_absence_begins(house: House) -> None:
    house.tick("3-16")
    set_absence(house.system, "w1", date(2026, 3, 19), date(2026, 4, 3), "w2", when("3-17"), "w1")
    days(house, "3-17", "3-18", "3-19", "3-25", "3-26", "3-27")
    # The reminder counts from when the deputy had it, and that nobody answers from when it was first sent.
    assert mails(house) == [("w1", "3-16"), ("w2", "3-19"), ("lead", "3-26"), ("w2", "3-26")]


def test_a_deputy_who_is_told_when_nobody_has_answered_for_long_has_a_day_before_the_lead_hears(
    house: House,
) -> None:
    house.tick("3-16")
    set_absence(house.system, "w1", date(2026, 3, 26), date(2026, 4, 3), "w2", when("3-17"), "w1")
    days(house, "3-17", "3-23", "3-26", "3-27", "3-30")
    assert mails(house) == [("w1", "3-16"), ("w1", "3-23"), ("w2", "3-26"), ("lead", "3-27")]


def test_the_lead_hears_also_where_the_prompt_passes_on_again_and_again(house: House) -> None:
    more = ("w3", "w4")
    people = [
        f'[[people]]\nid = "{who}"\nname = "{who}"\naddress = "{who}@example.org"\nteam = "north"\n'
        for who in more
    ]
    house.lead = "\n".join(people)
    house.configure()
    house.tick("3-16")
    for who, deputy, first in (("w1", "w2", 18), ("w2", "w3", 20), ("w3", "w4", 24)):
        set_absence(house.system, who, date(2026, 3, first), date(2026, 3, 31), deputy, when("3-17"), who)
    house.ticks("3-17", "3-27")
    passed = [("w2", "3-18"), ("w3", "3-20"), ("w4", "3-24")]
    assert [mail for mail in mails(house) if mail[0] != "w1"] == [*passed, ("lead", "3-26")]
