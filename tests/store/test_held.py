"""Changes that are over a limit wait, with their numbers."""

from __future__ import annotations

from cti.store import held
from cti.store.database import Database
from cti.store.held import Waiting
from tests.store.build import at

WITHDRAWALS = Waiting("withdrawals", "intake", {"clients": 40, "limit": 20})
DUE = Waiting("due", "intake", {"clients": 60, "limit": 20})
RETRACTIONS = Waiting("retractions", "s", {"clients": 30, "limit": 20})


def hold(
    database: Database, day: int, *waiting: Waiting, kinds: tuple[str, ...] = ("withdrawals", "due")
) -> None:
    with database.write() as tx:
        held.hold(tx, kinds, waiting, at(day))


def holding(database: Database) -> list[tuple[str, object, object]]:
    with database.read() as tx:
        return [(entry.kind, entry.numbers["clients"], entry.since) for entry in held.holding(tx)]


def test_what_goes_on_waiting_keeps_its_since_and_has_its_new_numbers(database: Database) -> None:
    hold(database, 2, WITHDRAWALS)
    hold(database, 3, Waiting("withdrawals", "intake", {"clients": 41}), DUE)
    assert holding(database) == [("withdrawals", 41, at(2)), ("due", 60, at(3))]


def test_what_is_not_named_is_over_but_only_of_the_kinds_asked_about(database: Database) -> None:
    hold(database, 2, RETRACTIONS, kinds=("retractions",))
    hold(database, 3, WITHDRAWALS)
    hold(database, 4)
    assert holding(database) == [("retractions", 30, at(2))]
    hold(database, 5, WITHDRAWALS)
    assert holding(database)[1] == ("withdrawals", 40, at(5))


def test_what_waits_of_one_source_says_nothing_of_another(database: Database) -> None:
    other = Waiting("retractions", "t", {"clients": 25, "limit": 20})
    for day, waiting in ((2, RETRACTIONS), (3, other)):
        with database.write() as tx:
            held.hold(tx, ["retractions"], [waiting], at(day), of=waiting.of)
    assert holding(database) == [("retractions", 30, at(2)), ("retractions", 25, at(3))]
    with database.write() as tx:
        held.hold(tx, ["retractions"], [], at(4), of="s")
    assert holding(database) == [("retractions", 25, at(3))]
