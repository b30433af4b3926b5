"""Reads `on`: the one kind of moment that a rule answers to."""

from __future__ import annotations

from datetime import date

from cti.core.rules import Changes, Enters, Expects, On, Records
from cti.i18n import mark
from cti.rulebook.lexicon import Lexicon, note_unknown_fact
from cti.rulebook.step import OF_A_STEP
from cti.rulebook.table import Table
from cti.rulebook.words import Wrong, listed, nearest, one_of

KINDS = ("enters", "expects", "records", "changes")
KEYS = (*KINDS, "from")
MEANT = {
    "on-enter": "enters",
    "entry": "enters",
    "to": "enters",
    "into": "enters",
    "situation": "enters",
    "in": "enters",
    "expected": "expects",
    "planned": "expects",
    "fact": "records",
    "answer": "records",
    "worker": "changes",
    "origin": "from",
    "out-of": "from",
    "van": "from",
    "vanuit": "from",
    "komt-in": "enters",
    "naar": "enters",
    "situatie": "enters",
    "verwacht": "expects",
    "feit": "records",
    "antwoord": "records",
    "legt-vast": "records",
    "medewerker": "changes",
    "wisselt": "changes",
}


def read_on(top: Table, lexicon: Lexicon) -> On | None:
    """What the rule answers to; None, and a note, where that cannot be read."""
    value = top.values.get("on")
    if value is None:
        text = mark("{name} is missing: it names the moment that the rule answers to")
        top.note_missing(text, "on", _example(top, lexicon))
        return None
    table = top.table("on", {"enters": value} if isinstance(value, str) else None)
    if table is None:
        return None
    # What stands above the first [[steps]] belongs to [on], which is easily forgotten. "to" may have been meant as "enters".
    strays = [key for key in table.values if key in OF_A_STEP and MEANT.get(key, key) in (key, *table.values)]
    for key in strays:
        table.note_stray(OF_A_STEP[key], key, top.entries("steps")[:1])
    table = table.only((*KEYS, *strays), meant=MEANT, elsewhere=OF_THE_RULE, homes=[()])
    kinds = [kind for kind in KINDS if kind in table]
    if not kinds:
        key, example = next(iter((_example(top, lexicon) or {}).items()), ("enters", None))
        text = mark("{field} names no moment; it takes one of {known}")
        table.note_missing(text, key, example, params={"known": listed(KINDS)})
        return None
    for kind in kinds[1:]:
        text = mark('{field}: a rule answers to one kind of moment, and "{kind}" stands here already')
        table.note_needless(text, kind, {"kind": kinds[0]})
    if "from" in table and kinds[0] != "enters":
        table.note_needless(
            mark('{field}: only "enters" can be narrowed by where the client comes from'), "from"
        )
    match kinds[0]:
        case "enters":
            return _enters(table, lexicon)
        case "expects":
            situations = table.items("expects", lexicon.situation, single=True)
            return Expects(situations) if situations is not None else None
        case "records":
            return _records(table, lexicon)
    what = table.take("changes", one_of(("worker",), {"medewerker": "worker", "caseworker": "worker"}))
    return Changes() if what is not None else None


def _example(top: Table, lexicon: Lexicon) -> dict[str, str] | None:
    """What the rule may answer to: what its id sounds like, else the first situation."""
    dates = [name for name, kind in lexicon.vocabulary.facts.items() if kind.type == "date"]
    if (fact := nearest(top.rule, dates)) is not None:
        return {"records": fact}
    situations = lexicon.vocabulary.situations
    situation = nearest(top.rule, situations) or next(iter(situations), None)
    return {"enters": situation} if situation is not None else None


OF_THE_RULE = {
    key: mark('"{name}" belongs to the rule itself: move it up, above line {above}')
    for key in ("id", "title", "why", "since", "off", "was")
}


def _enters(table: Table, lexicon: Lexicon) -> Enters | None:
    situations = table.items("enters", lexicon.situation, single=True)
    origins: tuple[str, ...] | None = None
    negated = isinstance(table.values.get("from"), dict)
    if negated:
        inside = table.table("from")
        if inside is not None:
            inside = inside.only(("not",), meant={"except": "not", "no": "not", "niet": "not"})
            origins = inside.items("not", lexicon.situation, single=True)
            if not inside.values:
                inside.note(mark("{field} is empty: possible are {known}"), {"known": listed(["not"])})
    elif "from" in table:
        origins = table.items("from", lexicon.situation, single=True)
    return Enters(situations, origins, negated) if situations is not None else None


def _records(table: Table, lexicon: Lexicon) -> Records | None:
    value = table.values["records"]
    facts = lexicon.vocabulary.facts
    if not isinstance(value, dict):
        name = table.read("records", value, lambda word: lexicon.fact(word, date.min))
        if name is None or lexicon.unsaid(name):
            return None
        if facts[name].type == "date":
            return Records(name)
        meant = {name: list(facts[name].values)} if facts[name].type == "choice" else {name: "yes"}
        text = mark("{field} = {value}: only a date can stand here without its value")
        table.note_value(
            Wrong(text, better=meant if facts[name].type != "number" else None), "records", value
        )
        return None
    inside = table.table("records")
    if inside is None or not value:
        if inside is not None:
            inside.note(mark("{field} names no fact"))
        return None
    for extra in list(value)[1:]:
        inside.note_needless(mark("{field}: a rule answers to one fact only"), extra)
    name = next(iter(value))
    kind = facts.get(name)
    if kind is None:
        if not lexicon.unsaid(name):
            note_unknown_fact(inside, name, lexicon)
        return None
    if kind.type == "date":
        wrong = Wrong(mark("{field} = {value}: a date is named without a value"), better=name)
        table.note_value(wrong, "records", value)
        return None
    values = inside.items(name, lexicon.value_of(kind), single=True)
    return Records(name, values) if values is not None else None
