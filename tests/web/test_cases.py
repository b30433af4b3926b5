"""Cases for peer review: enough to talk about, and nothing by which anyone could be recognised."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from cti.engine.answering import answer, not_relevant
from cti.web.views.cases import CROWD, MOST, weeks
from tests.engine.house import House, simple_rule, when
from tests.web.browser import Browser, Pages, text_of
from tests.web.conftest import PEOPLE

STEPS = """
[[steps]]
id = "propose"
due = "3 weeks"
to = "team"
expires = "4 weeks"
asks = "conference"
answers = "conference"
"""


def crowded(folder: Path, clients: int) -> House:
    """So many clients came in on 2 March and were asked twice; the first says no to a conference out of shame, the second is not
    relevant, the others never got an answer."""
    house = House(folder, lead=PEOPLE)
    rule = simple_rule().replace('to = "worker"', 'to = "team"') + STEPS
    house.only_rule("intake", rule, call="Bel even", propose="Stel het voor")
    for number in range(clients):
        house.moves_in("3-2", f"r{number:02}", "crisis-shelter", client=f"client-{number:02}")
    house.tick("3-16")
    house.tick("3-23")
    rulebook = Browser(house, lambda: when("3-23")).site.rules().rulebook
    rows = {(row.plan.client, row.plan.step): row for row in house.stored()}
    now = when("3-24", 11)
    shy = {"declined-because": "shame"}
    answer(
        house.system, rulebook, str(rows["client-00", "propose"].id), "declined", now, shy, note="zus Anna"
    )
    not_relevant(house.system, rulebook, rows["client-01", "call"].id, "wrong", now)
    for day in ("4-6", "4-20", "5-4", "5-18", "6-1", "6-15"):
        house.tick(day)
    return house


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return crowded(tmp_path_factory.mktemp("cases") / "house", CROWD)


def shown(house: House, day: str = "6-15") -> str:
    return text_of(Pages(house, when(day, 12)).of("boss").get("/counts/cases"))


def test_a_no_and_a_silence_are_told_with_their_weeks_and_the_reason_that_was_chosen(house: House) -> None:
    said = shown(house)
    assert "Week 4 · Stel het voor Voorgesteld: nee (schaamte, wil niemand belasten)" in said
    assert "Week 3 · Bel even Niet (meer) van toepassing (De registratie klopt niet)" in said
    assert "Week 3 · Bel even geen antwoord" in said


def test_nothing_of_anyone_is_in_a_case(house: House) -> None:
    page = Pages(house, when("6-15", 12)).of("boss").get("/counts/cases").text
    names = [f"client-{number:02}" for number in range(CROWD)] + ["w1", "north", "Anna", "maart", "2026"]
    assert [name for name in names if re.search(rf"\b{name}\b", page)] == []


def test_of_each_ending_a_few_are_told_and_the_same_ones_when_looked_at_again(house: House) -> None:
    said = shown(house)
    assert said.count("Op iets kwam nooit antwoord.") == MOST
    assert said.count("Het werd een nee.") == 2
    assert shown(house) == said


def test_where_few_had_such_a_transition_nobody_is_told_of(tmp_path: Path) -> None:
    assert "Er zijn geen casussen" in shown(crowded(tmp_path / "house", CROWD - 1))


def test_what_is_fresh_is_not_told(house: House) -> None:
    assert "Er zijn geen casussen" in shown(house, "4-6")


def test_days_are_told_by_the_week_and_later_by_four_weeks() -> None:
    assert [weeks(days) for days in (0, 6, 7, 27, 28, 55, 56)] == [
        (1, 1), (1, 1), (2, 2), (4, 4), (5, 8), (5, 8), (9, 12),
    ]  # fmt: skip
    assert weeks(-3) == (1, 1)
    assert weeks(timedelta(weeks=39).days) == (37, 40)
