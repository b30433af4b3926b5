"""The parts of a condition, each with what it found: for explanations, which ask what planning need not know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from cti.core.calendar import Calendar
from cti.core.conditions import compile_condition, entered, leaves
from cti.core.events import Value
from cti.core.facts import Said, held_by
from cti.core.life import Life, situation_at
from cti.core.rules import All, AnyOf, Condition, Entered, Not, Situation
from cti.core.spells import Spell


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a value rests on: the name of what says it (a record, and what of it), since which day, and when that was known.

    `answered`: a worker said it to a prompt.
    """

    name: str
    day: date
    known: datetime
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One single condition at a moment: what it looked at, the value it found, and whether it held by itself.

    `wanted` is whether it is to hold: not where it stands under `unless`. `decided`: it is one of those that made the whole hold,
    or not hold. `evidence` is empty where nothing is known.
    """

    condition: Condition
    value: Value | None
    holds: bool
    wanted: bool = True
    decided: bool = False
    evidence: tuple[Evidence, ...] = ()

    @property
    def met(self) -> bool:
        return self.holds == self.wanted


def parts_of(condition: Condition | None, life: Life, at: datetime, calendar: Calendar) -> tuple[Part, ...]:
    """The single conditions as they stood at that moment, in the order in which they are written."""
    if condition is None:
        return ()
    parts = [_part(leaf, life, at, calendar) for leaf in leaves(condition)]
    numbers = iter(range(len(parts)))
    _, decided = _decide(condition, parts, numbers)
    wanted = tuple(_wanted(condition, True))
    return tuple(
        replace(part, wanted=wanted[number], decided=number in decided) for number, part in enumerate(parts)
    )


def near_misses(condition: Condition | None, parts: Sequence[Part]) -> tuple[Part, ...]:
    """Of a condition that does not hold, the parts of which each alone, had it been otherwise, would have made it hold.

    None where the condition has but one part: that is no near miss.
    """
    if condition is None or len(parts) < 2:
        return ()
    return tuple(
        part
        for number, part in enumerate(parts)
        if _decide(condition, _turned(parts, number), iter(range(len(parts))))[0]
    )


def _turned(parts: Sequence[Part], number: int) -> list[Part]:
    return [replace(part, holds=part.holds != (index == number)) for index, part in enumerate(parts)]


def _decide(condition: Condition, parts: Sequence[Part], numbers: Iterator[int]) -> tuple[bool, set[int]]:
    """Whether the condition holds where its parts hold as they say, and which parts decide that. `numbers` counts the parts."""
    match condition:
        case All(of) | AnyOf(of):
            found = [_decide(inner, parts, numbers) for inner in of]
            truths = [holds for holds, _ in found]
            whole = all(truths) if isinstance(condition, All) else any(truths)
            return whole, {number for holds, some in found if holds == whole for number in some}
        case Not(of):
            holds, some = _decide(of, parts, numbers)
            return not holds, some
    number = next(numbers)
    return parts[number].holds, {number}


def _wanted(condition: Condition, wanted: bool) -> Iterator[bool]:
    """For each part, whether it is to hold."""
    match condition:
        case All(of) | AnyOf(of):
            for inner in of:
                yield from _wanted(inner, wanted)
        case Not(of):
            yield from _wanted(of, not wanted)
        case _:
            yield wanted


def _part(leaf: Condition, life: Life, at: datetime, calendar: Calendar) -> Part:
    holds = compile_condition(leaf, calendar)(life, at)
    day = calendar.day(at)
    if isinstance(leaf, Situation):
        here = [spell for spell in life.spells if spell.begin <= day][-1:]
        return Part(leaf, situation_at(life.spells, day), holds, evidence=_of_spells(here))
    if isinstance(leaf, Entered):
        times = [
            spell
            for spell in life.spells
            if spell.situation == leaf.situation
            and spell.begin <= day
            and (leaf.within is None or calendar.add(spell.begin, leaf.within) >= day)
        ]
        count = entered(life, leaf.situation, leaf.within, at, calendar)
        return Part(leaf, count, holds, evidence=_of_spells(times))
    held = held_by(life.facts.get(str(getattr(leaf, "fact", "")), ()), at)
    if held is None:
        return Part(leaf, None, holds)
    return Part(leaf, held.value, holds, evidence=(_of_fact(_latest(held.said, at)),))


def _of_spells(spells: Sequence[Spell]) -> tuple[Evidence, ...]:
    return tuple(Evidence(spell.name, spell.begin, spell.known) for spell in spells)


def _of_fact(said: Said) -> Evidence:
    return Evidence(said.name, said.day, said.known, said.answered)


def _latest(said: Sequence[Said], at: datetime) -> Said:
    return max((entry for entry in said if entry.at <= at), key=lambda entry: entry.at, default=said[0])
