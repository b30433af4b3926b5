"""Reads rules/vocabulary.toml: situations, facts, answer sets, and the limits that all rules share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import cast, get_args

from cti.core.events import Value
from cti.core.prompts import STILL_CURRENT
from cti.core.vocabulary import AnswerKind, FactKind, FactType, Labels, Vocabulary
from cti.i18n import mark
from cti.problems import Problem
from cti.rulebook.delay import read_days
from cti.rulebook.labels import read_labels
from cti.rulebook.lexicon import Lexicon, note_unknown_fact
from cti.rulebook.table import Table
from cti.rulebook.words import ID, Wrong, one_of, read_day, read_flag, slug
from cti.tomlfile import TomlFile

KEYS = ("gap", "stale", "since", "situations", "facts", "answers")
SITUATION_KEYS = ("label", "prompts")
FACT_KEYS = ("type", "label", "values", "lasts", "many")
ANSWER_KEYS = ("label", "records", "asks", "may")
TYPES: tuple[FactType, ...] = get_args(FactType)
RESERVED = ("situation", "entered", "any")
"""What these say in a condition is no fact."""

MEANT_TYPES = {
    "yesno": "yes/no",
    "yes-no": "yes/no",
    "bool": "yes/no",
    "boolean": "yes/no",
    "ja/nee": "yes/no",
    "text": "choice",
    "enum": "choice",
    "list": "choice",
    "keuze": "choice",
    "day": "date",
    "datum": "date",
    "datetime": "date",
    "int": "number",
    "integer": "number",
    "float": "number",
    "getal": "number",
}


def read_vocabulary(file: TomlFile, languages: Sequence[str], found: list[Problem]) -> Lexicon:
    """The vocabulary in a file, as far as it can be read; what cannot goes to `found`. Labels in all `languages`."""
    top = Table.top(file, found)
    top = top.only(
        KEYS,
        meant={
            "situation": "situations",
            "situaties": "situations",
            "woorden": "situations",
            "fact": "facts",
            "feit": "facts",
            "feiten": "facts",
            "answer": "answers",
            "antwoord": "answers",
            "antwoorden": "answers",
            "sinds": "since",
        },
    )
    if "since" not in top:
        top.note(
            mark(
                "since is missing: moments of long ago would prompt; write the day from which prompts are wanted"
            ),
            level="warning",
        )
    situations, quiet = _situations(top, languages)
    facts, unclear = _facts(top, languages)
    bare = Lexicon(Vocabulary(situations, facts, {}), unclear, file=file, languages=languages)
    return Lexicon(
        Vocabulary(
            situations=situations,
            facts=facts,
            answers=_answers(top, languages, bare),
            gap=top.take_or("gap", read_days, 14),
            stale_days=top.take_or("stale", read_days, 42),
            since=top.take_or("since", read_day, date.min),
        ),
        unclear,
        quiet=quiet,
        file=file,
        languages=languages,
    )


def _named(
    parent: Table, reserved: Sequence[str] = (), meant: Callable[[str], object] | None = None
) -> Iterator[tuple[str, Table]]:
    """The tables in a table, each with its name; a name that cannot be one is noted, and read as it should be.

    `meant` gives the table that a plain text in the place of one stands for.
    """
    for name, value in parent.values.items():
        better = name
        if not ID.fullmatch(name):
            better = slug(name) or name
            text = mark('"{name}": a name has small letters, digits and hyphens only')
            parent.note_wrong_key(text, name, slug(name) or None)
        elif name in reserved:
            better = f"{name}-registered"
            text = mark('"{name}" has a meaning of its own in conditions: call this otherwise')
            parent.note_wrong_key(text, name, better)
        inside = parent.table(name, meant(value) if meant is not None and isinstance(value, str) else None)
        if inside is not None:
            yield better, inside


def _situations(top: Table, languages: Sequence[str]) -> tuple[dict[str, Labels], frozenset[str]]:
    """The situations with their labels, and those about which nothing is prompted."""
    parent = top.table("situations")
    if "situations" not in top:
        example = {"crisis-shelter": {"label": dict.fromkeys(languages or ("en",), "crisis shelter")}}
        text = mark("{name} is missing: the vocabulary names the situations that rules speak of")
        top.note_missing(text, "situations", example)
    situations: dict[str, Labels] = {}
    quiet: set[str] = set()
    if parent is None:
        return situations, frozenset()
    for name, table in _named(
        parent, meant=lambda text: {"label": dict.fromkeys(languages or ("en",), text)}
    ):
        table = table.only(
            SITUATION_KEYS,
            meant={"name": "label", "naam": "label", "prompt": "prompts", "herinnert": "prompts"},
        )
        situations[name] = read_labels(table, "label", languages, name)
        if not table.take_or("prompts", read_flag, True):
            quiet.add(name)
    return situations, frozenset(quiet)


# --- facts ------------------------------------------------------------------------------------------------------------


def _facts(top: Table, languages: Sequence[str]) -> tuple[dict[str, FactKind], frozenset[str]]:
    facts: dict[str, FactKind] = {}
    unclear: set[str] = set()
    parent = top.table("facts")
    if parent is not None:
        for name, table in _named(parent, RESERVED):
            kind = _fact(name, table, languages)
            if kind is None:
                unclear.add(name)
            else:
                facts[name] = kind
    return facts, frozenset(unclear)


def _fact(name: str, table: Table, languages: Sequence[str]) -> FactKind | None:
    table = table.only(
        FACT_KEYS,
        meant={
            "options": "values",
            "choices": "values",
            "waarden": "values",
            "soort": "type",
            "naam": "label",
        },
    )
    label = read_labels(table, "label", languages, name)
    supposed = "choice" if "values" in table else "yes/no"
    type_name = table.need("type", one_of(TYPES, MEANT_TYPES), supposed)
    values = _values(table, languages)
    lasts = table.take("lasts", _read_lasts)
    many = table.take_or("many", read_flag, False)
    if type_name is None:
        return None
    kind = FactKind(name, cast(FactType, type_name), values, label, lasts is not None, many)
    if type_name == "choice" and "values" not in table:
        example = {word: dict.fromkeys(languages or ("en",), word) for word in ("yes", "no")}
        table.note_missing(mark('{name} is missing: a "choice" names its values'), "values", example)
        return None
    if type_name != "choice" and "values" in table:
        text = mark('{field}: only a "choice" names its values; this fact is of type "{type}"')
        table.note_needless(text, "values", {"type": type_name})
    if many and type_name != "date":
        table.note_needless(mark("{field}: only dates can stand beside one another"), "many")
    return kind


def _read_lasts(value: object) -> str:
    if value != "transition":
        raise Wrong(
            mark('{field} = {value}: can only be "transition"; a fact without it lasts'), better="transition"
        )
    return "transition"


def _values(table: Table, languages: Sequence[str]) -> dict[str, Labels]:
    value = table.values.get("values")
    example: dict[str, Labels] | None = None
    if isinstance(value, list):
        example = {str(word): dict.fromkeys(languages or ("en",), str(word)) for word in value}
    inside = table.table("values", example)
    if inside is None:
        return example or {}
    for name in inside.values:
        if not ID.fullmatch(name):
            text = mark('"{name}": a name has small letters, digits and hyphens only')
            inside.note_wrong_key(text, name, slug(name) or None)
    return {name: read_labels(inside, name, languages, name) for name in inside.values}


# --- answers ----------------------------------------------------------------------------------------------------------


def _answers(top: Table, languages: Sequence[str], lexicon: Lexicon) -> dict[str, dict[str, AnswerKind]]:
    sets: dict[str, dict[str, AnswerKind]] = {}
    parent = top.table("answers")
    for name, table in _named(parent) if parent is not None else ():
        if not set(ANSWER_KEYS).isdisjoint(table.values):
            header = f"[answers.{name}.{name}]" if table.headed() else None
            table.note(mark("the answer's own name is missing: [answers.SET.ANSWER]"), suggestion=header)
            sets[name] = {}
            continue
        sets[name] = {answer: _answer(answer, inside, languages, lexicon) for answer, inside in _named(table)}
    if STILL_CURRENT[0] not in sets:
        text = mark('the answer set "{name}" is missing: it is asked when a moment became known late')
        label = dict.fromkeys(languages or ("en",), "yes")
        top.append(text, f"[answers.{STILL_CURRENT[0]}.yes]", {"label": label}, {"name": STILL_CURRENT[0]})
    return sets


def _answer(name: str, table: Table, languages: Sequence[str], lexicon: Lexicon) -> AnswerKind:
    table = table.only(
        ANSWER_KEYS,
        meant={
            "record": "records",
            "ask": "asks",
            "title": "label",
            "naam": "label",
            "vraagt": "asks",
            "mag": "may",
        },
    )
    return AnswerKind(
        name=name,
        label=read_labels(table, "label", languages, name),
        records=_records(table, lexicon),
        asks=_facts_named(table, "asks", lexicon),
        may=_facts_named(table, "may", lexicon),
    )


def _facts_named(table: Table, key: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The facts in a list; where one is misspelt, what was probably meant, so that nothing else is said to lack it."""
    facts = table.items(key, lexicon.fact)
    if facts is not None or key not in table:
        return facts or ()
    value = table.values[key]
    meant = (lexicon.nearest_fact(name) for name in (value if isinstance(value, list) else [value]))
    return tuple(fact for fact in meant if fact is not None)


def _records(table: Table, lexicon: Lexicon) -> dict[str, Value]:
    records: dict[str, Value] = {}
    inside = table.table("records")
    for fact in inside.values if inside is not None else ():
        assert inside is not None
        kind = lexicon.vocabulary.facts.get(fact)
        if kind is not None:
            value = inside.take(fact, _recorded(kind, lexicon))
            if value is not None:
                records[fact] = value
        elif fact not in lexicon.unclear:
            note_unknown_fact(inside, fact, lexicon)
    return records


def _recorded(kind: FactKind, lexicon: Lexicon) -> Callable[[object], Value]:
    if kind.type != "date":
        return lexicon.value_of(kind)

    def read_today(value: object) -> str:
        if value != "today":
            raise Wrong(
                mark('{field} = {value}: a date is recorded as "today", the day of the answer'),
                better="today",
            )
        return "today"

    return read_today
