"""What became of the prompts of a month, counted on both databases."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from cti.core.messages import Counts, Item
from cti.core.prompts import Change, Reason, Stored
from cti.store import outbox, prompts, sent
from cti.store.counts import reached_nobody, told_to
from cti.store.database import Database
from cti.store.told import mailed
from tests.store.build import SHELTER, append, at, change, create, enqueue, message, planned, reading

LEASE = timedelta(minutes=30)
MARCH = (date(2026, 3, 1), date(2026, 3, 31))


def made(database: Database, number: int, until: int | None = None, due: int = 5) -> list[Stored]:
    """So many prompts of as many clients, due on that day of March 2026."""
    append(database, *(reading(f"r{n}", SHELTER, client=f"c{n}") for n in range(number)))
    return create(
        database,
        *(planned(f"s:r{n}:stay:entered", client=f"c{n}", until=until, due=due) for n in range(number)),
    )


def tell(
    database: Database,
    number: int,
    *rows: Stored,
    person: str | None = "w1",
    address: str = "w1@example.org",
    day: int = 6,
) -> None:
    """A message about these prompts, made on that day."""
    items = [Item(row.id, "prompt", 0) for row in rows]
    enqueue(database, message(number, *items, address=address, day=day)._replace(person=person), day=day)


def send(database: Database, day: int = 6, refused: bool = False) -> None:
    """What waits goes out, or is refused for good."""
    with database.write() as tx:
        for entry in outbox.claim(tx, at(day), 100, LEASE):
            if refused:
                outbox.mark_failed(tx, entry, "550 no such user")
            elif entry.id is not None:
                sent.mark_sent(tx, [entry.id], at(day))


def counted(
    database: Database, people: Collection[str] = ("w1",), inboxes: Collection[str] = (), now: int = 33
) -> Counts:
    with database.read() as tx:
        return told_to(tx, people, inboxes, *MARCH, at(now))


def nobody(database: Database, begin: int = 1, end: int = 32, now: int = 33) -> dict[str, int]:
    with database.read() as tx:
        return reached_nobody(tx, at(begin, 0), at(end, 0), at(now))


def test_where_nothing_was_told_there_is_nothing_to_count(database: Database) -> None:
    assert counted(database) == Counts()
    assert counted(database, people=(), inboxes=()) == Counts()
    assert nobody(database) == {}


def test_what_was_told_is_answered_waits_has_passed_or_is_not_needed(database: Database) -> None:
    answered, waiting, unneeded = made(database, 3)
    append(database, reading("r9", SHELTER, client="c9"))
    [passed] = create(database, planned("s:r9:stay:entered", client="c9", until=20))
    tell(database, 1, answered, waiting, unneeded, passed)
    send(database)
    with database.write() as tx:
        prompts.record_answer(tx, answered.id, "done", at(10))
    change(database, Change("withdraw", unneeded.plan._replace(reason=Reason("moved-on")), unneeded))
    assert counted(database, now=19) == Counts(told=4, answered=1, waiting=2, passed=0)
    assert counted(database, now=20) == Counts(told=4, answered=1, waiting=1, passed=1)


def test_an_answer_after_its_time_is_an_answer(database: Database) -> None:
    [row] = made(database, 1, until=10)
    tell(database, 1, row)
    send(database)
    with database.write() as tx:
        prompts.record_answer(tx, row.id, "done", at(12))
    assert counted(database) == Counts(told=1, answered=1)


def test_only_these_people_and_inboxes_count(database: Database) -> None:
    to_w1, to_w2, to_north, to_south = made(database, 4)
    tell(database, 1, to_w1)
    tell(database, 2, to_w2, person="w2", address="w2@example.org")
    tell(database, 3, to_north, person=None, address="north@example.org")
    tell(database, 4, to_south, person=None, address="south@example.org")
    send(database)
    assert counted(database, ("w1", "w3")).told == 1
    assert counted(database, ("w1", "w2"), ("north@example.org",)).told == 3
    assert counted(database, (), ("north@example.org", "south@example.org")).told == 2
    assert counted(database, (), ("w1@example.org",)).told == 0, "a person's mailbox is no inbox"


def test_both_ends_of_the_month_count_and_nothing_beyond(database: Database) -> None:
    for number, (row, day) in enumerate(zip(made(database, 4), (0, 1, 31, 32), strict=True)):
        tell(database, number, row, day=day)
    send(database, 33)
    assert counted(database).told == 2


def test_a_prompt_counts_once_however_often_it_is_spoken_of(database: Database) -> None:
    told, covered = made(database, 2)
    enqueue(database, message(1, Item(told.id, "prompt", 0), Item(covered.id, "covered", told.id)))
    send(database)
    enqueue(database, message(2, Item(told.id, "reminder", 1), kind="reminder", day=13), day=13)
    send(database, 13)
    assert counted(database) == Counts(told=1, waiting=1)
    assert nobody(database) == {}


def test_what_still_waits_for_the_mail_server_is_told_and_what_was_refused_reached_nobody(
    database: Database,
) -> None:
    [row] = made(database, 1)
    tell(database, 1, row)
    assert (counted(database).told, nobody(database)) == (1, {})
    send(database, refused=True)
    assert (counted(database).told, nobody(database)) == (0, {"c0": 1})


def test_who_has_nobody_and_whose_time_passed_untold_are_counted_by_client(database: Database) -> None:
    [routeless] = made(database, 1)
    append(database, reading("r1", SHELTER, client="c1"))
    name = "s:r1:stay:entered"
    create(
        database,
        planned(name, "talk", until=20),
        planned(name, "wait"),
        planned(name, "skip", until=20, standing="condition"),
    )
    with database.write() as tx:
        sent.set_unroutable(tx, {routeless.id})
    assert nobody(database, now=19) == {"c0": 1}
    assert nobody(database, now=20) == {"c0": 1, "c1": 1}
    with database.write() as tx:
        prompts.record_answer(tx, routeless.id, "done", at(21))
    assert nobody(database) == {"c1": 1}


def test_what_reached_nobody_counts_in_the_month_in_which_it_was_due(database: Database) -> None:
    made(database, 1, until=20, due=5)
    assert nobody(database, 1, 5) == {}
    assert nobody(database, 5, 6) == {"c0": 1}
    assert nobody(database, 6, 32) == {}


def test_counts_are_not_the_daily_message_of_a_mailbox(database: Database) -> None:
    enqueue(database, message(1)._replace(kind="counts"))
    enqueue(database, message(2)._replace(kind="counts", message_id="<1@example.org>"))
    with database.read() as tx:
        assert mailed(tx, date(2026, 3, 6)) == set()
        assert outbox.counts(tx)["queued"] == 1
    [row] = made(database, 1)
    tell(database, 3, row)
    with database.read() as tx:
        assert mailed(tx, date(2026, 3, 6)) == {"w1@example.org"}
    send(database)
    with database.read() as tx:
        assert outbox.counts(tx)["queued"] == 0
