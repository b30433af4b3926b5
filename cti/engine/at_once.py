"""Planning one client at once, so that whoever enters something sees what follows from it."""

from __future__ import annotations

from datetime import datetime

from cti.engine.assigned import teams_of_sources
from cti.engine.locks import PLAN
from cti.engine.planning import replan_one
from cti.engine.rulebooks import standing
from cti.engine.system import System


def replan_now(system: System, client: int, now: datetime) -> bool:
    """Plans the client with our number by the rules in force, if it waits to be planned.

    False where that is left to the next pass: one is going on, there was none yet, it plans all clients anyway, or a limit asks
    for a look at the change. Nothing is lost by it.
    """
    rules, config = standing(system), system.config
    if rules is None:
        return False
    with system.database.lock(PLAN) as mine:
        if not mine:
            return False
        with system.database.write() as tx:
            return replan_one(
                tx, rules.rulebook, config.calendar, config.limits, teams_of_sources(config), client, now
            )
