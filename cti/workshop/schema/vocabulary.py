"""The vocabulary file as JSON Schema."""

from __future__ import annotations

from cti.core.prompts import STILL_CURRENT
from cti.i18n import say
from cti.rulebook.vocabulary import ANSWER_KEYS, FACT_KEYS, KEYS, RESERVED, SITUATION_KEYS, TYPES
from cti.workshop.schema.conditions import ANY_VALUE, YES_NO
from cti.workshop.schema.shapes import (
    DAY,
    FLAG,
    NAME,
    NUMBER,
    Shape,
    document,
    either,
    labels,
    many,
    named,
    one_of,
    span,
    suggested,
    table,
    told,
)
from cti.workshop.schema.words import Words


def vocabulary_schema(words: Words) -> Shape:
    """The schema of rules/vocabulary.toml. Its own words are only offered: who adds one may use it in the same breath."""
    lang = words.lang
    shapes = {
        "gap": told(_days(), say(lang, "two stays in one situation that lie no further apart are one")),
        "stale": told(_days(), say(lang, "a moment that became known later than this is only asked about")),
        "since": told(
            DAY, say(lang, "moments before this day never prompt; a rule may name a day of its own")
        ),
        "situations": told(named(_situation(words)), say(lang, "where clients can stand")),
        "facts": told(
            named(_fact(words), {**NAME, "not": {"enum": list(RESERVED)}}),
            say(lang, "what else is registered or answered about a client"),
        ),
        "answers": told(
            named(named(_answer(words)), required=[STILL_CURRENT[0]]),
            say(lang, "what workers can answer, as [answers.SET.ANSWER]; they see the answers in this order"),
        ),
    }
    shape = table(KEYS, shapes, ("situations", "answers"))
    text = say(lang, "The words that rules, answers and sources share.")
    return document(lang, say(lang, "The vocabulary of cti"), shape, text)


def _days() -> Shape:
    return span(["days", "weeks"])


def _situation(words: Words) -> Shape:
    label = labels(
        words.lang, words.languages, say(words.lang, "what the situation is called, in each language")
    )
    prompts = told(FLAG, say(words.lang, "false: no rule answers to this situation, on purpose"))
    return table(SITUATION_KEYS, {"label": label, "prompts": prompts}, ("label",))


def _fact(words: Words) -> Shape:
    lang, languages = words.lang, words.languages
    value = labels(lang, languages, say(lang, "what the word is called, in each language"))
    shapes = {
        "type": told(one_of(TYPES), say(lang, "choice: one of a few words; date; number; yes/no")),
        "label": labels(lang, languages, say(lang, "what the fact is called, in each language")),
        "values": told(named(value), say(lang, "only for a choice: its words")),
        "lasts": told(one_of(["transition"]), say(lang, "unknown again when the client's situation changes")),
        "many": told(FLAG, say(lang, "only for a date: several dates stand beside one another")),
    }
    shape = table(FACT_KEYS, shapes, ("type", "label"))
    choice = {"properties": {"type": {"const": "choice"}}, "required": ["type"]}
    date = {"properties": {"type": {"const": "date"}}, "required": ["type"]}
    shape["allOf"] = [
        {"if": choice, "then": {"required": ["values"]}, "else": {"properties": {"values": False}}},
        {"if": date, "else": {"properties": {"many": {"const": False}}}},
    ]
    return shape


def _answer(words: Words) -> Shape:
    lang, languages = words.lang, words.languages
    fact = suggested(words.facts(), NAME)
    recorded = {"type": "object", "properties": _recorded(words), "propertyNames": NAME, "minProperties": 1}
    shapes = {
        "label": labels(lang, languages, say(lang, "what the answer is called, in each language")),
        "records": told(
            {**recorded, "additionalProperties": ANY_VALUE},
            say(lang, 'facts that the answer records; a date takes "today", the day of the answer'),
        ),
        "asks": told(many(fact), say(lang, "facts that the worker must give with it")),
        "may": told(many(fact), say(lang, "facts that the worker may give with it")),
    }
    return table(ANSWER_KEYS, shapes, ("label",))


def _recorded(words: Words) -> dict[str, Shape]:
    shapes: dict[str, Shape] = {"date": one_of(["today"]), "number": NUMBER, "yes/no": YES_NO}
    return {
        name: told(
            either(words.values(kind), NAME) if kind.type == "choice" else shapes[kind.type],
            words.called(kind),
        )
        for name, kind in words.facts().items()
    }
