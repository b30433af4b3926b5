"""Cases for peer review: what was prompted after a transition and what was answered, so that nobody in it can be recognised.

Out of a case go: the client, workers, teams, days (only weeks since the transition are told, after the first month four at a
time), what is known of the client, notes, and whatever happened before. It stays away where fewer than `CROWD` clients had a
transition of its kind in the year, and while something was due in it in the last month. Of the rest a few are drawn by lot.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Literal

from sqlalchemy import Connection

from cti.core.calendar import Calendar
from cti.core.events import Answer
from cti.core.rules import Enters, Rulebook
from cti.engine.answering import NOT_RELEVANT
from cti.sentences import label
from cti.sources.settings import OURS
from cti.store import cases
from cti.store.cases import Told
from cti.web.counting import Words
from cti.web.views.deeds import kinds_of, said_with

YEAR = timedelta(days=365)
REST = timedelta(days=28)
"""A case is told when nothing was due in it for so long: who works on it now would know it."""

CROWD = 10
"""A kind of transition that fewer clients had in the year is told of nobody."""

MOST = 4
"""Cases of one kind of ending."""

LONGEST = timedelta(days=280)
"""A case goes no further than nine months after its transition."""

Ending = Literal["declined", "silent", "conference"]
ENDINGS: tuple[Ending, ...] = ("declined", "silent", "conference")

HELD = ("conference", "held")
"""The fact by which an answer tells that a conference was held, and its value."""


@dataclass(frozen=True, slots=True)
class Line:
    """A prompt in a case: when, which step, what was answered ("" where that was nothing), and the reasons."""

    first_week: int
    last_week: int
    step: str
    answer: str
    reasons: tuple[str, ...]
    passed: bool


@dataclass(frozen=True, slots=True)
class Case:
    """What followed upon one transition. `kind` is the title of the rule that answers to it."""

    ending: Ending
    kind: str
    lines: tuple[Line, ...]


def cases_of(tx: Connection, words: Words, calendar: Calendar, key: bytes, now: datetime) -> list[Case]:
    """Cases of the last year, of each ending a few, in no order that tells anything. `key` draws the lots: it stays the same, so
    that looking again shows no others."""
    since, until = now - YEAR, now - REST
    crowded = {rule for rule, n in cases.clients_by_rule(tx, since).items() if n >= CROWD}
    entering = {rule.id for rule in words.rulebook.rules if isinstance(rule.on, Enters)} & crowded
    notable = _notable(words.rulebook)
    clients = cases.worth_a_talk(tx, [*notable], [rule.id for rule in words.rulebook.rules], since, until)
    drawn = sorted(clients, key=lambda number: _lot(key, f"{number}"))[: 20 * MOST]
    told = cases.told_about(tx, drawn, since, now)
    answers = dict(cases.answers_to(tx, OURS, [one.number for one in told if one.answer is not None]))
    found: dict[Ending, list[Case]] = {ending: [] for ending in ENDINGS}
    for of_case in _apart(told, entering, words.rulebook):
        ending = _ending(of_case, notable)
        if ending is not None and of_case[-1].due <= until and len(found[ending]) < MOST:
            found[ending].append(_case(ending, of_case, answers, words, calendar))
    return [case for ending in ENDINGS for case in found[ending]]


def _notable(rulebook: Rulebook) -> Mapping[str, Ending]:
    """The answers that make a case: a no or a "not relevant", and a conference that was held."""
    found: dict[str, Ending] = {NOT_RELEVANT.name: "declined"}
    for kinds in rulebook.vocabulary.answers.values():
        for name, kind in kinds.items():
            if kind.records.get(HELD[0]) == HELD[1]:
                found[name] = "conference"
            elif kind.records.get(HELD[0]) in ("declined", "not-fitting"):
                found[name] = "declined"
    return found


def _apart(told: Iterable[Told], entering: set[str], rulebook: Rulebook) -> list[list[Told]]:
    """The prompts by client and transition: from the first prompt of a transition's rule until the next transition's."""
    transitions = {rule.id for rule in rulebook.rules if isinstance(rule.on, Enters)}
    found: list[list[Told]] = []
    current: dict[int, list[Told]] = {}
    for one in told:
        case = current.get(one.client)
        if one.rule in transitions and (case is None or one.moment != case[0].moment):
            case = [one]
            current[one.client] = case
            if one.rule in entering:
                found.append(case)
        elif case is not None and one.day >= case[0].day and one.due.date() <= case[0].day + LONGEST:
            case.append(one)
    return found


def _ending(case: Sequence[Told], notable: Mapping[str, Ending]) -> Ending | None:
    """What makes it a case: a conference that was held before a no, a no before silence."""
    endings = {notable[one.answer or ""] for one in case if one.answer in notable}
    for ending in ("conference", "declined"):
        if ending in endings:
            return ending
    return "silent" if any(one.passed for one in case) else None


def _case(
    ending: Ending, case: Sequence[Told], answers: Mapping[int, Answer], words: Words, calendar: Calendar
) -> Case:
    begin = case[0].day
    return Case(
        ending,
        words.rule(case[0].rule),
        tuple(_line(one, begin, answers.get(one.number), words, calendar) for one in case),
    )


def _line(one: Told, begin: date, answer: Answer | None, words: Words, calendar: Calendar) -> Line:
    name = (one.rule, one.step)
    kinds = kinds_of(words.rulebook, name)
    said = one.answer or ""
    if said in kinds:
        said = label(words.lang, kinds[said].label, said)
    reasons = tuple(said_with(name, answer, words)) if answer is not None else ()
    first, last = weeks((calendar.day(one.due) - begin).days)
    return Line(first, last, words.step(*name), said, reasons, one.passed)


def weeks(days: int) -> tuple[int, int]:
    """The weeks since the transition that are told for so many days: each of the first four by itself, then four together."""
    week = max(0, days) // 7 + 1
    if week <= 4:
        return week, week
    first = (week - 1) // 4 * 4 + 1
    return first, first + 3


def _lot(key: bytes, name: str) -> bytes:
    return blake2b(name.encode(), key=key[:64], digest_size=16).digest()
