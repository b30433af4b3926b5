"""Moments and conditions in words, in the reader's language."""

from __future__ import annotations

from datetime import date

from cti.core.events import Value
from cti.core.explain import Part
from cti.core.moments import Moment
from cti.core.rules import AtLeast, Condition, Delay, Entered, Is, Older, Situation, Within
from cti.core.vocabulary import Vocabulary
from cti.i18n import format_day, mark, say
from cti.sentences import fact_label, in_words, situation_label

_UNITS = {
    "days": (mark("{n} day"), mark("{n} days")),
    "working days": (mark("{n} working day"), mark("{n} working days")),
    "weeks": (mark("{n} week"), mark("{n} weeks")),
    "months": (mark("{n} month"), mark("{n} months")),
}


def moment(lang: str, happened: Moment, vocabulary: Vocabulary) -> str:
    """What happened: "into crisis shelter, out of home under threat"."""
    match happened.kind:
        case "enters" if happened.origin is not None:
            into = situation_label(lang, happened.what, vocabulary)
            out_of = situation_label(lang, happened.origin, vocabulary)
            return say(lang, "into {into}, out of {out_of}", into=into, out_of=out_of)
        case "enters":
            return say(lang, "into {into}", into=situation_label(lang, happened.what, vocabulary))
        case "expects":
            return say(lang, "{into} expected", into=situation_label(lang, happened.what, vocabulary))
        case "changes":
            return say(lang, "another worker takes over")
    fact = fact_label(lang, happened.what, vocabulary)
    return say(
        lang,
        "recorded: {fact}: {value}",
        fact=fact,
        value=_value(lang, happened.what, happened.value, vocabulary),
    )


def part(lang: str, looked_at: Part, vocabulary: Vocabulary) -> str:
    """A single condition with what was found: "trust: growing or yes? no: unknown"."""
    found = looked_at.value
    asked = condition(lang, looked_at.condition, vocabulary)
    if isinstance(looked_at.condition, Situation):
        now = situation_label(lang, str(found), vocabulary)
    elif isinstance(looked_at.condition, Entered):
        now = str(found)
    else:
        now = _value(lang, str(getattr(looked_at.condition, "fact", "")), found, vocabulary)
    answer = say(lang, "yes") if looked_at.holds else say(lang, "no")
    return say(lang, "{condition}? {answer}: {found}", condition=asked, answer=answer, found=now)


def condition(lang: str, leaf: Condition, vocabulary: Vocabulary) -> str:
    """A single condition in words: "trust: growing or yes"."""
    match leaf:
        case Is(fact, values, negated):
            text = mark("{fact}: not {values}") if negated else mark("{fact}: {values}")
            named = _any_of(lang, [_value(lang, fact, value, vocabulary) for value in values])
            return say(lang, text, fact=fact_label(lang, fact, vocabulary), values=named)
        case Within(fact, delay):
            text = mark("{fact}: in the last {delay}")
            return say(lang, text, fact=fact_label(lang, fact, vocabulary), delay=in_time(lang, delay))
        case Older(fact, delay):
            text = mark("{fact}: more than {delay} ago")
            return say(lang, text, fact=fact_label(lang, fact, vocabulary), delay=in_time(lang, delay))
        case AtLeast(fact, number):
            return say(lang, "{fact}: at least {n}", fact=fact_label(lang, fact, vocabulary), n=f"{number:g}")
        case Situation(situations, negated):
            text = mark("situation: not {values}") if negated else mark("situation: {values}")
            return say(
                lang, text, values=_any_of(lang, [situation_label(lang, s, vocabulary) for s in situations])
            )
        case Entered(situation, at_least, within):
            into = situation_label(lang, situation, vocabulary)
            if at_least == 1:
                once = (
                    mark("came into {into}")
                    if within is None
                    else mark("came into {into} in the last {delay}")
                )
                return say(lang, once, into=into, delay=in_time(lang, within) if within else "")
            if within is None:
                return say(lang, "came into {into} at least {n} times", into=into, n=at_least)
            text = mark("came into {into} at least {n} times in the last {delay}")
            return say(lang, text, into=into, n=at_least, delay=in_time(lang, within))
    raise TypeError(f"{type(leaf).__name__} is no single condition")


def in_time(lang: str, delay: Delay) -> str:
    """A distance in time: "3 working days"."""
    one, more = _UNITS[delay.unit]
    return say(lang, one if delay.amount == 1 else more, n=delay.amount)


def _value(lang: str, fact: str, value: Value | None, vocabulary: Vocabulary) -> str:
    if isinstance(value, date):
        return format_day(lang, value)
    return in_words(lang, fact, value, vocabulary)


def _any_of(lang: str, words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return say(lang, "{first} or {last}", first=", ".join(words[:-1]), last=words[-1])
