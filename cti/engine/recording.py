"""What a worker enters without a prompt: a move that is expected, and facts. They are events in the same journal as all else.

The records are ours, named by our number of the client and a number that counts on: "1042/fact/3". A correction is another
version of the same record; a later word is another record. Whoever wants to see at once what follows plans the client anew with
`cti.engine.planning.replan_now`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Connection

from cti.core.events import Event, Expected, Fact, History, Reading, Record, RecordId, Value
from cti.core.life import live, situation_at
from cti.core.line import edge_name
from cti.core.rules import Rulebook
from cti.core.vocabulary import Vocabulary
from cti.engine.answering import no_value, not_one_of, typed
from cti.engine.auditing import audit
from cti.engine.plausible import doubtful, doubtful_day
from cti.engine.system import System
from cti.i18n import mark
from cti.problems import Problem, Problems, problem
from cti.sources.settings import OURS
from cti.store import clients, journal
from cti.store.histories import histories

EXPECTED, FACT = "expected", "fact"
"""The middle of a record's reference: what it holds."""

Events = Mapping[RecordId, Event | None]
"""What records are to say; None: nothing any more."""


@dataclass(frozen=True, slots=True)
class Entered:
    """What stands in a record of ours since `known`. `ref` names it, in links too, since it holds our own numbers only."""

    ref: str
    event: Expected | Fact
    known: datetime


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of an entry, and the records (by `ref`) that say it."""

    kind: Literal["done", "already"]
    refs: tuple[str, ...]


def entered(tx: Connection, client: int) -> list[Entered]:
    """What was entered without a prompt for the client with our number, and stands; in the order in which it was."""
    return standing_entries(history_of(tx, client), client)


def expect(
    system: System, rulebook: Rulebook, client: int, situation: str, day: date | None, now: datetime, by: str
) -> Recorded:
    """Records that a move to this situation is expected, on a day where one is known; another day moves it. Raises Problems."""
    calendar, vocabulary = system.config.calendar, rulebook.vocabulary
    with system.database.write() as tx:
        history = history_of(tx, client)
        if situation not in vocabulary.situations:
            text = mark('"{said}" is no situation; it is one of: {words}')
            raise Problems([not_one_of(text, situation, list(vocabulary.situations))])
        if day is not None and day < calendar.day(now):
            text = mark("this day has passed: what has taken place stands in the registration")
            raise Problems([problem(text, field="day")])
        far = doubtful_day(day, calendar.day(now), "day") if day is not None else None
        if far is not None:
            raise Problems([far])
        life = live(history, vocabulary, calendar)
        if situation_at(life.spells, calendar.day(now)) == situation:
            text = mark("the client is there already, by what is registered")
            raise Problems([problem(text, field="situation")])
        expected = {
            name
            for moment in life.moments
            if (moment.kind, moment.what) == ("expects", situation)
            and (moment.end is None or moment.end > now)
            for name in moment.names
        }
        known = (RecordId(OURS, one.ref, EXPECTED) for one in standing_entries(history, client))
        same = (record for record in known if edge_name(record, "expected") in expected)
        record = next(same, None) or RecordId(OURS, next(_unused(history, client, EXPECTED)), EXPECTED)
        return write(tx, system, history, client, {record: Expected(situation, day)}, now, by, "expected")


def record_facts(
    system: System,
    rulebook: Rulebook,
    client: int,
    facts: Mapping[str, str],
    day: date,
    now: datetime,
    by: str,
) -> Recorded:
    """Records facts of a client, as a person types them, that hold from `day`; all of them or none. Raises Problems.

    What was entered for the same day before is corrected, unless days of this fact stand beside one another.
    """
    with system.database.write() as tx:
        history = history_of(tx, client)
        values = values_of(facts, rulebook.vocabulary, day, system.config.calendar.day(now))
        events = facts_on(history, client, values, day, rulebook.vocabulary)
        return write(tx, system, history, client, events, now, by, "recorded")


def correct_fact(
    system: System, rulebook: Rulebook, client: int, ref: str, value: str, day: date, now: datetime, by: str
) -> Recorded:
    """Records that a fact that was entered before is another one, or holds from another day. Raises Problems."""
    with system.database.write() as tx:
        history = history_of(tx, client)
        known = next((one.event for one in standing_entries(history, client) if one.ref == ref), None)
        if not isinstance(known, Fact):
            raise Problems([_gone()])
        today, name = system.config.calendar.day(now), known.name
        values = values_of({name: value}, rulebook.vocabulary, day, today)
        events = {RecordId(OURS, ref, name): Fact(name, values[name], day)}
        return write(tx, system, history, client, events, now, by, "recorded")


def take_out(system: System, client: int, refs: Collection[str], now: datetime, by: str) -> Recorded:
    """Takes expected moves or facts that were entered back, all of them or none. Once more changes nothing. Raises Problems."""
    with system.database.write() as tx:
        history = history_of(tx, client)
        records = [record.id for record in _own(history, client) if record.id.ref in refs]
        if not records or {record.ref for record in records} != set(refs):
            raise Problems([_gone()])
        what = "unexpected" if records[0].part == EXPECTED else "unrecorded"
        return write(tx, system, history, client, dict.fromkeys(records), now, by, what)


def undo(
    system: System, client: int, refs: Collection[str], entered_at: datetime, now: datetime, by: str
) -> Recorded:
    """Takes what was entered at that moment back, right after: what the records said before it they say again. Raises Problems.

    Where something else was entered since then, or this was undone already, nothing changes.
    """
    with system.database.write() as tx:
        history = history_of(tx, client)
        records = [record for record in _own(history, client) if record.id.ref in refs]
        if not records or {record.id.ref for record in records} != set(refs):
            raise Problems([_gone()])
        events = {
            record.id: record.versions[-2].event if len(record.versions) > 1 else None
            for record in records
            if record.versions[-1].known == entered_at
        }
        what = "unexpected" if records[0].id.part == EXPECTED else "unrecorded"
        return write(tx, system, history, client, events, now, by, what)


def history_of(tx: Connection, client: int) -> History:
    """The history of the client with our number. Raises Problems where there is none."""
    if not clients.clients(tx, [client]):
        raise Problems([problem(mark("there is no client {client}"), client=client)])
    [(_, history)] = histories(tx, [client])
    return history


def values_of(facts: Mapping[str, str], vocabulary: Vocabulary, day: date, today: date) -> dict[str, Value]:
    """The values that these texts mean. Raises Problems with all that is wrong."""
    wrong: list[Problem] = []
    found: dict[str, Value] = {}
    kinds = vocabulary.facts
    far = doubtful_day(day, today, "day")
    if day > today:
        wrong.append(problem(mark("what holds from a later day cannot be known yet"), field="day"))
    elif far is not None:
        wrong.append(far)
    for name, text in facts.items():
        kind = kinds.get(name)
        value = typed(kind, text) if kind is not None else None
        if kind is None:
            wrong.append(not_one_of(mark('"{said}" is no fact; it is one of: {words}'), name, list(kinds)))
        elif value is None:
            wrong.append(no_value(kind, text))
        elif (doubt := doubtful(name, value, vocabulary, today)) is not None:
            wrong.append(doubt)
        else:
            found[name] = value
    if wrong:
        raise Problems(wrong)
    return found


def facts_on(
    history: History, client: int, values: Mapping[str, Value], day: date, vocabulary: Vocabulary
) -> Events:
    """The records of ours that are to say these facts of that day: those that speak of them already, or new ones."""
    unused = _unused(history, client, FACT)
    said = [(one.ref, one.event) for one in standing_entries(history, client) if isinstance(one.event, Fact)]
    events: dict[RecordId, Event | None] = {}
    for name, value in values.items():
        fact = Fact(name, value, day)
        on_day = [(ref, event) for ref, event in said if (event.name, event.day) == (name, day)]
        if name in vocabulary.facts and vocabulary.facts[name].many:
            on_day = [(ref, event) for ref, event in on_day if event == fact]
        events[RecordId(OURS, on_day[0][0] if on_day else next(unused), name)] = fact
    return events


def write(
    tx: Connection,
    system: System,
    history: History,
    client: int,
    events: Events,
    now: datetime,
    by: str,
    what: str,
) -> Recorded:
    """Writes what these records say now, and notes who did `what`; nothing where they say it already."""
    readings = [Reading(record, history.client, event, now) for record, event in events.items()]
    added = journal.append(tx, readings, now, system.config.calendar)
    if added.new_versions:
        audit(tx, system, by, what, now, client)
    return Recorded("done" if added.new_versions else "already", tuple(record.ref for record in events))


def standing_entries(history: History, client: int) -> list[Entered]:
    """What was entered without a prompt and stands, by the history of the client with our number."""
    return [
        Entered(record.id.ref, record.event, record.versions[-1].known)
        for record in _own(history, client)
        if isinstance(record.event, Expected | Fact)
    ]


def _own(history: History, client: int) -> list[Record]:
    """The records that were made here for the client, retracted ones too, in the order in which they were made."""
    own = [record for record in history.records if record.id.source == OURS and _number(record, client)]
    return sorted(own, key=lambda record: (record.versions[0].known, _number(record, client)))


def _number(record: Record, client: int) -> int:
    """Which of the client's entries of its kind this is; 0 where it is none."""
    of, _, rest = record.id.ref.partition("/")
    kind, _, number = rest.partition("/")
    return int(number) if of == str(client) and kind in (EXPECTED, FACT) and number.isdecimal() else 0


def _unused(history: History, client: int, kind: str) -> Iterator[str]:
    """References that no record of this kind has had."""
    had = [_number(record, client) for record in _own(history, client) if f"/{kind}/" in record.id.ref]
    number = max(had, default=0)
    while True:
        number += 1
        yield f"{client}/{kind}/{number}"


def _gone() -> Problem:
    return problem(mark("nothing of this kind was entered here"))
