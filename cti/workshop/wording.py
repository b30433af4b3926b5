"""Conditions and moments in plain words, as a manager reads them: “trust” is “growing” or “no”, and …"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from cti.core.events import Value
from cti.core.rules import (
    All,
    AnyOf,
    AtLeast,
    Changes,
    Condition,
    Entered,
    Enters,
    Expects,
    Is,
    Not,
    Older,
    On,
    Records,
    Situation,
    Within,
)
from cti.core.vocabulary import Vocabulary
from cti.i18n import mark, say
from cti.phrases import in_time
from cti.sentences import fact_label, in_words, situation_label

Mode = Literal["one", "any", "all"]
Lead = Mapping[Mode, str]
"""What stands before a condition: before one that fits a line (`{condition}`), before alternatives, before several parts."""

IF: Lead = {
    "one": mark("if {condition}"),
    "any": mark("if one of these holds:"),
    "all": mark("if all of these hold:"),
}
UNLESS: Lead = {
    "one": mark("unless {condition}"),
    "any": mark("unless one of these holds:"),
    "all": mark("unless all of these hold:"),
}
_PART: Lead = {
    "one": mark("{condition}"),
    "any": mark("one of these holds:"),
    "all": mark("all of these hold:"),
}
MOST_INLINE = 2
"""So many parts read well in one line; more become a list."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line to read. Those of depth 1 and more are points of a list below the line before; an aside may be paler."""

    text: str
    depth: int = 0
    aside: bool = False


def when_and_unless(condition: Condition | None) -> tuple[Condition | None, Condition | None]:
    """The `when` and the `unless` of a step, which the reader of rules has joined."""
    parts = condition.of if isinstance(condition, All) else () if condition is None else (condition,)
    unless = next((part.of for part in parts if isinstance(part, Not)), None)
    rest = tuple(part for part in parts if not isinstance(part, Not))
    when = None if not rest else rest[0] if len(rest) == 1 else All(rest)
    return when, unless


def told(
    lang: str, lead: Lead, condition: Condition, vocabulary: Vocabulary, depth: int = 0, **params: object
) -> Iterator[Line]:
    """The condition behind its lead, in one line or as a list."""
    parts = condition.of if isinstance(condition, All | AnyOf) else ()
    if len(parts) <= MOST_INLINE and all(not isinstance(part, All | AnyOf) for part in parts):
        text = say(lang, lead["one"], condition=inline(lang, condition, vocabulary), **params)
        yield Line(text, depth)
        return
    yield Line(say(lang, lead["any" if isinstance(condition, AnyOf) else "all"], **params), depth)
    for part in parts:
        yield from told(lang, _PART, part, vocabulary, depth + 1)


def inline(lang: str, condition: Condition, vocabulary: Vocabulary) -> str:
    """The condition in one line."""
    match condition:
        case All(of) | AnyOf(of):
            words = [inline(lang, part, vocabulary) for part in of]
            text = mark("{first}, and {last}") if isinstance(condition, All) else mark("{first}, or {last}")
            joined = words[0] if words else ""
            for word in words[1:]:
                joined = say(lang, text, first=joined, last=word)
            return joined
        case Not(of):
            return say(lang, "not: {condition}", condition=inline(lang, of, vocabulary))
    return _leaf(lang, condition, vocabulary)


def _leaf(lang: str, leaf: Condition, vocabulary: Vocabulary) -> str:
    match leaf:
        case Is(fact, values, negated) if _all_values(leaf, vocabulary):
            text = mark("“{fact}” is not known") if negated else mark("“{fact}” is known")
            return say(lang, text, fact=fact_label(lang, fact, vocabulary))
        case Is(fact, values, negated):
            text = mark("“{fact}” is not {values}") if negated else mark("“{fact}” is {values}")
            words = one_of(lang, [_quoted(lang, fact, value, vocabulary) for value in values])
            return say(lang, text, fact=fact_label(lang, fact, vocabulary), values=words)
        case Within(fact, delay):
            text = mark("“{fact}” is at most {delay} ago")
            return say(lang, text, fact=fact_label(lang, fact, vocabulary), delay=in_time(lang, delay))
        case Older(fact, delay):
            text = mark("“{fact}” is more than {delay} ago")
            return say(lang, text, fact=fact_label(lang, fact, vocabulary), delay=in_time(lang, delay))
        case AtLeast(fact, number):
            text = mark("“{fact}” is {n} or more")
            return say(lang, text, fact=fact_label(lang, fact, vocabulary), n=f"{number:g}")
        case Situation(names, negated):
            text = mark("the situation is not {values}") if negated else mark("the situation is {values}")
            return say(lang, text, values=situations(lang, names, vocabulary))
        case Entered(situation, at_least, within):
            into = situation_label(lang, situation, vocabulary)
            ago = in_time(lang, within) if within is not None else ""
            if at_least == 1 and within is None:
                return say(lang, "the client came into “{into}” before", into=into)
            if at_least == 1:
                return say(lang, "the client came into “{into}” in the last {delay}", into=into, delay=ago)
            text = mark("the client came into “{into}” {n} times or more in the last {delay}")
            if within is None:
                text = mark("the client came into “{into}” {n} times or more")
            return say(lang, text, into=into, n=at_least, delay=ago)
    raise TypeError(f"{type(leaf).__name__} is no single condition")


def _all_values(leaf: Is, vocabulary: Vocabulary) -> bool:
    """Whether the values are all that the fact can have, so that just having one is asked."""
    kind = vocabulary.facts.get(leaf.fact)
    if kind is None:
        return False
    possible = {True, False} if kind.type == "yes/no" else set(kind.values)
    return bool(possible) and possible <= set(leaf.values)


def _quoted(lang: str, fact: str, value: Value, vocabulary: Vocabulary) -> str:
    return f"“{in_words(lang, fact, value, vocabulary)}”"


def situations(lang: str, names: tuple[str, ...], vocabulary: Vocabulary) -> str:
    """Situations by their labels: “crisis shelter” or “on the street”."""
    return one_of(lang, [f"“{situation_label(lang, name, vocabulary)}”" for name in names])


def one_of(lang: str, words: list[str]) -> str:
    """Alternatives as people list them: a, b or c."""
    if len(words) < 2:
        return "".join(words)
    return say(lang, "{first} or {last}", first=", ".join(words[:-1]), last=words[-1])


def moment(lang: str, on: On, vocabulary: Vocabulary) -> str:
    """What a rule answers to: a client's situation becomes “crisis shelter”."""
    match on:
        case Enters(names, origins, negated):
            into = situations(lang, names, vocabulary)
            if origins is None:
                return say(lang, "a client's situation becomes {into}", into=into)
            text = mark("a client's situation becomes {into}, coming from {origins}")
            if negated:
                text = mark("a client's situation becomes {into}, but not coming from {origins}")
            return say(lang, text, into=into, origins=situations(lang, origins, vocabulary))
        case Expects(names):
            return say(lang, "{into} is expected for a client", into=situations(lang, names, vocabulary))
        case Records(fact, values) if values:
            words = one_of(lang, [_quoted(lang, fact, value, vocabulary) for value in values])
            return say(
                lang, "“{fact}” becomes {values}", fact=fact_label(lang, fact, vocabulary), values=words
            )
        case Records(fact):
            return say(lang, "a day is known for “{fact}”", fact=fact_label(lang, fact, vocabulary))
        case Changes():
            return say(lang, "another worker takes over")
