"""Reads what happens to the client in a test: a stay, an expectation, a fact, a worker, an answer, a closing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cti.core.events import Assignment, Closed, Event, Expected, Fact, Stay, Value
from cti.i18n import mark
from cti.rulebook.context import Context
from cti.rulebook.stepnames import Place, StepNames
from cti.rulebook.table import Table
from cti.rulebook.words import Wrong, guess_day, listed, nearest, one_of, read_day, read_text

KINDS = ("situation", "expected", "fact", "worker", "team", "answer", "closed")
OF_RECORDS = ("id", "recorded", "retracted")
OF_KIND = {
    "situation": ("until", "destination"),
    "expected": ("on",),
    "fact": ("value",),
    "worker": ("team",),
    "team": ("worker",),
    "answer": ("to", "facts"),
    "closed": ("until",),
}
MEANT = {
    "enters": "situation",
    "stay": "situation",
    "date": "day",
    "begin": "day",
    "dag": "day",
    "end": "until",
    "ends": "until",
    "to-situation": "destination",
    "expects": "expected",
    "close": "closed",
    "known": "recorded",
    "prompt": "to",
    "step": "to",
    "deleted": "retracted",
}
REASONS = ("closed", "deceased", "opted-out")

When = date | datetime
"""A day (noon is meant), or a local time."""


@dataclass(frozen=True)
class Told:
    """What a record says from `recorded` on; None: it was deleted. `by_itself`: nobody wrote that it was recorded then."""

    recorded: When
    event: Event | None
    by_itself: bool = False


@dataclass(frozen=True)
class Answered:
    """A worker's answer to the prompt of a step that was sent last. `facts` are given besides those that it records itself."""

    place: Place
    answer: str
    facts: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True)
class Happening:
    """One line of `events`. `id` names the record (the same id again is the same record, told otherwise); None: its own."""

    day: date
    kind: str
    id: str | None = None
    told: tuple[Told, ...] = ()
    answered: Answered | None = None
    line: int = 0

    @property
    def part(self) -> str:
        """What kind of record this is: a worker and a team are one."""
        return part_of(self.kind)


def part_of(kind: str) -> str:
    """The part of a record that a kind of event makes."""
    return "assignment" if kind in ("worker", "team") else kind


def read_happening(
    table: Table, context: Context, steps: StepNames, before: Sequence[Happening]
) -> Happening | None:
    """One event of a test; None, and a note, where it cannot be read. `before` are the events before it."""
    kinds = [kind for kind in KINDS if kind in table]
    every = (*KINDS, "day", *OF_RECORDS, *(key for keys in OF_KIND.values() for key in keys))
    if not kinds:
        table = table.only(every, meant=MEANT)
        kinds = [kind for kind in KINDS if kind in table]
    if not kinds:
        if all(key in every for key in table.values):
            text = mark("this event says nothing: it takes one of {known}")
            example = next(iter(context.lexicon.vocabulary.situations), None)
            table.note_missing(text, "situation", example, params={"known": listed(KINDS)})
        return None
    kind = kinds[0]
    records = OF_RECORDS if kind != "answer" else ()
    table = table.only((kind, "day", *OF_KIND[kind], *records), meant=MEANT)
    day = table.need("day", read_day, before[-1].day if before else None)
    event = _READERS[kind](table, day or date.min, context)
    line = table.file.value_line(table.path)
    if kind == "answer":
        answered = _answered(table, context, steps)
        return None if day is None or answered is None else Happening(day, kind, None, (), answered, line)
    record = table.take("id", read_text)
    recorded = table.take_or("recorded", _read_when, day)
    retracted = table.take("retracted", _read_when)
    if day is None or event is None or recorded is None:
        return None
    again = record is not None and any((one.id, one.part) == (record, part_of(kind)) for one in before)
    # What is told of a record a second time is told as it stands: the first time, nobody knew the end when it began.
    told = [Told(recorded, event)] if again else _as_it_came(event, recorded)
    if retracted is not None:
        told = [*(version for version in told if _before(version.recorded, retracted)), Told(retracted, None)]
    return Happening(day, kind, record, tuple(told), None, line)


def _as_it_came(event: Event, recorded: When) -> list[Told]:
    """A stay or closing with an end was first recorded without it: nobody knew the end when it began."""
    if isinstance(event, Stay) and event.end is not None and _before(recorded, event.end):
        return [Told(recorded, Stay(event.situation, event.begin)), Told(event.end, event, by_itself=True)]
    if isinstance(event, Closed) and event.until is not None and _before(recorded, event.until):
        return [Told(recorded, Closed(event.day, event.reason)), Told(event.until, event, by_itself=True)]
    return [Told(recorded, event)]


def _before(one: When, other: When) -> bool:
    return _day(one) < _day(other)


def _day(when: When) -> date:
    return when.date() if isinstance(when, datetime) else when


def _read_when(value: object) -> When:
    if isinstance(value, datetime) and value.tzinfo is None:
        return value
    if isinstance(value, datetime):
        raise Wrong(mark("{field} = {value}: a local time has no zone"), better=value.replace(tzinfo=None))
    return read_day(value)


# --- each kind --------------------------------------------------------------------------------------------------------


def _stay(table: Table, day: date, context: Context) -> Event | None:
    situation = table.take("situation", context.lexicon.situation)
    destination = table.take("destination", context.lexicon.situation)
    until = table.take("until", _not_before(day))
    if "destination" in table and "until" not in table:
        table.note_missing(mark("{name} is missing: a destination is known when the stay ends"), "until", day)
    return None if situation is None else Stay(situation, day, until, destination)


def _not_before(day: date) -> Callable[[object], date]:
    def read(value: object) -> date:
        end = read_day(value)
        if end < day:
            raise Wrong(
                mark("{field} = {value}: this ends before it begins"), better=_same_year_after(day, end)
            )
        return end

    return read


def _same_year_after(day: date, end: date) -> date | None:
    """The end a year later, where someone forgot that the year turned."""
    later = guess_day(f"{end.year + 1}-{end.month}-{end.day}")
    return later if later is not None and later >= day else None


def _expected(table: Table, day: date, context: Context) -> Event | None:
    situation = table.take("expected", context.lexicon.situation)
    on = table.take("on", read_day)
    return None if situation is None else Expected(situation, on)


def _fact(table: Table, day: date, context: Context) -> Event | None:
    name = table.take("fact", lambda word: context.lexicon.fact(word, table.values.get("value")))
    kind = context.lexicon.vocabulary.facts.get(name or "")
    if "value" not in table:
        example: object = None
        if kind is not None:
            example = {"choice": next(iter(kind.values), None), "date": day, "number": 1, "yes/no": "yes"}[
                kind.type
            ]
        table.note_missing(mark("{name} is missing: the value of the fact"), "value", example)
        return None
    if name is None or kind is None:
        return None
    value = table.take("value", context.lexicon.value_of(kind))
    return None if value is None else Fact(name, value, day)


def _assignment(table: Table, day: date, context: Context) -> Event | None:
    worker = table.take("worker", read_text)
    team = table.take("team", read_text)
    return None if worker is None and team is None else Assignment(day, worker, team)


def _closed(table: Table, day: date, context: Context) -> Event | None:
    meant = {
        "died": "deceased",
        "dead": "deceased",
        "overleden": "deceased",
        "gesloten": "closed",
        "opt-out": "opted-out",
    }
    value = table.values.get("closed")
    reason = table.take("closed", one_of(REASONS, meant)) if value is not True else "closed"
    until = table.take("until", _not_before(day))
    return None if reason is None else Closed(day, reason, until)


def _nothing(table: Table, day: date, context: Context) -> Event | None:
    return None


_READERS: dict[str, Callable[[Table, date, Context], Event | None]] = {
    "situation": _stay,
    "expected": _expected,
    "fact": _fact,
    "worker": _assignment,
    "team": _assignment,
    "answer": _nothing,
    "closed": _closed,
}


def _answered(table: Table, context: Context, steps: StepNames) -> Answered | None:
    place = table.need("to", steps.place)
    wanted = steps.answer_sets.get(place) if place is not None else None
    answer = table.take("answer", lambda value: _read_answer(value, wanted, context))
    facts = _facts(table, answer, context)
    return None if place is None or answer is None or facts is None else Answered(place, answer, facts)


def _read_answer(value: object, wanted: str | None, context: Context) -> str:
    """An answer, written as SET.ANSWER; it must be one of the set that the step's prompt shows."""
    text = read_text(value)
    sets = context.lexicon.vocabulary.answers
    if context.lexicon.lost:
        return text
    possible = [f"{wanted}.{answer}" for answer in sets.get(wanted or "", ())]
    known = possible or [f"{name}.{answer}" for name, answers in sets.items() for answer in answers]
    if text in known:
        return text
    better = nearest(text, known) or next((name for name in known if name.split(".")[1] == text), None)
    better = known[0] if len(known) == 1 else better
    if better is None:
        raise Wrong(
            mark("{field} = {value}: no answer to this step; possible are {known}"), known=listed(known)
        )
    raise Wrong(mark("{field} = {value}: no answer to this step"), better=better)


def _facts(table: Table, answer: str | None, context: Context) -> tuple[tuple[str, Value], ...] | None:
    """The facts that are given with the answer: those that it asks for must be there, no others than it allows."""
    if answer is None or context.lexicon.lost:
        return None
    name, _, word = answer.partition(".")
    kind = context.lexicon.vocabulary.answers[name][word]
    inside = table.table("facts")
    given = dict(inside.values) if inside is not None else {}
    missing = [fact for fact in kind.asks if fact not in given]
    for fact in missing:
        text = mark('the answer asks for the fact "{name}"')
        example = _example(fact, table, context)
        if inside is not None:
            inside.note_missing(text, fact, example, params={"name": fact})
        else:
            table.note_missing(text, "facts", {fact: example}, params={"name": fact})
    values: list[tuple[str, Value]] = []
    for fact in given if inside is not None else ():
        assert inside is not None
        declared = context.lexicon.vocabulary.facts.get(fact)
        if context.lexicon.unsaid(fact):
            continue
        if fact not in (*kind.asks, *kind.may) or declared is None:
            better = nearest(fact, (*missing, *kind.may))
            inside.note_wrong_key(mark('this answer takes no fact "{name}"'), fact, better)
            continue
        value = inside.take(fact, context.lexicon.value_of(declared))
        if value is not None:
            values.append((fact, value))
    return tuple(values)


def _example(fact: str, table: Table, context: Context) -> object:
    kind = context.lexicon.vocabulary.facts.get(fact)
    if kind is None:
        return "yes"
    return {
        "choice": next(iter(kind.values), "yes"),
        "date": table.values.get("day"),
        "number": 1,
        "yes/no": "yes",
    }[kind.type]
