"""Staff: from the config's people, teams and desks to values, with what does not fit between them.

What is checked here concerns several entries at once; each entry by itself was read before. Entries that could not be read are
left out, so that what is right is still compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from cti.config.mistakes import Add, Call, Drop, KeyPath, Mistake, Put, mistake
from cti.config.model import Absence, Person, Team
from cti.core import people as core
from cti.i18n import mark
from cti.problems import closest

ROLES = ("worker", "previous-worker", "team-lead", "team")
"""Whom a step may be for, apart from the desks."""

People = Sequence[tuple[int, Person]]
Teams = Sequence[tuple[int, Team]]
"""The entries that could be read, each with its place in the file."""
Known = Sequence[str] | None
"""All ids that may be referred to; None where some id cannot be read, so that nobody is called unknown by mistake."""


def staff(people: Sequence[Person], teams: Sequence[Team], desks: Mapping[str, str]) -> core.Staff:
    """Everybody as the reasoning knows them."""
    return core.Staff(
        people={person.id: _person(person) for person in people},
        teams={team.id: core.Team(team.id, team.inbox, team.language) for team in teams},
        desks=dict(desks),
    )


def _person(person: Person) -> core.Person:
    return core.Person(
        id=person.id,
        name=person.name,
        address=person.address,
        role=person.role,
        team=person.team,
        language=person.language,
        works=frozenset(core.WEEKDAYS.index(day) for day in person.works),
        away=tuple(core.Away(away.first, away.until, away.deputy) for away in person.away),
    )


def mistakes_among(
    people: People, teams: Teams, desks: Mapping[str, str], ids: Known, team_ids: Known, lists: bool = False
) -> Iterator[Mistake]:
    """What does not fit between people (by the known `ids`), teams and desks. `lists`: there are lists of people too, so that
    nobody can tell from the config alone who is missing."""
    yield from _twice(
        [(("people", i, "id"), person.id) for i, person in people],
        ids or (),
        mark("two people have the id {id}"),
    )
    yield from _twice(
        [(("teams", i, "id"), team.id) for i, team in teams],
        team_ids or (),
        mark("two teams have the id {id}"),
    )
    yield from _desk_names(desks)
    for index, person in people:
        yield from _of_person(index, person, None if lists else ids, team_ids)
    yield from _loops(people)
    yield from _nobody(people, teams, lists)


def _twice(places: Sequence[tuple[KeyPath, str]], taken: Sequence[str], text: str) -> Iterator[Mistake]:
    seen: set[str] = set()
    used = set(taken)
    for path, name in places:
        if name in seen:
            number = next(n for n in range(2, len(used) + 3) if f"{name}-{n}" not in used)
            used.add(f"{name}-{number}")
            yield mistake(path, text, Put(f"{name}-{number}"), id=name)
        seen.add(name)


def _desk_names(desks: Mapping[str, str]) -> Iterator[Mistake]:
    for name in desks:
        if name == "coordinator":
            # The clients' network and its coordinator are never mailed by the program (design, law 10).
            text = mark(
                "prompts go to workers only, never to a coordinator: put the coordinators' desk in "
                '[organisation] coordinator = "…", where the texts take it from'
            )
            yield mistake(("desks", name), text, Drop())
        elif name in ROLES:
            text = mark(
                'a desk cannot be called "{name}": rules use that word for a role; did you mean "{name}-desk"?'
            )
            yield mistake(("desks", name), text, Call(f"{name}-desk"), name=name)


def _of_person(index: int, person: Person, ids: Known, teams: Known) -> Iterator[Mistake]:
    at: KeyPath = ("people", index)
    if person.team is not None and teams is not None and person.team not in teams:
        guess = closest(person.team, teams)
        yield mistake(
            (*at, "team"),
            mark("{key} = {value}: there is no such team"),
            Put(guess) if guess else Drop(),
            guess=guess,
        )
    if len(set(person.works)) < len(person.works):
        text = mark("{key} = {value}: a day stands there twice")
        yield mistake((*at, "works"), text, Put(list(dict.fromkeys(person.works))))
    for number, away in enumerate(person.away):
        yield from _of_absence((*at, "away", number), person, away, ids)


def _of_absence(at: KeyPath, person: Person, away: Absence, ids: Known) -> Iterator[Mistake]:
    if away.until < away.first:
        text = mark("the absence of {person} ends before it begins: from {first}, until {until}")
        entry = {"from": away.until, "until": away.first} | ({"deputy": away.deputy} if away.deputy else {})
        yield mistake(
            at, text, Put(entry), person=person.id, first=away.first.isoformat(), until=away.until.isoformat()
        )
    if away.deputy is None:
        return
    if away.deputy == person.id:
        yield mistake(at, mark("{person} cannot stand in for themselves"), _without(away), person=person.id)
    elif ids is not None and away.deputy not in ids:
        guess = closest(away.deputy, [other for other in ids if other != person.id])
        mend = Put(guess) if guess else _without(away)
        path = (*at, "deputy") if guess else at
        yield mistake(
            path,
            mark('deputy = "{deputy}": there is nobody with this id'),
            mend,
            deputy=away.deputy,
            guess=guess,
        )


def _without(away: Absence) -> Put:
    return Put({"from": away.first, "until": away.until})


def _loops(people: People) -> Iterator[Mistake]:
    """People who stand in for one another on the same day, so that on that day nobody reads what is sent."""
    by_id = {person.id: (index, person) for index, person in people}
    told: set[frozenset[str]] = set()
    for index, person in people:
        for number, away in enumerate(person.away):
            circle = _circle(person.id, away, by_id)
            if len(circle) > 1 and frozenset(circle) not in told:
                told.add(frozenset(circle))
                text = mark(
                    "{circle} stand in for one another while all of them are away; the team's inbox gets their prompts"
                )
                yield mistake(
                    ("people", index, "away", number), text, _without(away), "warning", circle=list(circle)
                )


def _circle(start: str, away: Absence, by_id: Mapping[str, tuple[int, Person]]) -> tuple[str, ...]:
    """Who stand in for one another on some day of the absence, from `start` on; empty where somebody is there."""
    first, last = away.first, away.until
    chain, current = [start], away.deputy
    while current is not None and current in by_id and first <= last:
        if current == start:
            return tuple(chain)
        if current in chain:
            return ()
        chain.append(current)
        person = by_id[current][1]
        overlap = next((a for a in person.away if a.first <= last and first <= a.until and a.deputy), None)
        if overlap is None:
            return ()
        first, last, current = max(first, overlap.first), min(last, overlap.until), overlap.deputy
    return ()


def _nobody(people: People, teams: Teams, lists: bool) -> Iterator[Mistake]:
    """Roles and inboxes without anybody: nothing is wrong with the file, but prompts would reach nobody."""
    counts = Counter(person.role for _, person in people)
    if not counts["worker"] and not lists:
        yield mistake(
            ("people",),
            mark("nobody has the role worker, so every prompt goes to a team's inbox"),
            None,
            "warning",
        )
    leads = {person.team for _, person in people if person.role == "team-lead"}
    inboxes = {team.id for _, team in teams if team.inbox is not None}
    for index, team in teams:
        if team.inbox is None:
            text = mark(
                "team {team} has no inbox: prompts that reach no worker of it are only listed as unroutable"
            )
            mend = Add("inbox", f"{team.id}@example.org")
            yield mistake(("teams", index), text, mend, "warning", team=team.id)
        if team.id not in leads and not lists:
            text = mark("team {team} has no team lead: what is meant for one goes to the team's inbox")
            yield mistake(("teams", index), text, None, "warning", team=team.id)
    for index, person in people:
        if person.role in ("worker", "team-lead") and person.address is None and person.team not in inboxes:
            text = mark("{person} has no address, and no team with an inbox: prompts reach nobody")
            mend = Add("address", f"{person.id}@example.org")
            yield mistake(("people", index), text, mend, "warning", person=person.id)
