"""The managers are told once that what they changed is not taken over."""

from __future__ import annotations

from pathlib import Path

import pytest

from cti.core.people import Person, Staff
from cti.engine.refusing import readers
from tests.engine.house import House, simple_rule

BOSS = """
[[people]]
id = "boss"
name = "boss"
address = "boss@example.org"
role = "manager"
"""
SUBJECT = "De gewijzigde regels gelden nog niet"


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = House(tmp_path / "house", lead=BOSS)
    house.only_rule("intake", simple_rule(), call="Bel het netwerk")
    house.moves_in("3-2", "s1", "crisis-shelter")
    house.tick("3-3")
    return house


def change(house: House, due: str) -> None:
    (house.folder / "rules" / "intake.toml").write_text(simple_rule(due=due), encoding="utf-8")


def told(house: House) -> list[str]:
    return [str(mail["to"]) for mail in house.mails() if mail["subject"] == SUBJECT]


def test_a_refusal_that_stands_is_mailed_once_with_its_errors_and_no_client(house: House) -> None:
    change(house, "3 weks")
    house.tick("3-4", 10, 0)
    house.tick("3-4", 10, 9)
    assert told(house) == []
    for minute in (11, 30, 50):
        house.tick("3-4", 10, minute)
    house.configure()
    house.tick("3-5")
    assert told(house) == ["boss@example.org"]
    body = next(mail for mail in house.mails() if mail["subject"] == SUBJECT).get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert '"3 weks"' in text and "intake.toml" in text
    assert "c1" not in text.split()


def test_another_mistake_is_another_mail(house: House) -> None:
    for day, due in (("3-4", "3 weks"), ("3-5", "3 wekes")):
        change(house, due)
        house.tick(day, 10)
        house.tick(day, 11)
    assert len(told(house)) == 2


def test_a_mistake_that_is_mended_soon_brings_no_mail(house: House) -> None:
    change(house, "3 weks")
    house.tick("3-4", 10, 0)
    change(house, "3 weeks")
    house.tick("3-4", 10, 5)
    house.tick("3-5")
    assert told(house) == []


def test_administrators_stand_in_where_no_manager_has_an_address() -> None:
    people = (
        Person("m", "m", None, "manager"),
        Person("a", "a", "a@example.org", "administrator"),
        Person("w", "w", "w@example.org"),
    )
    staff = Staff({person.id: person for person in people}, {}, {})
    assert [person.id for person in readers(staff)] == ["a"]
