"""The answers that a prompt takes, as buttons with what they ask back: fields for the facts that they record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cti.core.events import Answer, Value
from cti.core.prompts import Stored
from cti.core.rules import Rulebook
from cti.core.vocabulary import AnswerKind, FactKind, FactType, Vocabulary
from cti.engine.answering import NOT_RELEVANT, REASONS, answers_for, typed
from cti.engine.plausible import doubtful
from cti.i18n import mark, say
from cti.sentences import label

FEW = 6
"""Up to so many words to choose from are shown at once; more are folded into a list."""


@dataclass(frozen=True, slots=True)
class Field:
    """A fact to be filled in. `value` is what stands in it, as text; `wrong` says what is wrong with that."""

    name: str
    label: str
    type: FactType
    options: tuple[tuple[str, str], ...] = ()
    required: bool = False
    value: str = ""
    wrong: str = ""

    @property
    def few(self) -> bool:
        return len(self.options) <= FEW


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer: its name, its label, the facts it asks back and those it may be given with."""

    name: str
    label: str
    asks: tuple[Field, ...] = ()
    may: tuple[Field, ...] = ()
    given: bool = False

    @property
    def wrong(self) -> bool:
        return any(field.wrong for field in (*self.asks, *self.may))


@dataclass(frozen=True, slots=True)
class Sent:
    """What was filled in with an answer, and what is wrong with it by the name of the fact."""

    answer: str
    facts: Mapping[str, str]
    wrong: Mapping[str, str]


def choices(
    lang: str, rulebook: Rulebook, row: Stored, last: Answer | None, sent: Sent | None
) -> tuple[Choice, ...]:
    """The answers of the prompt's own set, in their order. The one that was given bears what was given with it."""
    found: list[Choice] = []
    for name, kind in answers_for(rulebook, row).items():
        if kind is NOT_RELEVANT:
            continue
        given = name == row.answer
        values = as_text(dict(last.facts)) if given and last is not None else {}
        mine = sent if sent is not None and sent.answer == name else None
        found.append(choice(lang, kind, rulebook.vocabulary, mine, values, given))
    return tuple(found)


def choice(
    lang: str,
    kind: AnswerKind,
    vocabulary: Vocabulary,
    sent: Sent | None = None,
    values: Mapping[str, str] | None = None,
    given: bool = False,
) -> Choice:
    """An answer with its fields: filled in with what was `sent`, else with `values`."""
    fields = [
        field_of(lang, vocabulary.facts[fact], fact in kind.asks, values or {}, sent)
        for fact in (*kind.asks, *kind.may)
    ]
    asks, may = fields[: len(kind.asks)], fields[len(kind.asks) :]
    return Choice(kind.name, label(lang, kind.label, kind.name), tuple(asks), tuple(may), given)


def reasons(lang: str) -> tuple[tuple[str, str], ...]:
    """Why a prompt may not be relevant."""
    return tuple((name, label(lang, labels, name)) for name, labels in REASONS.items())


def checked(
    lang: str, kind: AnswerKind, given: Mapping[str, str], vocabulary: Vocabulary, today: date
) -> Sent:
    """What was filled in with an answer, without what was left empty, and all that is wrong with it in words."""
    facts = {name: given[name].strip() for name in (*kind.asks, *kind.may) if given.get(name, "").strip()}
    wrong = {name: say(lang, "Fill this in.") for name in kind.asks if name not in facts}
    for name, text in facts.items():
        fact = vocabulary.facts[name]
        value = typed(fact, text)
        if value is None:
            wrong[name] = say(lang, WRONG[fact.type])
        elif (doubt := doubtful(name, value, vocabulary, today)) is not None:
            wrong[name] = as_sentence(doubt.message(lang))
    return Sent(kind.name, facts, wrong)


WRONG: Mapping[FactType, str] = {
    "choice": mark("Choose one of these."),
    "yes/no": mark("Choose yes or no."),
    "date": mark("This is no day. A day is written as 2026-03-16."),
    "number": mark("This is no number."),
}


def as_sentence(text: str) -> str:
    """With a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def as_text(facts: Mapping[str, Value]) -> dict[str, str]:
    """Values as a form holds them."""
    return {name: _text(value) for name, value in facts.items()}


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)


def field_of(
    lang: str, kind: FactKind, required: bool, values: Mapping[str, str], sent: Sent | None
) -> Field:
    """The field for a fact, filled in with what was `sent`, else with `values`."""
    options = tuple((name, label(lang, labels, name)) for name, labels in kind.values.items())
    if kind.type == "yes/no":
        options = (("yes", say(lang, "yes")), ("no", say(lang, "no")))
    return Field(
        kind.name,
        label(lang, kind.label, kind.name),
        kind.type,
        options,
        required,
        value=(sent.facts if sent is not None else values).get(kind.name, ""),
        wrong=sent.wrong.get(kind.name, "") if sent is not None else "",
    )
