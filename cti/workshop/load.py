"""Whether more prompts come to workers than the cap lets through, by what is planned for the coming weeks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from cti.core.calendar import ONE_DAY, Calendar
from cti.core.people import Person
from cti.core.rules import Rulebook
from cti.engine.people import staff_of
from cti.engine.posting import step_of
from cti.engine.system import System
from cti.post.days import calendar_of
from cti.post.delivery import Recipient
from cti.post.routing import route
from cti.store import assignments, prompts

WEEKS = 4
"""So far ahead: nearly all that is planned for then is known by now, and the cap has time to even out a busy day."""


@dataclass(frozen=True, slots=True)
class Load:
    """How many people get more prompts in the coming weeks than the cap lets through, of how many that get any; and of the one
    with the most beyond it, how many these are and how many go through."""

    over: int
    people: int
    prompts: int
    room: int


def load(system: System, rulebook: Rulebook, now: datetime) -> Load:
    """Counts what is planned and waits, by whoever would get it today. Urgent prompts and inboxes stand outside the cap."""
    config = system.config
    calendar = config.calendar
    step = step_of(rulebook)
    with system.database.read() as tx:
        staff = staff_of(tx, system)
        rows = list(prompts.coming(tx, now, now + timedelta(weeks=WEEKS)))
        today = calendar.day(now)
        assigned = assignments.assigned(tx, {row.plan.client for row in rows}, today)
    counted: Counter[str] = Counter()
    for row in rows:
        told = step(row.plan.rule, row.plan.step)
        to = route(row.plan.role, row, assigned.get(row.plan.client), staff, today)
        if isinstance(to, Recipient) and to.person is not None and not (told is not None and told.urgent):
            counted[to.person.id] += 1
    room = {name: _days(staff.people[name], calendar, now) * config.habits.cap for name in counted}
    over = [name for name, count in counted.items() if count > room[name]]
    worst = max(over, key=lambda name: counted[name] - room[name], default=None)
    return Load(len(over), len(counted), counted[worst] if worst else 0, room[worst] if worst else 0)


def _days(person: Person, calendar: Calendar, now: datetime) -> int:
    """On how many of the coming days the person is mailed."""
    own, today = calendar_of(person, calendar), calendar.day(now)
    days = (today + number * ONE_DAY for number in range(7 * WEEKS))
    return sum(
        own.works(day) and not any(away.first <= day <= away.last for away in person.away) for day in days
    )
