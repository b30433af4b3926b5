"""Who works with which client on which day, as the planner keeps it."""

from __future__ import annotations

from datetime import date

from cti.core.events import Assignment
from cti.core.life import assigned_over_time
from cti.core.moments import Worked
from cti.store import assignments, clients
from cti.store.database import Database
from tests.store.build import SHELTER, append, at, reading


def day(number: int) -> date:
    return date(2026, 3, number)


def worked(number: int, worker: str | None, team: str | None = None, live: bool = True) -> Worked:
    return Worked(day(number), worker, team, f"a{number}", at(number), live)


def test_each_change_of_worker_or_team_begins_a_new_part() -> None:
    course = assigned_over_time([worked(2, "w1", "north"), worked(5, "w1"), worked(9, "w2")], None)
    assert course == (Assignment(day(2), "w1", "north"), Assignment(day(9), "w2", "north"))


def test_what_was_retracted_is_in_no_part() -> None:
    assert assigned_over_time([worked(2, "w1"), worked(5, "w2", live=False)], None) == (
        Assignment(day(2), "w1"),
    )


def test_the_team_of_the_source_stands_in_from_the_beginning() -> None:
    course = assigned_over_time([worked(2, "w1"), worked(5, None, "south")], "north")
    assert course == (
        Assignment(date.min, None, "north"),
        Assignment(day(2), "w1", "north"),
        Assignment(day(5), "w1", "south"),
    )


def test_a_part_holds_from_its_day_until_the_next(database: Database) -> None:
    append(database, reading("r1", SHELTER, 2), reading("r2", SHELTER, 2, client="c2"))
    with database.write() as tx:
        [number] = clients.ids_of(tx, ["c1"]).values()
        assignments.put(tx, {number: (Assignment(day(2), "w1", "north"), Assignment(day(9), "w2", "north"))})
    with database.read() as tx:
        found = [assignments.of_client(tx, number, day(n)).worker for n in (1, 2, 8, 9, 30)]
        assert found == [None, "w1", "w1", "w2", "w2"]
        both = assignments.assigned(tx, ["c1", "c2"], day(9))
        assert (both["c1"].worker, both["c1"].team, both["c2"].worker) == ("w2", "north", None)


def test_what_is_kept_anew_replaces_what_was(database: Database) -> None:
    append(database, reading("r1", SHELTER, 2))
    with database.write() as tx:
        [number] = clients.ids_of(tx, ["c1"]).values()
        for course in ((Assignment(day(2), "w1"), Assignment(day(9), "w2")), (Assignment(day(3), "w3"),), ()):
            assignments.put(tx, {number: course})
            assignments.put(tx, {number: course})
            last = course[-1].worker if course else None
            assert assignments.of_client(tx, number, day(30)).worker == last
