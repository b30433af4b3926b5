"""Conditions: whether one holds at a moment, when it may next change, and what decided it.

An unknown fact satisfies `not` and nothing else. A condition is compiled once to a plain function; nothing is explained until
someone asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from cti.core.calendar import ONE_DAY, Calendar
from cti.core.facts import Values, values_at
from cti.core.life import Life, situation_at
from cti.core.rules import All, AnyOf, AtLeast, Condition, Delay, Entered, Is, Not, Older, Situation, Within

Holds = Callable[[Values, Life, datetime], bool]
"""Whether a condition holds where this is known of the facts that it looks at, for this life at this moment (aware, UTC)."""

DEEP = 20
"""What is nested deeper is written as a function of its own: Python takes only so many brackets."""


@dataclass(frozen=True, slots=True)
class Check:
    """A compiled condition; `parts` are its single conditions."""

    holds: Holds
    parts: tuple[Condition, ...]
    facts: tuple[str, ...]
    of_line: bool
    """Whether it also looks at where the client stands or stood."""

    def __call__(self, life: Life, at: datetime) -> bool:
        """Whether it holds for a life at a moment."""
        return self.holds(values_at(self.facts, life.facts, at), life, at)


@lru_cache(2048)
def compile_condition(condition: Condition, calendar: Calendar) -> Check:
    """The condition as one function. Steps often share one, and who explains asks for the same ones again."""
    parts = tuple(leaves(condition))
    of_line = any(isinstance(part, (Situation, Entered)) for part in parts)
    return Check(_function(condition, calendar), parts, facts_of(condition), of_line)


def _function(condition: Condition, calendar: Calendar) -> Holds:
    """The condition is written out as an expression of Python and compiled: that takes half the time of functions that call one
    another. Nothing of a rule file stands in the expression as it is: texts are quoted, all else is bound to names."""
    bound: dict[str, object] = {
        "situation_at": lambda life, at: situation_at(life.spells, calendar.day(at)),
        "entered": lambda life, situation, within, at: entered(life, situation, within, at, calendar),
        "within": lambda value, delay, at: (
            isinstance(value, date) and calendar.day(at) <= calendar.add(value, delay)
        ),
        "older": lambda value, delay, at: (
            isinstance(value, date) and calendar.day(at) > calendar.add(value, delay)
        ),
        "numbers": _NUMBERS,
    }
    written = f"lambda values, life, at: {_written(condition, calendar, bound, 0)}"
    function: Holds = eval(written, bound)
    return function


def _written(condition: Condition, calendar: Calendar, bound: dict[str, object], depth: int) -> str:
    def named(value: object) -> str:
        name = f"given_{len(bound)}"
        bound[name] = value
        return name

    def inner(part: Condition) -> str:
        return _written(part, calendar, bound, depth + 1)

    if depth == DEEP:
        return f"{named(_function(condition, calendar))}(values, life, at)"
    match condition:
        case Is(fact, allowed, negated):
            return f"(values[{fact!r}] {_in(negated)} {named(frozenset(allowed))})"
        case Within(fact, delay):
            return f"within(values[{fact!r}], {named(delay)}, at)"
        case Older(fact, delay):
            return f"older(values[{fact!r}], {named(delay)}, at)"
        case AtLeast(fact, number):
            value = f"values[{fact!r}]"
            return f"(type({value}) in numbers and {value} >= {named(number)})"
        case Situation(allowed, negated):
            return f"(situation_at(life, at) {_in(negated)} {named(frozenset(allowed))})"
        case Entered(situation, at_least, delay):
            return f"(entered(life, {situation!r}, {named(delay)}, at) >= {named(at_least)})"
        case All(of):
            return f"({' and '.join(map(inner, of)) or True})"
        case AnyOf(of):
            return f"({' or '.join(map(inner, of)) or False})"
        case Not(of):
            return f"(not {inner(of)})"


def _in(negated: bool) -> str:
    return "not in" if negated else "in"


_NUMBERS = frozenset((int, float))
"""The types of numbers; yes and no, which Python takes for numbers, have another one."""


def entered(life: Life, situation: str, within: Delay | None, at: datetime, calendar: Calendar) -> int:
    """How many times the client had entered the situation by then, in the last `within` where that is given."""
    day = calendar.day(at)
    count = 0
    for spell in life.spells:
        if spell.situation == situation and spell.begin <= day:
            count += within is None or calendar.add(spell.begin, within) >= day
    return count


def leaves(condition: Condition) -> Iterator[Condition]:
    """The single conditions inside, in the order in which they are written."""
    match condition:
        case All(of) | AnyOf(of):
            for part in of:
                yield from leaves(part)
        case Not(of):
            yield from leaves(of)
        case _:
            yield condition


def facts_of(condition: Condition) -> tuple[str, ...]:
    """The facts that the condition looks at, each once."""
    named = (getattr(leaf, "fact", None) for leaf in leaves(condition))
    return tuple(dict.fromkeys(fact for fact in named if fact is not None))


_OF_DATES = (Within, Older)
_OF_FACTS = (Is, AtLeast, *_OF_DATES)  # made once: a union would be made anew for each question


def turns(parts: Iterable[Condition], life: Life, after: datetime, calendar: Calendar) -> list[datetime]:
    """The moments after `after` at which a condition made of these may begin or cease to hold, in order."""
    found: set[datetime] = set()
    for leaf in parts:
        if isinstance(leaf, _OF_FACTS):
            for held in reversed(life.facts.get(leaf.fact, ())):
                if held.until is not None:
                    found.add(held.until)
                if isinstance(leaf, _OF_DATES) and isinstance(held.value, date):
                    found.add(calendar.at(calendar.add(held.value, leaf.delay) + ONE_DAY))
                if held.at <= after:
                    break  # what held before that is over by now
                found.add(held.at)
        elif isinstance(leaf, Situation):
            found.update(calendar.at(spell.begin) for spell in life.spells)
        elif isinstance(leaf, Entered):
            for spell in life.spells:
                if spell.situation == leaf.situation:
                    found.add(calendar.at(spell.begin))
                    if leaf.within is not None:
                        found.add(calendar.at(calendar.add(spell.begin, leaf.within) + ONE_DAY))
    return sorted([turn for turn in found if turn > after])


def ceases(
    check: Check, life: Life, after: datetime, until: datetime | None, calendar: Calendar
) -> datetime | None:
    """The first moment after `after` (and before `until`) at which a condition that holds at `after` no longer does."""
    if not check.of_line and life.facts.keys().isdisjoint(check.facts):
        return None
    for turn in turns(check.parts, life, after, calendar):
        if until is not None and turn >= until:
            break
        if not check(life, turn):
            return turn
    return None
