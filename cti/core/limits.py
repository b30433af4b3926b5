"""A plan that looks wrong refuses to run: limits on what may be withdrawn, retracted or fall due at once.

A source that returns nothing is not the same as no clients. Over a limit the change waits, with its numbers; what it does not
touch goes on, and closings always apply. (Design, law 7.)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from cti.core.prompts import Change, Planned

FAR_AHEAD = timedelta(days=14)

LITTLE_BEHIND = timedelta(minutes=1)
"""Clocks of several machines differ by seconds, and one that is set right goes back a moment; that much is no error."""


@dataclass(frozen=True, slots=True)
class Limits:
    """At most this share of the clients with an open situation, but never less than `floor` clients."""

    share: float = 0.1
    floor: int = 20

    def allows(self, open_clients: int) -> int:
        """How many clients a change may touch at once."""
        return max(self.floor, ceil(self.share * open_clients))


@dataclass(frozen=True, slots=True)
class Held:
    """A change that waits: what it is ("retractions", "withdrawals", "due"), of which rule or source, and its numbers."""

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
    if force:
        return Sorted(everything, (), ())
    touched: dict[tuple[str, str], set[str]] = {}
    kinds = [(_kind(change, now), change) for change in everything]
    for what, change in kinds:
        if what is not None:
            touched.setdefault((what, change.plan.rule), set()).add(change.plan.client)
    limit = limits.allows(open_clients)
    over = {group: clients for group, clients in touched.items() if len(clients) > limit}
    allowed = tuple(c for what, c in kinds if what is None or (what, c.plan.rule) not in over)
    waiting = tuple(c for what, c in kinds if what is not None and (what, c.plan.rule) in over)
    held = tuple(
        Held(what, rule, len(clients), limit, open_clients) for (what, rule), clients in sorted(over.items())
    )
    return Sorted(allowed, waiting, held)


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
