"""What a draft of the rules would have done in a time that was: the journal replayed, next to the rules in force."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from cti.core.events import RecordId
from cti.core.rules import Rulebook
from cti.engine.assigned import teams_of_sources
from cti.engine.people import staff_of
from cti.engine.system import System
from cti.problems import Problems
from cti.rulebook.folder import from_files
from cti.store import arrivals, clients, rulebooks
from cti.store.histories import histories
from cti.workshop.both import Past, replay_both
from cti.workshop.compare import Comparison, Difference, Pair, compare, total
from cti.workshop.replay import daily
from cti.workshop.replayed import Era, House

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Days:
    """The days that are replayed, both included. `since`: as if both rulebooks had counted from that day on."""

    first: date
    last: date
    since: date | None = None


Standing = Rulebook | Sequence[Era]
"""The rulebook that is in force, or the rulebooks that were in turn, the first one also before it was adopted."""


def simulate(
    system: System,
    standing: Standing,
    draft: Rulebook,
    days: Days,
    shown: Callable[[int, int], None] = lambda done, of: None,
) -> Comparison:
    """Replays the days as known on each of them with the rules that are in force (`standing`) and with the draft.

    `shown` is called with steps done and steps in all.
    """
    config = system.config
    if days.since is not None:
        standing, draft = _counting_from(standing, days.since), counting_from(draft, days.since)
    past = past_of(system, days)
    before, after = replay_both(past, standing, draft, shown)
    return compare(before, after, draft, past.house.staff, config.calendar, days.first, days.last)


def past_of(system: System, days: Days) -> Past:
    """What there is to replay of these days: what was known on each, with a pass at the time of the daily message."""
    config = system.config
    passes = daily(config.calendar, config.habits, days.first, days.last)
    with system.database.read() as tx:
        known = [history for _, history in histories(tx, clients.client_ids(tx))]
        late = dict(_late(arrivals.reached(tx), passes))
        staff = staff_of(tx, system)
    house = House(config.calendar, staff, config.habits, teams_of_sources(config))
    return Past(known, house, passes, late)


def _late(
    arrived: Iterable[tuple[RecordId, tuple[tuple[datetime, datetime], ...]]], passes: Sequence[datetime]
) -> Iterator[tuple[RecordId, tuple[datetime, ...]]]:
    """The records of which something came so long after it was recorded that there was a pass in between."""
    for record, versions in arrived:
        if any(bisect_left(passes, known) < bisect_left(passes, reached) for known, reached in versions):
            yield record, tuple(reached for _, reached in versions)


def as_adopted(system: System) -> list[Era]:
    """The rulebooks that were in force, oldest first. Raises Problems where one can no longer be read."""
    with system.database.read() as tx:
        adopted = rulebooks.history(tx, None)
    read: dict[str, Rulebook] = {}
    for one in adopted:
        if one.digest not in read:
            loaded = from_files(one.files)
            if loaded.rulebook is None:
                raise Problems(loaded.problems)
            read[one.digest] = loaded.rulebook
    return [Era(one.at, read[one.digest]) for one in reversed(adopted)]


def changes_of_rules(system: System, days: Days) -> list[date]:
    """The days, of those that are replayed, on which other rules came into force."""
    with system.database.read() as tx:
        adopted = [(one.digest, one.at) for one in reversed(rulebooks.history(tx, None))]
    other = (after[1] for before, after in pairwise(adopted) if before[0] != after[0])
    changed = dict.fromkeys(system.config.calendar.day(at) for at in other)
    return [day for day in changed if days.first <= day <= days.last]


def _counting_from(standing: Standing, day: date) -> Standing:
    if isinstance(standing, Rulebook):
        return counting_from(standing, day)
    return [Era(era.begins, counting_from(era.rulebook, day)) for era in standing]


def counting_from(rulebook: Rulebook, day: date) -> Rulebook:
    """The rulebook as if nothing in it had begun to count later than on that day."""
    vocabulary = replace(rulebook.vocabulary, since=min(rulebook.vocabulary.since, day))
    rules = tuple(
        rule if rule.since is None else replace(rule, since=min(rule.since, day)) for rule in rulebook.rules
    )
    return replace(rulebook, vocabulary=vocabulary, rules=rules)


def data(found: Comparison) -> dict[str, object]:
    """The comparison as scripts read it. Every count is `{before, after}`: with the rules in force, and with the draft."""
    return {
        "first": found.first.isoformat(),
        "last": found.last.isoformat(),
        "prompts": _pair(found.told),
        "late": _pair(total(found.late)),
        "too_late": _pair(total(found.too_late)),
        "unroutable": _pair(found.unroutable),
        "weeks": [{"week": week.isoformat(), **_pair(pair)} for week, pair in found.weeks.items()],
        "steps": [
            {
                "rule": step[0],
                "step": step[1],
                **_pair(pair),
                "late": _pair(found.late.get(step, (0, 0))),
                "too_late": _pair(found.too_late.get(step, (0, 0))),
                "silent": step in found.silent,
            }
            for step, pair in found.steps.items()
        ],
        "roles": [{"role": role, **_pair(pair)} for role, pair in sorted(found.roles.items())],
        "teams": [{"team": team or None, **_pair(pair)} for team, pair in sorted(found.teams.items())],
        "worker_week": {
            "ordinary": {"before": found.load[0].ordinary, "after": found.load[1].ordinary},
            "worst": {"before": found.load[0].worst, "after": found.load[1].worst},
        },
        "differences": [_difference(difference) for difference in found.differences],
    }


def _pair(pair: Pair) -> dict[str, int]:
    return {"before": pair[0], "after": pair[1]}


def _difference(difference: Difference) -> dict[str, object]:
    before, after = difference.before, difference.after
    return {
        "kind": difference.kind,
        "client": difference.client,
        "rule": difference.rule,
        "step": difference.step,
        "before": before.isoformat() if before is not None else None,
        "after": after.isoformat() if after is not None else None,
        "knock_on": difference.knock_on,
    }
