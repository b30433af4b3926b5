"""What the allocations of one client say, part by part, as it became known day by day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from cti.core.events import Assignment, Closed, Event, Expected, Fact, Reading, RecordId, Stay
from cti.core.vocabulary import Vocabulary
from cti.sources.facts import yes_as
from cti.sources.iwmo.allocations import Allocation, Known, Period
from cti.sources.iwmo.codes import CHANGE_DECEASED, DECEASED, ENDS_HERE, GUIDANCE, HOME, PAUSED
from cti.sources.iwmo.lines import Stopped
from cti.sources.iwmo.options import Options
from cti.sources.iwmo.products import Meanings

NEXT_DAY = timedelta(days=1)
AROUND = timedelta(days=30)
"""What begins so soon around the end of a stay belongs to that move (domain book 4.2)."""

Said = dict[tuple[str, str], Event | None]
"""What each part of each allocation says; None where it says nothing."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery of something that has a meaning, or what was allocated and not delivered yet (`begun` False).

    `until` is exclusive; of what has not begun or goes on, the end of the allocation. None: without an end. `told` is the day as
    of which this is so.
    """

    ref: str
    name: str
    word: str
    begin: date
    until: date | None
    begun: bool
    stop: Stopped | None
    told: date


@dataclass(frozen=True, slots=True)
class OfClient:
    """The allocations of one client. `last` is the last day on which a message was sent about whoever shared one of them: before
    a citizen number was corrected, they may have been read as the other's."""

    client: str
    allocations: Sequence[Allocation]
    last: date


@dataclass(frozen=True)
class Teller:
    """Tells what clients' allocations say, under one mapping."""

    options: Options
    meanings: Meanings
    vocabulary: Vocabulary
    zone: tzinfo

    def readings(self, of_client: OfClient) -> Iterator[Reading]:
        """The readings of one client's records, oldest first, each recorded on the day on which its message was sent.

        Everything that these allocations could say is said once more at the last day, also that it says nothing: what was
        known of them before may have been otherwise.
        """
        client, allocations = of_client.client, of_client.allocations
        days = sorted({day for allocation in allocations for day in allocation.days} | {of_client.last})
        before: Said = {}
        for day in days:
            said = self._said(day, allocations)
            last = day == days[-1]
            recorded = datetime.combine(day, time(), self.zone).astimezone(UTC)
            for (ref, part), event in said.items():
                if last or event != before.get((ref, part)):
                    yield Reading(RecordId(self.options.name, ref, part), client, event, recorded)
            before = said

    def _said(self, day: date, allocations: Sequence[Allocation]) -> Said:
        known = [(allocation, allocation.known(day)) for allocation in allocations]
        deliveries = [one for allocation, stood in known for one in self._deliveries(day, allocation, stood)]
        living = [one for one in deliveries if one.word != GUIDANCE]
        said: Said = {}
        for allocation, stood in known:
            ref = allocation.ref
            own = [one for one in living if one.ref == ref]
            for name in sorted(allocation.names):
                said[ref, f"stay:{name}"] = said[ref, f"guidance:{name}"] = None
            for one in own:
                if one.begun:
                    stay = self._stay(one, living)
                    said[ref, f"stay:{one.name}"] = stay
                    said[ref, f"guidance:{one.name}"] = self._guidance(stay, deliveries)
            said[ref, "expected"] = self._foreseen_stay(stood, own, living) or self._foreseen_by_guidance(
                allocation, stood, living
            )
            said[ref, "home"] = self._foreseen_home(stood, own, living)
            said[ref, "closed"] = self._closed(stood) if living else None
            said[ref, "language-need"] = self._language(stood) if own else None
            said[ref, "assignment"] = self._assignment(stood, own)
        return said

    # --- what is delivered ------------------------------------------------------------------------------------------

    def _deliveries(self, day: date, allocation: Allocation, stood: Known) -> Iterator[Delivery]:
        allocated = stood.allocated
        until = allocated.until + NEXT_DAY if allocated is not None and allocated.until is not None else None
        begun = list(stood.standing.items())
        if not begun:
            word = self.meanings.product(allocation.municipality, stood.product)
            if word and allocated is not None:
                yield Delivery(allocation.ref, "", word, allocated.begin, until, False, None, day)
            return
        for name, period in self._with_pauses(begun):
            word = self.meanings.product(allocation.municipality, period.product or stood.product)
            if word:
                stop = None if self._pauses(period) else period.stop
                over = stop.last + NEXT_DAY if stop is not None else until
                yield Delivery(allocation.ref, name, word, period.begin, over, True, stop, day)

    def _with_pauses(self, begun: Sequence[tuple[str, Period]]) -> list[tuple[str, Period]]:
        """What is delivered again after an interruption is one delivery with what was before it."""
        joined: list[tuple[str, Period]] = []
        for name, period in begun:
            if joined and self._pauses(joined[-1][1]):
                first, before = joined[-1]
                joined[-1] = (first, Period(before.begin, before.product or period.product, period.stop))
            else:
                joined.append((name, period))
        return joined

    def _pauses(self, period: Period) -> bool:
        return period.stop is not None and self._reason(period.stop) == PAUSED

    def _reason(self, stop: Stopped) -> str:
        return self.meanings.reason(stop.product.category if stop.product is not None else "", stop.reason)

    # --- the stay, and where it leads -------------------------------------------------------------------------------

    def _stay(self, one: Delivery, living: Sequence[Delivery]) -> Stay:
        if one.stop is None:
            return Stay(one.word, one.begin)
        # The Einddatum is the last day of delivery; an end is the first day without.
        end = one.stop.last + NEXT_DAY
        return Stay(one.word, one.begin, end, self._destination(one, one.stop, end, living))

    def _destination(self, one: Delivery, stop: Stopped, end: date, living: Sequence[Delivery]) -> str | None:
        word = self._reason(stop)
        if word in ("", DECEASED, PAUSED) or (word == HOME and _goes_on(one, end, living)):
            return None
        return word

    def _guidance(self, stay: Stay, deliveries: Sequence[Delivery]) -> Fact | None:
        """Whether there is guidance after a move home. That there is none is only said once it could have begun."""
        kind = self.vocabulary.facts.get("guidance") if "guidance" in self.options.facts else None
        if kind is None or stay.end is None or stay.destination != HOME:
            return None
        end = stay.end
        guided = any(
            one.word == GUIDANCE and one.begin <= end + AROUND and (one.until is None or one.until > end)
            for one in deliveries
        )
        value = yes_as(kind, guided)
        return Fact("guidance", value, end if guided else end + AROUND) if value is not None else None

    # --- what is foreseen -------------------------------------------------------------------------------------------

    def _foreseen_stay(
        self, stood: Known, own: Sequence[Delivery], living: Sequence[Delivery]
    ) -> Expected | None:
        """An allocation that begins after it was sent foresees its stay, unless the client is in such a place already."""
        allocated = stood.allocated
        if allocated is None or not own or allocated.begin <= allocated.sent:
            return None
        word, day = own[0].word, allocated.begin
        there = any(
            one.ref != own[0].ref
            and one.word == word
            and one.begin < day
            and (one.until is None or one.until + AROUND >= day)
            for one in living
        )
        return None if there else Expected(word, day)

    def _foreseen_by_guidance(
        self, allocation: Allocation, stood: Known, living: Sequence[Delivery]
    ) -> Expected | None:
        """Guidance at home that is allocated beforehand foresees a home, where somebody stays with us until then."""
        allocated = stood.allocated
        if allocated is None or allocated.begin <= allocated.sent:
            return None
        if not self.meanings.foresees_a_home(allocation.municipality, stood.product):
            return None
        stays = [one for one in living if one.begun and one.begin <= allocated.begin]
        staying = any(one.stop is None for one in stays)
        moved = any(self._stay(one, living).destination == HOME for one in stays)
        return Expected(HOME, allocated.begin) if staying or moved else None

    def _foreseen_home(
        self, stood: Known, own: Sequence[Delivery], living: Sequence[Delivery]
    ) -> Expected | None:
        """The end of an allocation of which the stay has begun foresees a home, unless another stay follows."""
        allocated, begun = stood.allocated, [one for one in own if one.begun]
        if allocated is None or allocated.until is None or not begun or allocated.until <= allocated.sent:
            return None
        if stood.product is None or stood.product.category not in self.options.planned_ends:
            return None
        end, last = allocated.until + NEXT_DAY, begun[-1]
        if allocated.change not in ENDS_HERE or _goes_on(last, end, living):
            return None
        if last.stop is not None and self._stay(last, living).destination != HOME:
            return None
        return Expected(HOME, end)

    # --- what else is told ------------------------------------------------------------------------------------------

    def _closed(self, stood: Known) -> Closed | None:
        stops = [period.stop for period in stood.standing.values() if period.stop is not None]
        deaths = [stop.last for stop in stops if self._reason(stop) == DECEASED]
        allocated = stood.allocated
        if allocated is not None and allocated.change == CHANGE_DECEASED:
            deaths.append(allocated.until or allocated.day)
        return Closed(min(deaths), "deceased") if deaths else None

    def _language(self, stood: Known) -> Fact | None:
        allocated = stood.allocated
        kind = self.vocabulary.facts.get("language-need") if "language-need" in self.options.facts else None
        if kind is None or allocated is None or not allocated.interpreter:
            return None
        value = yes_as(kind, True)
        return Fact("language-need", value, allocated.day) if value is not None else None

    def _assignment(self, stood: Known, own: Sequence[Delivery]) -> Assignment | None:
        if self.options.team is None or not own:
            return None
        allocated = stood.allocated
        day = own[0].begin if own[0].begun or allocated is None else min(allocated.day, own[0].begin)
        return Assignment(day, None, self.options.team)


def _goes_on(one: Delivery, end: date, living: Sequence[Delivery]) -> bool:
    """Whether the client has another place with us around the end of a stay, and so does not move home then."""
    return any(
        (other.ref, other.name) != (one.ref, one.name)
        and other.begin <= end + AROUND
        and (other.begun or other.begin >= min(end, one.told) - AROUND)
        and (other.until is None or other.until > end)
        for other in living
    )


def by_client(allocations: Sequence[Allocation]) -> list[OfClient]:
    """The allocations by client."""
    found: dict[str, list[Allocation]] = {}
    parent: dict[str, str] = {}

    def first_of(client: str) -> str:
        while parent.setdefault(client, client) != client:
            parent[client] = parent[parent[client]]
            client = parent[client]
        return client

    for allocation in allocations:
        found.setdefault(allocation.client, []).append(allocation)
        for other in sorted(allocation.clients):
            parent[first_of(other)] = first_of(allocation.client)
    last: dict[str, date] = {}
    for allocation in allocations:
        first = first_of(allocation.client)
        last[first] = max(last.get(first, allocation.days[-1]), allocation.days[-1])
    return [OfClient(client, of_client, last[first_of(client)]) for client, of_client in found.items()]
