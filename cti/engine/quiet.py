"""Sources that have brought nothing new for too long: silence looks like a registration in which nothing happens."""

from __future__ import annotations

from datetime import datetime

from cti.engine.system import System
from cti.i18n import mark
from cti.problems import Problem, problem
from cti.sources.freshness import is_quiet
from cti.store import sources


def quiet_sources(system: System, now: datetime) -> list[Problem]:
    """A warning for each source that has been quiet for as long as its `quiet_after` says, or longer.

    A source that was never read cannot be quiet yet; one that never brought anything is, counted from its first reading.
    """
    found: list[Problem] = []
    calendar = system.config.calendar
    with system.database.read() as tx:
        for options in system.config.sources:
            state = sources.source_state(tx, options.name)
            last = state.last_new_at or state.first_read_at
            if options.quiet_after is None or last is None:
                continue
            if is_quiet(last, now, options.quiet_after, calendar):
                text = mark(
                    'source "{source}" has brought nothing new since {last}; is the export still made?'
                )
                said = f"{calendar.local(last):%Y-%m-%d %H:%M}"
                found.append(problem(text, level="warning", source=options.name, last=said))
    return found
