"""What dates alone say about critical time intervention after a move: an entry that a rule follows in phases. What is not
registered counts as unknown, never as not done.

Critical time intervention: a limited time around a critical move (about nine months, in three phases), begun before it where that
can be, with contact that gets less and a network that takes over (https://www.criticaltime.org/cti-model/).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from cti.core.calendar import Calendar
from cti.core.events import Expected, History
from cti.core.life import Life, live
from cti.core.phases import followed, phases, rules_with_phases
from cti.core.rules import Rule, Rulebook
from cti.core.spells import Spell

NETWORK = (
    "network-mapped",
    "handed-over",
    "conference-asked",
    "conference-date",
    "review-date",
    "plan-checked",
)
"""The date facts that say that there was work with the network on a day."""

FIRST = timedelta(days=28)
"""Within this time of the move there is to be work with the network."""

MOVES = timedelta(days=548)
"""Moves of the last year and a half are counted, so that most of them have had their time."""

Name = Literal["foreseen", "network", "phase", "kept"]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of each move that a rule (by its id) follows; `phase` is the id of the one that it is about, "" of none."""

    rule: str
    name: Name
    phase: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A question about moves: of how many the answer can be known by now, and of how many of these dates say yes."""

    question: Question
    known: int
    yes: int


def questions(rule: Rule) -> tuple[Question, ...]:
    """The questions about moves that the rule follows, in their order."""
    of_phases = (Question(rule.id, "phase", phase.id) for phase in rule.phases)
    return Question(rule.id, "foreseen"), Question(rule.id, "network"), *of_phases, Question(rule.id, "kept")


def fidelity(
    histories: Iterable[History], rulebook: Rulebook, calendar: Calendar, today: date
) -> tuple[Item, ...]:
    """The questions of the rules with phases, over all moves of the last year and a half that they follow.

    Where a client stood when registration began is no move, and neither is a return to the same situation.
    """
    rules = list(rules_with_phases(rulebook))
    answers: dict[Question, list[bool]] = {asked: [] for rule in rules for asked in questions(rule)}
    for history in histories:
        life = live(history, rulebook.vocabulary, calendar)
        for rule in rules:
            for spell in followed(rule, life):
                new = spell.origin not in (None, spell.situation)
                if new and today - MOVES <= spell.begin <= today:
                    for asked, yes in judged(rule, spell, life, history, calendar, today):
                        answers[asked].append(yes)
    return tuple(Item(asked, len(said), sum(said)) for asked, said in answers.items())


def judged(
    rule: Rule, move: Spell, life: Life, history: History, calendar: Calendar, today: date
) -> Iterator[tuple[Question, bool]]:
    """The questions of which the answer can be known by now, with what the dates say.

    A phase is judged when it is over and the client was there all through it; "kept" (the file stayed open through all phases)
    when they are over, or the file was closed before.
    """
    yield Question(rule.id, "foreseen"), _foreseen(move, history, calendar)
    network = _network_days(life, calendar)
    if today >= move.begin + FIRST:
        yield (
            Question(rule.id, "network"),
            any(move.begin <= day < move.begin + FIRST for day in network),
        )
    touched = [*network, *(calendar.day(answer.at) for answer in life.answers)]
    over = move.begin
    for one in phases(rule, move.begin, calendar):
        over = one.end
        if one.end <= today and (move.end is None or one.end <= move.end):
            yield (
                Question(rule.id, "phase", one.phase.id),
                any(one.begin <= day < one.end for day in touched),
            )
    shut = [calendar.day(one.begin) for one in life.shut]
    early = any(move.begin <= day < min(over, move.end or over) for day in shut)
    if early or (over <= today and (move.end is None or over <= move.end)):
        yield Question(rule.id, "kept"), not early


def _foreseen(move: Spell, history: History, calendar: Calendar) -> bool:
    """Whether the move was registered as expected before its day."""
    return any(
        isinstance(version.event, Expected)
        and version.event.situation == move.situation
        and move.begin - timedelta(days=365) <= calendar.day(version.known) < move.begin
        for record in history.records
        for version in record.versions
    )


def _network_days(life: Life, calendar: Calendar) -> list[date]:
    """The days on which there was work with the network, as far as facts say."""
    return [
        held.value if isinstance(held.value, date) else calendar.day(held.at)
        for fact in NETWORK
        for held in life.facts.get(fact, ())
    ]
