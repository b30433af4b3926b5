"""Who works here today: the people of the config, with the absences that were entered on the pages. The one place that knows
both, for the tick, the routing and the pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from cti.core.people import Away, Staff
from cti.engine.system import System
from cti.store import absences


def staff_of(tx: Connection, system: System, by: datetime | None = None) -> Staff:
    """Everybody, with all their absences, or those that were entered by then. What was entered last counts first: of two that
    overlap, its deputy stands in."""
    staff = system.config.staff
    entered: dict[str, list[Away]] = {}
    for one in absences.listing(tx):
        if by is not None and one.entered_at > by:
            continue
        entered.setdefault(one.person, []).insert(0, Away(one.first, one.last, one.deputy))
    if not entered:
        return staff
    people = {
        person.id: replace(person, away=(*entered.get(person.id, ()), *person.away))
        for person in staff.people.values()
    }
    return replace(staff, people=people)
