"""Which mailbox a role comes down to today: the worker, else the deputy, else the team's inbox, else nobody (which is shown).

A role resolves when the message is made, so a change of worker or an absence takes every waiting prompt along.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from cti.core.events import Assignment
from cti.core.messages import Told
from cti.core.people import Person, Staff
from cti.core.prompts import Stored
from cti.post.delivery import Lack, Recipient, mailbox


def route(
    role: str, prompt: Stored, assigned: Assignment | None, staff: Staff, today: date
) -> Recipient | Lack:
    """The recipient of `role` for the prompt's client, or what is missing.

    `assigned` says who works with the client now. Roles are those of a step's `to`: worker, previous-worker, team-lead, team, or
    a staff desk. A prompt that was handed over goes to that colleague in place of its own role, for as long as they work here.
    """
    if prompt.handed_to in staff.people and role == prompt.plan.role:
        return _person(prompt.handed_to, team_of(assigned, staff), staff, today)
    if role == "worker":
        worker = assigned.worker if assigned else None
        return _person(worker, team_of(assigned, staff), staff, today)
    if role == "previous-worker":
        previous = prompt.plan.worker
        # Who left keeps no team in the list of staff: then the client's team takes it.
        team = _team_of_person(previous, staff) or team_of(assigned, staff)
        return _person(previous, team, staff, today)
    if role == "team-lead":
        return _team_lead(team_of(assigned, staff), staff, today)
    if role == "team":
        return _inbox(team_of(assigned, staff), staff) or "no-inbox"
    desk = _address(staff.desks.get(role))
    return Recipient(desk) if desk else "no-desk"


def again(told: Told, staff: Staff, today: date) -> Recipient | None:
    """Whoever was told, if they can be told again today: the person where present, the inbox or the desk where still kept."""
    if told.person is not None:
        person = staff.people.get(told.person)
        if person is None or is_away(person, today) or not _address(person.address):
            return None
        return to_person(person, staff)
    for team in staff.teams.values():
        if team.inbox and mailbox(team.inbox) == mailbox(told.address):
            return Recipient(team.inbox.strip(), None, team.language)
    desks = {mailbox(address): address.strip() for address in staff.desks.values()}
    desk = desks.get(mailbox(told.address))
    return Recipient(desk) if desk else None


def is_away(person: Person, day: date) -> bool:
    """Whether an absence of this person covers the day."""
    return any(away.first <= day <= away.last for away in person.away)


def stands_in_for(person: str, staff: Staff, today: date) -> frozenset[str]:
    """Those in whose place this person is told today: away, with a chain of deputies that comes down to this person."""
    return frozenset(
        other.id
        for other in staff.people.values()
        if other.id != person and (there := stand_in(other, staff, today)) is not None and there.id == person
    )


def unreachable(staff: Staff, today: date) -> frozenset[str]:
    """Those whose prompts go to an inbox today: away without a deputy who is there, or without an address."""
    return frozenset(one.id for one in staff.people.values() if stand_in(one, staff, today) is None)


def stand_in(person: Person, staff: Staff, today: date) -> Person | None:
    """Who can read mail that day: the person, else the deputy, else the deputy's; None where the chain ends or bites its tail."""
    seen: set[str] = set()
    current: Person | None = person
    while current is not None and current.id not in seen:
        seen.add(current.id)
        if not is_away(current, today):
            return current if _address(current.address) else None
        deputy = _deputy(current, today)
        current = staff.people.get(deputy) if deputy else None
    return None


def leads_of(people: Collection[str], staff: Staff) -> frozenset[str]:
    """The teams that these people lead."""
    leads = (staff.people[one] for one in people if one in staff.people)
    return frozenset(lead.team for lead in leads if lead.role == "team-lead" and lead.team)


def to_person(person: Person, staff: Staff, instead_of: str | None = None) -> Recipient:
    """This person's own mailbox; only for someone with an address."""
    team = staff.teams.get(person.team) if person.team else None
    language = person.language or (team.language if team else None)
    return Recipient(_address(person.address) or "", person, language, instead_of)


def _person(wanted: str | None, team: str | None, staff: Staff, today: date) -> Recipient | Lack:
    person = staff.people.get(wanted) if wanted else None
    present = stand_in(person, staff, today) if person else None
    if present is not None:
        return to_person(present, staff, wanted if present.id != wanted else None)
    inbox = _inbox(team or (person.team if person else None), staff, instead_of=person.id if person else None)
    if inbox is not None:
        return inbox
    return "no-address" if person else "no-worker"


def _deputy(person: Person, today: date) -> str | None:
    return next((a.deputy for a in person.away if a.first <= today <= a.last and a.deputy), None)


def _team_lead(team: str | None, staff: Staff, today: date) -> Recipient | Lack:
    """The team's lead who is there, else a lead's deputy, else the team's inbox. Never the lead of another team."""
    leads = _leads(team, staff)
    for lead in leads:
        if not is_away(lead, today) and _address(lead.address):
            return to_person(lead, staff)
    for lead in leads:
        deputy = stand_in(lead, staff, today)
        if deputy is not None:
            return to_person(deputy, staff, lead.id)
    return _inbox(team, staff, instead_of=leads[0].id if leads else None) or "no-team-lead"


def _leads(team: str | None, staff: Staff) -> list[Person]:
    people: Iterable[Person] = staff.people.values()
    if team is None:
        return []
    return sorted((p for p in people if p.role == "team-lead" and p.team == team), key=lambda p: p.id)


def team_of(assigned: Assignment | None, staff: Staff) -> str | None:
    """The client's team: the one named, else that of the worker, also of one who has left since."""
    if assigned is None:
        return None
    return assigned.team or _team_of_person(assigned.worker, staff) or staff.left.get(assigned.worker or "")


def _team_of_person(person: str | None, staff: Staff) -> str | None:
    known = staff.people.get(person) if person else None
    return known.team if known else None


def _inbox(team_id: str | None, staff: Staff, instead_of: str | None = None) -> Recipient | None:
    team = staff.teams.get(team_id) if team_id else None
    address = _address(team.inbox) if team else None
    if team is None or address is None:
        return None
    return Recipient(address, None, team.language, instead_of)


def _address(address: str | None) -> str | None:
    """An address that says something, else None."""
    return (address or "").strip() or None
