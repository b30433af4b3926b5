"""Who works with which client on which day: what the planner keeps, so that nobody need read histories to find out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, delete, or_, select

from cti.core.events import Assignment
from cti.store.bulk import among, insert, pieces
from cti.store.tables import assignment, client

Course = Sequence[Assignment]
"""Who works with a client from which day on, each until the next."""


def put(tx: Connection, courses: Mapping[int, Course]) -> None:
    """Keeps the courses of these clients (our numbers) in place of what was kept; what is the same is not written again."""
    for numbers in pieces(sorted(courses)):
        before = _kept(tx, numbers)
        changed = [number for number in numbers if list(courses[number]) != before.get(number, [])]
        for piece in pieces(changed):
            tx.execute(delete(assignment).where(among(tx, assignment.c.client_id, piece)))
        rows = [
            {"client_id": number, "day": one.day, "until": until, "worker": one.worker, "team": one.team}
            for number in changed
            for one, until in _with_ends(courses[number])
        ]
        insert(tx, assignment, rows)


def assigned(tx: Connection, refs: Collection[str], today: date) -> dict[str, Assignment]:
    """Worker and team of each of these clients (references) on that day; nobody, where none is known."""
    found = dict.fromkeys(refs, Assignment(today))
    columns = (client.c.ref, assignment.c.worker, assignment.c.team)
    for piece in pieces(refs):
        asked = select(*columns).join(assignment, assignment.c.client_id == client.c.id)
        for ref, worker, team in tx.execute(asked.where(among(tx, client.c.ref, piece), on(today))):
            found[ref] = Assignment(today, worker, team)
    return found


def of_client(tx: Connection, number: int, today: date) -> Assignment:
    """Worker and team of the client with our number on that day."""
    asked = select(assignment.c.worker, assignment.c.team).where(assignment.c.client_id == number, on(today))
    row = tx.execute(asked).first()
    return Assignment(today, *row) if row is not None else Assignment(today)


def on(today: date) -> ColumnElement[bool]:
    """That a row of the table holds on that day."""
    open_still = or_(assignment.c.until.is_(None), assignment.c.until > today)
    return and_(assignment.c.day <= today, open_still)


def _with_ends(course: Course) -> list[tuple[Assignment, date | None]]:
    ends = [*(later.day for later in course[1:]), None]
    return list(zip(course, ends, strict=True)) if course else []


def _kept(tx: Connection, numbers: Collection[int]) -> dict[int, list[Assignment]]:
    found: dict[int, list[Assignment]] = defaultdict(list)
    columns = (assignment.c.client_id, assignment.c.day, assignment.c.worker, assignment.c.team)
    asked = select(*columns).where(among(tx, assignment.c.client_id, numbers))
    for number, *one in tx.execute(asked.order_by(assignment.c.client_id, assignment.c.day)):
        found[number].append(Assignment(*one))
    return found
