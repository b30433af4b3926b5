"""Other rules come into force in a running service: open clients get what is new, and nothing that was sent is sent again."""

from __future__ import annotations

from pathlib import Path

import pytest

from cti.engine.restoring import restore
from cti.engine.rulebooks import in_force
from cti.store import rulebooks
from tests.engine.house import House, simple_rule, when

RENAMED = simple_rule("arrival", more='was = ["intake"]')


@pytest.fixture
def house(tmp_path: Path) -> House:
    """Two clients whose call has been sent, on 16 and 20 March, and one whose call is to come."""
    made = House(tmp_path)
    made.only_rule("intake", simple_rule(), call="Bel even")
    made.moves_in("3-2", "a", "crisis-shelter")
    made.moves_in("3-6", "b", "crisis-shelter", client="c2")
    made.moves_in("3-16", "c", "crisis-shelter", client="c3")
    made.ticks("3-16", "3-20")
    assert len(made.mails()) == 2
    return made


def rename(house: House) -> None:
    house.only_rule("arrival", RENAMED, call="Bel even")


def sent_to(house: House) -> list[str]:
    """The clients of whom a call was sent, in that order."""
    rows = [row for row in house.stored() if row.sent_at is not None]
    return [row.plan.client for row in sorted(rows, key=lambda row: row.sent_at or when("1-1"))]


def test_other_comments_change_nothing_and_send_nothing(house: House) -> None:
    before = house.stored()
    house.only_rule("intake", "# bellen\n" + simple_rule().replace("\n[on]", "\n# bij instroom\n[on]"))
    done = house.tick("3-23")
    assert (done.adopted, done.problems) == (None, ())
    assert (done.planning.clients, done.posting.messages) == (0, 0)
    assert house.stored() == before


def test_each_prompt_keeps_the_digest_of_the_rulebook_that_made_it(house: House) -> None:
    first = in_force(house.system, when("3-20"), "test").rulebook.digest
    house.only_rule("intake", simple_rule(due="16 days", keys="urgent = true"), call="Bel even")
    second = house.tick("3-20", 11).adopted
    assert second is not None
    assert {row.plan.client: row.rulebook for row in house.stored()} == {
        "c1": first,  # sent by the first one, which said that it was due two days earlier
        "c2": first,
        "c3": second,
    }
    with house.system.database.read() as tx:
        made_by = rulebooks.by_digest(tx, first)
    assert made_by is not None and '"2 weeks"' in made_by.files["rules/intake.toml"]


def test_a_rule_that_is_renamed_and_called_as_before_again_sends_nothing_twice(house: House) -> None:
    rename(house)
    house.ticks("3-23", "3-31")
    assert sent_to(house) == ["c1", "c2", "c3"], "the third by the rule under its new name"
    house.only_rule("intake", simple_rule(), call="Bel even")
    house.ticks("4-1", "4-10")
    assert sent_to(house) == ["c1", "c2", "c3"]
    assert len(house.mails()) == 3


def test_a_rulebook_of_before_a_renaming_is_put_back_and_sends_nothing_twice(house: House) -> None:
    with house.system.database.read() as tx:
        number = rulebooks.history(tx)[0].number
    rename(house)
    house.ticks("3-23", "3-31")
    restore(house.system, number, when("3-31", 12), "lead")
    house.ticks("4-1", "4-10")
    assert sent_to(house) == ["c1", "c2", "c3"]
    assert len(house.mails()) == 3


def test_a_former_name_that_is_no_longer_mentioned_is_remembered(house: House) -> None:
    rename(house)
    house.tick("3-20", 11)
    house.only_rule("arrival", simple_rule("arrival"), call="Bel even")
    house.ticks("3-23", "4-10")
    assert sent_to(house) == ["c1", "c2", "c3"]
    assert len(house.mails()) == 3
