"""What a person's pages ask: their open prompts, by whom a role comes down to today, found by indexes however many there are."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    union,
)

from cti.core.prompts import WANTED, Stored
from cti.store.assignments import on
from cti.store.bulk import among, pieces
from cti.store.prompts import select_prompts
from cti.store.tables import assignment, client, fixed, message, message_item, prompt

Clients = Select[Any]
"""A query that finds clients, by our numbers."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose prompts are asked for.

    `people`: the person and those in whose place they are told. `leads`: teams whose lead they are, or stand in for. `team`: the
    team whose inbox they read, with its `members`; `unreachable` are those whose prompts go to an inbox today,
    `staff` everybody.
    """

    people: frozenset[str]
    leads: frozenset[str] = frozenset()
    team: str | None = None
    members: frozenset[str] = frozenset()
    unreachable: frozenset[str] = frozenset()
    staff: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Found:
    """A prompt of a person, and whether it came to the inbox of their team rather than to them."""

    prompt: Stored
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Theirs:
    """A client that someone has to do with: our number, the reference, where the client stands as of the last planning, and
    the worker."""

    number: int
    ref: str
    situation: str | None
    open: bool
    worker: str | None


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next for a client: our number of the prompt, and how many wait for an answer (0: it is to come)."""

    prompt: int
    waiting: int
    due: datetime
    until: datetime | None


def open_prompts(tx: Connection, whose: Whose, today: date, now: datetime, until: datetime) -> list[Found]:
    """The prompts without an answer that were sent, or fall due by `until`, and whose time is not over at `now`; those to
    themselves before those to the inbox."""
    # Not by OR, for which no index would be used.
    waits = and_(
        prompt.c.answer.is_(None),
        prompt.c.covered_by.is_(None),
        prompt.c.standing == fixed(WANTED),
        or_(prompt.c.sent_at.is_not(None), prompt.c.due <= until),
        or_(prompt.c.until.is_(None), prompt.c.until > now),
    )
    found: dict[int, Found] = {}
    for conditions, shared in _routes(whose, today):
        for row in select_prompts(tx, waits, *conditions):
            found.setdefault(row.id, Found(row, shared))
    return list(found.values())


def answered_prompts(tx: Connection, whose: Whose, today: date, since: datetime) -> list[Stored]:
    """The prompts to themselves that were answered since then, the latest first."""
    found: dict[int, Stored] = {}
    for conditions, shared in _routes(whose, today):
        if not shared:
            rows = select_prompts(tx, prompt.c.answered_at >= since, *conditions)
            found |= {row.id: row for row in rows}
    return sorted(found.values(), key=lambda row: (row.answered_at or since, row.id), reverse=True)


def clients_with(workers: Iterable[str], today: date) -> Clients:
    """The clients (our numbers) of these workers on that day."""
    mine = assignment.c.worker.in_(sorted(workers))
    return select(assignment.c.client_id).where(mine, on(today))


def clients_of_team(team: str, members: Iterable[str], today: date) -> Clients:
    """The clients of a team on that day: those registered so, and those of its members of whom no team is registered."""
    by_worker = and_(assignment.c.team.is_(None), assignment.c.worker.in_(sorted(members)))
    return select(assignment.c.client_id).where(or_(assignment.c.team == team, by_worker), on(today))


def count_of(tx: Connection, whose: Whose, today: date) -> int:
    """How many clients these people have, and the teams that they lead."""
    return tx.scalar(select(func.count()).select_from(_numbers_of(whose, today).subquery())) or 0


def clients_of(
    tx: Connection, whose: Whose, today: date, only: Collection[int] | None = None
) -> list[Theirs]:
    """The clients of these people, and of the teams that they lead; by reference. `only`: those of them with these numbers."""
    columns = (client.c.id, client.c.ref, client.c.situation, client.c.open, assignment.c.worker)
    asked = (
        select(*columns)
        .join(assignment, assignment.c.client_id == client.c.id)
        .where(client.c.id.in_(_numbers_of(whose, today)), on(today))
        .order_by(client.c.ref)
    )
    if only is not None:
        asked = asked.where(among(tx, client.c.id, only))
    return [Theirs(*row) for row in tx.execute(asked)]


def first_of(tx: Connection, whose: Whose, today: date, now: datetime, most: int) -> list[int]:
    """The first of their clients (our numbers), at most so many: those for whom something waits for an answer, by when its time
    ends, then those for whom something is to come, by when, then the others, those with an open situation before those
    without. For who has so many that the list cannot hold them."""
    theirs = _numbers_of(whose, today)
    # Not by the client, of whom there are many here: few prompts are open.
    of = by_itself(prompt.c.client_id)
    found: list[int] = []
    waits = (prompt.c.sent_at.is_not(None), func.min(func.coalesce(prompt.c.until, FAR)))
    comes = (prompt.c.sent_at.is_(None), func.min(prompt.c.due))
    for which, order in (waits, comes):
        if len(found) < most:
            asked = select(of).where(of.in_(theirs), of.not_in(found), which, *_asking(now)).group_by(of)
            found += tx.scalars(asked.order_by(order, of).limit(most - len(found)))
    if len(found) < most:
        others = select(client.c.id).where(client.c.id.in_(theirs), client.c.id.not_in(found))
        found += tx.scalars(others.order_by(client.c.open.desc(), client.c.ref).limit(most - len(found)))
    return found


FAR = datetime(9999, 12, 31, tzinfo=UTC)
"""The end of a window that has none."""


def next_of(tx: Connection, numbers: Collection[int], now: datetime) -> dict[int, Next]:
    """What comes next for each of these clients (our numbers): of the prompts that wait for an answer the one whose time ends
    first, else of those to come the earliest. Clients without either are left out."""
    sent = prompt.c.sent_at.is_not(None)
    ranked = select(
        prompt.c.client_id,
        prompt.c.id,
        func.count(prompt.c.sent_at).over(partition_by=prompt.c.client_id).label("waiting"),
        prompt.c.due,
        prompt.c.until,
        func.row_number()
        .over(
            partition_by=prompt.c.client_id,
            order_by=(
                case((sent, 0), else_=1),
                case((and_(sent, prompt.c.until.is_(None)), 1), else_=0),
                case((sent, prompt.c.until), else_=prompt.c.due),
                prompt.c.id,
            ),
        )
        .label("place"),
    )
    found: dict[int, Next] = {}
    for piece in pieces(numbers):
        those = ranked.where(among(tx, prompt.c.client_id, piece), *_asking(now)).subquery()
        columns = (those.c.client_id, those.c.id, those.c.waiting, those.c.due, those.c.until)
        for number, *rest in tx.execute(select(*columns).where(those.c.place == 1)):
            found[number] = Next(*rest)
    return found


def _asking(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """That a prompt waits for an answer, or is to come."""
    return (
        prompt.c.answer.is_(None),
        prompt.c.covered_by.is_(None),
        prompt.c.standing == fixed(WANTED),
        prompt.c.due.is_not(None),
        or_(prompt.c.until.is_(None), prompt.c.until > now),
    )


def _numbers_of(whose: Whose, today: date) -> CompoundSelect[int]:
    of = [clients_with(whose.people, today)]
    if whose.team in whose.leads:
        of.append(clients_of_team(whose.team or "", whose.members, today))
    return union(*of)


def client_of_prompt(tx: Connection, number: int) -> tuple[int, frozenset[str]] | None:
    """Our number of the client of a prompt, and whom it names itself: the worker before, whom it was handed to. None: no such
    prompt."""
    columns = (prompt.c.client_id, prompt.c.worker, prompt.c.handed_to)
    row = tx.execute(select(*columns).where(prompt.c.id == number)).first()
    return (row.client_id, frozenset(filter(None, row[1:]))) if row is not None else None


def sent_to(tx: Connection, number: int, person: str, inbox: str | None) -> bool:
    """Whether a message told this person, or this inbox, about the prompt."""
    told: list[ColumnElement[bool]] = [message.c.person == person]
    if inbox is not None:
        told.append(and_(message.c.person.is_(None), message.c.address == inbox.strip()))
    asked = (
        select(message.c.id)
        .join(message_item, message_item.c.message == message.c.id)
        .where(message_item.c.prompt_id == number, or_(*told))
        .limit(1)
    )
    return tx.execute(asked).first() is not None


def _routes(whose: Whose, today: date) -> list[tuple[tuple[ColumnElement[bool], ...], bool]]:
    """The ways in which a role comes down to the person (`cti.post.routing` says it of one prompt), and whether by the inbox.

    Each is found by an index of its own: by the clients, by the worker or the colleague that a prompt names, or, as few prompts
    are for others than workers, by the role.
    """
    role, of, handed = prompt.c.role, prompt.c.client_id, prompt.c.handed_to
    # One that was handed to somebody who left is as if it never was.
    own = or_(handed.is_(None), handed.not_in(sorted(whose.staff)))
    other = role != fixed("worker")
    people, away = sorted(whose.people), sorted(whose.unreachable)
    routes: list[tuple[tuple[ColumnElement[bool], ...], bool]] = [
        ((handed.in_(people),), False),
        ((own, role == "worker", of.in_(clients_with(people, today))), False),
        ((own, role == "previous-worker", prompt.c.worker.in_(people)), False),
    ]
    if whose.leads:
        led: list[ColumnElement[bool]] = [assignment.c.team.in_(sorted(whose.leads))]
        if whose.team in whose.leads:
            led.append(and_(assignment.c.team.is_(None), assignment.c.worker.in_(sorted(whose.members))))
        teams = select(assignment.c.client_id).where(or_(*led), on(today))
        routes.append(((own, other, role == "team-lead", by_itself(of).in_(teams)), False))
    if whose.team is not None:
        team = clients_of_team(whose.team, whose.members, today)
        nobody: ColumnElement[bool] = assignment.c.worker.is_(None)
        if away:
            nobody = or_(nobody, assignment.c.worker.in_(away))
            routes.append(
                ((own, role == "previous-worker", prompt.c.worker.in_(away), by_itself(of).in_(team)), True)
            )
            routes.append(((handed.in_(away), by_itself(of).in_(team)), True))
        routes.append(((own, other, role == "team", by_itself(of).in_(team)), True))
        routes.append(((own, role == "worker", of.in_(team.where(nobody))), True))
    return routes


def by_itself(column: ColumnElement[int]) -> ColumnElement[int]:
    """The column in a form that no index is sought for: another condition finds the few rows sooner."""
    return column + literal(0)
