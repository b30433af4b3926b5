"""The rules' own tests as JSON Schema. Rules, steps and texts are only offered: they change oftener than schemas are renewed."""

from __future__ import annotations

from cti.core.people import WEEKDAYS
from cti.core.vocabulary import AnswerKind
from cti.i18n import say
from cti.rulebook.cast import AWAY_KEYS, PERSON_KEYS, ROLES
from cti.rulebook.expected import BECAUSE, EXPECT_KEYS, KINDS, NOT_KEYS
from cti.rulebook.happening import KINDS as EVENTS
from cti.rulebook.happening import OF_KIND, OF_RECORDS, REASONS
from cti.rulebook.tests_file import KEYS
from cti.workshop.schema.conditions import ANY_VALUE, value
from cti.workshop.schema.rule import TEXT_PATH
from cti.workshop.schema.shapes import (
    COUNT,
    DAY,
    NAME,
    TEXT,
    Shape,
    document,
    either,
    exactly,
    labels,
    many,
    one_of,
    one_or_many,
    suggested,
    table,
    told,
)
from cti.workshop.schema.words import NAME_PATTERN, Words

STEP = exactly(f"{NAME_PATTERN}(?:/{NAME_PATTERN})?")
PLACE = exactly(f"{NAME_PATTERN}/{NAME_PATTERN}")
WHEN = exactly(r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
"""A day, or a local time."""


def tests_schema(words: Words) -> Shape:
    """The schema of rules/tests/*.toml."""
    lang = words.lang
    sentence = say(lang, "what must happen, in one sentence")
    shapes = {
        "name": told(either(TEXT, labels(lang, words.languages, sentence)), sentence),
        "rule": told(
            _rule(words), say(lang, "the rule that the test is about; the prompts of others are not compared")
        ),
        "since": told(DAY, say(lang, "moments before this day do not prompt in this test")),
        "until": told(DAY, say(lang, "what comes after this day is not looked at")),
        "people": told(
            many(_person(lang)),
            say(lang, "who works there; left out: each worker of the events, every working day"),
        ),
        "closing_days": told(many(DAY), say(lang, "days on which nobody works")),
        "cap": told(COUNT, say(lang, "how many new prompts a person gets in a day at most")),
        "events": told(
            many(_event(words)), say(lang, "what happens to the client, in the order of the days")
        ),
        "expect": told(
            {"type": "array", "items": _expected(words)},
            say(lang, "everything that must be sent; what else is sent fails the test"),
        ),
        "not": told({"type": "array", "items": _absent(words)}, say(lang, "what must not be sent")),
    }
    test = table(KEYS, shapes, ("name", "events"))
    test["if"] = {"not": {"required": ["expect"]}}
    test["then"] = {"required": ["not"], "properties": {"not": {"minItems": 1}}}
    shape = table(
        ("tests",), {"tests": told({"type": "array", "items": test}, say(lang, "the tests, each [[tests]]"))}
    )
    text = say(lang, "Tests of rules: what happens to a client, and what must be prompted when.")
    return document(lang, say(lang, "Tests of the rules of cti"), shape, text)


def _person(lang: str) -> Shape:
    away = {
        "from": told(DAY, say(lang, "the first day of the absence")),
        "until": told(DAY, say(lang, "the last day of the absence")),
        "deputy": told(TEXT, say(lang, "who stands in")),
    }
    shapes = {
        "id": told(TEXT, say(lang, "as the events call the worker")),
        "works": told(many(one_of(WEEKDAYS)), say(lang, "the working days; left out: the organisation's")),
        "away": told(many(table(AWAY_KEYS, away, ("from", "until"))), say(lang, "absences")),
        "team": told(TEXT, say(lang, "the team")),
        "role": told(one_of(ROLES), say(lang, "worker where it is left out")),
    }
    return table(PERSON_KEYS, shapes, ("id",))


# --- what happens -----------------------------------------------------------------------------------------------------


def _event(words: Words) -> Shape:
    """One of several tables, told apart by the key that names what happens."""
    return either(*(_happening(kind, words) for kind in EVENTS))


def _happening(kind: str, words: Words) -> Shape:
    lang = words.lang
    about: dict[str, Shape] = {
        "situation": told(words.situation(), say(lang, "the client comes into this situation")),
        "destination": told(words.situation(), say(lang, "where the client goes at the end")),
        "expected": told(words.situation(), say(lang, "this situation is foreseen")),
        "on": told(DAY, say(lang, "the day on which it is expected")),
        "fact": told(_fact(words), say(lang, "this fact is recorded")),
        "value": told(ANY_VALUE, say(lang, "the fact's value")),
        "worker": told(TEXT, say(lang, "this worker takes over")),
        "team": told(TEXT, say(lang, "the team that is responsible")),
        "answer": told(_answer(words), say(lang, "a worker answers, as SET.ANSWER")),
        "to": told(
            suggested(_places(words), PLACE), say(lang, "the step whose prompt is answered, as RULE/STEP")
        ),
        "facts": told(_facts(words), say(lang, "facts that are given with the answer")),
        "closed": told(one_of([*REASONS, True]), say(lang, "the file is closed, and why")),
        "until": told(DAY, say(lang, "the day on which it ends")),
        "day": told(DAY, say(lang, "the day on which it happens")),
        "id": told(
            TEXT, say(lang, "names the record; the same name again is the same record, told otherwise")
        ),
        "recorded": told(WHEN, say(lang, "when it was typed in; on its own day, where this is left out")),
        "retracted": told(WHEN, say(lang, "when it was deleted")),
    }
    keys = (kind, "day", *OF_KIND[kind], *(OF_RECORDS if kind != "answer" else ()))
    need = {"fact": ("value",), "answer": ("to",)}.get(kind, ())
    shape = table(keys, {key: about[key] for key in keys}, (kind, "day", *need))
    if kind == "situation":
        shape["if"], shape["then"] = {"required": ["destination"]}, {"required": ["until"]}
    if kind == "fact" and words.vocabulary is not None:
        shape["allOf"] = [
            {
                "if": {"properties": {"fact": {"const": name}}},
                "then": {"properties": {"value": value(one, words)}},
            }
            for name, one in words.facts().items()
        ]
    if kind == "answer" and words.vocabulary is not None:
        shape["allOf"] = [
            {"if": {"properties": {"answer": {"const": f"{name}.{said}"}}}, "then": _given(one)}
            for name, answers in words.vocabulary.answers.items()
            for said, one in answers.items()
        ]
    return shape


def _given(answer: AnswerKind) -> Shape:
    """What an answer takes with it: the facts that it asks for must be there, no others than it allows."""
    facts: Shape = {"propertyNames": {"enum": [*answer.asks, *answer.may]}}
    if not answer.asks:
        return {"properties": {"facts": facts}}
    return {"properties": {"facts": {**facts, "required": list(answer.asks)}}, "required": ["facts"]}


def _fact(words: Words) -> Shape:
    return NAME if words.vocabulary is None else one_of(words.facts())


def _facts(words: Words) -> Shape:
    if words.vocabulary is None:
        return {"type": "object", "propertyNames": NAME, "additionalProperties": ANY_VALUE}
    shapes = {name: told(value(kind, words), words.called(kind)) for name, kind in words.facts().items()}
    return table(words.facts(), shapes)


def _answer(words: Words) -> Shape:
    if words.vocabulary is None:
        return exactly(rf"{NAME_PATTERN}\.{NAME_PATTERN}")
    return one_of(
        f"{name}.{answer}" for name, answers in words.vocabulary.answers.items() for answer in answers
    )


# --- what is expected -------------------------------------------------------------------------------------------------


def _expected(words: Words) -> Shape:
    lang = words.lang
    shapes = {
        "day": told(DAY, say(lang, "the day on which it must be sent")),
        "step": told(_step(words), say(lang, "the step, or RULE/STEP")),
        "rule": told(_rule(words), say(lang, "the step's rule, where it is not the test's")),
        "kind": told(one_of(KINDS), say(lang, "the prompt itself where it is left out")),
        "to": told(words.role(), say(lang, "the role that it goes to")),
        "person": told(TEXT, say(lang, "the person, the team (its inbox) or the desk that it goes to")),
        "variant": told(suggested(words.texts, TEXT_PATH), say(lang, "the text that is taken")),
        "text": told(one_or_many(TEXT), say(lang, "words that must stand in the Dutch text")),
        "text-en": told(one_or_many(TEXT), say(lang, "words that must stand in the English text")),
    }
    return table(EXPECT_KEYS, shapes, ("day", "step"))


def _absent(words: Words) -> Shape:
    lang = words.lang
    shapes = {
        "step": told(_step(words), say(lang, "the step, or RULE/STEP")),
        "rule": told(_rule(words), say(lang, "the step's rule, where it is not the test's")),
        "kind": told(one_of(KINDS), say(lang, "the prompt itself where it is left out")),
        "because": told(one_of(BECAUSE), say(lang, "why it is not sent")),
    }
    shape = table(NOT_KEYS, shapes, ("step",))
    other = {
        "properties": {"kind": {"enum": [kind for kind in KINDS if kind != "prompt"]}},
        "required": ["kind"],
    }
    shape["if"], shape["then"] = other, {"properties": {"because": False}}
    return shape


def _rule(words: Words) -> Shape:
    return suggested(words.steps, NAME)


def _places(words: Words) -> list[str]:
    return [f"{rule}/{step}" for rule, steps in words.steps.items() for step in steps]


def _step(words: Words) -> Shape:
    ids = dict.fromkeys(step for steps in words.steps.values() for step in steps)
    return suggested([*ids, *_places(words)], STEP)
