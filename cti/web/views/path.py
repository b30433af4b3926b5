"""The path of a question, such as that of the conference: where it stands, and what may be said next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from cti.core.paths import Leg, Path, questions
from cti.core.rules import Rulebook
from cti.sentences import fact_label, in_words, label
from cti.web.views.answers import Choice, Sent, choice


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the path that was reached, the day it is about, and more in words."""

    title: str
    about: str
    day: date | None


@dataclass(frozen=True, slots=True)
class Along:
    """A question. `under_way`: something follows from what was said. `over`: it was said, and nothing asks any further until the
    next change of situation."""

    question: str
    label: str
    stages: tuple[Stage, ...]
    choices: tuple[Choice, ...]
    """Each named by its answer set and its answer: "requested.day-known"."""
    under_way: bool
    over: bool

    @property
    def wrong(self) -> bool:
        return any(choice.wrong for choice in self.choices)


def along(
    lang: str, paths: Iterable[Path], rulebook: Rulebook, sent: Sent | None = None
) -> tuple[Along, ...]:
    """The questions as they are shown; `sent` is what was filled in with one of their choices."""
    return tuple(_along(lang, path, rulebook, sent) for path in paths)


def is_about(path: Path, question: str | None, rule: str, rulebook: Rulebook) -> bool:
    """Whether a prompt of this rule, with this question of its step, is about the path."""
    sets = questions(rulebook).get(path.question, ())
    asks = {step.asks for one in rulebook.rules for step in one.steps if step.answers in sets}
    return (question is not None and question in asks) or any(leg.rule == rule for leg in path.legs)


def _along(lang: str, path: Path, rulebook: Rulebook, sent: Sent | None) -> Along:
    vocabulary = rulebook.vocabulary
    stages = []
    if path.said is not None:
        said = in_words(lang, path.question, path.said, vocabulary)
        stages.append(Stage(said[:1].upper() + said[1:], "", path.said_on))
    stages += [_stage(lang, leg, rulebook) for leg in path.legs if leg.fact != path.question]
    choices = []
    for one in path.choices:
        name = f"{one.set}.{one.kind.name}"
        mine = sent if sent is not None and sent.answer == name else None
        choices.append(replace(choice(lang, one.kind, vocabulary, mine), name=name))
    under_way = bool(path.legs) and not path.answers
    return Along(
        path.question,
        fact_label(lang, path.question, vocabulary),
        tuple(stages),
        tuple(choices),
        under_way,
        path.said is not None and not under_way,
    )


def _stage(lang: str, leg: Leg, rulebook: Rulebook) -> Stage:
    about = ""
    if leg.value is not None and not isinstance(leg.value, date):
        about = in_words(lang, leg.fact, leg.value, rulebook.vocabulary)
    elif isinstance(leg.value, date):
        about = fact_label(lang, leg.fact, rulebook.vocabulary)
    return Stage(label(lang, leg.title, leg.rule), about, leg.day)
