"""Reads conditions: the tables of `when`, `unless`, `later` and variants, in which everything must hold (design, section 6)."""

from __future__ import annotations

import re

from cti.core.rules import (
    All,
    AnyOf,
    AtLeast,
    Condition,
    Entered,
    Is,
    Not,
    Older,
    Situation,
    Within,
)
from cti.core.vocabulary import FactKind
from cti.i18n import mark
from cti.rulebook.delay import read_span
from cti.rulebook.lexicon import NO_FACT, Lexicon, note_unknown_fact
from cti.rulebook.meant import guess_delay
from cti.rulebook.place import removal
from cti.rulebook.table import Table
from cti.rulebook.words import Wrong, listed, nearest, read_count, read_number

OPERATORS = {
    "choice": ("not",),
    "date": ("within", "older"),
    "number": ("not", "at-least"),
    "yes/no": ("not",),
}
"""What may stand in the braces of a condition on a fact, by the fact's type."""

MEANT_OPERATORS = {
    "is-not": "not",
    "niet": "not",
    "no": "not",
    "none": "not",
    "except": "not",
    "unless": "not",
    "min": "at-least",
    "minimum": "at-least",
    "least": "at-least",
    "minstens": "at-least",
    "minimaal": "at-least",
    "ten-minste": "at-least",
    "more-than": "at-least",
    "binnen": "within",
    "newer": "within",
    "younger": "within",
    "last": "within",
    "ouder": "older",
    "older-than": "older",
    "ouder-dan": "older",
    "before": "older",
    "longer": "older",
}
ENTERED_KEYS = ("situation", "at-least", "within")
MEANT_ENTERED = {
    "times": "at-least",
    "min": "at-least",
    "in": "within",
    "last": "within",
    "at_least": "at-least",
    "keer": "at-least",
    "minstens": "at-least",
    "binnen": "within",
    "situatie": "situation",
}
OTHER_KEYS = {
    "or": "any",
    "any-of": "any",
    "of": "any",
    "either": "any",
    "one-of": "any",
    "state": "situation",
    "situatie": "situation",
    "enters": "entered",
}


def read_condition(table: Table, key: str, lexicon: Lexicon) -> Condition | None:
    """The condition under a key; None where there is none, or where something in it could not be read."""
    value = table.values.get(key)
    several = isinstance(value, list) and value and all(isinstance(item, dict) for item in value)
    inside = table.table(key, {"any": value} if several else _in_words(value, lexicon))
    return None if inside is None else _all(inside, lexicon)


_SAID = re.compile(r"(\S+)\s*(?:==?|:|\bis\b)\s*(not\s|niet\s)?\s*(.+)")


def _in_words(value: object, lexicon: Lexicon) -> dict[str, object] | None:
    """The condition that a text says: "trust is growing". None where it says none."""
    match = _SAID.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        return None
    kind = lexicon.vocabulary.facts.get(lexicon.nearest_fact(match[1]) or "")
    if kind is None or kind.type not in ("choice", "yes/no"):
        return None
    said: object = match[3].strip()
    try:
        lexicon.value_of(kind)(said)
    except Wrong as wrong:
        said = wrong.better
    return None if said is None else {kind.name: {"not": said} if match[2] else said}


def joined(when: Condition | None, unless: Condition | None) -> Condition | None:
    """`when` and `unless` as one condition."""
    if unless is None:
        return when
    if when is None:
        return Not(unless)
    return All((*(when.of if isinstance(when, All) else (when,)), Not(unless)))


def _all(table: Table, lexicon: Lexicon) -> Condition | None:
    """Everything in the table must hold."""
    if not table.values:
        suggestion = removal(table.file, table.path)
        table.note(mark("{field} is empty: it would always hold"), suggestion=suggestion)
        return None
    parts: list[Condition] = []
    for key in table.values:
        part = _part(table, key, lexicon)
        if part is not None:
            parts.append(part)
    if len(parts) < len(table.values):
        return None
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _part(table: Table, key: str, lexicon: Lexicon) -> Condition | None:
    if key == "situation":
        return _situation(table, lexicon)
    if key == "entered":
        return _entered(table, lexicon)
    if key == "any":
        return _any(table, lexicon)
    kind = lexicon.vocabulary.facts.get(key)
    if kind is not None:
        return _fact(table, kind, lexicon)
    return None if lexicon.unsaid(key) else _unknown(table, key, lexicon)


def _unknown(table: Table, key: str, lexicon: Lexicon) -> Condition | None:
    """Notes a fact that is not known, and reads on as if what was probably meant stood there."""
    words = ("situation", "entered", "any")
    better = nearest(key, words, meant=OTHER_KEYS) or lexicon.nearest_fact(key)
    if better is None:
        # Nor is it suggested to leave the condition out: the step would go to more clients than anyone wants.
        note_unknown_fact(table, key, lexicon)
    else:
        table.note_wrong_key(NO_FACT, key, better)
        if better not in table.values:
            _part(table.renamed(key, better), better, lexicon)
    return None


def _situation(table: Table, lexicon: Lexicon) -> Condition | None:
    if isinstance(table.values["situation"], dict):
        inside = table.table("situation")
        inside = None if inside is None else _only_not(inside)
        if inside is None:
            return None
        names = inside.items("not", lexicon.situation, single=True)
        return None if names is None else Situation(names, True)
    names = table.items("situation", lexicon.situation, single=True)
    return None if names is None else Situation(names)


def _only_not(inside: Table) -> Table | None:
    """The braces, if nothing but `not` stands in them."""
    inside = inside.only(
        ("not",), meant={word: "not" for word, meant in MEANT_OPERATORS.items() if meant == "not"}
    )
    if not inside.values:
        inside.note(mark("{field} is empty: it would always hold"))
    return inside if set(inside.values) == {"not"} else None


def _entered(table: Table, lexicon: Lexicon) -> Condition | None:
    value = table.values["entered"]
    inside = table.table("entered", {"situation": value} if isinstance(value, str) else None)
    if inside is None:
        return None
    inside = inside.only(ENTERED_KEYS, meant=MEANT_ENTERED)
    situation = inside.need("situation", lexicon.situation, next(iter(lexicon.vocabulary.situations), None))
    at_least = inside.take_or("at-least", read_count, 1)
    within = inside.take("within", read_span)
    return None if situation is None else Entered(situation, at_least, within)


def _any(table: Table, lexicon: Lexicon) -> Condition | None:
    value = table.values["any"]
    if isinstance(value, dict) or not isinstance(value, list):
        better = [{key: item} for key, item in value.items()] if isinstance(value, dict) else None
        wrong = Wrong(
            mark("{field} = {value}: alternatives stand in a list: [ { … }, { … } ]"), better=better
        )
        table.note_value(wrong, "any", value)
        return None
    if not value:
        table.note_value(Wrong(mark("{field} is an empty list")), "any", value)
        return None
    choices = [_all(choice, lexicon) for choice in table.tables("any")]
    good = tuple(choice for choice in choices if choice is not None)
    return AnyOf(good) if len(good) == len(value) else None


# --- facts ------------------------------------------------------------------------------------------------------------


def _fact(table: Table, kind: FactKind, lexicon: Lexicon) -> Condition | None:
    value = table.values[kind.name]
    if isinstance(value, dict):
        inside = table.table(kind.name)
        return None if inside is None else _operators(inside, kind, lexicon)
    if kind.type == "date":
        better = None
        if isinstance(value, str) and guess_delay(value) is not None:
            better = {"within": guess_delay(value)}
        text = mark('{field} = {value}: a date is asked with { within = "…" } or { older = "…" }')
        table.note_value(Wrong(text, better=better), kind.name, value)
        return None
    values = table.items(kind.name, lexicon.value_of(kind), single=True)
    return None if values is None else Is(kind.name, values)


def _operators(inside: Table, kind: FactKind, lexicon: Lexicon) -> Condition | None:
    possible = OPERATORS[kind.type]
    if not inside.values:
        inside.note(mark("{field} is empty: possible are {known}"), {"known": listed(possible)})
        return None
    known = {name for names in OPERATORS.values() for name in names}
    for key in inside.values:
        if key in known and key not in possible:
            text = mark('"{name}" cannot be asked of a fact of type "{type}"; possible are {known}')
            inside.note(text, {"name": key, "type": kind.type, "known": listed(possible)}, key=key)
    inside = inside.only((*possible, *(key for key in inside.values if key in known)), meant=MEANT_OPERATORS)
    parts = [_operator(inside, key, kind, lexicon) for key in possible if key in inside.values]
    good = [part for part in parts if part is not None]
    if len(good) < len(inside.values):
        return None
    return good[0] if len(good) == 1 else All(tuple(good))


def _operator(inside: Table, key: str, kind: FactKind, lexicon: Lexicon) -> Condition | None:
    if key == "not":
        values = inside.items("not", lexicon.value_of(kind), single=True)
        return None if values is None else Is(kind.name, values, negated=True)
    if key == "at-least":
        number = inside.take("at-least", read_number)
        return None if number is None else AtLeast(kind.name, number)
    delay = inside.take(key, read_span)
    if delay is None:
        return None
    return Within(kind.name, delay) if key == "within" else Older(kind.name, delay)
