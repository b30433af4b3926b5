"""A team's prompts, counted by step and searched for what is stuck, on both databases."""

from __future__ import annotations

from datetime import date

from cti.core.events import Assignment
from cti.core.messages import Item
from cti.core.prompts import Change, Reason, Stored
from cti.store import assignments, caseload, clients, outbox, prompts, sent, teams
from cti.store.database import Database
from cti.store.teams import Tally
from tests.store.build import SHELTER, append, at, change, create, enqueue, message, planned, reading
from tests.store.test_counts import send, tell

TODAY = date(2026, 3, 20)
NORTH = caseload.clients_of_team("north", ["w1"], TODAY)


def made(database: Database, *until: int | None, team: str = "north") -> list[Stored]:
    """A prompt for each, of a client of its own with that team: due on the fifth, until then."""
    names = [f"{team}{n}" for n in range(len(until))]
    append(database, *(reading(name, SHELTER, client=name) for name in names))
    with database.write() as tx:
        found = {name: clients.client_id(tx, name) for name in names}
        assignments.put(
            tx, {number: [Assignment(date.min, "w9", team)] for number in found.values() if number}
        )
    return create(
        database,
        *(planned(f"s:{n}:stay:entered", client=n, until=u) for n, u in zip(names, until, strict=True)),
    )


def answer(database: Database, row: Stored, day: int) -> None:
    with database.write() as tx:
        prompts.record_answer(tx, row.id, "done", at(day))


def tallies(database: Database, since: int = 1, now: int = 20) -> list[Tally]:
    with database.read() as tx:
        return teams.tallies(tx, NORTH, at(since), at(now))


def stuck(database: Database, since: int = 1, now: int = 20) -> dict[str, str]:
    with database.read() as tx:
        found = teams.stuck(tx, NORTH, at(since), at(now), 10)
        rows = prompts.by_ids(tx, [number for kind in found for number in kind.first])
        return {rows[number].plan.client: kind.why for kind in found for number in kind.first}


def test_each_prompt_of_the_team_counts_in_one_way(database: Database) -> None:
    rows = made(database, None, 12, 10, None, 15, None, None)
    in_time, ends_with_it, late, waiting, passed, needless, nobody = rows
    tell(database, 1, *rows[:-1])
    send(database)
    answer(database, in_time, 12)
    answer(database, ends_with_it, 12)
    answer(database, late, 12)
    change(database, Change("withdraw", needless.plan._replace(reason=Reason("moved-on")), needless))
    with database.write() as tx:
        sent.set_unroutable(tx, [nobody.id])
    made(database, None, team="south")
    assert tallies(database) == [Tally("intake", "map", 6, 2, 1, 1, 1, 1, 1)]
    assert tallies(database, since=6) == []
    assert tallies(database, now=4) == []
    assert waiting.plan.client not in stuck(database)
    assert stuck(database) == {passed.plan.client: "passed", nobody.plan.client: "nobody"}
    assert stuck(database, since=16) == {nobody.plan.client: "nobody"}


def test_a_client_without_a_team_is_of_their_workers(database: Database) -> None:
    [row] = made(database, None)
    tell(database, 1, row)
    send(database)
    with database.write() as tx:
        number = clients.client_id(tx, row.plan.client)
        assert number is not None
        assignments.put(tx, {number: [Assignment(date.min, "w1", None)]})
    assert [one.told for one in tallies(database)] == [1]


def test_what_was_escalated_is_stuck_until_it_is_answered_or_its_time_has_passed(database: Database) -> None:
    answered, waiting, passed = rows = made(database, None, 25, 18)
    tell(database, 1, *rows)
    send(database)
    enqueue(
        database,
        message(2, *(Item(row.id, "escalation", 1) for row in rows), kind="escalation", day=10),
        day=10,
    )
    answer(database, answered, 11)
    assert stuck(database) == {waiting.plan.client: "escalated", passed.plan.client: "passed"}
    with database.read() as tx:
        assert [day for _, day in teams.escalated(tx, NORTH, at(20))] == [date(2026, 3, 10)]


def test_a_mail_that_was_refused_reached_nobody(database: Database) -> None:
    [row] = made(database, None)
    tell(database, 1, row)
    assert stuck(database) == {}
    send(database, refused=True)
    assert stuck(database) == {row.plan.client: "nobody"}
    with database.write() as tx:
        outbox.requeue(tx, [entry.message.id for entry in outbox.failures(tx) if entry.message.id], at(20))
    assert stuck(database) == {}


def test_what_was_known_when_its_time_had_passed_is_not_stuck_as_nobody_can_be_told_any_more(
    database: Database,
) -> None:
    _, without_anyone = made(database, 10, 10)
    with database.write() as tx:
        sent.set_unroutable(tx, [without_anyone.id])
    assert stuck(database) == {without_anyone.plan.client: "nobody"}
    assert [one.nobody for one in tallies(database)] == [1]
