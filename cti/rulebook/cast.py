"""Reads who plays in a test: the people with their working days, absences and teams, and the names that prompts may go to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from cti.core.events import Assignment
from cti.core.people import WEEKDAYS, Away, Person, Role
from cti.i18n import mark
from cti.rulebook.context import Context
from cti.rulebook.happening import Happening
from cti.rulebook.table import Table
from cti.rulebook.words import Wrong, listed, nearest, one_of, read_day, read_text

PERSON_KEYS = ("id", "works", "away", "team", "role")
AWAY_KEYS = ("from", "until", "deputy")
ROLES: tuple[Role, ...] = ("worker", "team-lead")
"""The roles that prompts go to; who has another one gets none."""

TEAM = "team"
"""The team of everybody in a test that names none; its inbox bears the same name."""

MEANT_KEYS = {
    "name": "id",
    "naam": "id",
    "person": "id",
    "days": "works",
    "working-days": "works",
    "werkt": "works",
    "absent": "away",
    "absence": "away",
    "absences": "away",
    "afwezig": "away",
    "leave": "away",
    "rol": "role",
}
MEANT_AWAY = {
    "first": "from",
    "start": "from",
    "begin": "from",
    "since": "from",
    "van": "from",
    "vanaf": "from",
    "last": "until",
    "end": "until",
    "to": "until",
    "tot": "until",
    "tot-en-met": "until",
    "t/m": "until",
    "replacement": "deputy",
    "substitute": "deputy",
    "vervanger": "deputy",
    "waarnemer": "deputy",
}
MEANT_DAYS = {
    written: day
    for day, words in zip(
        WEEKDAYS,
        (
            ("ma", "maandag", "monday", "mo"),
            ("di", "dinsdag", "tuesday", "tu", "tues"),
            ("wo", "woensdag", "wednesday", "we"),
            ("do", "donderdag", "thursday", "th", "thur", "thurs"),
            ("vr", "vrijdag", "friday", "fr"),
            ("za", "zaterdag", "saturday", "sa"),
            ("zo", "zondag", "sunday", "su"),
        ),
        strict=True,
    )
    for written in words
}
MEANT_ROLES = {
    "medewerker": "worker",
    "begeleider": "worker",
    "lead": "team-lead",
    "leader": "team-lead",
    "teamlead": "team-lead",
    "teamleider": "team-lead",
}


@dataclass(frozen=True)
class Cast:
    """Everybody in a test. `people` None: the test names none, and each worker of its events is there on all working days.

    `teams` are those that anybody or anything in the test names, `workers` those of its events; `desks` are the config's.
    """

    people: tuple[Person, ...] | None
    workers: tuple[str, ...]
    teams: tuple[str, ...]
    desks: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Who may be named as the one that a prompt goes to: a person, a team (its inbox), a desk."""
        people = self.workers if self.people is None else tuple(person.id for person in self.people)
        return tuple(dict.fromkeys((*people, *(self.teams or (TEAM,)), *self.desks)))

    def named(self, value: object) -> str:
        """Reads one of these names."""
        text = read_text(value)
        if text in self.names:
            return text
        better = nearest(text, self.names)
        if better is None:
            said = mark("{field} = {value}: nobody in this test is called that; there are {known}")
            raise Wrong(said, known=listed(self.names))
        raise Wrong(mark("{field} = {value}: nobody in this test is called that"), better=better)


def read_cast(
    table: Table, events: Iterable[Table], happenings: Sequence[Happening], context: Context
) -> Cast:
    """The people of a test, and who else can be prompted in it. `events` and `happenings` are the test's, as written and read."""
    assigned = [told.event for one in happenings for told in one.told if isinstance(told.event, Assignment)]
    workers = tuple(dict.fromkeys(event.worker for event in assigned if event.worker is not None))
    people = _people(table) if table.values.get("people") else None
    named = (*(person.team for person in people or ()), *(event.team for event in assigned))
    teams = tuple(dict.fromkeys(team for team in named if team is not None))
    if people is not None:
        _note_strangers(events, [person.id for person in people])
    return Cast(people, workers, teams, tuple(context.roles or ()))


def _people(table: Table) -> tuple[Person, ...]:
    entries = list(table.tables("people"))
    ids = [entry.values["id"] for entry in entries if isinstance(entry.values.get("id"), str)]
    people: list[Person] = []
    for entry in entries:
        person = _person(entry, ids)
        if person is not None and any(other.id == person.id for other in people):
            free = next(f"{person.id}-{n}" for n in range(2, len(ids) + 3) if f"{person.id}-{n}" not in ids)
            entry.note_value(
                Wrong(mark("{field} = {value}: two people have this id"), better=free), "id", person.id
            )
        elif person is not None:
            people.append(person)
    return tuple(people)


def _person(table: Table, ids: Collection[str]) -> Person | None:
    table = table.only(PERSON_KEYS, meant=MEANT_KEYS)
    who = table.need("id", read_text, "w1")
    works = table.items("works", _weekday) or ()
    team = table.take("team", read_text)
    role = table.take_or("role", one_of(ROLES, MEANT_ROLES), "worker")
    away = tuple(_away(entry, who, ids) for entry in table.tables("away"))
    if who is None:
        return None
    return Person(
        id=who,
        name=who,
        address=None,
        role="team-lead" if role == "team-lead" else "worker",
        team=team,
        works=frozenset(WEEKDAYS.index(day) for day in works),
        away=tuple(one for one in away if one is not None),
    )


def _weekday(value: object) -> str:
    """A day of the week."""
    if isinstance(value, str) and value in WEEKDAYS:
        return value
    better = nearest(value, WEEKDAYS, meant=MEANT_DAYS)
    if better is None:
        text = mark("{field} = {value}: no day of the week, which is one of {known}")
        raise Wrong(text, known=listed(WEEKDAYS))
    raise Wrong(mark("{field} = {value}: no day of the week"), better=better)


def _away(table: Table, who: str | None, ids: Collection[str]) -> Away | None:
    table = table.only(AWAY_KEYS, meant=MEANT_AWAY)
    first = table.need("from", read_day, table.values.get("until"))
    last = table.need("until", read_day, table.values.get("from"))
    others = [other for other in ids if other != who]
    deputy = table.take("deputy", lambda value: _deputy(value, who, others))
    if first is None or last is None:
        return None
    if last < first:
        table.note_value(
            Wrong(mark("{field} = {value}: this ends before it begins"), better=_later(first, last)),
            "until",
            last,
        )
        return None
    return Away(first, last, deputy)


def _later(first: date, last: date) -> date:
    """The end a year on where the turn of the year was forgotten, else the day that it begins on."""
    try:
        later = last.replace(year=last.year + 1)
    except ValueError:  # 29 February
        return first
    return later if first <= later else first


def _deputy(value: object, who: str | None, others: Iterable[str]) -> str:
    text = read_text(value)
    others = tuple(others)
    if text in others:
        return text
    if text == who:
        better = others[0] if len(others) == 1 else None
        raise Wrong(mark("{field} = {value}: nobody stands in for themselves"), better=better)
    text_of = mark("{field} = {value}: nobody of this test's people has that id")
    raise Wrong(text_of, better=nearest(text, others))


def _note_strangers(events: Iterable[Table], ids: Sequence[str]) -> None:
    """A test that says who its people are, says so of all of them: a worker in an event is one of them."""
    for event in events:
        worker = event.values.get("worker")
        if isinstance(worker, str) and worker.strip() and worker not in ids:
            text = mark("{field} = {value}: nobody of this test's people has that id")
            event.note_value(Wrong(text, better=nearest(worker, ids)), "worker", worker)
