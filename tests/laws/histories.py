"""Random histories, made with dice, and a rulebook that meets each mechanism of planning."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from cti.core.events import (
    Assignment,
    Closed,
    Event,
    Expected,
    Fact,
    History,
    Record,
    RecordId,
    Stay,
    Version,
)
from cti.core.rules import (
    AnyOf,
    Changes,
    Delay,
    Entered,
    Is,
    Later,
    Not,
    Older,
    Records,
    Rule,
    Rulebook,
    Situation,
    Within,
)
from tests.core.build import VOCABULARY, delay, enters, expects, rule, step
from tests.laws.dice import Dice, dice

START = date(2026, 1, 1)
"""Both changes of the clock of 2026 lie in the year that follows."""


def at(day: int, hour: int = 12) -> datetime:
    return datetime(START.year, START.month, START.day, hour, tzinfo=UTC) + timedelta(days=day)


def on(day: int) -> date:
    return START + timedelta(days=day)


SITUATIONS = ("crisis-shelter", "long-stay", "own-home", "at-risk", "kept-home")


def rulebook(*more: Rule) -> Rulebook:
    """Rules of every kind, so that a random history meets each mechanism."""
    return Rulebook(VOCABULARY, (*RULES, *more))


RULES = (
    rule(
        "intake",
        enters("crisis-shelter"),
        step("map", 14, when=Not(Within("network-mapped", Delay(6, "months"))), expires=delay(6, "weeks")),
        step(
            "propose",
            delay(1, "weeks"),
            after="map",
            later=Later(Is("trust", ("growing",)), delay(2, "weeks")),
            when=Is("conference", ("declined", "agreed"), negated=True),
            asks="conference",
        ),
    ),
    rule(
        "home",
        enters("own-home"),
        step("week", 7, late="skip"),
        step("month", 28, outlives=True),
        step("often", 3, when=Entered("own-home", 2, delay(6, "months"))),
    ),
    rule("move", enters("long-stay"), step("ask", 7, asks="conference", late="ask")),
    rule(
        "coming",
        expects("own-home", "long-stay"),
        step("before", delay(2, "weeks", before=True), asks="conference"),
        step("now", 1, expires=delay(3, "weeks")),
        since=on(40),
    ),
    rule("held", Records("conference", ("agreed",)), step("call", 14), step("again", 7, after="call")),
    rule(
        "review",
        Records("review-date"),
        step("ahead", delay(1, "weeks", before=True), expires=delay(6), outlives=True),
    ),
    rule("planned", Records("conference-date"), step("day", 0), step("past", 3, outlives=True)),
    rule(
        "change",
        Changes(),
        step("hand", 1, to="previous-worker"),
        step(
            "take",
            5,
            when=AnyOf((Situation(("crisis-shelter",)), Older("network-mapped", delay(2, "weeks")))),
        ),
    ),
)


def a_stay(throw: Dice) -> Event:
    begin = throw.between(0, 240)
    if throw.chance(3):
        return Stay(throw.one(SITUATIONS), on(begin))
    return Stay(throw.one(SITUATIONS), on(begin), on(begin + throw.below(90)), throw.one((None, *SITUATIONS)))


def an_expectation(throw: Dice) -> Event:
    return Expected(throw.one(("own-home", "long-stay")), on(throw.below(250)) if throw.chance(7) else None)


def a_fact(throw: Dice) -> Event:
    day = throw.below(250)
    name = throw.one(("trust", "conference", "network-mapped", "review-date", "conference-date"))
    if name == "trust":
        return Fact(name, throw.one(("growing", "yes", "no")), on(day))
    if name == "conference":
        return Fact(name, throw.one(("agreed", "declined")), on(day))
    return Fact(name, on(day + throw.between(0, 80) - (20 if name == "network-mapped" else 0)), on(day))


def an_assignment(throw: Dice) -> Event:
    return Assignment(on(throw.below(250)), throw.one(("w1", "w2", "w3")))


def a_closing(throw: Dice) -> Event:
    day = throw.below(250)
    until = on(day + throw.between(1, 60)) if throw.chance(3) else None
    return Closed(on(day), throw.one(("closed", "closed", "closed", "deceased", "opted-out")), until)


KINDS: tuple[Callable[[Dice], Event], ...] = (
    *(a_stay, a_stay, a_stay, an_expectation, a_fact, a_fact),
    *(an_assignment, a_closing),
)


def a_record(throw: Dice, ref: str) -> Record:
    """A record that is typed in before, on or after its day, and perhaps corrected, there and back, retracted, typed in again."""
    make = throw.one(KINDS)
    first = make(throw)
    day = getattr(first, "begin", None) or getattr(first, "day", None) or on(throw.below(200))
    known = max(0, (day - START).days + throw.one((0, 1, 9, 35, 50, -20, -60)))
    versions = [Version(first, at(known))]
    for _ in range(throw.one((0, 0, 1, 2, 3))):
        event = throw.one((None, first, make(throw)))
        known += throw.one((0, 2, 15, 60))
        if event != versions[-1].event:
            versions.append(Version(event, at(known, 13 + len(versions))))
    return Record(RecordId("s", ref, "p"), tuple(versions))


def a_history(throw: Dice, most: int = 8, client: str = "c1") -> History:
    return History(client, tuple(a_record(throw, f"r{number}") for number in range(throw.below(most + 1))))


def histories(most: int = 8) -> st.SearchStrategy[History]:
    """A client's whole history."""
    return dice(1 + 14 * most).map(lambda throw: a_history(throw, most))
