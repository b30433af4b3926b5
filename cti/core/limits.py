"""A plan that looks wrong refuses to run: limits on what may be withdrawn, retracted or fall due at once.

A source that returns nothing is not the same as no clients. Over a limit the change waits, with its numbers; what it does not
touch goes on, and closings always apply. (Design, law 7.)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from sys import maxsize

from cti.core.prompts import Change, Planned

FAR_AHEAD = timedelta(days=14)

LITTLE_BEHIND = timedelta(minutes=1)
"""Clocks of several machines differ by seconds, and one that is set right goes back a moment; that much is no error."""

Group = tuple[str, str]
"""A kind of change that is limited ("withdrawals", "due"), and the rule."""


@dataclass(frozen=True, slots=True)
class Limits:
    """At most this share of the clients with an open situation, but never less than `floor` clients."""

    share: float = 0.1
    floor: int = 20

    def allows(self, open_clients: int) -> int:
        """How many clients a change may touch at once."""
        return max(self.floor, ceil(self.share * open_clients))

    def enough(self, clients: int) -> int:
        """With so many open clients that many are allowed at once; whether there are more need not be known."""
        return ceil(clients / self.share) + 1 if self.share > 0 else maxsize


@dataclass(frozen=True, slots=True)
class Held:
    """A change that waits: what it is ("retractions", "withdrawals", "due", "people"), of which rule or source, and its
    numbers (of "people" those of people, in place of clients)."""

    what: str
    of: str
    clients: int
    limit: int
    open_clients: int


@dataclass(frozen=True, slots=True)
class Sorted:
    """Changes that may be applied, and those that wait, with why."""

    allowed: tuple[Change, ...]
    waiting: tuple[Change, ...]
    held: tuple[Held, ...]


def within_limits(
    changes: Iterable[Change], now: datetime, open_clients: int, limits: Limits, force: bool = False
) -> Sorted:
    """Sorts the changes of one tick: for each rule, withdrawals and prompts due at once are counted in clients."""
    everything = tuple(changes)
    over = () if force else over_limit(touched(everything, now), open_clients, limits)
    allowed, waiting = apart(everything, now, {(held.what, held.of) for held in over})
    return Sorted(tuple(allowed), tuple(waiting), over)


def touched(changes: Iterable[Change], now: datetime) -> Counter[Group]:
    """How many clients these changes touch, for each kind of change that is limited and each rule."""
    found = {
        (what, change.plan.rule, change.plan.client)
        for change in changes
        if (what := _kind(change, now)) is not None
    }
    return Counter((what, rule) for what, rule, _ in found)


def over_limit(clients: Mapping[Group, int], open_clients: int, limits: Limits) -> tuple[Held, ...]:
    """What of this is over the limit, by how many clients it touches."""
    limit = limits.allows(open_clients)
    return tuple(
        Held(what, rule, count, limit, open_clients)
        for (what, rule), count in sorted(clients.items())
        if count > limit
    )


def apart(
    changes: Iterable[Change], now: datetime, over: Collection[Group]
) -> tuple[list[Change], list[Change]]:
    """The changes that may be applied, and those that belong to what is over a limit."""
    allowed: list[Change] = []
    waiting: list[Change] = []
    for change in changes:
        waits = bool(over) and (_kind(change, now), change.plan.rule) in over
        (waiting if waits else allowed).append(change)
    return allowed, waiting


def _kind(change: Change, now: datetime) -> str | None:
    before = change.before
    if change.kind in ("withdraw", "drop"):
        if before is not None and not before.plan.wanted:
            return None
        return None if change.plan.reason.code == "closed" else "withdrawals"
    was_due = before is not None and before.plan.wanted and due_now(before.plan, now)
    told = before is not None and before.told
    return "due" if due_now(change.plan, now) and not was_due and not told else None


def due_now(plan: Planned, now: datetime) -> bool:
    """Whether the prompt is wanted, due, and its window still open."""
    return (
        plan.wanted and plan.due is not None and plan.due <= now and (plan.until is None or now < plan.until)
    )


def clock_is_wrong(last: datetime | None, now: datetime) -> str | None:
    """ "behind" where `now` lies before the last tick (by more than a little), "ahead" where it lies more than 14 days after it,
    else None."""
    if last is None:
        return None
    if last - now > LITTLE_BEHIND:
        return "behind"
    return "ahead" if now - last > FAR_AHEAD else None
