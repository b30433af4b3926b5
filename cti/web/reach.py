"""What someone has to do with a client or a prompt: whose client it is today, whom the prompt was sent to."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from cti.core.events import Assignment
from cti.core.people import Person, Staff
from cti.engine.people import staff_of
from cti.post.routing import leads_of, stands_in_for, team_of
from cti.store import assignments, caseload
from cti.web.guard import Relation, Thing
from cti.web.site import Site


def relation_to(site: Site, person: Person, about: Thing, number: int, today: date) -> Relation:
    """What this person has to do with the client or prompt with our number; "none" also where there is none."""
    with site.system.database.read() as tx:
        staff = staff_of(tx, site.system)
        if about == "client":
            return relation_to_client(tx, staff, person, number, today)
        return relation_to_prompt(tx, staff, person, number, today)


def relation_to_client(tx: Connection, staff: Staff, person: Person, number: int, today: date) -> Relation:
    """ "own": theirs today, or that of someone for whom they stand in; "team": of a team that they lead, or for whose lead they
    stand in."""
    assigned = assignments.of_client(tx, number, today)
    return _of_assignment(staff, person, assigned, today)


def relation_to_prompt(tx: Connection, staff: Staff, person: Person, number: int, today: date) -> Relation:
    """As to its client; and a prompt that was handed to someone, is for them as the worker before, or was sent to them or to
    their team's inbox, is theirs too."""
    found = caseload.client_of_prompt(tx, number)
    if found is None:
        return "none"
    client, named = found
    if named & {person.id, *stands_in_for(person.id, staff, today)}:
        return "own"
    relation = relation_to_client(tx, staff, person, client, today)
    if relation != "own":
        team = staff.teams.get(person.team) if person.team else None
        if caseload.sent_to(tx, number, person.id, team.inbox if team is not None else None):
            return "own"
    return relation


def teams_led_by(person: Person, staff: Staff, today: date) -> frozenset[str]:
    """The teams that this person leads on that day: their own, and those for whose lead they stand in."""
    return leads_of({person.id, *stands_in_for(person.id, staff, today)}, staff)


def _of_assignment(staff: Staff, person: Person, assigned: Assignment, today: date) -> Relation:
    people = {person.id, *stands_in_for(person.id, staff, today)}
    if assigned.worker is not None and assigned.worker in people:
        return "own"
    return "team" if team_of(assigned, staff) in leads_of(people, staff) else "none"
