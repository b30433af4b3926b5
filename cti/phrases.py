"""Moments and distances in time in words, in the reader's language."""

from __future__ import annotations

from datetime import date

from cti.core.moments import Moment
from cti.core.rules import Delay
from cti.core.vocabulary import Vocabulary
from cti.i18n import mark, say
from cti.sentences import fact_label, in_words, situation_label

_UNITS = {
    "days": (mark("{n} day"), mark("{n} days")),
    "working days": (mark("{n} working day"), mark("{n} working days")),
    "weeks": (mark("{n} week"), mark("{n} weeks")),
    "months": (mark("{n} month"), mark("{n} months")),
}


def moment(lang: str, happened: Moment, vocabulary: Vocabulary) -> str:
    """What happened: "into crisis shelter, out of home under threat". Of a date that was set, what day it is."""
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
    if isinstance(happened.value, date):
        return fact
    value = in_words(lang, happened.what, happened.value, vocabulary)
    return say(lang, "“{fact}” is “{value}”", fact=fact, value=value)


def in_time(lang: str, delay: Delay) -> str:
    """A distance in time: "3 working days"."""
    one, more = _UNITS[delay.unit]
    return say(lang, one if delay.amount == 1 else more, n=delay.amount)
