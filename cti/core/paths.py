"""The path of a question that is put once at each transition, such as whether to hold a conference: where it stands, and what may
be said next. Worked out from what rules and vocabulary declare; no word of either is known here.

A question is a choice fact that lasts a transition and that an answer to a step that `asks` records. From its answers the path
leads on by the rules that answer to what was recorded: each that fits what holds now is a leg, and the answers of its steps are
what may be said next. So a no, after which no rule asks anything, ends the path until the next transition.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from cti.core.calendar import Calendar
from cti.core.conditions import compile_condition, facts_of
from cti.core.events import Value
from cti.core.facts import held_by
from cti.core.life import Life
from cti.core.moments import Moment, around, moment_day
from cti.core.program import answers
from cti.core.rules import Records, Rule, Rulebook, Step
from cti.core.steps import shut_at
from cti.core.vocabulary import AnswerKind, Labels


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that may be said: an answer of the vocabulary, by the name of its answer set."""

    set: str
    kind: AnswerKind


@dataclass(frozen=True, slots=True)
class Leg:
    """A part of the path that the client is on: by which rule, what was recorded, the day it is about, and what may be said."""

    rule: str
    title: Labels
    fact: str
    value: Value | None
    day: date
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """Where a question stands at the client's present transition.

    `question` is its fact; `said` what was said to it (None: nothing yet) and `said_on` when. `answers` is what may be said to it
    now, empty while a leg of this transition goes on from what was said. The last of the `legs` is where the path stands.
    """

    question: str
    said: Value | None
    said_on: date | None
    answers: tuple[Choice, ...]
    legs: tuple[Leg, ...]

    @property
    def choices(self) -> tuple[Choice, ...]:
        """All that may be said now, the latest leg's first."""
        found = [choice for leg in reversed(self.legs) for choice in leg.choices] + [*self.answers]
        return tuple({(choice.set, choice.kind.name): choice for choice in found}.values())


def paths(life: Life, rulebook: Rulebook, calendar: Calendar, now: datetime) -> tuple[Path, ...]:
    """The paths that the rules have, as they stand for a client; none while the file is closed."""
    if shut_at(life, now):
        return ()
    return tuple(
        _path(question, sets, life, rulebook, calendar, now) for question, sets in questions(rulebook).items()
    )


def questions(rulebook: Rulebook) -> Mapping[str, tuple[str, ...]]:
    """The questions of the rules by their facts, each with the answer sets of the steps that put it."""
    vocabulary = rulebook.vocabulary
    found: dict[str, dict[str, None]] = {}
    for step in _steps(rulebook.rules):
        if step.asks is None or step.answers is None:
            continue
        for kind in vocabulary.answers.get(step.answers, {}).values():
            for fact in kind.records:
                declared = vocabulary.facts.get(fact)
                if declared is not None and declared.type == "choice" and declared.lasts_transition:
                    found.setdefault(fact, {})[step.answers] = None
    return {fact: tuple(sets) for fact, sets in found.items()}


def facts_on_paths(rulebook: Rulebook) -> frozenset[str]:
    """The facts that paths are about: their questions, what an answer along them records or asks for, and what their rules answer
    to. They are said on the path, not by themselves."""
    found: set[str] = set()
    for question, sets in questions(rulebook).items():
        rules = _rules(question, sets, rulebook)
        found |= {question} | {rule.on.fact for rule in rules if isinstance(rule.on, Records)}
        for name in (*sets, *(step.answers for step in _steps(rules) if step.answers is not None)):
            for kind in rulebook.vocabulary.answers.get(name, {}).values():
                found |= {*kind.records, *kind.asks}
    return frozenset(found)


def _path(
    question: str, sets: Iterable[str], life: Life, rulebook: Rulebook, calendar: Calendar, now: datetime
) -> Path:
    held = held_by(life.facts.get(question, ()), now)
    legs = list(_legs(question, sets, life, rulebook, calendar, now))
    _, transition = around(now, life.spells, calendar)
    going_on = held is not None and any(moment.transition == transition for moment, _ in legs)
    return Path(
        question,
        held.value if held is not None else None,
        calendar.day(held.at) if held is not None else None,
        () if going_on else tuple(_choices(sets, rulebook)),
        tuple(leg for _, leg in legs),
    )


def _legs(
    question: str, sets: Iterable[str], life: Life, rulebook: Rulebook, calendar: Calendar, now: datetime
) -> Iterator[tuple[Moment, Leg]]:
    """The legs that the client is on, in the order in which they were entered upon."""
    rules = _rules(question, sets, rulebook)
    for moment in sorted(life.moments, key=lambda one: (one.known, moment_day(one, calendar))):
        if moment.kind != "records" or moment.known > now:
            continue
        for rule in rules:
            if isinstance(rule.on, Records) and rule.on.fact == moment.what and answers(rule, moment):
                steps = [
                    step
                    for step in _in_time(rule, moment, calendar, now)
                    if _fits(step, moment, life, calendar, now)
                ]
                if steps:
                    said = _choices([step.answers for step in steps if step.answers], rulebook)
                    day = moment_day(moment, calendar)
                    yield moment, Leg(rule.id, rule.title, moment.what, moment.value, day, tuple(said))


def _rules(question: str, sets: Iterable[str], rulebook: Rulebook) -> list[Rule]:
    """The rules that the path leads along: they answer to what was recorded on it, and look at the question."""
    reached = {question} | {fact for name in sets for fact in _facts_in(name, rulebook)}
    found: dict[str, Rule] = {}
    while True:
        new = [
            rule
            for rule in rulebook.rules
            if rule.id not in found
            and not rule.off
            and isinstance(rule.on, Records)
            and rule.on.fact in reached
            and _looks_at(rule, question)
        ]
        if not new:
            return list(found.values())
        found |= {rule.id: rule for rule in new}
        named = {step.answers for step in _steps(new) if step.answers is not None}
        reached |= {fact for name in named for fact in _facts_in(name, rulebook)}


def _looks_at(rule: Rule, question: str) -> bool:
    own = isinstance(rule.on, Records) and rule.on.fact == question
    return own or any(step.when is not None and question in facts_of(step.when) for step in rule.steps)


def _in_time(rule: Rule, moment: Moment, calendar: Calendar, now: datetime) -> Iterable[Step]:
    """The steps whose time it is: what comes before a day, until that day; the others from then on, if there are such."""
    ahead = [step for step in rule.steps if step.due.before]
    if not ahead:
        return rule.steps
    return (
        ahead
        if calendar.day(now) < moment_day(moment, calendar)
        else [s for s in rule.steps if s not in ahead]
    )


def _fits(step: Step, moment: Moment, life: Life, calendar: Calendar, now: datetime) -> bool:
    """Whether the step's moment still stands and its condition holds."""
    stands = step.outlives or moment.end is None or now < moment.end
    return stands and (step.when is None or compile_condition(step.when, calendar)(life, now))


def _choices(sets: Iterable[str], rulebook: Rulebook) -> Iterator[Choice]:
    """The answers of these sets that record something: the others say something to a prompt only."""
    for name in dict.fromkeys(sets):
        for kind in rulebook.vocabulary.answers.get(name, {}).values():
            if kind.records or kind.asks or kind.may:
                yield Choice(name, kind)


def _facts_in(name: str, rulebook: Rulebook) -> Iterator[str]:
    for kind in rulebook.vocabulary.answers.get(name, {}).values():
        yield from (*kind.records, *kind.asks, *kind.may)


def _steps(rules: Iterable[Rule]) -> Iterator[Step]:
    return (step for rule in rules for step in rule.steps)
