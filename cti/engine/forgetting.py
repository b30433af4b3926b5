"""Erasing a client for good, with all that was merged into them: when a right is exercised, and when their time is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from cti.engine.auditing import audit
from cti.engine.system import System
from cti.sources.settings import OURS
from cti.store import clients, linked
from cti.store.clients import Client
from cti.store.erasure import Erased, erase


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the registration: the client asked for, and those whose records all became theirs (`merged`).

    `passed_to` are clients who have records now that were this one's.
    """

    client: Client
    merged: tuple[Client, ...]
    passed_to: tuple[Client, ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """Our numbers of them all."""
        return (self.client.id, *(other.id for other in self.merged))


def person_of(tx: Connection, number: int) -> Person | None:
    """Who a client (our number) is; None where there is none.

    A client of whom nothing is registered any more, because their records went to this one, was merged into them; what was
    prompted, answered and entered about them stayed behind under the old number.
    """
    merged: list[int] = []
    for one in (circle := [number]):
        for other in sorted(linked.once_of(tx, one) - set(circle)):
            if not linked.is_registered(tx, other, OURS) and linked.passed_to(tx, other) <= set(circle):
                circle.append(other)
                merged.append(other)
    passed = linked.passed_to(tx, number) - set(circle)
    known = clients.clients(tx, [number, *merged, *passed])
    if number not in known:
        return None
    return Person(
        known[number],
        tuple(known[other] for other in merged),
        tuple(known[other] for other in sorted(passed)),
    )


def forget(tx: Connection, system: System, person: Person, now: datetime, by: str | None = None) -> Erased:
    """Erases them, and notes it in the audit trail by our own numbers. The caller keeps passes away meanwhile."""
    gone: list[Erased] = []
    for one in (person.client, *person.merged):
        done = erase(tx, one.ref)
        if done is not None:
            gone.append(done)
            audit(tx, system, by, "erased", now, one.id)
    return _together(gone)


def _together(gone: Sequence[Erased]) -> Erased:
    return Erased(
        sum(one.records for one in gone), sum(one.prompts for one in gone), sum(one.messages for one in gone)
    )
