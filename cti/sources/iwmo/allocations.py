"""An allocation with all that the messages say of it, and how it stood after each day on which a message was sent.

Which line holds does not depend on the order of files. A line counts until one that was sent later says otherwise of the same
start or stop; of one day, the line that takes back counts, as nothing can be taken back that was not sent.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from cti.sources.iwmo.lines import Allocated, Line, Product, Started, Stopped

CORRECTED = timedelta(days=14)
"""A start that is sent so soon after another one was taken back is that one, corrected."""


@dataclass(frozen=True, slots=True)
class Period:
    """A delivery: since when, what, and how it stopped, where it did."""

    begin: date
    product: Product | None
    stop: Stopped | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """How an allocation stood: the allocation itself (None where it is not known or was taken back), and its deliveries by name.

    The name of a delivery is its first Begindatum, whatever that was corrected to later; None where it was taken back.
    """

    allocated: Allocated | None = None
    periods: Mapping[str, Period | None] = field(default_factory=dict)

    @property
    def standing(self) -> dict[str, Period]:
        """The deliveries that were not taken back, by name, in the order of their begin."""
        there = [(name, period) for name, period in self.periods.items() if period is not None]
        return dict(sorted(there, key=lambda entry: (entry[1].begin, entry[0])))

    @property
    def product(self) -> Product | None:
        """What was allocated; where that is not told, what was delivered."""
        if self.allocated is not None and self.allocated.product is not None:
            return self.allocated.product
        return next((p.product for p in self.standing.values() if p.product is not None), None)


@dataclass(frozen=True, slots=True)
class Allocation:
    """`days` are those on which a message about it was sent, `stood` how it stood after each. `clients` are all whom
    these messages named."""

    ref: str
    client: str
    municipality: str
    days: Sequence[date]
    stood: Sequence[Known]
    clients: frozenset[str]
    names: frozenset[str]
    """Every name that a delivery may have been given, also when less was known."""

    def known(self, day: date) -> Known:
        """How it stood after this day."""
        place = bisect_right(self.days, day)
        return self.stood[place - 1] if place else Known()


def allocations(lines: Iterable[Line]) -> list[Allocation]:
    """The allocations that these lines are about, sorted by their references."""
    found: dict[str, set[Line]] = defaultdict(set)
    for line in lines:
        found[line.ref].add(line)
    return [_allocation(ref, found[ref]) for ref in sorted(found)]


def _allocation(ref: str, lines: set[Line]) -> Allocation:
    # A citizen number that is corrected takes the allocation along: whose it is, the latest line tells that was not taken back.
    owner = max(lines, key=lambda line: (not line.removed, line.sent, line.client))
    days = sorted({line.sent for line in lines})
    begins = {line.begin for line in lines if isinstance(line, Started | Stopped)}
    stood = list(_stood(lines, days))
    names = {name for known in stood for name in known.periods} | {day.isoformat() for day in begins}
    return Allocation(
        ref,
        owner.client,
        owner.municipality,
        days,
        stood,
        frozenset(line.client for line in lines),
        frozenset(names),
    )


def _stood(lines: set[Line], days: Sequence[date]) -> Iterator[Known]:
    names = _Names()
    ordered = sorted(lines, key=repr)
    for day in days:
        sent = [line for line in ordered if line.sent <= day]
        standing = _periods(sent)
        allocated = _latest(line for line in sent if isinstance(line, Allocated))
        yield Known(allocated, names.give(day, standing))


def _latest(lines: Iterable[Allocated]) -> Allocated | None:
    found = max(lines, key=lambda line: (line.sent, line.removed, line.decided, repr(line)), default=None)
    return None if found is None or found.removed else found


def _periods(lines: Sequence[Line]) -> dict[date, Period]:
    """The deliveries that stand by these lines, by their begin."""
    starts: dict[tuple[date, Product | None, str], Started] = {}
    stops: dict[tuple[date, Product | None, str, date, str], Stopped] = {}
    # Sorted, a line that takes back comes behind what it takes back.
    for line in sorted(lines, key=lambda line: (line.sent, line.removed)):
        if isinstance(line, Started):
            starts[line.begin, line.product, line.client] = line
        elif isinstance(line, Stopped):
            stops[line.begin, line.product, line.client, line.last, line.reason] = line
    said: dict[date, tuple[list[Started], list[Stopped]]] = defaultdict(lambda: ([], []))
    for started in starts.values():
        said[started.begin][0].append(started)
    for stopped in stops.values():
        said[stopped.begin][1].append(stopped)
    periods = {begin: _period(begin, *of_begin) for begin, of_begin in said.items()}
    found = {begin: period for begin, period in periods.items() if period is not None}
    never_started = sorted(begin for begin in found if not said[begin][0])
    for begin in never_started:
        _join(found, begin)
    return found


def _join(found: dict[date, Period], begin: date) -> None:
    """A stop with a Begindatum of which no start is known stops the delivery that goes on, if there is one.

    Of one allocation nothing is delivered twice at a time; otherwise that delivery would go on for ever.
    """
    orphan = found[begin]
    last = orphan.stop.last if orphan.stop is not None else begin
    going_on = [other for other in found if other != begin and other <= last and found[other].stop is None]
    if going_on:
        latest = max(going_on)
        found[latest] = replace(found[latest], stop=orphan.stop)
        del found[begin]


def _period(begin: date, starts: Sequence[Started], stops: Sequence[Stopped]) -> Period | None:
    held = [line for line in starts if not line.removed]
    if starts and not held:
        # What was stopped had started, unless that was taken back since.
        gone = max(line.sent for line in starts)
        stops = [line for line in stops if line.sent > gone and not line.removed]
    if not held and not stops:
        return None
    latest_first = sorted(stops, key=lambda line: (line.sent, line.last, line.reason), reverse=True)
    stop = next((line for line in latest_first if not line.removed), None)
    told = [*sorted(held, key=lambda line: line.sent, reverse=True), *latest_first]
    return Period(begin, next((line.product for line in told if line.product is not None), None), stop)


class _Names:
    """Names deliveries as day after day passes. One that is taken back leaves its name to the one that is sent in its place."""

    def __init__(self) -> None:
        self._of: dict[date, str] = {}
        self._left: dict[str, date] = {}
        self._used: set[str] = set()

    def give(self, day: date, standing: Mapping[date, Period]) -> dict[str, Period | None]:
        for begin in sorted(self._of.keys() - standing.keys()):
            self._left[self._of.pop(begin)] = day
        for begin in sorted(standing.keys() - self._of.keys()):
            name = self._name(begin, day)
            self._left.pop(name, None)
            self._used.add(name)
            self._of[begin] = name
        found: dict[str, Period | None] = dict.fromkeys(sorted(self._used))
        return found | {name: standing[begin] for begin, name in self._of.items()}

    def _name(self, begin: date, day: date) -> str:
        own = begin.isoformat()
        if own in self._left:
            return own
        corrected = [name for name, left in sorted(self._left.items()) if day - left <= CORRECTED]
        if corrected:
            return corrected[0]
        while own in self._used:
            own += "+"
        return own
