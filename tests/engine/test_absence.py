"""Absences that are entered on a page, and whom they send prompts to."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cti.core.people import Away
from cti.engine.absence import may_set, remove_absence, set_absence, to_come
from cti.engine.people import staff_of
from cti.problems import Problems
from cti.store.absences import Absence
from tests.engine.house import House, simple_rule, when

FIRST, LAST = date(2026, 3, 9), date(2026, 3, 20)


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path, w1='away = [{ from = 2026-03-01, until = 2026-03-11, deputy = "lead" }]')
    made.only_rule("intake", simple_rule(), call="Bel even")
    return made


def away(
    house: House,
    person: str = "w1",
    first: date = FIRST,
    last: date = LAST,
    deputy: str | None = "w2",
    by: str | None = None,
) -> Absence:
    return set_absence(house.system, person, first, last, deputy, when("3-4"), by or person)


def known(house: House, person: str = "w1") -> list[tuple[date, date, str | None]]:
    with house.system.database.read() as tx:
        return [(one.first, one.last, one.deputy) for one in to_come(tx, person, date(2026, 3, 4))]


def test_what_is_due_during_an_absence_goes_to_the_deputy(house: House) -> None:
    away(house)
    house.moves_in("3-2", "a", "crisis-shelter")
    house.tick("3-16")
    assert [str(mail["To"]) for mail in house.mails()] == ["w2@example.org"]


def test_what_was_entered_stands_beside_the_config_and_its_deputy_comes_first(house: House) -> None:
    away(house)
    with house.system.database.read() as tx:
        staff = staff_of(tx, house.system)
    in_config = Away(date(2026, 3, 1), date(2026, 3, 11), "lead")
    assert staff.people["w1"].away == (Away(FIRST, LAST, "w2"), in_config)
    assert staff.people["w2"] == house.system.config.staff.people["w2"]


def test_the_same_absence_twice_is_one_and_a_longer_one_takes_the_place_of_what_it_holds(
    house: House,
) -> None:
    assert away(house) == away(house)
    away(house, last=date(2026, 3, 27))
    assert known(house) == [(FIRST, date(2026, 3, 27), "w2")]
    away(house, first=date(2026, 4, 6), last=date(2026, 4, 7), deputy=None)
    assert known(house) == [(FIRST, date(2026, 3, 27), "w2"), (date(2026, 4, 6), date(2026, 4, 7), None)]


def test_an_absence_is_taken_back_once(house: House) -> None:
    made = away(house)
    assert [remove_absence(house.system, made.id, when("3-4"), "w1") for _ in range(2)] == [True, False]
    assert known(house) == []


def test_a_person_sets_their_own_absence_and_a_team_lead_the_teams(house: House) -> None:
    staff = house.system.config.staff
    assert [may_set(staff, "w1", by) for by in ("w1", "w2", "lead", "nobody")] == [True, False, True, False]
    made = away(house, by="lead")
    with pytest.raises(Problems, match="only w1 or the team lead can say this"):
        away(house, by="w2")
    with pytest.raises(Problems, match="only w1 or the team lead can say this"):
        remove_absence(house.system, made.id, when("3-4"), "w2")


@pytest.mark.parametrize(
    ("first", "last", "deputy", "why"),
    [
        (LAST, FIRST, "w1", ["the last day comes before the first", "nobody can stand in for themselves"]),
        (date(2026, 3, 1), date(2026, 3, 3), None, ["this absence is over already"]),
        (FIRST, LAST, "W-2", ['there is nobody called W-2; did you mean "w2"?']),
        (date(2026, 3, 30), date(2026, 4, 3), "lead", ["lead is away then too; choose someone else"]),
    ],
)
def test_all_that_is_wrong_with_an_absence_is_said_at_once(
    house: House, first: date, last: date, deputy: str | None, why: list[str]
) -> None:
    away(house, "lead", date(2026, 3, 27), date(2026, 4, 10), "w2")
    with pytest.raises(Problems) as wrong:
        away(house, "w1", first, last, deputy)
    assert [problem.sentence("en") for problem in wrong.value.problems] == why


def test_a_deputy_who_is_there_on_some_of_the_days_will_do(house: House) -> None:
    away(house, "w2", date(2026, 3, 9), date(2026, 3, 10), "lead")
    away(house)
    assert known(house) == [(FIRST, LAST, "w2")]
