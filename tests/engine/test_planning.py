"""Planning in batches: what happens between two of them, and that those who help find the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cti.engine import surveying
from cti.engine.planning import replan
from cti.engine.rulebooks import in_force, standing
from cti.engine.surveying import survey
from cti.engine.working import basis
from cti.store import clients, plans, prompts
from tests.engine.house import House, simple_rule, when


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """Three clients came in; the rule that prompted for them has changed since."""
    monkeypatch.setattr(surveying, "AT_ONCE", 1)
    made = House(tmp_path)
    made.only_rule("intake", simple_rule(), call="Bel even")
    for number in "123":
        made.moves_in("3-2", f"s{number}", "crisis-shelter", client=f"c{number}")
    made.tick("3-2", 13)
    made.only_rule("intake", simple_rule(due="3 weeks"), call="Bel even")
    return made


def dues(house: House) -> list[str]:
    return [f"{row.plan.due:%-m-%d}" for row in house.stored() if row.plan.due is not None]


def between(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Something that happens once, after the first batch was written."""
    left = [act]
    monkeypatch.setattr("cti.engine.planning.AT_A_STRETCH", 1)
    monkeypatch.setattr("cti.engine.planning.time.sleep", lambda seconds: left and left.pop()())


def waiting(house: House) -> int:
    with house.system.database.read() as tx:
        return clients.count_dirty(tx)


def test_a_kill_between_two_batches_loses_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed() -> None:
        raise KeyboardInterrupt

    between(monkeypatch, killed)
    with pytest.raises(KeyboardInterrupt):
        house.tick("3-3")
    assert (dues(house), waiting(house)) == (["3-23", "3-16", "3-16"], 2)
    house.tick("3-3", 11)
    assert (dues(house), waiting(house)) == (["3-23"] * 3, 0)


def test_a_prompt_that_is_answered_while_others_are_written_is_planned_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer() -> None:
        with house.system.database.write() as tx:
            prompts.record_answer(tx, house.stored()[2].id, "done", when("3-3"))

    between(monkeypatch, answer)
    house.tick("3-3")
    assert (dues(house), waiting(house)) == (["3-23", "3-23", "3-16"], 1)
    house.tick("3-3", 11)
    assert (dues(house), waiting(house)) == (["3-23"] * 3, 0)


def test_a_row_that_is_gone_when_its_batch_is_written_is_made_anew(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forget() -> None:
        with house.system.database.write() as tx:
            plans.delete_unsent(tx)

    between(monkeypatch, forget)
    house.tick("3-3")
    assert (dues(house), waiting(house)) == ([], 2)
    house.forget_unsent()
    house.tick("3-3", 11)
    assert (dues(house), waiting(house)) == (["3-23"] * 3, 0)


def test_a_client_that_changes_while_others_are_written_still_waits(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change() -> None:
        with house.system.database.write() as tx:
            clients.mark_dirty(tx, [3])

    between(monkeypatch, change)
    house.tick("3-3")
    assert waiting(house) == 1


def test_clients_that_changed_themselves_are_told_from_those_of_whom_only_the_rules_changed(
    house: House,
) -> None:
    with house.system.database.write() as tx:
        clients.mark_dirty(tx, [2])
        clients.mark_all_dirty(tx)
        clients.mark_dirty(tx, [3])
    with house.system.database.read() as tx:
        assert [one.id for one in clients.dirty_clients(tx, which=clients.CHANGED_ITSELF)] == [2, 3]
        assert [one.id for one in clients.dirty_clients(tx, which=clients.OF_ALL)] == [1]
    house.tick("3-3")
    assert waiting(house) == 0


def test_what_is_over_a_limit_is_counted_over_all_batches(house: House) -> None:
    house.floor = 2
    house.configure()
    house.only_rule("other", simple_rule("other"), call="Bel even")
    done = house.tick("3-3")
    assert [(over.what, over.of, over.clients) for over in done.refused] == [("withdrawals", "intake", 3)]


def test_the_limits_count_clients_that_changed_themselves_and_those_planned_anew_together(
    house: House,
) -> None:
    house.floor = 2
    house.configure()
    rules = standing(house.system)
    assert rules is not None
    with house.system.database.write() as tx:
        plans.delete_unsent(tx)
        clients.mark_all_dirty(tx)
        clients.mark_dirty(tx, [2])
    done = replan(house.system, rules.rulebook, when("3-20"), force=False)
    assert [(over.what, over.of, over.clients) for over in done.held] == [("due", "intake", 3)]
    assert (dues(house), waiting(house)) == (["3-16"], 2)


def test_helpers_find_what_is_found_without_them(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    now = when("3-3")
    with house.system.database.read() as tx:
        by = basis(tx, in_force(house.system, now, "test").rulebook, house.system.config.calendar)
    alone = [found.work() for found in survey(house.system.database, by, None, now)]
    monkeypatch.setattr(surveying, "MUCH", 2)
    monkeypatch.setattr("cti.engine.surveying.os.cpu_count", lambda: 2)
    helped = [found.work() for found in survey(house.system.database, by, None, now)]
    assert [work.changes for work in helped] == [work.changes for work in alone]
    assert [work.done for work in helped] == [work.done for work in alone]
