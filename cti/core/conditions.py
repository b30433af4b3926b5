"""Conditions: whether one holds at a moment, when it may next change, and what decided it.

An unknown fact satisfies `not` and nothing else. A condition is compiled once to a plain function; nothing is explained until
someone asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime

from cti.core.calendar import ONE_DAY, Calendar
from cti.core.events import Value
from cti.core.facts import value_at
from cti.core.life import Life, situation_at
from cti.core.rules import (
    All,
    AnyOf,
    AtLeast,
    Condition,
    Delay,
    Entered,
    Is,
    Not,
    Older,
    Situation,
    Within,
)

Check = Callable[[Life, datetime], bool]


def compile_condition(condition: Condition, calendar: Calendar) -> Check:
    """A function that says whether the condition holds for a life at a moment (aware, UTC)."""
    match condition:
        case Is(fact, values, negated):
            allowed = frozenset(values)

            def check_is(life: Life, at: datetime) -> bool:
                line = life.facts.get(fact)
                value = value_at(line, at) if line else None
                return (value is not None and value in allowed) != negated

            return check_is
        case Within(fact, delay):
            return lambda life, at: (
                (limit := _limit(life, fact, delay, at, calendar)) is not None and (calendar.day(at) <= limit)
            )
        case Older(fact, delay):
            return lambda life, at: (
                (limit := _limit(life, fact, delay, at, calendar)) is not None and (calendar.day(at) > limit)
            )
        case AtLeast(fact, number):
            return lambda life, at: _at_least(value_at(life.facts.get(fact, ()), at), number)
        case Situation(situations, negated):
            allowed_situations = frozenset(situations)
            return lambda life, at: (
                (situation_at(life.spells, calendar.day(at)) in allowed_situations) != negated
            )
        case Entered(situation, at_least, within):
            return lambda life, at: entered(life, situation, within, at, calendar) >= at_least
        case All(of):
            checks = tuple(compile_condition(part, calendar) for part in of)
            return lambda life, at: all(check(life, at) for check in checks)
        case AnyOf(of):
            choices = tuple(compile_condition(part, calendar) for part in of)
            return lambda life, at: any(check(life, at) for check in choices)
        case Not(of):
            inner = compile_condition(of, calendar)
            return lambda life, at: not inner(life, at)


def _limit(life: Life, fact: str, delay: Delay, at: datetime, calendar: Calendar) -> date | None:
    """The last day on which the date fact is still `within` the delay; None where no date is known."""
    value = value_at(life.facts.get(fact, ()), at)
    return calendar.add(value, delay) if isinstance(value, date) else None


def _at_least(value: Value | None, number: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= number


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


def turns(parts: Iterable[Condition], life: Life, calendar: Calendar) -> set[datetime]:
    """Every moment at which a condition made of these may begin or cease to hold."""
    found: set[datetime] = set()
    for leaf in parts:
        match leaf:
            case Situation():
                found.update(calendar.at(spell.begin) for spell in life.spells)
            case Entered(situation, _, within):
                for spell in life.spells:
                    if spell.situation == situation:
                        found.add(calendar.at(spell.begin))
                        if within is not None:
                            found.add(calendar.at(calendar.add(spell.begin, within) + ONE_DAY))
            case Is(fact) | AtLeast(fact) | Within(fact) | Older(fact):
                for held in life.facts.get(fact, ()):
                    found.add(held.at)
                    if held.until is not None:
                        found.add(held.until)
                    if isinstance(leaf, Within | Older) and isinstance(held.value, date):
                        found.add(calendar.at(calendar.add(held.value, leaf.delay) + ONE_DAY))
            case _:
                pass
    return found


def ceases(
    parts: Iterable[Condition],
    check: Check,
    life: Life,
    after: datetime,
    until: datetime | None,
    calendar: Calendar,
) -> datetime | None:
    """The first moment after `after` (and before `until`) at which a condition that holds at `after` no longer does."""
    for turn in sorted(turns(parts, life, calendar)):
        if turn <= after:
            continue
        if until is not None and turn >= until:
            return None
        if not check(life, turn):
            return turn
    return None
