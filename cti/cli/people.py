"""`cti people`: who works here, as the config and the lists of people have it."""

from __future__ import annotations

from cti.cli.output import add, line, out, table, write_json
from cti.cli.refusal import Refusal
from cti.cli.session import Session
from cti.core.people import Person, Staff
from cti.engine.people import origins, staff_of
from cti.i18n import format_day, mark, say, say_count
from cti.post.routing import stand_in
from cti.problems import closest

CONFIG = "config"


def show_people(asked: Session, team: str | None, as_json: bool) -> None:
    """Prints everybody (or those of a team) by team and id, with where that is said, and who is away today."""
    lang = asked.lang
    with asked.system() as system:
        today = system.config.calendar.day(asked.as_of(system))
        with system.database.read() as tx:
            staff, said_by = staff_of(tx, system), origins(tx, system)
    if team is not None and team not in staff.teams:
        guess = closest(team, staff.teams)
        text = mark("--team {team}: there is no such team; there are {teams}")
        raise Refusal(
            text, 2, team=team if guess is None else f"{team} ({guess}?)", teams=sorted(staff.teams)
        )
    found = sorted(
        (person for person in staff.people.values() if team in (None, person.team)),
        key=lambda person: (person.team or "", person.id),
    )
    if as_json:
        write_json([_data(person, said_by.get(person.id)) for person in found])
        return
    made = table(*(say(lang, text) for text in _COLUMNS))
    for person in found:
        until = max((one.last for one in person.away if one.first <= today <= one.last), default=None)
        away = format_day(lang, until) if until is not None else ""
        if until is not None and (deputy := stand_in(person, staff, today)) is not None:
            away = say(lang, "{day}, {deputy} stands in", day=away, deputy=deputy.id)
        cells = (person.id, person.name, person.team or "", person.role, person.language or "")
        add(made, *cells, person.address or "", said_by.get(person.id) or CONFIG, away)
    out().print(made)
    line(out(), "")
    line(out(), _counted(found, staff, lang))


_COLUMNS = (
    mark("id"),
    mark("name"),
    mark("team"),
    mark("role"),
    mark("language"),
    mark("address"),
    mark("said by"),
    mark("away until"),
)


def _counted(found: list[Person], staff: Staff, lang: str) -> str:
    counted = say_count(lang, "{n} person", "{n} people", len(found))
    gone = sum(1 for _ in staff.left)
    if not gone:
        return counted
    return say(lang, "{counted}; gone from a list within a year: {n}", counted=counted, n=gone)


def _data(person: Person, source: str | None) -> dict[str, object]:
    return {
        "id": person.id,
        "name": person.name,
        "team": person.team,
        "role": person.role,
        "language": person.language,
        "address": person.address,
        "source": source,
        "away": [
            {"from": one.first.isoformat(), "until": one.last.isoformat(), "deputy": one.deputy}
            for one in person.away
        ],
    }
