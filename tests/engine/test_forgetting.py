"""Erasing a client: with all that was merged into them, and so that nothing comes back."""

from __future__ import annotations

from pathlib import Path

import pytest

from cti.engine.forgetting import Person, forget, person_of
from cti.store import audit, clients, linked
from cti.store.erasure import Erased
from tests.engine.house import House, simple_rule, when


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Client c1 was prompted about in March; c2 is another."""
    house = House(tmp_path / "house")
    house.only_rule("intake", simple_rule(), call="Bel het netwerk")
    house.moves_in("3-2", "s1", "crisis-shelter", client="c1")
    house.moves_in("3-2", "s2", "crisis-shelter", client="c2")
    house.ticks("3-3", "3-17")
    return house


def found(house: House, ref: str) -> Person:
    with house.system.database.read() as tx:
        number = clients.client_id(tx, ref)
        assert number is not None
        person = person_of(tx, number)
    assert person is not None
    return person


def erase(house: House, ref: str) -> Erased:
    person = found(house, ref)
    with house.system.database.write() as tx:
        return forget(tx, house.system, person, when("4-1"))


def known(house: House) -> set[str]:
    with house.system.database.read() as tx:
        return set(tx.exec_driver_sql("SELECT ref FROM client").scalars())


def merged(house: House) -> None:
    """The registration finds that c1 and c3 are one person, and keeps c3."""
    house.moves_in("3-18", "s1", "crisis-shelter", begin="3-2", client="c3")
    house.tick("3-19")


def test_who_was_merged_into_a_client_is_found_and_goes_along(house: House) -> None:
    merged(house)
    person = found(house, "c3")
    assert [other.ref for other in person.merged] == ["c1"]
    with house.system.database.read() as tx:
        rows = linked.rows_about(tx, person.numbers)
    assert {row["ref"] for row in rows["client"]} == {"c1", "c3"}
    assert rows["prompt"], "what was prompted under the old reference is told too"
    erase(house, "c3")
    assert known(house) == {"c2"}
    with house.system.database.read() as tx:
        assert [(entry.what, entry.client) for entry in audit.listing(tx)] == [
            ("erased", number) for number in reversed(person.numbers)
        ]
        left = linked.rows_about(tx, person.numbers)
    assert {name for name, rows in left.items() if rows} == set(linked.STAYS)


def test_a_record_that_was_typed_in_for_the_wrong_client_merges_nobody(house: House) -> None:
    house.moves_in("3-17", "s9", "own-home", client="c1")
    house.tick("3-18")
    house.moves_in("3-18", "s1", "crisis-shelter", begin="3-2", client="c3")
    house.tick("3-19")
    assert found(house, "c3").merged == ()
    assert [other.ref for other in found(house, "c1").passed_to] == ["c3"]
    erase(house, "c3")
    assert known(house) == {"c1", "c2"}


def test_whose_records_went_to_two_clients_is_merged_into_neither(house: House) -> None:
    house.moves_in("3-17", "s9", "own-home", client="c1")
    house.tick("3-18")
    house.moves_in("3-18", "s1", "crisis-shelter", begin="3-2", client="c3")
    house.moves_in("3-18", "s9", "own-home", begin="3-17", client="c4")
    house.tick("3-19")
    assert found(house, "c3").merged == found(house, "c4").merged == ()
    assert [other.ref for other in found(house, "c1").passed_to] == ["c3", "c4"]


def test_no_later_export_brings_a_forgotten_client_back_and_nothing_is_sent_again(house: House) -> None:
    assert erase(house, "c1").prompts > 0
    before = len(house.mails())
    house.moves_in("3-20", "s9", "crisis-shelter", client="c9")
    house.moves_in("3-20", "s1", "crisis-shelter", begin="3-2", client="c1", end="3-19")
    house.ticks("3-20", "3-27")
    assert known(house) == {"c2", "c9"}
    assert len(house.mails()) == before


def test_one_who_comes_again_with_a_new_record_is_a_new_client(house: House) -> None:
    old = found(house, "c1").client.id
    erase(house, "c1")
    house.moves_in("3-20", "s9", "crisis-shelter", client="c1")
    house.tick("3-21")
    assert found(house, "c1").client.id > old
    with house.system.database.read() as tx:
        assert {row["ref"] for row in linked.rows_about(tx, [found(house, "c1").client.id])["record"]} == {
            "s9"
        }
