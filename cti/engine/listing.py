"""What a list of people says, kept: beside what is known, and with care where it suddenly says much less."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from cti.core.limits import Held, Limits
from cti.core.people import Listed
from cti.engine.outcome import SourceRead
from cti.engine.people import known_staff
from cti.engine.system import System
from cti.i18n import mark
from cti.sources.base import Batch, Counts, Note, PeopleRead, note
from cti.store import people, sources

PEOPLE = "people"

AT_ONCE = Limits(share=0.2, floor=2)
"""Who may go from a list at once: a fifth of it. A team that is dissolved is rare, an export that broke off is not."""

REMEMBERED = timedelta(days=366)
"""How long the team of someone who left is known: by then somebody else works with their clients."""


def keep_list(
    tx: Connection, system: System, name: str, batch: Batch, now: datetime, force: bool
) -> SourceRead:
    """Keeps what the list of this source says, unless too many are gone from it at once; then what it said before stands."""
    before = people.listed(tx, name)
    known = before or Listed()
    says = taken(known, batch.people, system.config.calendar.day(now)) if batch.people is not None else known
    over = None if force else _over(name, known, says, system.config.staff.people)
    # A list that begins empty was not read: whoever it is to name would be nobody's, and their prompts an inbox's.
    begun = before is not None or bool(says.people) or (batch.people is not None and batch.people.whole)
    changed = batch.people is not None and over is None and says != before and begun
    if changed:
        people.put(tx, name, says)
    counts = batch.counts
    numbers = {"read": counts.read, "left_out": dict(counts.left_out), "quarantined": counts.quarantined}
    # Where it waits, an earlier list may yet be put back in the place of this one.
    state = batch.state if over is None else sources.source_state(tx, name).state
    sources.was_read(tx, name, now, state, numbers, new=changed)
    told = counts if changed or over is not None else Counts()  # it is read each time, and mostly the same
    return SourceRead(
        name,
        read=told.read,
        left_out=told.left_out,
        quarantined=told.quarantined,
        changed=changed,
        people=len((says if over is None else known).people),
        notes=(*batch.notes, *_notes(tx, system, name, batch.people)),
        problems=batch.problems,
        held=over,
    )


def taken(before: Listed, found: PeopleRead, today: date) -> Listed:
    """What stands after a reading, by id, as a server may give people in any order. Of rows that are in doubt, what was known
    stands; who is missing from a whole list left."""
    known = {person.id: person for person in before.people}
    told = {person.id: person for person in found.people}
    new = {one: known.get(one, person) if one in found.doubtful else person for one, person in told.items()}
    for one, person in known.items():
        if one not in told and (one in found.doubtful or not found.whole):
            new[one] = person
    away = dict(found.away)
    for one, days in before.away.items():
        if one in found.doubtful or not (found.whole or one in told or one in found.away):
            away[one] = tuple(dict.fromkeys((*found.away.get(one, ()), *days)))
    left = {
        one: said for one, said in before.left.items() if one not in new and today - said[1] <= REMEMBERED
    }
    gone = ((one, person.team) for one, person in known.items() if one not in new)
    left |= {one: (team, today) for one, team in gone if team is not None}
    return Listed(tuple(sorted(new.values(), key=lambda person: person.id)), away, left)


def _over(name: str, before: Listed, says: Listed, in_config: Collection[str]) -> Held | None:
    """Whether more people are gone, or can be mailed no longer, than may be at once. Whom the config has stays anyway."""
    reached = {person.id for person in before.people if person.address} - set(in_config)
    gone = reached - {person.id for person in says.people if person.address}
    limit = AT_ONCE.allows(len(reached))
    return Held(PEOPLE, name, len(gone), limit, len(reached)) if len(gone) > limit else None


def _notes(tx: Connection, system: System, name: str, found: PeopleRead | None) -> Iterator[Note]:
    if found is None:
        return
    if not found.whole:
        yield note(
            mark("the list is empty, or has rows of which nobody can be told; nobody is taken for gone")
        )
    both = sum(person.id in system.config.staff.people for person in found.people)
    if both:
        yield note(mark("people who stand in the config too: {n}; what it says of them holds"), n=both)
    everyone = known_staff(tx, system).people
    strange = {
        away.deputy
        for one, days in found.away.items()
        for away in days
        if one in everyone and away.deputy is not None and away.deputy not in everyone
    }
    if strange:
        text = mark("deputies who are in no list: {n}; the team's inbox gets what is for them")
        yield note(text, n=len(strange))
    unknown = sum(one not in everyone for one in found.away)
    if unknown:
        yield note(mark("absences of people who are in no list: {n}"), n=unknown)
