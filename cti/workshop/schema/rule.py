"""A rule file as JSON Schema. Its keys are those of the readers in `cti.rulebook`; each must have its shape here."""

from __future__ import annotations

from cti.i18n import say
from cti.rulebook.additions import ESCALATE_KEYS, LATER_KEYS, REMIND_KEYS, VARIANT_KEYS
from cti.rulebook.moment import KEYS as ON_KEYS
from cti.rulebook.moment import KINDS
from cti.rulebook.phases import KEYS as PHASE_KEYS
from cti.rulebook.rule import KEYS
from cti.rulebook.step import KEYS as STEP_KEYS
from cti.rulebook.step import LATE
from cti.workshop.schema.conditions import ANY_VALUE, condition, definitions, negated, value
from cti.workshop.schema.shapes import (
    COUNT,
    DAY,
    FLAG,
    NAME,
    NOT_BEFORE,
    TEXT,
    Shape,
    clock,
    document,
    due,
    either,
    exactly,
    labels,
    many,
    one_of,
    one_or_many,
    span,
    suggested,
    table,
    told,
)
from cti.workshop.schema.words import NAME_PATTERN, Words

TEXT_PATH = exactly(rf"{NAME_PATTERN}(?:/{NAME_PATTERN})+")
"""A path below the prompts' folder, as the shipped texts have them. (Others are read as well, if the text is there.)"""


def rule_schema(words: Words) -> Shape:
    """The schema of a rule file."""
    lang, languages = words.lang, words.languages
    shapes = {
        "id": told(NAME, say(lang, "the rule's name; the file is called so as well")),
        "title": labels(lang, languages, say(lang, "what the rule is called, in each language")),
        "why": labels(lang, languages, say(lang, "why the rule is there; workers see it beside the prompt")),
        "since": told(
            DAY,
            say(lang, "earlier moments never prompt; the vocabulary's since holds where this is left out"),
        ),
        "off": told(FLAG, say(lang, "true: the rule is checked and tested, and prompts nothing")),
        "was": told(
            many(NAME),
            say(lang, "ids that the rule had before, so that nobody is prompted again after renaming"),
        ),
        "on": told(_on(words), say(lang, "what the rule answers to: one kind of moment")),
        "phases": told(
            many(_phase(words)),
            say(lang, "only with enters: the parts of the time after it, drawn on a client's time line"),
        ),
        "steps": told(many(_step(words)), say(lang, "the steps, each of which becomes a prompt")),
    }
    shape = table(KEYS, shapes, ("id", "title", "why", "on", "steps"))
    # "before" needs a day that lies ahead: something expected, or a date.
    no_day = {
        "properties": {
            "on": either(
                {"required": ["enters"]},
                {"required": ["changes"]},
                {"properties": {"records": {"type": "object"}}, "required": ["records"]},
            )
        }
    }
    shape["if"], shape["then"] = (
        no_day,
        {"properties": {"steps": {"items": {"properties": {"due": NOT_BEFORE}}}}},
    )
    text = say(lang, "A rule: what it answers to, and the steps that follow.")
    return document(lang, say(lang, "A rule of cti"), shape, text, definitions(words))


def _on(words: Words) -> Shape:
    lang, situation = words.lang, words.situation()
    shapes = {
        "enters": told(
            one_or_many(situation), say(lang, "the client comes into this situation, or into one of these")
        ),
        "expects": told(one_or_many(situation), say(lang, "this situation, or one of these, is foreseen")),
        "records": told(
            _records(words), say(lang, "this fact is recorded: a date by its name, another with its value")
        ),
        "changes": told(one_of(["worker"]), say(lang, "another worker takes over")),
        "from": told(
            either(one_or_many(situation), negated(situation, words)),
            say(lang, "only with enters: where the client comes from; or { not = … }"),
        ),
    }
    shape = table(ON_KEYS, shapes, oneOf=[{"required": [kind]} for kind in KINDS])
    shape["if"], shape["then"] = {"not": {"required": ["enters"]}}, {"properties": {"from": False}}
    return shape


def _records(words: Words) -> Shape:
    if words.vocabulary is None:
        valued: Shape = {
            "type": "object",
            "propertyNames": NAME,
            "additionalProperties": one_or_many(ANY_VALUE),
        }
        return either(NAME, {**valued, "minProperties": 1, "maxProperties": 1})
    facts = words.facts("choice", "number", "yes/no")
    shapes = {name: told(one_or_many(value(kind, words)), words.called(kind)) for name, kind in facts.items()}
    return either(one_of(words.facts("date")), table(facts, shapes, minProperties=1, maxProperties=1))


def _phase(words: Words) -> Shape:
    lang = words.lang
    shapes = {
        "id": told(NAME, say(lang, "the phase's name")),
        "label": labels(lang, words.languages, say(lang, "what the phase is called, in each language")),
        "until": told(span(), say(lang, "it ends so long after the day of the entry")),
    }
    return table(PHASE_KEYS, shapes, PHASE_KEYS)


# --- a step -----------------------------------------------------------------------------------------------------------


def _step(words: Words) -> Shape:
    lang = words.lang
    shapes = {
        "id": told(NAME, say(lang, "the step's name; its text is called so as well")),
        "due": told(
            due(),
            say(
                lang, "when it comes, counted from the moment's day: 14 days, 3 working days, 2 weeks before"
            ),
        ),
        "at": told(
            clock(), say(lang, "the time of day; when the organisation opens, where this is left out")
        ),
        "to": told(words.role(), say(lang, "who is prompted")),
        "after": told(NAME, say(lang, "due counts from the answer to this step of the same rule")),
        "text": told(
            suggested(words.texts, TEXT_PATH),
            say(lang, "another text than RULE/STEP, below templates/prompts"),
        ),
        "later": told(
            _later(words), say(lang, "under which condition the step comes later, and by how much")
        ),
        "when": condition(words, say(lang, "the step is prompted only if all of this holds")),
        "unless": condition(words, say(lang, "the step is not prompted if all of this holds")),
        "asks": told(
            NAME,
            say(lang, "the question it puts; of the steps with one question only the earliest is prompted"),
        ),
        "answers": told(
            words.answer_set(), say(lang, "what the worker can answer: an answer set of the vocabulary")
        ),
        "expires": told(span(), say(lang, "how long the prompt stays open")),
        "outlives": told(FLAG, say(lang, "true: the prompt stays open when the client's situation changes")),
        "late": told(
            one_of(LATE),
            say(lang, "known too late: now sends it at once, skip leaves it out, ask asks first"),
        ),
        "urgent": told(
            FLAG, say(lang, "true: sent at once within working hours, and not with the daily mail")
        ),
        "remind": told(_remind(lang), say(lang, "how often the worker is reminded while there is no answer")),
        "escalate": told(_escalate(words), say(lang, "who else hears of it when there is no answer")),
        "variants": told(
            many(_variant(words)),
            say(lang, "other texts, each under a condition; the first that holds is taken"),
        ),
        "sources": told(
            many(TEXT), say(lang, "why this step is there: marks of the evidence; workers do not see them")
        ),
        "was": told(
            many(NAME),
            say(lang, "ids that the step had before, so that nobody is prompted again after renaming"),
        ),
    }
    shape = table(STEP_KEYS, shapes, ("id", "due", "to"))
    shape["if"], shape["then"] = {"required": ["after"]}, {"properties": {"due": NOT_BEFORE}}
    return shape


def _later(words: Words) -> Shape:
    shapes = {
        "when": condition(words, say(words.lang, "the step comes later if all of this holds")),
        "by": told(span(), say(words.lang, "so much later")),
    }
    return table(LATER_KEYS, shapes, LATER_KEYS)


def _remind(lang: str) -> Shape:
    shapes = {
        "every": told(span(["working days"]), say(lang, "after so many working days each time")),
        "times": told(COUNT, say(lang, "how often at most")),
    }
    return table(REMIND_KEYS, shapes, REMIND_KEYS)


def _escalate(words: Words) -> Shape:
    shapes = {
        "after": told(
            span(["working days"]), say(words.lang, "after so many working days without an answer")
        ),
        "to": told(words.role(), say(words.lang, "who hears of it")),
    }
    return table(ESCALATE_KEYS, shapes, ESCALATE_KEYS)


def _variant(words: Words) -> Shape:
    shapes = {
        "when": condition(words, say(words.lang, "this text is taken if all of this holds")),
        "text": told(
            suggested(words.texts, TEXT_PATH),
            say(words.lang, "the text, below templates/prompts, without language"),
        ),
    }
    return table(VARIANT_KEYS, shapes, VARIANT_KEYS)
