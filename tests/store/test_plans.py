"""What a plan changes in the store: the planner's columns, and nobody else's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cti.core.messages import Item
from cti.core.prompts import Change, Reason
from cti.store import plans, prompts, sent
from cti.store.database import Database
from tests.store.build import (
    SHELTER,
    append,
    at,
    change,
    create,
    enqueue,
    keys,
    message,
    planned,
    reading,
    send,
    stored,
)


@pytest.fixture(autouse=True)
def _two_clients(database: Database) -> None:
    append(database, reading("r1", SHELTER, 2), reading("r2", SHELTER, 2, client="c2"))


def key(name: str) -> str:
    return planned(name).key


@pytest.mark.parametrize("kind", ["move", "withdraw", "revive", "rename", "update"])
def test_a_change_writes_what_is_planned_and_the_rulebook_that_planned_it(
    database: Database, kind: str
) -> None:
    [row] = create(database, planned("a"))
    after = planned("b", due=9, until=20, standing="condition", names=("a", "b", "c"), client="c2")._replace(
        day=date(2026, 3, 4),
        known=at(3),
        wanted_at=at(8),
        role="team",
        text="other",
        worker=None,
    )
    change(database, Change(kind, after, row))
    assert stored(database, key("b")) == replace(row, plan=after, rulebook="digest-2")


def test_what_person_and_post_office_wrote_stays(database: Database) -> None:
    [row] = create(database, planned("a"))
    send(database, row)
    with database.write() as tx:
        prompts.record_answer(tx, row.id, "done", at(7))
        prompts.snooze(tx, row.id, at(8))
        sent.set_unroutable(tx, [row.id])
    before = stored(database, key("a"))
    after = before.plan._replace(reason=Reason("gone"))
    change(database, Change("withdraw", after, before))
    assert stored(database, key("a")) == replace(before, plan=after)
    assert before.sent_at == at(6) and before.unroutable


def test_a_dropped_prompt_is_gone_and_its_number_is_not_given_again(database: Database) -> None:
    [row] = create(database, planned("a"))
    change(database, Change("drop", row.plan._replace(reason=Reason("gone")), row))
    assert keys(database) == []
    [again] = create(database, planned("a"))
    assert again.id > row.id


def test_what_a_message_was_made_of_is_not_dropped_but_no_longer_wanted(database: Database) -> None:
    [row] = create(database, planned("a"))
    enqueue(database, message(1, Item(row.id, "prompt", 0)))
    change(database, Change("drop", row.plan._replace(reason=Reason("gone")), row))
    assert stored(database, key("a")).plan == row.plan._replace(reason=Reason("gone"))


@pytest.mark.parametrize("decided", ["snoozed", "handed over"])
def test_what_a_person_decided_on_is_not_dropped_but_no_longer_wanted_until_it_is_again(
    database: Database, decided: str
) -> None:
    [row] = create(database, planned("a"))
    with database.write() as tx:
        if decided == "snoozed":
            prompts.snooze(tx, row.id, at(8))
        else:
            prompts.hand(tx, row.id, "w2", "w1", at(6))
    before = stored(database, key("a"))
    change(database, Change("drop", row.plan._replace(reason=Reason("gone")), before))
    gone = stored(database, key("a"))
    assert gone == replace(before, plan=row.plan._replace(reason=Reason("gone")), rulebook="digest-2")
    with database.write() as tx:
        assert plans.delete_unsent(tx) == 0
    change(database, Change("revive", row.plan, gone))
    assert stored(database, key("a")) == replace(before, rulebook="digest-2")


def test_what_was_sent_since_it_was_looked_at_is_not_dropped(database: Database) -> None:
    [row] = create(database, planned("a"))
    send(database, row)
    change(database, Change("drop", row.plan._replace(reason=Reason("gone")), row))
    assert stored(database, key("a")).sent_at == at(6)


def test_prompts_may_trade_their_names(database: Database) -> None:
    one, two, three = create(database, planned("a"), planned("b"), planned("c"))
    change(
        database,
        Change("rename", planned("b"), one),
        Change("rename", planned("c"), two),
        Change("rename", planned("a"), three),
    )
    numbers = {row.plan.name: row.id for row in (stored(database, key(name)) for name in "abc")}
    assert numbers == {"b": one.id, "c": two.id, "a": three.id}


def test_a_prompt_takes_the_name_of_one_that_is_dropped_with_it(database: Database) -> None:
    one, two = create(database, planned("a"), planned("b"))
    change(database, Change("rename", planned("b"), one), Change("drop", two.plan, two))
    assert [stored(database, entry).id for entry in keys(database)] == [one.id]
    assert keys(database) == [key("b")]


def test_a_prompt_is_made_under_the_name_that_another_gives_up(database: Database) -> None:
    [one] = create(database, planned("a"))
    change(database, Change("create", planned("a", due=8)), Change("rename", planned("b"), one))
    assert stored(database, key("b")).id == one.id
    assert stored(database, key("a")).plan.due == at(8)


def test_a_prompt_comes_over_with_its_record_before_its_old_client_is_planned(database: Database) -> None:
    [row] = create(database, planned("a"))
    change(database, Change("create", planned("a", client="c2")))
    taken = stored(database, key("a"))
    assert (taken.id, taken.plan.client) == (row.id, "c2")
    # The old client's plan was made before that, and drops what is no longer its own.
    change(database, Change("drop", row.plan._replace(reason=Reason("gone")), row))
    assert stored(database, key("a")) == taken


def test_a_prompt_that_takes_a_name_from_another_client_leaves_its_own_row(database: Database) -> None:
    row, other = create(database, planned("a"), planned("b", client="c2"))
    change(database, Change("rename", planned("b"), row))
    assert keys(database) == [key("b")]
    taken = stored(database, key("b"))
    assert (taken.id, taken.plan.client) == (other.id, "c1")


def test_what_another_client_was_told_under_that_name_is_not_told_again(database: Database) -> None:
    row, other = create(database, planned("a"), planned("b", client="c2"))
    send(database, other)
    change(database, Change("rename", planned("b"), row), Change("create", planned("b", due=9)))
    assert keys(database) == [key("b")]
    assert stored(database, key("b")).plan == other.plan


def test_names_that_a_sent_prompt_comes_to_answer_to_are_remembered(database: Database) -> None:
    [row] = create(database, planned("a"))
    send(database, row)
    before = stored(database, key("a"))
    change(database, Change("update", before.plan._replace(names=("a", "z")), before))
    with database.read() as tx:
        assert [found.id for found in prompts.stored_for(tx, [], [("intake", "map", "z")])] == [row.id]


def test_what_happened_to_rows_since_a_plan_looked_at_them_is_told(database: Database) -> None:
    rows = create(database, planned("a"), planned("b"), planned("c"), planned("d", client="c2"), planned("e"))
    found = [Change("move", row.plan._replace(due=at(9)), row) for row in rows]

    def outrun(*changes: Change) -> tuple[set[str], set[int]]:
        with database.write() as tx:
            return plans.outrun(tx, changes, [1, 2])

    assert outrun(*found) == (set(), set())
    change(database, Change("drop", rows[0].plan, rows[0]))
    send(database, rows[1])
    with database.write() as tx:
        prompts.record_answer(tx, rows[2].id, "done", at(6))
    assert [outrun(one) for one in found[:3]] == [({"c1"}, set())] * 3, "gone, sent, answered"
    change(database, Change("create", planned("d")))
    assert outrun(found[3], found[4]) == (set(), {rows[3].id}), "another client's now"


def test_unsent_prompts_are_deleted_and_all_else_stays(database: Database) -> None:
    rows = create(database, *(planned(name) for name in "abcde"))
    send(database, rows[0], covers=[rows[1]])
    with database.write() as tx:
        prompts.record_answer(tx, rows[2].id, "done", at(6))
    enqueue(database, message(2, Item(rows[3].id, "prompt", 0)))
    with database.write() as tx:
        assert plans.delete_unsent(tx) == 1
    assert keys(database) == [key(name) for name in "abcd"]


def test_how_many_rows_changed_is_told(database: Database) -> None:
    rows = create(database, planned("a"), planned("b"))

    def apply(*changes: Change) -> int:
        with database.write() as tx:
            return plans.apply(tx, changes, "digest")

    assert apply() == 0
    assert (
        apply(
            Change("create", planned("c")),
            Change("move", planned("a", due=9), rows[0]),
            Change("drop", rows[1].plan, rows[1]),
        )
        == 3
    )


def test_a_thousand_changes_and_more_go_in_at_once(database: Database) -> None:
    rows = create(database, *(planned(f"n{number}") for number in range(2300)))
    change(database, *(Change("rename", planned(f"m{number}"), row) for number, row in enumerate(rows)))
    assert keys(database) == [key(f"m{number}") for number in range(2300)]
