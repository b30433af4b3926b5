"""A changed rules folder comes into force as a whole, or not at all; the last good rulebook always answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from cti.engine.restoring import restore
from cti.engine.rulebooks import in_force
from cti.problems import Problems
from cti.store import rulebooks
from tests.engine.house import House, simple_rule, when

TEST = """
[[tests]]
name = "a call two weeks after intake"
rule = "intake"
events = [{ day = 2026-03-02, situation = "crisis-shelter" }]
expect = [{ day = 2026-03-16, step = "call" }]
"""


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path, floor=3)
    made.only_rule("intake", simple_rule(), call="Bel even")
    (tmp_path / "rules" / "tests").mkdir()
    (tmp_path / "rules" / "tests" / "intake.toml").write_text(TEST, encoding="utf-8")
    made.tick("3-2")
    return made


def digest(house: House) -> str:
    return in_force(house.system, when("3-3"), "test").rulebook.digest


def adopted(house: House) -> int:
    with house.system.database.read() as tx:
        return len(rulebooks.history(tx))


def test_a_change_that_its_own_tests_agree_with_is_adopted(house: House) -> None:
    before = digest(house)
    house.only_rule("intake", simple_rule(due="14 days", more="since = 2026-02-01"), call="Bel even")
    done = house.tick("3-3")
    assert done.problems == ()
    assert done.adopted not in (None, before)
    assert done.tested == 1, "and it is told that they were run"


def test_a_change_that_fails_the_folders_own_tests_is_refused(house: House) -> None:
    before = digest(house)
    house.only_rule("intake", simple_rule(due="3 weeks"), call="Bel even")
    (problem,) = house.tick("3-3").problems
    assert problem.sentence("en") == (
        'rules/tests/intake.toml:2: the test "a call two weeks after intake" fails; cti rules test shows how'
    )
    assert (
        problem.message("nl")
        == 'de test "a call two weeks after intake" slaagt niet; cti rules test laat zien hoe'
    )
    assert digest(house) == before
    assert house.tick("3-4").problems == (), "it is said once"


def test_a_comment_changes_nothing(house: House) -> None:
    before = adopted(house)
    house.only_rule("intake", "# een opmerking\n" + simple_rule(), call="Bel even")
    done = house.tick("3-3")
    assert (done.adopted, done.planning.clients, adopted(house)) == (None, 0, before)


def test_a_change_that_is_over_a_limit_is_refused_with_its_numbers_until_someone_forces_it(
    house: House,
) -> None:
    for number in range(5):
        house.moves_in("1-5", f"s{number}", "street", client=f"s{number}")
    house.tick("3-3")
    before = digest(house)
    house.write_rule("outreach", simple_rule(id="outreach", enters="street", due="8 weeks"), call="Ga langs")
    done = house.tick("3-10")
    assert [(held.what, held.of, held.clients) for held in done.held] == [("due", "outreach", 5)]
    assert [problem.sentence("en") for problem in done.problems] == [
        'rule "outreach": would prompt about 5 clients at once, which is over the limit of 3'
    ]
    assert digest(house) == before
    house.tick("3-11", force=True)
    assert digest(house) != before


def test_an_earlier_rulebook_can_be_put_back_and_holds_until_a_file_changes(house: House) -> None:
    first = digest(house)
    house.only_rule("intake", simple_rule(due="14 days", more="since = 2026-02-01"), call="Bel even")
    house.tick("3-3")
    second = digest(house)
    with house.system.database.read() as tx:
        number = rulebooks.history(tx)[-1].number
    restore(house.system, number, when("3-4"), "lead")
    assert digest(house) == first != second
    house.configure()
    house.tick("3-5")
    assert digest(house) == first, "also over a restart"
    house.only_rule("intake", simple_rule(due="14 days", more="since = 2026-02-02"), call="Bel even")
    assert house.tick("3-6").adopted is not None


def test_putting_back_what_never_was_is_said(house: House) -> None:
    with pytest.raises(Problems, match="there is no rulebook 99"):
        restore(house.system, 99, when("3-4"), "lead")


def test_a_broken_folder_at_a_restart_leaves_the_last_good_rulebook(house: House) -> None:
    before = digest(house)
    (house.folder / "rules" / "intake.toml").write_text("id = ", encoding="utf-8")
    house.configure()
    assert house.tick("3-3").problems != ()
    assert digest(house) == before
