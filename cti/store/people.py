"""What each list of people said last, by the name of its source. What it says of a person is no part of a client's journal: there
is one state, the present one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from cti.core.people import Away, Listed, Person
from cti.store import meta
from cti.store.codec import loads
from cti.store.tables import meta as table

_KEY = "people:"

_TEXT = select(table.c.value).where(table.c.key == bindparam("wanted"))


def listed(tx: Connection, source: str) -> Listed | None:
    """What the list of this source said last; None where it was never read."""
    text = kept(tx, source)
    return listed_in(text) if text is not None else None


def kept(tx: Connection, source: str) -> str | None:
    """The same as the text that is kept: whoever has read it once need not read it again while it is the same."""
    text: str | None = tx.scalar(_TEXT, {"wanted": _KEY + source})
    return text


def put(tx: Connection, source: str, says: Listed) -> None:
    """Keeps what the list says, in place of what it said."""
    data = {
        "people": [_person_data(person) for person in says.people],
        "away": {one: [_away_data(away) for away in days] for one, days in says.away.items()},
        "left": {one: [team, day.isoformat()] for one, (team, day) in says.left.items()},
    }
    meta.put(tx, _KEY + source, data)


def listed_in(text: str) -> Listed:
    """What a text says that is kept."""
    data = loads(text)
    return Listed(
        tuple(Person(**{**one, "works": frozenset(one["works"])}) for one in data["people"]),
        {one: tuple(_away(*days) for days in said) for one, said in data["away"].items()},
        {one: (team, date.fromisoformat(day)) for one, (team, day) in data["left"].items()},
    )


def forget(tx: Connection, named: Collection[str]) -> int:
    """Takes out what lists said that are not among these. Gives how many there were."""
    keys = [_KEY + name for name in named]
    ours = table.c.key.startswith(_KEY, autoescape=True)
    return tx.execute(delete(table).where(ours, table.c.key.not_in(keys))).rowcount


def _person_data(person: Person) -> Mapping[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "address": person.address,
        "role": person.role,
        "team": person.team,
        "language": person.language,
        "works": sorted(person.works),
    }


def _away_data(away: Away) -> list[str | None]:
    return [away.first.isoformat(), away.last.isoformat(), away.deputy]


def _away(first: str, last: str, deputy: str | None) -> Away:
    return Away(date.fromisoformat(first), date.fromisoformat(last), deputy)
