"""What each rule did in the last weeks, by step, for managers: no count below five, and none from which such a one follows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from cti.core.calendar import Calendar
from cti.core.events import Answer
from cti.core.prompts import STILL_CURRENT
from cti.core.rules import Rulebook
from cti.core.vocabulary import AnswerKind
from cti.engine.answering import NOT_RELEVANT, REASONS
from cti.engine.posting import step_of
from cti.sentences import label
from cti.sources.settings import OURS
from cti.store import deeds, teams
from cti.store.teams import Tally
from cti.web.counting import Words
from cti.workshop.disclosure import is_small, rounded, shown, withheld

PERIODS = (13, 26, 52)
"""The weeks over which it can be counted; the first is what is shown unasked."""

PARTS = ("in_time", "late", "waiting", "passed", "needless")
"""What became of those that were told, in the order in which it is drawn and told."""

WIDTH = 600
"""How long the longest bar is drawn."""

StepName = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a step's prompts as it is drawn."""

    part: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that was given, how often, and the reasons that came with it; None: too few to tell them."""

    label: str
    count: str
    reasons: tuple[tuple[str, str], ...] | None = ()


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one step's prompts, as it may be shown. `parts` and `given` are None where they would tell too much."""

    step: str
    title: str
    told: str
    parts: Mapping[str, str] | None
    too_late: str
    nobody: str
    bars: tuple[Bar, ...]
    given: tuple[Given, ...] | None


@dataclass(frozen=True, slots=True)
class Deeds:
    """The steps of one rule, by its title. `there`: the rule is in force still."""

    rule: str
    title: str
    there: bool
    steps: tuple[Done, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """What is known of all steps, as it is in the database."""

    tallies: Mapping[StepName, Tally]
    answers: Mapping[tuple[StepName, str], int]
    reasons: Mapping[tuple[StepName, str], Counter[str]]
    too_late: Mapping[StepName, int]


def counts_of(tx: Connection, words: Words, calendar: Calendar, weeks: int, now: datetime) -> Counts:
    """What the prompts of the last weeks came to. `words` tell of each answer what it asks back, and in which words."""
    since = calendar.at(calendar.day(now) - timedelta(weeks=weeks))
    found = teams.tallies(tx, None, since, now)
    asking = {
        name
        for kinds in words.rulebook.vocabulary.answers.values()
        for name, kind in kinds.items()
        if kind.asks
    }
    whole = deeds.answers_whole(tx, OURS, {*asking, NOT_RELEVANT.name}, since, now)
    return Counts(
        {(one.rule, one.step): one for one in found},
        deeds.answers_given(tx, since, now),
        _reasons(whole, words),
        deeds.came_too_late(tx, since, now),
    )


def deeds_of(counts: Counts, words: Words) -> list[Deeds]:
    """The rules that did anything, in their order, each with the steps that did."""
    steps = {*counts.tallies, *counts.too_late}
    order = [(rule.id, step.id) for rule in words.rulebook.rules for step in rule.steps]
    place = {name: number for number, name in enumerate(order)}
    ordered = sorted(steps, key=lambda name: (place.get(name, len(place)), name))
    most = max((_length(counts.tallies.get(name)) for name in ordered), default=0)
    return [
        Deeds(
            rule,
            words.rule(rule),
            words.rulebook.rule(rule) is not None,
            tuple(_done(name, counts, words, most) for name in ordered if name[0] == rule),
        )
        for rule in dict.fromkeys(rule for rule, _ in ordered)
    ]


def _done(name: StepName, counts: Counts, words: Words, most: int) -> Done:
    tally = counts.tallies.get(name)
    late = counts.too_late.get(name, 0)
    title = words.step(*name)
    if tally is None or not tally.told:
        nobody = max(0, (tally.nobody if tally is not None else 0) - late)
        return Done(name[1], title, "0", None, shown(late), shown(nobody), (), ())
    parts = {part: int(getattr(tally, part)) for part in PARTS}
    tells = bool(withheld(tally.told, [list(parts.values())]))
    return Done(
        name[1],
        title,
        shown(tally.told),
        None if tells else {part: shown(count) for part, count in parts.items()},
        shown(late),
        shown(max(0, tally.nobody - late)),
        tuple(_bars({"told": tally.told} if tells else parts, most)),
        _given(name, parts["in_time"], parts["late"], counts, words),
    )


def _given(name: StepName, in_time: int, late: int, counts: Counts, words: Words) -> tuple[Given, ...] | None:
    kinds = kinds_of(words.rulebook, name)
    given = {answer: n for (step, answer), n in counts.answers.items() if step == name}
    if withheld(sum(given.values()), [[in_time, late], list(given.values())]):
        return None
    order = {answer: number for number, answer in enumerate(kinds)}
    return tuple(
        Given(
            label(words.lang, kinds[answer].label, answer) if answer in kinds else answer,
            shown(given[answer]),
            _shown_reasons(given[answer], counts.reasons.get((name, answer), Counter())),
        )
        for answer in sorted(given, key=lambda answer: (order.get(answer, len(order)), answer))
    )


def _shown_reasons(count: int, reasons: Counter[str]) -> tuple[tuple[str, str], ...] | None:
    """The reasons, the most frequent first. An answer may have been given with several, or with none."""
    if not reasons:
        return ()
    if is_small(count) or withheld(count, [[*reasons.values(), max(0, count - reasons.total())]]):
        return None
    return tuple((reason, shown(n)) for reason, n in reasons.most_common())


def kinds_of(rulebook: Rulebook, name: StepName) -> Mapping[str, AnswerKind]:
    """The answers that a step takes, in the order in which workers see them."""
    step = step_of(rulebook)(*name)
    answers = STILL_CURRENT[0] if name == STILL_CURRENT else step.answers if step is not None else None
    return {**rulebook.vocabulary.answers.get(answers or "", {}), NOT_RELEVANT.name: NOT_RELEVANT}


def _reasons(
    whole: Iterator[tuple[StepName, Answer]], words: Words
) -> dict[tuple[StepName, str], Counter[str]]:
    """How often each reason was given with each answer, in the reader's words."""
    found: dict[tuple[StepName, str], Counter[str]] = {}
    for name, answer in whole:
        found.setdefault((name, answer.answer), Counter()).update(said_with(name, answer, words))
    return found


def said_with(name: StepName, answer: Answer, words: Words) -> Iterator[str]:
    """The reasons that were chosen with an answer, in the reader's words; nothing else of what was said with it."""
    if answer.answer == NOT_RELEVANT.name:
        # A note in one's own words may name someone; only our own reasons are counted.
        if answer.note is not None and answer.note in REASONS:
            yield label(words.lang, REASONS[answer.note], answer.note)
        return
    kind = kinds_of(words.rulebook, name).get(answer.answer)
    facts = words.rulebook.vocabulary.facts
    for fact, value in answer.facts:
        if kind is not None and fact in kind.asks and fact in facts and facts[fact].type == "choice":
            yield label(words.lang, facts[fact].values.get(str(value), {}), str(value))


def _length(tally: Tally | None) -> int:
    return sum(rounded(getattr(tally, part)) for part in PARTS) if tally is not None else 0


def _bars(parts: Mapping[str, int], most: int) -> Iterator[Bar]:
    x = 0.0
    for part, count in parts.items():
        if count:
            width = WIDTH * rounded(count) / max(most, 1)
            yield Bar(part, round(x, 1), round(width, 1))
            x += width


def rows_of(found: Sequence[Deeds]) -> Iterator[tuple[str, ...]]:
    """The table to take along: rule, step, told, each part, too late, reached nobody."""
    for rule in found:
        for step in rule.steps:
            parts = step.parts or {}
            told = (step.told, *(parts.get(part, "") for part in PARTS))
            yield rule.title, step.title, *told, step.too_late, step.nobody
