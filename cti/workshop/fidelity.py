"""What dates alone say about critical time intervention after a move to an own home. What is not registered counts as unknown,
never as not done.

Critical time intervention: a limited time around a critical move (about nine months, in three phases of three), begun before it
where that can be, with contact that gets less and a network that takes over (https://www.criticaltime.org/cti-model/).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from cti.core.calendar import Calendar, add_months
from cti.core.events import Expected, History
from cti.core.life import Life, live
from cti.core.spells import Spell
from cti.core.vocabulary import Vocabulary

HOME = "own-home"
"""The situation whose beginning is the move."""

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

PHASES = 3
PHASE_MONTHS = 3

MOVES = timedelta(days=548)
"""Moves of the last year and a half are counted, so that most of them have had their nine months."""

ITEMS = ("foreseen", "network", "phase-1", "phase-2", "phase-3", "kept")


@dataclass(frozen=True, slots=True)
class Item:
    """A question about moves: of how many the answer can be known by now, and of how many of these dates say yes."""

    name: str
    known: int
    yes: int


def fidelity(
    histories: Iterable[History], vocabulary: Vocabulary, calendar: Calendar, today: date
) -> tuple[Item, ...]:
    """The questions in their order, over all moves of the last year and a half."""
    answers: dict[str, list[bool]] = {item: [] for item in ITEMS}
    if HOME not in vocabulary.situations:
        return ()
    for history in histories:
        life = live(history, vocabulary, calendar)
        for spell in life.spells:
            if (
                spell.situation == HOME
                and spell.origin not in (None, HOME)
                and today - MOVES <= spell.begin <= today
            ):
                for item, yes in judged(spell, life, history, calendar, today):
                    answers[item].append(yes)
    return tuple(Item(item, len(said), sum(said)) for item, said in answers.items())


def judged(
    move: Spell, life: Life, history: History, calendar: Calendar, today: date
) -> Iterator[tuple[str, bool]]:
    """The questions of which the answer can be known by now, with what the dates say.

    A phase is judged when it is over and the client lived there all through it; "kept" (the file stayed open for nine
    months) when the nine months are over, or the file was closed before.
    """
    yield "foreseen", _foreseen(move, history, calendar)
    network = _network_days(life, calendar)
    if today >= move.begin + FIRST:
        yield "network", any(move.begin <= day < move.begin + FIRST for day in network)
    touched = [*network, *(calendar.day(answer.at) for answer in life.answers)]
    for phase in range(PHASES):
        begin, end = (add_months(move.begin, PHASE_MONTHS * number) for number in (phase, phase + 1))
        if end <= today and (move.end is None or end <= move.end):
            yield f"phase-{phase + 1}", any(begin <= day < end for day in touched)
    over = add_months(move.begin, PHASES * PHASE_MONTHS)
    shut = [calendar.day(one.begin) for one in life.shut]
    early = any(move.begin <= day < min(over, move.end or over) for day in shut)
    if early or (over <= today and (move.end is None or over <= move.end)):
        yield "kept", not early


def _foreseen(move: Spell, history: History, calendar: Calendar) -> bool:
    """Whether the move was registered as expected before its day."""
    return any(
        isinstance(version.event, Expected)
        and version.event.situation == HOME
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
