"""Conditions as JSON Schema: the tables of `when`, `unless`, `later` and variants."""

from __future__ import annotations

from cti.core.vocabulary import FactKind
from cti.i18n import mark, say
from cti.rulebook.conditions import ENTERED_KEYS, OPERATORS
from cti.rulebook.vocabulary import RESERVED
from cti.rulebook.words import NO, YES
from cti.workshop.schema.shapes import (
    COUNT,
    DAY,
    NAME,
    NUMBER,
    TEXT,
    Shape,
    either,
    one_of,
    one_or_many,
    span,
    table,
    told,
)
from cti.workshop.schema.words import Words

YES_NO: Shape = one_of([True, False, *YES[:2], *NO[:2]])
"""The reader's first two words of each: "yes" and "ja", "no" and "nee"."""

TYPES = {
    "choice": mark("{label}: one of these words, a list of them, or { not = … }"),
    "date": mark('{label}: { within = "6 months" } or { older = "6 months" }'),
    "number": mark("{label}: a number, a list, { not = … } or { at-least = 3 }"),
    "yes/no": mark("{label}: yes or no, or { not = … }"),
}


def value(kind: FactKind, words: Words) -> Shape:
    """A value of this fact, as it is recorded and as it is asked."""
    match kind.type:
        case "date":
            return DAY
        case "number":
            return NUMBER
        case "yes/no":
            return YES_NO
    return words.values(kind)


ANY_VALUE: Shape = {"type": ["string", "boolean", "number"]}


def condition(words: Words, text: str) -> Shape:
    """A table in which everything must hold."""
    say_to = words.lang
    shapes: dict[str, Shape] = {
        "situation": told(
            either(one_or_many(words.situation()), negated(words.situation(), words)),
            say(say_to, "where the client stands: a situation, a list (any of them), or { not = … }"),
        ),
        "entered": told(
            _entered(words),
            say(say_to, "what the client went through: a situation, how often, and since when"),
        ),
        "any": told(
            {"type": "array", "items": {"$ref": "#/$defs/condition"}, "minItems": 1},
            say(say_to, "alternatives: a list of conditions, of which one must hold"),
        ),
    }
    keys: list[str] = list(RESERVED)
    for name in words.facts():
        keys.append(name)
        shapes[name] = {"$ref": f"#/$defs/fact-{name}"}
    made = told(table(keys, shapes, minProperties=1), text)
    if words.vocabulary is None:
        made["propertyNames"], made["additionalProperties"] = NAME, _any_fact(words)
    return made


def definitions(words: Words) -> dict[str, Shape]:
    """What conditions refer to: themselves, and each fact."""
    facts = {f"fact-{name}": _fact(kind, words) for name, kind in words.facts().items()}
    return {"condition": condition(words, say(words.lang, "all of this must hold")), **facts}


def negated(item: Shape, words: Words) -> Shape:
    """`{ not = … }`"""
    return table(("not",), {"not": _none_of(item, words)}, ("not",))


def _none_of(item: Shape, words: Words) -> Shape:
    return told(one_or_many(item), say(words.lang, "none of these; what is not known is none of them either"))


def _entered(words: Words) -> Shape:
    lang = words.lang
    return table(
        ENTERED_KEYS,
        {
            "situation": told(words.situation(), say(lang, "the situation that the client came into")),
            "at-least": told(COUNT, say(lang, "how many times at least; once where this is left out")),
            "within": told(span(), say(lang, "in how long a time before; ever where this is left out")),
        },
        ("situation",),
    )


def _fact(kind: FactKind, words: Words) -> Shape:
    item = value(kind, words)
    operators = _operators(item, words)
    asked = table(
        OPERATORS[kind.type], {key: operators[key] for key in OPERATORS[kind.type]}, minProperties=1
    )
    shape = asked if kind.type == "date" else either(one_or_many(item), asked)
    return told(shape, say(words.lang, TYPES[kind.type], label=words.called(kind)))


def _operators(item: Shape, words: Words) -> dict[str, Shape]:
    return {
        "not": _none_of(item, words),
        "within": told(span(), say(words.lang, "at most so long ago; a day still to come counts too")),
        "older": told(span(), say(words.lang, "longer ago than this")),
        "at-least": told(NUMBER, say(words.lang, "this or more")),
    }


def _any_fact(words: Words) -> Shape:
    """A condition on a fact of which nothing is known."""
    item = either(TEXT, {"type": ["boolean", "number"]})
    operators = dict.fromkeys(key for keys in OPERATORS.values() for key in keys)
    return either(one_or_many(item), table(operators, _operators(item, words), minProperties=1))
