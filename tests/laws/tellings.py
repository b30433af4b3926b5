"""One life, and the many ways in which a registration tells it.

The truth is a few spells. The registration tells it by records, and tells it anew again and again: other ids, other cuts, an
interruption inside a stay or between two, a situation known by destination or by a stay of its own, days that are a few off,
records deleted and typed in again. Corrections that cross the gap are left out: those may prompt a second time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from cti.core.events import Assignment, Event, Expected, Fact, History, Record, RecordId, Stay, Version
from tests.core.build import VOCABULARY
from tests.laws.dice import Dice
from tests.laws.histories import at, on

SITUATIONS = ("crisis-shelter", "street", "long-stay", "own-home", "institution")

Truth = tuple[tuple[str, int], ...]
"""Spells in order, each with the day on which it began; the last one lasts."""


def a_truth(throw: Dice, least: int, spread: int) -> Truth:
    """Up to five spells of at least so many days; every other one is a return to where the client was before."""
    spells: list[tuple[str, int]] = []
    day = 30
    for _ in range(throw.between(1, 5)):
        before = spells[-1][0] if spells else None
        situation = throw.one([place for place in SITUATIONS if place != before])
        if len(spells) > 1 and throw.chance(5):
            situation = spells[-2][0]
        spells.append((situation, day))
        day += throw.between(least, least + spread)
    return tuple(spells)


def a_telling(throw: Dice, truth: Truth, jitter: int, until: int | None = None) -> list[Event]:
    """One way to register this, as far as it has come by the day `until`."""
    spells: list[tuple[str, int]] = []
    for situation, begin in truth:
        told = begin + throw.between(-jitter, jitter)
        spells.append((situation, max(told, spells[-1][1] + 1) if spells else told))
    if until is not None:
        spells = [spell for spell in spells if spell[1] <= until]
    stays: list[Stay] = []
    leads: int | None = None  # the stay whose destination can tell the next spell
    index = 0
    while index < len(spells):
        situation, begin = spells[index]
        end = spells[index + 1][1] if index + 1 < len(spells) else None
        if index + 2 < len(spells) and spells[index + 2][0] == situation and throw.chance(5):
            # The stay goes on all the while; another one lies on top of it.
            away, back = spells[index + 1], spells[index + 2][1]
            over = spells[index + 3][1] if index + 3 < len(spells) else None
            stays.append(Stay(situation, on(begin), on(over) if over is not None else None))
            leads = len(stays) - 1 if over is not None else None
            stays.append(
                Stay(away[0], on(away[1]), on(back), throw.one((None, situation, away[0], "street")))
            )
            index += 3
            continue
        if leads is not None and throw.chance(3):
            stays[leads] = replace(stays[leads], destination=situation)
            lag = throw.below(20)
            leads = None
            if throw.chance(5) and (end is None or begin + lag < end):
                stays.append(Stay(situation, on(begin + lag), on(end) if end is not None else None))
                leads = len(stays) - 1 if end is not None else None
            index += 1
            continue
        stays.extend(_cut(throw, situation, begin, end))
        leads = len(stays) - 1 if end is not None else None
        index += 1
    return list(stays)


def _cut(throw: Dice, situation: str, begin: int, end: int | None) -> list[Stay]:
    """By one stay, or by two with a gap of at most two weeks."""
    if end is None or end - begin < 2 or throw.chance(6):
        return [Stay(situation, on(begin), on(end) if end is not None else None)]
    cut = throw.between(begin + 1, min(end - 1, begin + 100))
    again = cut + throw.below(15)
    if again >= end:
        return [Stay(situation, on(begin), on(end))]
    led = throw.one((None, "own-home", "street")) if again > cut else None
    return [Stay(situation, on(begin), on(cut), led), Stay(situation, on(again), on(end))]


@dataclass
class Registration:
    """Records with their versions. Telling anew retracts what is no longer told and keeps ids where it can."""

    alike: Callable[[Event, Event], bool]
    source: str = "s"
    versions: dict[str, list[Version]] = field(default_factory=dict)
    last: int = 0

    def tell(self, events: Sequence[Event], fresh: Sequence[bool], day: int) -> None:
        """Tells exactly these events from now on; `fresh` says which get a new id instead of one in use."""
        now = at(day)
        free = [ref for ref, versions in self.versions.items() if versions[-1].event is not None]
        told: set[str] = set()
        for event, new in zip(events, fresh, strict=True):
            same = [ref for ref in free if ref not in told and self._is_alike(ref, event)]
            if same and not new:
                ref = same[0]
            else:
                self.last += 1
                ref = f"r{self.last:03}"
                self.versions[ref] = []
            told.add(ref)
            versions = self.versions[ref]
            if not versions or versions[-1].event != event:
                versions.append(Version(event, now))
        for ref in free:
            if ref not in told:
                self.versions[ref].append(Version(None, now))

    def _is_alike(self, ref: str, event: Event) -> bool:
        """To all that the record ever said, so that no word of it wanders off step by step, or while it says nothing of it."""
        told = [version.event for version in self.versions[ref] if version.event is not None]
        return all(type(before) is type(event) and self.alike(before, event) for before in told)

    def history(self, client: str = "c1") -> History:
        found = [
            Record(RecordId(self.source, ref, "p"), tuple(v)) for ref, v in sorted(self.versions.items()) if v
        ]
        return History(client, tuple(found))


def same_stay(jitter: int) -> Callable[[Event, Event], bool]:
    """Nobody takes an old record for another stay: its days are at most as far off as days are mistyped.

    An end that told of one step may now stand elsewhere, and so may the step itself: by twice the jitter. Together they keep to
    the gap; an end further than that from the step that it told of crosses it, and such a correction may prompt a second time.
    """
    near = timedelta(days=2 * jitter)
    near_end = timedelta(days=min(2 * jitter, VOCABULARY.gap - 2 * jitter))

    def alike(one: Event, other: Event) -> bool:
        if not isinstance(one, Stay) or not isinstance(other, Stay):
            return False
        if one.situation != other.situation or abs(one.begin - other.begin) > near:
            return False
        return one.end is None or other.end is None or abs(one.end - other.end) <= near_end

    return alike


def anything(one: Event, other: Event) -> bool:
    """Records of one kind may be told under one another's ids."""
    return isinstance(one, Expected | Fact | Assignment)
