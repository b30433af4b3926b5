"""Whether conditions can hold at all, for any client: each is one of the finitely many ways in which things can stand.

Facts, the situation and what was entered are taken as independent of one another. So what is called impossible is impossible,
and of the rest not everything need be possible.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product

from cti.core.conditions import leaves
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
from cti.core.vocabulary import UNKNOWN, Vocabulary

Variable = tuple[str, str]
"""What a condition looks at: ("fact", its name), ("situation", ""), ("entered", a situation)."""

State = object
"""One way in which it can stand: a value, None for unknown; of dates and of what was entered, what is true then."""


@dataclass(frozen=True)
class Sure:
    """What is sure when a step is due. `situations`: where the client can stand then (None: anywhere). `entered`: situations that
    the client has entered, each with how many days ago at most (None: nobody knows)."""

    situations: frozenset[str] | None = None
    entered: Mapping[str, int | None] = field(default_factory=dict)


def can_hold(conditions: Iterable[Condition | None], vocabulary: Vocabulary, sure: Sure) -> bool:
    """Whether all of these can hold together. None is no condition."""
    goals = [(condition, True) for condition in conditions if condition is not None]
    return _solve(goals, _ways([leaf for goal, _ in goals for leaf in leaves(goal)], vocabulary, sure))


def implies(one: Condition | None, other: Condition | None, vocabulary: Vocabulary, sure: Sure) -> bool:
    """Whether the other condition holds wherever the one does."""
    return other is None or not can_hold((one, Not(other)), vocabulary, sure)


def _solve(goals: Sequence[tuple[Condition, bool]], ways: dict[Variable, frozenset[State]]) -> bool:
    """Whether each of the goals can hold (True) or fail (False), with the `ways` that are left for each variable."""
    left = list(goals)
    ways = dict(ways)
    while left:
        condition, wanted = left.pop()
        match condition:
            case Not(of):
                left.append((of, not wanted))
            case All(of) | AnyOf(of) if isinstance(condition, All) == wanted:
                left.extend((part, wanted) for part in of)
            case All(of) | AnyOf(of):
                return any(_solve([*left, (part, wanted)], ways) for part in of)
            case _:
                what = _variable(condition)
                ways[what] = frozenset(way for way in ways[what] if _holds(condition, way) == wanted)
                if not ways[what]:
                    return False
    return True


def _variable(leaf: Condition) -> Variable:
    match leaf:
        case Situation():
            return "situation", ""
        case Entered(situation):
            return "entered", situation
        case Is(fact) | AtLeast(fact) | Within(fact) | Older(fact):
            return "fact", fact
    raise TypeError(f"{leaf} is made of others")


def _holds(leaf: Condition, way: State) -> bool:
    match leaf:
        case Is(_, values, negated):
            return (way is not None and way in values) != negated
        case AtLeast(_, number):
            return isinstance(way, int | float) and way >= number
        case Situation(situations, negated):
            return (way in situations) != negated
        case Within(_, delay):
            return isinstance(way, frozenset) and delay in way
        case Older(_, delay):
            return isinstance(way, frozenset) and delay not in way
        case Entered(_, at_least, within):
            return isinstance(way, frozenset) and (at_least, within) in way
    raise TypeError(f"{leaf} is made of others")


# --- the ways in which things can stand -------------------------------------------------------------------------------


def _ways(found: Sequence[Condition], vocabulary: Vocabulary, sure: Sure) -> dict[Variable, frozenset[State]]:
    by_variable: dict[Variable, list[Condition]] = {}
    for leaf in found:
        by_variable.setdefault(_variable(leaf), []).append(leaf)
    return {what: _ways_of(what, asked, vocabulary, sure) for what, asked in by_variable.items()}


def _ways_of(
    what: Variable, asked: Sequence[Condition], vocabulary: Vocabulary, sure: Sure
) -> frozenset[State]:
    if what[0] == "situation":
        everywhere = frozenset({*vocabulary.situations, UNKNOWN})
        return frozenset(everywhere if sure.situations is None else everywhere & sure.situations)
    if what[0] == "entered":
        counts = {(leaf.at_least, leaf.within) for leaf in asked if isinstance(leaf, Entered)}
        return frozenset(_entered(sorted(counts, key=str), what[1], sure))
    kind = vocabulary.facts[what[1]]
    match kind.type:
        case "choice":
            return frozenset({None, *kind.values})
        case "yes/no":
            return frozenset({None, True, False})
        case "number":
            return frozenset({None, *_numbers(asked)})
    delays = {leaf.delay for leaf in asked if isinstance(leaf, Within | Older)}
    return frozenset({None, *_ages(sorted(delays, key=str))})


def _numbers(asked: Sequence[Condition]) -> Iterable[float]:
    """Each number that is asked for, and one between any two."""
    named = {leaf.number for leaf in asked if isinstance(leaf, AtLeast)}
    values = [value for leaf in asked if isinstance(leaf, Is) for value in leaf.values]
    edges = sorted({*named, *(float(value) for value in values if isinstance(value, int | float))})
    between = [(low + high) / 2 for low, high in pairwise(edges)]
    return (edges[0] - 1, *edges, *between, edges[-1] + 1)


def _ages(delays: Sequence[Delay]) -> Iterable[State]:
    """Which of these delays a date may lie within: a date that is within one is within each longer one."""
    for chosen in product((False, True), repeat=len(delays)):
        within = frozenset(delay for delay, inside in zip(delays, chosen, strict=True) if inside)
        if all(other in within for one in within for other in delays if surely_within(one, other)):
            yield within


def _entered(counts: Sequence[tuple[int, Delay | None]], situation: str, sure: Sure) -> Iterable[State]:
    """Which of these "at least so often, within so long" may be: often within a short time is also less often, and longer."""
    known = situation in sure.entered
    for chosen in product((False, True), repeat=len(counts)):
        true = frozenset(count for count, holds in zip(counts, chosen, strict=True) if holds)
        complete = all(
            other in true
            for times, within in true
            for other in counts
            if other[0] <= times and _longer(within, other[1])
        )
        must = (
            count
            for count in counts
            if known and count[0] == 1 and _lies_within(sure.entered[situation], count[1])
        )
        if complete and all(count in true for count in must):
            yield true


def _longer(one: Delay | None, other: Delay | None) -> bool:
    return other is None or (one is not None and surely_within(one, other))


def _lies_within(days: int | None, within: Delay | None) -> bool:
    return within is None or (days is not None and days <= least_days(within))


# --- how long delays are ----------------------------------------------------------------------------------------------


def surely_within(one: Delay, other: Delay) -> bool:
    """Whether the one delay is never longer than the other."""
    if one.unit == other.unit:
        return one.amount <= other.amount
    return most_days(one) <= least_days(other)


def least_days(delay: Delay) -> int:
    """How many days a delay is at least."""
    return delay.amount * {"days": 1, "weeks": 7, "months": 28, "working days": 1}[delay.unit]


def most_days(delay: Delay) -> int:
    """How many days a delay is at most; working days where an organisation works one day a week, and is closed for a month."""
    if delay.unit == "working days":
        return delay.amount * 7 + 31 if delay.amount else 0
    return delay.amount * {"days": 1, "weeks": 7, "months": 31}[delay.unit]
