"""Short ways to write down histories and rules, so that a test reads as the client's story."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from cti.core.calendar import Calendar
from cti.core.events import (
    Answer,
    Assignment,
    Closed,
    Event,
    Expected,
    Fact,
    History,
    Record,
    RecordId,
    Stay,
    Value,
    Version,
)
from cti.core.planner import plan
from cti.core.prompts import Planned
from cti.core.rules import Condition, Delay, Enters, Expects, On, Records, Rule, Rulebook, Step, Unit
from cti.core.vocabulary import FactKind, Vocabulary

CALENDAR = Calendar()
SITUATIONS = (
    "at-risk",
    "kept-home",
    "street",
    "crisis-shelter",
    "long-stay",
    "own-home",
    "institution",
    "unknown",
)
VOCABULARY = Vocabulary(
    situations={name: {"nl": name, "en": name} for name in SITUATIONS},
    facts={
        "trust": FactKind("trust", "choice", {"growing": {}, "yes": {}, "no": {}}),
        "network-mapped": FactKind("network-mapped", "date"),
        "conference": FactKind("conference", "choice", {"agreed": {}, "declined": {}}, lasts_transition=True),
        "conference-date": FactKind("conference-date", "date", lasts_transition=True),
        "review-date": FactKind("review-date", "date", many=True),
        "children": FactKind("children", "number"),
    },
    answers={},
    since=date(2020, 1, 1),
)


def day(text: str) -> date:
    """ "3-2" is 2 March 2026; "2025-12-1" the day it says."""
    numbers = [int(part) for part in text.split("-")]
    return date(*numbers) if len(numbers) == 3 else date(2026, *numbers)


def noon(text: str) -> datetime:
    return datetime(*day(text).timetuple()[:3], 12, tzinfo=UTC)


def local(text: str, hour: int = 9, minute: int = 0) -> datetime:
    """The UTC moment of that wall time in Amsterdam."""
    at = CALENDAR.at(day(text)) + timedelta(hours=hour, minutes=minute)
    return at


def record(ref: str, *versions: tuple[Event | None, str], part: str = "stay", source: str = "s") -> Record:
    return Record(
        RecordId(source, ref, part), tuple(Version(event, noon(known)) for event, known in versions)
    )


def stay(
    ref: str,
    situation: str,
    begin: str,
    end: str | None = None,
    to: str | None = None,
    known: str | None = None,
) -> Record:
    """A stay, recorded at noon of its first day, and its end at noon of its last."""
    opened = Stay(situation, day(begin))
    versions: list[tuple[Event | None, str]] = [(opened, known or begin)]
    if end is not None:
        whole = Stay(situation, day(begin), day(end), to)
        versions.append((whole, max(known or end, end, key=day)))
    return record(ref, *versions)


def expected(ref: str, situation: str, on: str | None, known: str) -> Record:
    return record(ref, (Expected(situation, day(on) if on else None), known), part="expected")


def fact(ref: str, name: str, value: Value, on: str, known: str | None = None) -> Record:
    return record(ref, (Fact(name, value, day(on)), known or on), part="fact")


def worker(ref: str, who: str, on: str, team: str | None = None, known: str | None = None) -> Record:
    return record(ref, (Assignment(day(on), who, team), known or on), part="assignment")


def closed(ref: str, on: str, reason: str = "closed", until: str | None = None) -> Record:
    return record(ref, (Closed(day(on), reason, day(until) if until else None), on), part="closed")


def answer(prompt: str, said: str, at: datetime, **facts: Value) -> Record:
    given = tuple((name.replace("_", "-"), value) for name, value in facts.items())
    event = Answer(prompt, said, at, given)
    return Record(RecordId("cti", prompt, "answer"), (Version(event, at),))


def history(*records: Record, client: str = "c1") -> History:
    return History(client, tuple(sorted(records, key=lambda entry: entry.id)))


def delay(amount: int, unit: Unit = "days", before: bool = False) -> Delay:
    return Delay(amount, unit, before)


def step(
    name: str, due: Delay | int, to: str = "worker", when: Condition | None = None, **more: object
) -> Step:
    due = due if isinstance(due, Delay) else delay(due)
    return Step(name, due, to, f"rule/{name}", when=when, **more)  # type: ignore[arg-type]


def rule(name: str, on: On, *steps: Step, since: date | None = None, was: tuple[str, ...] = ()) -> Rule:
    return Rule(name, {}, {}, on, steps, since=since, was=was)


def enters(*situations: str) -> Enters:
    return Enters(situations)


def expects(*situations: str) -> Expects:
    return Expects(situations)


def records(name: str, *values: Value) -> Records:
    return Records(name, values)


def book(*rules: Rule, vocabulary: Vocabulary = VOCABULARY) -> Rulebook:
    return Rulebook(vocabulary, rules)


def planned(the_history: History, *rules: Rule, calendar: Calendar = CALENDAR) -> dict[str, Planned]:
    """The plan by "rule/step"; where a step answers to several moments, the key has the moment's day behind it."""
    found: dict[str, Planned] = {}
    for entry in plan(the_history, book(*rules), calendar):
        key = f"{entry.rule}/{entry.step}"
        found[f"{key} {entry.day}" if key in found else key] = entry
    return found
