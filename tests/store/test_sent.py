"""What the post office notes on prompts."""

from __future__ import annotations

import pytest

from cti.core.messages import Item
from cti.core.prompts import Change, Reason, Stored
from cti.store import outbox, prompts, sent
from cti.store.database import Database
from tests.store.build import (
    SHELTER,
    append,
    at,
    change,
    create,
    enqueue,
    message,
    planned,
    reading,
    send,
    stored,
)


@pytest.fixture
def rows(database: Database) -> list[Stored]:
    append(database, reading("r1", SHELTER, 2))
    return create(database, planned("a"), planned("b"), planned("c"))


def test_a_prompt_that_a_person_did_something_about_is_looked_at_again(
    database: Database, rows: list[Stored]
) -> None:
    one, two, _ = rows
    send(database, one)
    with database.write() as tx:
        sent.followed(tx, {one.id: None})
    assert followed(database, 30) == []
    with database.write() as tx:
        sent.follow(tx, [one.id, two.id], at(9))
    assert (followed(database, 8), followed(database, 9)) == ([], ["a"])


def followed(database: Database, day: int) -> list[str]:
    """The prompts that are looked at on that day."""
    with database.read() as tx:
        return [row.plan.name for row in sent.to_follow(tx, at(day))]


def test_a_sent_message_sends_its_prompts_and_covers_what_they_name(
    database: Database, rows: list[Stored]
) -> None:
    one, two, three = rows
    send(database, one, covers=[two])
    assert stored(database, one.plan.key).sent_at == at(6)
    assert stored(database, two.plan.key).covered_by == one.id
    assert not stored(database, three.plan.key).final


def test_the_words_of_a_message_are_not_kept_once_it_is_sent(database: Database, rows: list[Stored]) -> None:
    send(database, rows[0])
    with database.write() as tx:
        assert outbox.claim(tx, at(9), 10, at(9) - at(8)) == []
        assert outbox.counts(tx) == {"queued": 0, "claimed": 0, "failed": 0}
        assert tx.exec_driver_sql("SELECT count(*) FROM message_body").scalar() == 0
        assert tx.exec_driver_sql("SELECT state FROM message").scalars().all() == ["sent"]


def test_a_message_reported_twice_is_sent_once(database: Database, rows: list[Stored]) -> None:
    [number] = enqueue(database, message(1, Item(rows[0].id, "prompt", 0)))
    for day in (6, 8):
        with database.write() as tx:
            sent.mark_sent(tx, [number], at(day))
    assert stored(database, rows[0].plan.key).sent_at == at(6)


def test_what_was_answered_meanwhile_is_not_covered_but_sent(database: Database, rows: list[Stored]) -> None:
    one, two, _ = rows
    with database.write() as tx:
        prompts.record_answer(tx, two.id, "done", at(5))
        prompts.record_answer(tx, one.id, "done", at(5))
    send(database, one, covers=[two])
    assert stored(database, two.plan.key).covered_by is None
    assert (stored(database, one.plan.key).sent_at, stored(database, one.plan.key).answer) == (at(6), "done")


def test_a_reminder_leaves_when_the_prompt_was_sent(database: Database, rows: list[Stored]) -> None:
    send(database, rows[0])
    [number] = enqueue(database, message(2, Item(rows[0].id, "reminder", 1)), day=9)
    with database.write() as tx:
        sent.mark_sent(tx, [number], at(9))
    assert stored(database, rows[0].plan.key).sent_at == at(6)


def test_a_sent_prompt_is_looked_at_until_a_time_is_set(database: Database, rows: list[Stored]) -> None:
    row = rows[0]
    send(database, row)
    assert followed(database, 6) == ["a"]
    with database.write() as tx:
        sent.followed(tx, {row.id: at(10)})
    assert followed(database, 9) == []
    assert followed(database, 10) == ["a"]
    with database.write() as tx:
        sent.followed(tx, {row.id: None})
    assert followed(database, 30) == []
    with database.write() as tx:
        sent.follow_all(tx, at(11))
    assert followed(database, 11) == ["a"]


@pytest.mark.parametrize(
    "after",
    [
        planned("a", due=9),
        planned("a", standing="gone"),
        planned("a")._replace(day=at(3).date()),
        planned("a")._replace(until=at(20)),
    ],
)
def test_a_prompt_that_turned_is_looked_at_at_once(
    database: Database, rows: list[Stored], after: object
) -> None:
    row = rows[0]
    send(database, row)
    with database.write() as tx:
        sent.followed(tx, {row.id: None})
    change(database, Change("update", after, stored(database, row.plan.key)))  # type: ignore[arg-type]
    assert followed(database, 7) == ["a"]
    with database.write() as tx:
        sent.followed(tx, {row.id: None})
    assert followed(database, 7) == []


def test_a_change_that_no_reader_would_notice_is_not_looked_at(
    database: Database, rows: list[Stored]
) -> None:
    row = rows[0]
    send(database, row)
    with database.write() as tx:
        sent.followed(tx, {row.id: None})
    now = stored(database, row.plan.key)
    change(database, Change("update", now.plan._replace(names=("a", "b"), known=at(2)), now))
    assert followed(database, 7) == []


def test_what_changed_between_making_and_sending_is_looked_at(database: Database, rows: list[Stored]) -> None:
    row = rows[0]
    [number] = enqueue(database, message(1, Item(row.id, "prompt", 0)))
    change(database, Change("withdraw", row.plan._replace(reason=Reason("gone")), row))
    with database.write() as tx:
        sent.mark_sent(tx, [number], at(6))
    with database.write() as tx:
        [found] = sent.to_follow(tx, at(5))
    assert (found.told_standing, found.plan.reason.code) == ("wanted", "gone")


def test_an_answered_prompt_is_not_looked_at(database: Database, rows: list[Stored]) -> None:
    send(database, rows[0])
    with database.write() as tx:
        prompts.record_answer(tx, rows[0].id, "done", at(7))
    assert followed(database, 8) == []


def test_exactly_those_are_unroutable_that_nobody_can_receive(database: Database, rows: list[Stored]) -> None:
    def unroutable(*numbers: int) -> list[str]:
        with database.write() as tx:
            sent.set_unroutable(tx, numbers)
            return [row.plan.name for row in sent.unroutable(tx)]

    assert unroutable(rows[0].id, rows[1].id) == ["a", "b"]
    assert unroutable(rows[1].id, rows[2].id) == ["b", "c"]
    assert unroutable() == []


def test_what_is_sent_after_all_is_no_longer_unroutable(database: Database, rows: list[Stored]) -> None:
    with database.write() as tx:
        sent.set_unroutable(tx, [rows[0].id, rows[1].id])
    send(database, rows[0], covers=[rows[1]])
    with database.read() as tx:
        assert list(sent.unroutable(tx)) == []
