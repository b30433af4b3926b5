from datetime import date
from pathlib import Path

import pytest

from cti.engine import Busy
from cti.engine.housekeeping import keep_house
from cti.engine.locks import PLAN
from cti.store import absences, audit, inbox
from cti.store.audit import Wanted
from cti.store.chain import check
from cti.store.inbox import Delivery
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


def test_a_client_of_whom_something_was_just_pushed_stays_until_it_is_read(house: House) -> None:
    house.tick("2-9")
    news = Delivery(
        b"1", "c1", "stay", when("8-2"), {"id": "s9", "situation": "street", "begin": "2026-08-02"}
    )
    with house.system.database.write() as tx:
        inbox.put(tx, "ecd", [news], when("8-2"))
    assert keep_house(house.system, when("8-2"))["erased"] == 0
    with house.system.database.write() as tx:
        inbox.settle(tx, [one.number for one in inbox.deliveries(tx, "ecd")], [])
        assert inbox.put(tx, "ecd", [news], when("8-2")) == 0
    assert keep_house(house.system, when("8-31"))["erased"] == 1
    with house.system.database.write() as tx:
        assert inbox.put(tx, "ecd", [news], when("9-2")) == 0, (
            "it is known for a month that this was delivered"
        )
    keep_house(house.system, when("9-3"))
    with house.system.database.write() as tx:
        assert inbox.put(tx, "ecd", [news], when("9-3")) == 1


def test_nothing_is_erased_in_the_middle_of_a_pass(house: House) -> None:
    house.tick("2-9")
    with house.system.database.lock(PLAN), pytest.raises(Busy):
        keep_house(house.system, when("8-2"))
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
        assert [entry.at for entry in audit.listing(tx, Wanted(person="w1"))] == [when("2021-8-2")]
        assert check(tx).whole
        assert [one.last for one in absences.listing(tx)] == [date(2026, 7, 2)]


def test_all_that_was_taken_back_goes_as_if_the_file_had_been_closed_then(house: House) -> None:
    house.tick("2-9")
    house.retract("2-12", "s2", client="c2")
    house.tick("2-13")
    assert keep_house(house.system, when("8-12"))["erased"] == 1  # c1, whose file was closed on 2 February
    assert known(house) == {"c2"}
    assert keep_house(house.system, when("8-13"))["erased"] == 1
    assert known(house) == set()


def test_a_file_that_nobody_closes_is_quiet_after_two_years_and_goes_then(house: House) -> None:
    house.type_in(
        "2-3", "s2", "c2", situation="crisis-shelter", begin="2026-01-05", end="2026-02-03", worker="w1"
    )
    house.moves_in("2-3", "s9", "own-home", client="c9")
    house.type_in("2-3", "e8", "c8", expected="own-home", expected_day="2028-02-20")
    house.tick("2-9")
    keep_house(house.system, when("2028-2-2"))
    assert known(house) == {"c2", "c8", "c9"}
    assert keep_house(house.system, when("2028-2-3"))["erased"] == 1
    assert known(house) == {"c8", "c9"}, "a stay lasts, a move is still expected"


def test_each_erasure_stands_in_the_audit_trail_by_number(house: House) -> None:
    house.tick("2-9")
    keep_house(house.system, when("8-2"))
    with house.system.database.read() as tx:
        [entry] = audit.listing(tx)
    assert (entry.what, entry.person, entry.client is not None, entry.ref) == ("erased", "", True, None)


def test_mail_about_nobody_any_more_goes_after_a_month_and_what_nobody_mends_with_the_rest(
    house: House,
) -> None:
    house.type_in("1-7", "bad", "c2", situation="no-such-place", begin="2026-01-05")
    house.ticks("1-6", "1-30")
    assert mails(house) > 0
    house.tick("2-9")
    keep_house(house.system, when("8-2"))
    with house.system.database.read() as tx:
        assert tx.exec_driver_sql("SELECT count(*) FROM quarantine").scalar() == 0
        left = tx.exec_driver_sql(
            "SELECT count(*) FROM message WHERE id NOT IN (SELECT message FROM message_item)"
        )
        assert left.scalar() == 0
    assert mails(house) > 0, "what c2 was prompted about is still known"


def mails(house: House) -> int:
    with house.system.database.read() as tx:
        return int(tx.exec_driver_sql("SELECT count(*) FROM message").scalar() or 0)
