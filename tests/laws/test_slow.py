"""The core reads line, names, facts and working days as the slow reading does, whatever is registered."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given

from cti.core.calendar import Calendar
from cti.core.events import Answer, Closed, Event, Fact, History, Record, RecordId, Stay, Value, Version
from cti.core.facts import values_at
from cti.core.life import live
from cti.core.rules import Delay, Unit
from cti.core.spells import spells
from tests.core.build import VOCABULARY
from tests.laws import slow
from tests.laws.dice import Dice, dice, many
from tests.second.days import distance, rolled
from tests.second.facts import changes, holds
from tests.second.line import Step, answers_to, where

START = date(2026, 3, 1)
PLACES = ("crisis-shelter", "street", "own-home")
GAPS = (14, 3, 0)
ZONES = ("Europe/Amsterdam", "America/Vancouver", "Africa/Monrovia", "Pacific/Auckland")


def on(number: int) -> date:
    return START + timedelta(days=number)


def at(number: int, hour: int = 12) -> datetime:
    return datetime(START.year, START.month, START.day, hour, tzinfo=UTC) + timedelta(days=number)


def a_stay(throw: Dice, days: int) -> Stay:
    begin = throw.below(days)
    if throw.chance(3):
        return Stay(throw.one(PLACES), on(begin))
    end = begin + throw.below(25) - throw.chance(1)
    return Stay(throw.one(PLACES), on(begin), on(end), throw.one((None, *PLACES)))


def versions(throw: Dice, first: Event, again: list[Event]) -> tuple[Version, ...]:
    """The first version, and up to two more: corrected, there and back, retracted, brought back."""
    told: list[Event | None] = [first]
    for _ in range(throw.below(3)):
        told.append(throw.one((None, first, *again)))
    known = throw.below(60)
    found: list[Version] = []
    for event in told:
        if not found or event != found[-1].event:
            found.append(Version(event, at(known)))
            known += throw.below(30)
    return tuple(found)


def stays(throw: Dice, most: int = 5, days: int = 50) -> list[Record]:
    found = []
    for number in range(throw.below(most + 1)):
        told = versions(throw, a_stay(throw, days), [a_stay(throw, days)])
        found.append(Record(RecordId("s", throw.one(("9", "10", "a")) + str(number), "stay"), told))
    return found


def closings(throw: Dice) -> list[Record]:
    found = []
    for number in range(throw.below(3)):
        day, reason = throw.below(60), throw.one(("closed", "closed", "deceased", "opted-out"))
        until = on(day + throw.below(30)) if throw.chance(3) else None
        told = (Version(Closed(on(day), reason, until), at(day)),)
        found.append(Record(RecordId("s", f"c{number}", "closed"), told))
    return found


@given(dice(60))
@many(1500)
def test_the_line_and_its_spells(throw: Dice) -> None:
    gap, records = throw.one(GAPS), stays(throw)
    read = [Step(s.begin, s.end, s.origin, s.situation, s.name) for s in spells(records, gap)]
    assert read == slow.steps(records, gap)


@given(dice(70))
@many(1000)
def test_the_line_of_a_file_that_is_closed_and_opened(throw: Dice) -> None:
    gap, records = throw.one(GAPS), [*closings(throw), *stays(throw, most=4)]
    read = [Step(s.begin, s.end, s.origin, s.situation, s.name) for s in spells(records, gap)]
    assert read == slow.steps(records, gap)


@given(dice(60))
@many(1000)
def test_a_spell_answers_to_what_says_it_and_to_what_lies_around_its_beginning_and_to_nothing_else(
    throw: Dice,
) -> None:
    gap, records = throw.one(GAPS), stays(throw)
    edges, steps = slow.edges(records), slow.steps(records, gap)
    for spell, step in zip(spells(records, gap), steps, strict=True):
        assert set(spell.names) == slow.names_of(step, steps, edges, gap)
        by_letter = answers_to(step, edges, gap)
        own = {e.known for e in edges if e.name == step.name and (e.live or e.situation == step.situation)}
        known = own | {edge.known for edge in by_letter}
        here = where(slow.told(records), step.day)
        if here is not None and here.how == "stay" and step.name.endswith(":ended"):  # a return
            known |= {e.known for e in edges if e.name == step.name}
        assert spell.known == min(known)


def facts(throw: Dice, calendar: Calendar) -> list[Record]:
    """Recordings of one fact by exports and by answers, corrected and retracted."""
    words = ("agreed", "declined")
    found = []
    for number in range(throw.below(6)):
        if throw.chance(4):
            told: list[Event] = []
            for _ in range(2):
                when = at(throw.below(60), throw.below(24))
                given: tuple[tuple[str, Value], ...] = (("conference", throw.one(words)),)
                told.append(Answer("r/s/x", "said", when, given if throw.chance(8) else ()))
            found.append(Record(RecordId("cti", f"p{number}", "answer"), versions(throw, told[0], told[1:])))
        else:
            two: list[Event] = [Fact("conference", throw.one(words), on(throw.below(60))) for _ in range(2)]
            found.append(Record(RecordId("s", f"f{number}", "fact"), versions(throw, two[0], two[1:])))
    return found


@given(dice(110))
@many(1000)
def test_facts_and_their_lifetimes(throw: Dice) -> None:
    calendar = Calendar(timezone=throw.one(ZONES))
    records = [*facts(throw, calendar), *stays(throw, most=3)]
    history = History("c1", tuple(sorted(records, key=lambda record: record.id)))
    life = live(history, VOCABULARY, calendar)
    transitions = [calendar.at(step.day) for step in slow.steps(history.records, VOCABULARY.gap)[1:]]
    said = slow.recordings(history.records, "conference", calendar.at)
    for number in range(0, 100):
        for moment in (calendar.at(on(number)), calendar.at(on(number)) + timedelta(hours=15)):
            slowly = holds(said, moment, transitions, VOCABULARY.gap, lasts=True)
            assert values_at(("conference",), life.facts, moment) == {"conference": slowly}
    changed = changes(said, transitions, VOCABULARY.gap, lasts=True)
    recorded = [moment for moment in life.moments if moment.kind == "records"]
    assert sorted((m.name, m.value) for m in recorded) == sorted((one.name, one.value) for one in changed)


UNITS: tuple[Unit, ...] = ("days", "working days", "weeks", "months")


@given(dice(40))
@many(1000)
def test_working_days_and_delays(throw: Dice) -> None:
    weekdays = frozenset(number for number in range(7) if throw.chance(6)) or frozenset({2})
    free = frozenset(on(throw.below(120) - 60) for _ in range(throw.below(12)))
    calendar = Calendar(country="", weekdays=weekdays, closing_days=free)

    def works(day: date) -> bool:
        return day.weekday() in weekdays and day not in free

    for _ in range(5):
        day, amount, unit = on(throw.below(60) - 30), throw.below(20), throw.one(UNITS)
        before = throw.chance(5)
        found = calendar.add(day, Delay(amount, unit, before))
        assert found == distance(day, -amount if before else amount, unit, works)
        assert calendar.roll(found, before) == rolled(found, before, works)


def test_dutch_holidays_are_days_on_which_nobody_works() -> None:
    """Those of 2026 by hand: New Year, Good Friday, Easter, King's Day, Ascension, Whitsun, Christmas."""
    free = {(1, 1), (4, 3), (4, 5), (4, 6), (4, 27), (5, 14), (5, 24), (5, 25), (12, 25), (12, 26)}
    calendar = Calendar()
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    works = {day for day in days if day.weekday() < 5 and (day.month, day.day) not in free}
    assert {day for day in days if calendar.works(day)} == works
