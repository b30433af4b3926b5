"""The paths of a client's questions (such as that of the conference), and what a worker says along them without a prompt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import Connection

from cti.core.calendar import Calendar
from cti.core.events import History
from cti.core.life import live
from cti.core.paths import Path, paths
from cti.core.rules import Rulebook
from cti.engine.answering import facts_given
from cti.engine.recording import Recorded, facts_on, history_of, write
from cti.engine.system import System
from cti.i18n import mark
from cti.problems import Problem, Problems, problem


def paths_of(
    tx: Connection, rulebook: Rulebook, calendar: Calendar, client: int, now: datetime
) -> tuple[Path, ...]:
    """Where the questions stand for the client with our number. Raises Problems where there is none."""
    return _paths(history_of(tx, client), rulebook, calendar, now)


def say_on_path(
    system: System,
    rulebook: Rulebook,
    client: int,
    answers: str,
    word: str,
    facts: Mapping[str, str],
    day: date,
    now: datetime,
    by: str,
) -> Recorded:
    """Records what an answer of the vocabulary (by its set and its name) records, as of `day`, where the path leads to it now.

    `facts` are those that it asks for, as a person types them. The same again changes nothing. Raises Problems.
    """
    calendar, vocabulary = system.config.calendar, rulebook.vocabulary
    with system.database.write() as tx:
        history = history_of(tx, client)
        kind = vocabulary.answers.get(answers, {}).get(word)
        if kind is None:
            raise Problems([_not_now()])
        if day > calendar.day(now):
            text = mark("what holds from a later day cannot be known yet")
            raise Problems([problem(text, field="day")])
        events = facts_on(history, client, dict(facts_given(kind, facts, vocabulary, day)), day, vocabulary)
        said = {record.id: record.event for record in history.records}
        again = all(said.get(record) == event for record, event in events.items())
        choices = [choice for path in _paths(history, rulebook, calendar, now) for choice in path.choices]
        if not again and (answers, word) not in {(choice.set, choice.kind.name) for choice in choices}:
            raise Problems([_not_now()])
        return write(tx, system, history, client, events, now, by, "recorded")


def _paths(history: History, rulebook: Rulebook, calendar: Calendar, now: datetime) -> tuple[Path, ...]:
    return paths(live(history, rulebook.vocabulary, calendar), rulebook, calendar, now)


def _not_now() -> Problem:
    return problem(mark("this can no longer be said here: look again where it stands"))
