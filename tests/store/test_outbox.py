"""The outbox: made once, claimed by one, tried again, never twice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cti.core.messages import Item, Message
from cti.core.prompts import Change, Stored
from cti.store import outbox, prompts, sent, told
from cti.store.database import Database, open_database
from tests.store.build import SHELTER, append, at, change, create, enqueue, message, planned, reading, stored

LEASE = timedelta(minutes=10)


@pytest.fixture
def rows(database: Database) -> list[Stored]:
    """Three prompts that are due."""
    append(database, reading("r1", SHELTER, 2))
    return create(database, planned("a"), planned("b"), planned("c"))


def first(row: Stored) -> Item:
    return Item(row.id, "prompt", 0)


def claim(database: Database, day: int = 6, limit: int = 10) -> list[Message]:
    with database.write() as tx:
        return outbox.claim(tx, at(day), limit, LEASE)


def counts(database: Database) -> dict[str, int]:
    with database.read() as tx:
        return {state: number for state, number in outbox.counts(tx).items() if number}


def test_a_message_comes_out_as_it_was_put_in(database: Database, rows: list[Stored]) -> None:
    put = message(1, first(rows[0]), Item(rows[1].id, "covered", rows[0].id))._replace(
        person=None,
        in_reply_to="<0@example.org>",
        references=("<9@example.org>", "<0@example.org>"),
        html="<p>Zoë — 🏠</p>",
    )
    [number] = enqueue(database, put)
    assert claim(database) == [put._replace(id=number)]


def test_what_is_claimed_nobody_else_gets_until_the_lease_is_over(
    database: Database, rows: list[Stored]
) -> None:
    enqueue(database, message(1, first(rows[0])))
    [mine] = claim(database)
    assert claim(database) == []
    with database.write() as tx:
        assert outbox.release_expired(tx, at(6) + LEASE - timedelta(seconds=1)) == 0
        assert outbox.release_expired(tx, at(6) + LEASE) == 1
    assert [again.attempts for again in claim(database, 7)] == [mine.attempts + 1]


def test_a_lost_lease_cannot_undo_what_its_next_holder_does(database: Database, rows: list[Stored]) -> None:
    enqueue(database, message(1, first(rows[0])))
    [mine] = claim(database)
    with database.write() as tx:
        outbox.release_expired(tx, at(7))
    [theirs] = claim(database, 7)
    with database.write() as tx:
        assert not outbox.mark_retry(tx, mine, at(8), "late")
        assert not outbox.mark_failed(tx, mine, "late")
        outbox.give_back(tx, [mine])
    assert counts(database) == {"claimed": 1}
    with database.write() as tx:
        assert outbox.mark_failed(tx, theirs, "550 no such user")
    assert counts(database) == {"failed": 1}


def test_the_longest_waiting_go_first_and_no_more_than_asked_for(
    database: Database, rows: list[Stored]
) -> None:
    enqueue(database, message(1, first(rows[0])), day=7)
    enqueue(database, message(2, first(rows[1])), message(3, first(rows[2])), day=6)
    assert [entry.message_id for entry in claim(database, 6)] == ["<2@example.org>", "<3@example.org>"]
    assert [entry.message_id for entry in claim(database, 7, limit=1)] == ["<1@example.org>"]
    assert claim(database, 7, limit=0) == []


def test_a_message_that_could_not_be_delivered_waits_for_its_next_attempt(
    database: Database, rows: list[Stored]
) -> None:
    enqueue(database, message(1, first(rows[0])))
    [mine] = claim(database)
    with database.write() as tx:
        assert outbox.mark_retry(tx, mine, at(8), "451 try later")
        assert outbox.next_attempt(tx) == at(8)
    assert claim(database, 7) == []
    assert [again.attempts for again in claim(database, 8)] == [1]


def test_what_was_not_tried_is_given_back_untouched(database: Database, rows: list[Stored]) -> None:
    enqueue(database, message(1, first(rows[0])))
    with database.write() as tx:
        outbox.give_back(tx, outbox.claim(tx, at(6), 10, LEASE))
    assert [again.attempts for again in claim(database)] == [0]


def test_a_refused_message_is_shown_and_may_be_tried_again(database: Database, rows: list[Stored]) -> None:
    [number] = enqueue(database, message(1, first(rows[0])))
    [mine] = claim(database)
    with database.write() as tx:
        outbox.mark_failed(tx, mine, "550 no such user")
        assert outbox.failures(tx) == [outbox.Failed(mine._replace(attempts=1), "550 no such user")]
        outbox.requeue(tx, [number], at(9))
        assert outbox.failures(tx) == []
    assert [again.id for again in claim(database, 9)] == [number]


def test_nothing_is_said_twice(database: Database, rows: list[Stored]) -> None:
    assert len(enqueue(database, message(1, first(rows[0])))) == 1
    assert enqueue(database, message(1, first(rows[1]))) == []  # the same Message-ID
    assert enqueue(database, message(2, first(rows[0]), first(rows[1]))) == []  # an item that was said
    both = enqueue(
        database, message(3, first(rows[1])), message(4, first(rows[1])), message(3, first(rows[2]))
    )
    assert len(both) == 1
    assert len(enqueue(database, message(5, Item(rows[0].id, "reminder", 1)))) == 1
    assert len(enqueue(database, message(6, Item(rows[0].id, "reminder", 2)))) == 1
    assert counts(database) == {"queued": 4}


def test_nothing_is_said_of_a_prompt_that_is_gone(database: Database, rows: list[Stored]) -> None:
    change(database, Change("drop", rows[0].plan, rows[0]))
    assert enqueue(database, message(1, first(rows[0]))) == []


def test_what_was_made_is_told_whether_sent_or_waiting_or_refused(
    database: Database, rows: list[Stored]
) -> None:
    [one] = enqueue(database, message(1, first(rows[0]), Item(rows[1].id, "covered", rows[0].id)))
    with database.write() as tx:
        sent.mark_sent(tx, [one], at(6))
    enqueue(database, message(2, Item(rows[0].id, "reminder", 1), address="w2@example.org", day=7), day=7)
    [reminder] = claim(database, 7)
    with database.write() as tx:
        outbox.mark_failed(tx, reminder, "550")
        said = told.told(tx, [row.id for row in rows])
    assert [(entry.item.kind, entry.item.number, entry.address) for entry in said[rows[0].id]] == [
        ("prompt", 0, "w1@example.org"),
        ("reminder", 1, "w2@example.org"),
    ]
    assert [(entry.item, entry.message_id) for entry in said[rows[1].id]] == [
        (Item(rows[1].id, "covered", rows[0].id), "<1@example.org>")
    ]
    assert rows[2].id not in said


def test_who_has_todays_message_is_known_and_an_urgent_one_does_not_count(
    database: Database, rows: list[Stored]
) -> None:
    enqueue(
        database,
        message(1, first(rows[0])),
        message(2, first(rows[1]), kind="urgent", address="w2@example.org"),
        message(3, first(rows[2]), address="w3@example.org", day=7),
    )
    with database.read() as tx:
        assert told.mailed(tx, planned_day(6)) == {"w1@example.org"}


def planned_day(day: int) -> date:
    return message(0, day=day).day


def test_a_prompt_counts_as_told_from_when_its_message_is_made(
    database: Database, rows: list[Stored]
) -> None:
    enqueue(database, message(1, first(rows[0])))
    row = stored(database, rows[0].plan.key)
    assert (row.told_standing, row.told_due) == ("wanted", planned_day(5))
    assert row.sent_at is None
    reminded = stored(database, rows[1].plan.key)
    assert reminded.told_standing is None


def test_the_day_told_is_the_local_one(database: Database) -> None:
    append(database, reading("r1", SHELTER, 2))
    late = planned("z")._replace(due=at(5, 23))  # midnight in Amsterdam
    [row] = create(database, late)
    enqueue(database, message(1, first(row)))
    assert stored(database, row.plan.key).told_due == planned_day(6)


def test_a_notice_renews_what_was_told_and_a_reminder_does_not(
    database: Database, rows: list[Stored]
) -> None:
    row = rows[0]
    enqueue(database, message(1, first(row)))
    change(database, Change("move", planned("a", due=9), row))
    enqueue(database, message(2, Item(row.id, "reminder", 1)))
    assert stored(database, row.plan.key).told_due == planned_day(5)
    enqueue(database, message(3, Item(row.id, "notice", 1)))
    assert stored(database, row.plan.key).told_due == planned_day(9)


def test_a_message_that_is_discarded_is_told_anew(database: Database, rows: list[Stored]) -> None:
    row = rows[0]
    [one] = enqueue(database, message(1, first(row)))
    with database.write() as tx:
        assert list(prompts.due(tx, at(6))) == rows[1:]
        outbox.discard(tx, [one])
        assert [due.plan.name for due in prompts.due(tx, at(6))] == ["a", "b", "c"]
    assert stored(database, row.plan.key) == row
    assert counts(database) == {}
    assert len(enqueue(database, message(2, first(row)))) == 1


def test_a_notice_that_is_discarded_leaves_what_was_told_before(
    database: Database, rows: list[Stored]
) -> None:
    row = rows[0]
    [one] = enqueue(database, message(1, first(row)))
    with database.write() as tx:
        sent.mark_sent(tx, [one], at(6))
    change(database, Change("move", planned("a", due=9), row))
    [notice] = enqueue(database, message(2, Item(row.id, "notice", 1)))
    with database.write() as tx:
        outbox.discard(tx, [one, notice])  # the first one was sent, and stays
    assert stored(database, row.plan.key).told_due == planned_day(5)
    with database.read() as tx:
        assert [found.id for found in sent.to_follow(tx, at(6))] == [row.id]


def test_two_that_claim_at_once_share_the_work(database: Database, url: str, rows: list[Stored]) -> None:
    enqueue(database, *(message(number, first(row)) for number, row in enumerate(rows)))
    if database.sqlite:
        assert len(claim(database, limit=2)) == 2
        assert len(claim(database, limit=2)) == 1
        return
    other = open_database(url)
    with database.write() as one, other.write() as two:  # neither waits for the other
        mine = outbox.claim(one, at(6), 2, LEASE)
        theirs = outbox.claim(two, at(6), 2, LEASE)
    assert (len(mine), len(theirs)) == (2, 1)
    assert {entry.id for entry in mine}.isdisjoint(entry.id for entry in theirs)
    other.close()
