"""Reads what a test expects: what must be sent, when and to whom, and what must not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from cti.core.prompts import STANDINGS, STILL_CURRENT, WANTED
from cti.i18n import mark
from cti.rulebook.cast import Cast
from cti.rulebook.context import Context
from cti.rulebook.stepnames import StepNames
from cti.rulebook.table import Table
from cti.rulebook.words import Toml, Wrong, one_of, read_day, read_text

EXPECT_KEYS = ("day", "step", "rule", "kind", "to", "person", "variant", "text", "text-en")
NOT_KEYS = ("step", "rule", "kind", "because")

Kind = Literal["prompt", "reminder", "escalation", "notice"]
"""What is told of a step: the prompt itself, a reminder of it, its escalation, or that it changed."""

KINDS: tuple[Kind, ...] = get_args(Kind)
UNROUTABLE = "unroutable"
BECAUSE = (*(code for code in STANDINGS if code != WANTED), "covered", UNROUTABLE)
"""Why a step is not prompted: the standings of a plan, that a later step of the same moment spoke for it, or that there was
nobody to send it to."""


@dataclass(frozen=True)
class Expectation:
    """What must be sent on `day`. `to` (a role), `person` (a person, a team's inbox or a desk) and `variant` (a text) are
    compared where they are given; `words` must stand in the rendered text: pairs of a language and some words."""

    day: date
    rule: str
    step: str
    to: str | None = None
    variant: str | None = None
    kind: Kind = "prompt"
    person: str | None = None
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Absence:
    """A step that must not be prompted (or of which nothing of that `kind` must be sent), and the reason where one is given."""

    rule: str
    step: str
    because: str | None = None
    kind: Kind = "prompt"


def read_expectation(
    table: Table, rule: str | None, context: Context, steps: StepNames, cast: Cast
) -> Expectation | None:
    """An entry of `expect`; None, and a note, where it cannot be read. `rule` is the one that the test is about, if it is."""
    table = table.only(EXPECT_KEYS, meant=MEANT_EXPECT)
    if table.values.get("text") in steps.texts:
        table.note_wrong_key(
            mark('"{name}" holds words of the rendered text, and this is the name of one'), "text", "variant"
        )
        table = table.renamed("text", "variant")
    day = table.need("day", read_day)
    place = steps.take(table, rule)
    kind = table.take("kind", _kind) or "prompt"
    to = table.take("to", context.role)
    person = table.take("person", cast.named)
    variant = table.take("variant", steps.text)
    words = (*_words(table, "text", "nl"), *_words(table, "text-en", "en"))
    if "text-en" in table and context.languages and "en" not in context.languages:
        table.note_needless(mark("{field}: the organisation has no texts in English"), "text-en")
    if day is None or place is None:
        return None
    return Expectation(day, *place, to, variant, kind, person, words)


MEANT_EXPECT = {
    "on": "day",
    "date": "day",
    "dag": "day",
    "stap": "step",
    "role": "to",
    "rol": "to",
    "who": "person",
    "wie": "person",
    "persoon": "person",
    "worker": "person",
    "inbox": "person",
    "type": "kind",
    "soort": "kind",
    "words": "text",
    "tekst": "text",
    "text-nl": "text",
    "tekst-en": "text-en",
}


def _words(table: Table, key: str, language: str) -> tuple[tuple[str, str], ...]:
    """The words that must stand in the text: one text, or a list of them."""
    written = table.values.get(key)
    if isinstance(written, str) and not written.strip():
        table.note_needless(mark("{field} is empty"), key)
        return ()
    return tuple((language, words) for words in table.items(key, read_text, single=True) or ())


def _kind(value: object) -> Kind:
    word = one_of(KINDS, MEANT_KINDS)(value)
    return next(kind for kind in KINDS if kind == word)


MEANT_KINDS = {
    "mail": "prompt",
    "message": "prompt",
    "digest": "prompt",
    "reminders": "reminder",
    "remind": "reminder",
    "herinnering": "reminder",
    "escalate": "escalation",
    "escalatie": "escalation",
    "opschaling": "escalation",
    "notification": "notice",
    "change": "notice",
    "bericht": "notice",
    "melding": "notice",
}


def read_absence(table: Table, rule: str | None, steps: StepNames) -> Absence | None:
    """An entry of `not`; None, and a note, where it cannot be read."""
    meant = {"why": "because", "reason": "because", "omdat": "because", "type": "kind", "soort": "kind"}
    table = table.only(NOT_KEYS, meant=meant)
    place = steps.take(table, rule)
    kind = table.take("kind", _kind) or "prompt"
    because = _because(table)
    if kind != "prompt" and because is not None:
        table.note_needless(
            mark("{field} says why a prompt is not sent, and nothing about other kinds"), "because"
        )
    return None if place is None else Absence(*place, because, kind)


def _because(table: Table) -> str | None:
    """The reason; one that nobody knows is better left out, since the test holds without it."""
    try:
        return one_of(BECAUSE, MEANT_REASONS)(table.values["because"]) if "because" in table else None
    except Wrong as wrong:
        if wrong.better is not None:
            table.note_value(wrong, "because", table.values["because"])
        else:
            table.note_needless(
                wrong.text, "because", {"value": Toml(table.values["because"]), **wrong.params}
            )
        return None


MEANT_REASONS = {
    "conditions": "condition",
    "voorwaarde": "condition",
    "unless": "condition",
    "when": "condition",
    "moved": "moved-on",
    "transition": "moved-on",
    "expired": "too-late",
    "late": "too-late",
    "since": "before-since",
    "old": "stale",
    STILL_CURRENT[0]: "stale",
    "skip": "skipped",
    "question": "asked",
    "asks": "asked",
    "superseded": "covered",
    "gesloten": "closed",
    "nobody": UNROUTABLE,
    "niemand": UNROUTABLE,
}
