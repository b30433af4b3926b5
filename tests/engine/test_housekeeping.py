from datetime import date
from pathlib import Path

import pytest

from cti.engine.housekeeping import keep_house
from cti.store import absences, audit
from cti.store.chain import check
from tests.engine.house import House, simple_rule, when


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = House(tmp_path / "house")
    house.only_rule("intake", simple_rule(), call="Bel het netwerk")
    house.moves_in("1-5", "s1", "crisis-shelter", client="c1")
    house.moves_in("1-5", "s2", "crisis-shelter", client="c2")
    house.type_in("2-2", "x1", "c1", closed="2026-02-02")
    return house


def known(house: House) -> set[str]:
    with house.system.database.read() as tx:
        return set(tx.exec_driver_sql("SELECT ref FROM client").scalars())


def test_a_client_is_erased_when_the_file_was_closed_long_enough_ago(house: House) -> None:
    house.tick("2-9")
    assert keep_house(house.system, when("8-1"))["erased"] == 0
    assert known(house) == {"c1", "c2"}
    gone = keep_house(house.system, when("8-2"))
    assert (gone["erased"], gone["records"] > 0) == (1, True)
    assert known(house) == {"c2"}
    assert {row.plan.client for row in house.stored()} == {"c2"}


def test_what_was_erased_does_not_come_back_with_the_next_export(house: House) -> None:
    house.tick("2-9")
    keep_house(house.system, when("8-2"))
    house.moves_in("8-3", "s3", "crisis-shelter", client="c3")
    house.tick("8-4", force=True)
    assert known(house) == {"c2", "c3"}


def test_a_file_that_was_opened_again_stays(house: House) -> None:
    house.moves_in("4-1", "s4", "crisis-shelter", client="c1")
    house.tick("4-2", force=True)
    assert keep_house(house.system, when("12-1"))["erased"] == 0
    assert known(house) == {"c1", "c2"}


def test_nothing_is_erased_in_the_middle_of_a_pass(house: House) -> None:
    house.tick("2-9")
    with house.system.database.tick_lock():
        assert keep_house(house.system, when("8-2"))["erased"] == 0
    assert known(house) == {"c1", "c2"}


def test_the_audit_trail_goes_after_the_years_of_the_config_and_absences_after_a_month(house: House) -> None:
    house.tick("2-9")
    with house.system.database.write() as tx:
        for day in ("2021-8-1", "2021-8-2"):
            audit.add(tx, when(day), "w1", "worker", "came-in")
        absences.add(tx, "w1", date(2026, 6, 1), date(2026, 7, 1), None, "w1", when("5-1"))
        absences.add(tx, "w1", date(2026, 6, 1), date(2026, 7, 2), None, "w1", when("5-1"))
    keep_house(house.system, when("8-2"))
    with house.system.database.read() as tx:
        assert [entry.at for entry in audit.listing(tx)] == [when("2021-8-2")]
        assert check(tx).whole
        assert [one.last for one in absences.listing(tx)] == [date(2026, 7, 2)]
