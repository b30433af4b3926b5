"""The values of rule files as JSON Schema: delays, ids, labels, lists, tables.

Patterns are made of the words that the readers know, and keep to what all dialects of regular expressions share (editors bring
their own): no look-ahead, no flags. They take values as they are usually written, small and with single spaces, where the readers
are more patient.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cti.core.rules import Unit
from cti.i18n import mark, say
from cti.rulebook.labels import LANGUAGE
from cti.rulebook.words import ID, MOST_TIMES
from cti.rulebook.written import BEFORE, SAME_DAY, UNITS

Shape = dict[str, Any]
"""A JSON Schema, or a part of one."""

TEXT: Shape = {"type": "string", "pattern": r"\S"}
FLAG: Shape = {"type": "boolean"}
NUMBER: Shape = {"type": "number"}
COUNT: Shape = {"type": "integer", "minimum": 1, "maximum": MOST_TIMES}
DAY: Shape = {"type": "string", "format": "date"}
"""A TOML date; a language server hands it to the schema as a text."""


def told(shape: Shape, text: str) -> Shape:
    """The shape with a description, which an editor shows."""
    return {"description": text, **shape}


def exactly(pattern: re.Pattern[str] | str) -> Shape:
    """A text that is matched as a whole."""
    plain = pattern if isinstance(pattern, str) else pattern.pattern
    return {"type": "string", "pattern": f"^(?:{plain})$"}


NAME: Shape = exactly(ID)


def one_of(words: Iterable[object], labels: Sequence[str | None] = ()) -> Shape:
    """One of these; `labels` are what editors that can show it say of each."""
    shape: Shape = {"enum": list(words)}
    return {**shape, "x-taplo": {"docs": {"enumValues": list(labels)}}} if any(labels) else shape


def either(*shapes: Shape) -> Shape:
    return {"anyOf": list(shapes)}


def suggested(words: Iterable[str], shape: Shape) -> Shape:
    """The shape; an editor offers these words, and takes others that fit."""
    known = list(words)
    return either(one_of(known), shape) if known else shape


def many(item: Shape) -> Shape:
    """A list with something in it."""
    return {"type": "array", "items": item, "minItems": 1}


def one_or_many(item: Shape) -> Shape:
    """A value, or several in a list."""
    return either(item, many(item))


def table(keys: Iterable[str], shapes: Mapping[str, Shape], need: Iterable[str] = (), **more: Any) -> Shape:
    """A table of the keys that its reader knows, and no others. A key that has no shape here is a KeyError."""
    properties = {key: shapes[key] for key in keys}
    strange = sorted(set(shapes) - set(properties))
    if strange:
        raise KeyError(f"no reader knows {', '.join(strange)}")
    needed = list(need)
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        **({"required": needed} if needed else {}),
        **more,
    }


def named(inside: Shape, names: Shape | None = None, **more: Any) -> Shape:
    """A table of tables, each under a name of its own."""
    return {"type": "object", "propertyNames": names or NAME, "additionalProperties": inside, **more}


def labels(lang: str, languages: Sequence[str], text: str) -> Shape:
    """A text in each language of the config, and in others if one likes."""
    return told(
        {
            "type": "object",
            "properties": {one: told(TEXT, say(lang, "the text in this language")) for one in languages},
            "patternProperties": {f"^(?:{LANGUAGE.pattern})$": TEXT},
            "additionalProperties": False,
            **({"required": list(languages)} if languages else {"minProperties": 1}),
        },
        text,
    )


# --- delays -----------------------------------------------------------------------------------------------------------

ALL_UNITS: tuple[Unit, ...] = ("days", "working days", "weeks", "months")


def due() -> Shape:
    """When a step comes: any delay, "before" too, or the same working day."""
    before = f"(?: (?:{'|'.join(BEFORE)}))?"
    pattern = rf"(?:0|{_AMOUNT}) (?:{_units(ALL_UNITS)}){before}|{'|'.join(SAME_DAY)}"
    examples = [
        "14 days",
        "3 working days",
        "2 weeks before",
        "same working day",
        "3 werkdagen",
        "2 weken ervoor",
    ]
    return {**exactly(pattern), "examples": examples}


NOT_BEFORE: Shape = {"not": {"pattern": f" (?:{'|'.join(BEFORE)})$"}}


def span(units: Sequence[Unit] = ALL_UNITS) -> Shape:
    """How long something lasts: more than nothing, and not "before"."""
    examples = {
        "days": "14 days",
        "working days": "5 working days",
        "weeks": "6 weeks",
        "months": "6 maanden",
    }
    return {**exactly(f"{_AMOUNT} (?:{_units(units)})"), "examples": [examples[unit] for unit in units]}


def clock() -> Shape:
    """A time of day: "09:00", or a TOML time, which has seconds."""
    return {**exactly(r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?"), "examples": ["09:00"]}


_AMOUNT = r"[1-9]\d{0,3}"
"""The reader looks closer: nothing is further off than ten years. An editor shows the pattern, so it had better be short."""


def _units(units: Sequence[Unit]) -> str:
    return "|".join(word for word, unit in UNITS.items() if unit in units)


# --- whole files ------------------------------------------------------------------------------------------------------

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def document(
    lang: str, title: str, shape: Shape, text: str, defs: Mapping[str, Shape] | None = None
) -> Shape:
    """A schema of a whole file. It says itself how it is made anew, since who finds it may not know."""
    made = say(
        lang, mark("Made by: cti rules schema --write, which also renews it when the vocabulary changed.")
    )
    return {
        "$schema": DIALECT,
        "title": title,
        "description": text,
        "$comment": made,
        **shape,
        **({"$defs": dict(defs)} if defs else {}),
    }
