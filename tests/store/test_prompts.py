"""Prompts as they stand in the store, and the columns that a person owns."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cti.core.messages import Item
from cti.core.prompts import Planned, Stored
from cti.store import clients, prompts
from cti.store.database import Database
from tests.store.build import (
    SHELTER,
    append,
    at,
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


def found(database: Database, client: str, *names: tuple[str, str, str]) -> list[str]:
    with database.read() as tx:
        number = clients.client_id(tx, client)
        assert number is not None
        return [row.plan.name for row in prompts.stored_for(tx, [number], names)]


def test_a_plan_comes_back_as_it_was(database: Database) -> None:
    plans = [
        planned("a", until=9, names=("a", "b")),
        planned("b", due=None, standing="waiting"),
        planned("c")._replace(worker=None, names=()),
    ]
    assert [row.plan for row in create(database, *plans)] == plans


def test_a_new_prompt_is_untouched_by_person_and_post_office(database: Database) -> None:
    [row] = create(database, planned("a"))
    assert row == Stored(row.id, planned("a"), rulebook="digest")
    assert not row.final


def test_all_prompts_of_the_clients_asked_for_are_found(database: Database) -> None:
    create(database, planned("a"), planned("b", standing="gone"), planned("c", client="c2"))
    assert found(database, "c1") == ["a", "b"]
    assert found(database, "c2") == ["c"]


def test_a_sent_prompt_of_another_client_is_found_by_a_name_it_remembers(database: Database) -> None:
    [row, _] = create(database, planned("a", names=("a", "b")), planned("x", names=("b",)))
    assert found(database, "c2", ("intake", "map", "b")) == []  # unsent: nothing to remember
    send(database, row)
    assert found(database, "c2", ("intake", "map", "b")) == ["a"]
    assert found(database, "c2", ("intake", "map", "a")) == ["a"]
    assert found(database, "c2", ("intake", "other", "b")) == []
    assert found(database, "c2", ("other", "map", "b")) == []


def test_an_answered_prompt_is_remembered_too_until_the_answer_is_taken_back(database: Database) -> None:
    [row] = create(database, planned("a"))
    with database.write() as tx:
        prompts.record_answer(tx, row.id, "done", at(6))
    assert (stored(database, row.plan.key).answer, stored(database, row.plan.key).answered_at) == (
        "done",
        at(6),
    )
    assert found(database, "c2", ("intake", "map", "a")) == ["a"]
    with database.write() as tx:
        prompts.record_answer(tx, row.id, None, None)
    assert not stored(database, row.plan.key).final
    assert found(database, "c2", ("intake", "map", "a")) == []


def test_a_later_answer_takes_the_place_of_an_earlier_one(database: Database) -> None:
    [row] = create(database, planned("a"))
    with database.write() as tx:
        prompts.record_answer(tx, row.id, "done", at(6))
        prompts.record_answer(tx, row.id, "not-yet", at(7))
    assert stored(database, row.plan.key) == replace(row, answer="not-yet", answered_at=at(7))


def test_who_answered_is_kept_with_the_answer(database: Database) -> None:
    [row] = create(database, planned("a"))
    with database.write() as tx:
        prompts.record_answer(tx, row.id, "done", at(6), "w1")
    assert stored(database, row.plan.key).answered_by == "w1"
    with database.write() as tx:
        prompts.record_answer(tx, row.id, None, None)
    assert stored(database, row.plan.key) == row


def test_a_prompt_changes_hands_and_it_is_counted_how_often(database: Database) -> None:
    [row] = create(database, planned("a"))
    with database.write() as tx:
        prompts.hand(tx, row.id, "w2", "w1", at(6))
    handed = replace(row, handed_to="w2", handed_by="w1", handed_at=at(6), handed_times=1)
    assert stored(database, row.plan.key) == handed
    with database.write() as tx:
        prompts.hand(tx, row.id, None, "w2", at(7))
        assert prompts.client_of(tx, row.id) == clients.client_id(tx, "c1")
        assert prompts.client_of(tx, row.id + 1) is None
    back = replace(row, handed_by="w2", handed_at=at(7), handed_times=2)
    assert stored(database, row.plan.key) == back


def test_a_snooze_is_the_persons(database: Database) -> None:
    [row] = create(database, planned("a"))
    with database.write() as tx:
        prompts.snooze(tx, row.id, at(9))
    assert stored(database, row.plan.key) == replace(row, snoozed_until=at(9))


@pytest.mark.parametrize(
    ("plan", "is_due"),
    [
        (planned("a", due=5), True),
        (planned("a", due=6), True),
        (planned("a", due=7), False),
        (planned("a", due=None, standing="waiting"), False),
        (planned("a", due=5, standing="condition"), False),
        (planned("a", due=5, until=7), True),
        (planned("a", due=5, until=6), False),
    ],
)
def test_a_prompt_is_due_while_its_window_is_open(database: Database, plan: Planned, is_due: bool) -> None:
    create(database, plan)
    with database.read() as tx:
        assert bool(list(prompts.due(tx, at(6)))) == is_due


def test_the_oldest_prompt_is_due_first_and_what_was_dealt_with_not_at_all(database: Database) -> None:
    rows = create(
        database, planned("late", due=5), planned("early", due=3), *(planned(name) for name in "abcd")
    )
    by_name = {row.plan.name: row for row in rows}
    send(database, by_name["a"], covers=[by_name["b"]])
    with database.write() as tx:
        prompts.record_answer(tx, by_name["c"].id, "done", at(5))
    enqueue(database, message(2, Item(by_name["d"].id, "prompt", 0)))
    with database.read() as tx:
        assert [row.plan.name for row in prompts.due(tx, at(6))] == ["early", "late"]
        assert [row.plan.name for row in prompts.sent_unanswered(tx)] == ["a"]


def test_prompts_are_listed_by_state_and_client(database: Database) -> None:
    rows = create(database, planned("a"), planned("b", standing="gone"), planned("c", client="c2", until=5))
    send(database, rows[0])

    def names(*states: str, client: str | None = None) -> list[str]:
        with database.read() as tx:
            return [row.plan.name for row in prompts.listing(tx, at(6), states or None, client)]

    assert names() == ["a", "b", "c"]
    assert names("sent", "expired") == ["a", "c"]
    assert names("withdrawn") == ["b"]
    assert names(client="c2") == ["c"]
    assert names("pending", client="c2") == []


def test_a_prompt_is_found_by_key_and_by_number(database: Database) -> None:
    [one, two] = create(database, planned("a"), planned("b"))
    with database.read() as tx:
        assert prompts.by_key(tx, "intake/map/a") == one
        assert prompts.by_key(tx, "intake/map/z") is None
        assert prompts.by_id(tx, two.id) == two
        assert prompts.by_id(tx, 999_999) is None
        assert prompts.by_ids(tx, [one.id, two.id]) == {one.id: one, two.id: two}


def test_very_many_prompts_are_found_in_pieces(database: Database) -> None:
    create(database, *(planned(f"n{number}") for number in range(2300)))
    assert len(found(database, "c1", *(("intake", "map", f"n{number}") for number in range(2300)))) == 2300
    assert len(keys(database)) == 2300
