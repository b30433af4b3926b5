"""Reads who plays in a test: the people with their working days, absences and teams, and the names that prompts may go to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import chain, count

from cti.core.events import Assignment
from cti.core.people import WEEKDAYS, Away, Person, Role
from cti.days import WEEKDAY
from cti.i18n import mark
from cti.problems import Edit
from cti.rulebook.context import Context
from cti.rulebook.happening import Happening
from cti.rulebook.stepnames import tables_in
from cti.rulebook.table import Table
from cti.rulebook.words import ID, Toml, Wrong, listed, nearest, one_of, read_day, read_text
from cti.tomlfile import literal

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
MEANT_DAYS = {word: WEEKDAYS[number] for word, number in WEEKDAY.items()}
MEANT_ROLES = {
    "medewerker": "worker",
    "begeleider": "worker",
    "lead": "team-lead",
    "leader": "team-lead",
    "manager": "team-lead",
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

    sure: bool = True
    """Whether all names could be read; else nobody is called unknown."""
    another: Callable[[str], tuple[Edit, ...]] = lambda name: ()
    """What to write so that there is someone of that name as well."""

    @property
    def names(self) -> tuple[str, ...]:
        """Who may be named as the one that a prompt goes to: a person, a team (its inbox), a desk."""
        people = self.workers if self.people is None else tuple(person.id for person in self.people)
        return tuple(dict.fromkeys((*people, *(self.teams or (TEAM,)), *self.desks)))

    def named(self, value: object) -> str:
        """Reads one of these names."""
        text = read_text(value)
        if text in self.names or not self.sure:
            return text
        better = nearest(text, self.names)
        if better is None:
            said = mark("{field} = {value}: nobody in this test is called that; there are {known}")
            raise Wrong(said, known=listed(self.names), further=self.another(text))
        raise Wrong(mark("{field} = {value}: nobody in this test is called that"), better=better)


def read_cast(
    table: Table, events: Iterable[Table], happenings: Sequence[Happening], context: Context
) -> Cast:
    """The people of a test, and who else can be prompted in it. `events` and `happenings` are the test's, as written and read."""
    assigned = [told.event for one in happenings for told in one.told if isinstance(told.event, Assignment)]
    workers = tuple(dict.fromkeys(event.worker for event in assigned if event.worker is not None))
    entries = [entry.only(PERSON_KEYS, meant=MEANT_KEYS) for entry in _entries(table)]
    ids = [entry.values.get("id") for entry in entries]
    sure = all(isinstance(who, str) and who.strip() for who in ids) and len(set(map(str, ids))) == len(ids)
    known = (
        {str(entry.values["id"]): entry.values.get("role", "worker") for entry in entries} if sure else None
    )
    people = _people(entries, known, _free_ids(entries, workers)) if entries else None
    if known:
        _note_strangers(events, list(known))
    named = (*(person.team for person in people or ()), *(event.team for event in assigned))
    teams = tuple(dict.fromkeys(team for team in named if team is not None))
    return Cast(people, workers, teams, tuple(context.roles or ()), sure, partial(_another, table))


def _another(table: Table, name: str) -> tuple[Edit, ...]:
    """A further person of the test that `table` stands in, where it names people and that can be one."""
    people = (*table.path[:2], "people")
    edit = table.file.appended(people, literal({"id": name})) if ID.fullmatch(name) else None
    return (edit,) if edit is not None else ()


def _entries(table: Table) -> list[Table]:
    """The entries of `people`. Someone of whom there is nothing to say but the name may not stand there by name alone."""
    value = table.values.get("people")
    if not isinstance(value, list) or not any(isinstance(item, str) for item in value):
        return list(table.tables("people"))
    for index, item in enumerate(value):
        if isinstance(item, str):
            wrong = Wrong(mark("{field} = {value}: a table in braces is expected"), better={"id": item})
            table.note_value(wrong, "people", item, (index,))
    return []


def _people(
    entries: Sequence[Table], known: Mapping[str, object] | None, free: Iterator[str]
) -> tuple[Person, ...]:
    """`known` are the ids of all with their roles, None where they are not sure; `free` are ids for who has none of their own."""
    people: list[Person] = []
    for entry in entries:
        person = _person(entry, known, free)
        if person is not None and any(other.id == person.id for other in people):
            text = mark("{field} = {value}: two people have this id")
            entry.note_value(Wrong(text, better=next(free)), "id", person.id)
        elif person is not None:
            people.append(person)
    return tuple(people)


def _free_ids(entries: Sequence[Table], workers: Iterable[str]) -> Iterator[str]:
    """Ids that nobody has: first those that the test speaks of."""
    away = [item for entry in entries for item in tables_in(entry.values.get("away"))]
    spoken_of = (*(str(item["deputy"]) for item in away if "deputy" in item), *workers)
    taken = {str(entry.values.get("id")) for entry in entries}
    for name in chain(dict.fromkeys(spoken_of), (f"w{number}" for number in count(1))):
        if name not in taken:
            yield name


def _person(table: Table, known: Mapping[str, object] | None, free: Iterator[str]) -> Person | None:
    who = table.need("id", read_text, next(free) if "id" not in table else None)
    works: tuple[str, ...] | None = None
    if isinstance(table.values.get("works"), str):
        _note_days(table, table.values["works"])
    else:
        works = table.items("works", _weekday)
    team = table.take("team", read_text)
    role = table.take_or("role", one_of(ROLES, MEANT_ROLES), "worker")
    away = tuple(_away(entry, who, known) for entry in table.tables("away"))
    if who is None:
        return None
    return Person(
        id=who,
        name=who,
        address=None,
        role="team-lead" if role == "team-lead" else "worker",
        team=team,
        works=frozenset(WEEKDAYS.index(day) for day in works or ()),
        away=tuple(one for one in away if one is not None),
    )


def _note_days(table: Table, value: str) -> None:
    """Days of the week that stand in one text are meant as a list."""
    words = value.replace(",", " ").split()
    days = [word if word in WEEKDAYS else nearest(word, WEEKDAYS, meant=MEANT_DAYS) for word in words]
    better = days if days and None not in days else None
    table.note_value(Wrong(mark("{field} = {value}: a list is expected"), better=better), "works", value)


def _weekday(value: object) -> str:
    """A day of the week."""
    if isinstance(value, str) and value in WEEKDAYS:
        return value
    better = nearest(value, WEEKDAYS, meant=MEANT_DAYS)
    if better is None:
        text = mark("{field} = {value}: no day of the week, which is one of {known}")
        raise Wrong(text, known=listed(WEEKDAYS))
    raise Wrong(mark("{field} = {value}: no day of the week"), better=better)


def _away(table: Table, who: str | None, known: Mapping[str, object] | None) -> Away | None:
    table = table.only(AWAY_KEYS, meant=MEANT_AWAY)
    first = table.need("from", read_day, table.values.get("until"))
    last = table.need("until", read_day, table.values.get("from"))
    deputy = table.take("deputy", lambda value: _deputy(value, who, known, table))
    if first is None or last is None:
        return None
    if last < first:
        _note_reversed(table, first, last)
        return None
    return Away(first, last, deputy)


def _note_reversed(table: Table, first: date, last: date) -> None:
    """An absence that ends before it begins: the turn of the year was forgotten, or the days change places."""
    wrong = mark("{field} = {value}: this ends before it begins")
    later = date(last.year + 1, last.month, min(last.day, 28) if last.month == 2 else last.day)
    if first.month > 9 and first <= later <= first + timedelta(days=120):
        table.note_value(Wrong(wrong, better=later), "until", last)
        return
    turned = {**table.values, "from": last, "until": first}
    suggestion = table.file.replace_value(table.path, literal(turned))
    table.note(wrong, {"value": Toml(last), "guess": Toml(turned)}, key="until", suggestion=suggestion)


def _deputy(value: object, who: str | None, known: Mapping[str, object] | None, table: Table) -> str:
    text = read_text(value)
    others = [other for other in known or () if other != who]
    if known is None or text in others:
        return text
    if text == who:
        alike = [other for other in others if known[other] == known[who]]
        better = next((found[0] for found in (others, alike) if len(found) == 1), None)
        raise Wrong(mark("{field} = {value}: nobody stands in for themselves"), better=better)
    raise _stranger(text, others, table)


def _stranger(text: str, known: Sequence[str], table: Table) -> Wrong:
    better = nearest(text, known)
    if better is None:
        said = mark("{field} = {value}: nobody of this test's people has that id; there are {known}")
        return Wrong(said, known=listed(known), further=_another(table, text))
    return Wrong(mark("{field} = {value}: nobody of this test's people has that id"), better=better)


def _note_strangers(events: Iterable[Table], ids: Sequence[str]) -> None:
    """A test that says who its people are, says so of all of them: a worker in an event is one of them."""
    for event in events:
        worker = event.values.get("worker")
        if isinstance(worker, str) and worker.strip() and worker not in ids:
            event.note_value(_stranger(worker, ids, event), "worker", worker)
