"""What a draft of the rules would have done in a time that was: the journal replayed, next to the rules in force."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from cti.core.rules import Rulebook
from cti.engine.assigned import teams_of_sources
from cti.engine.system import System
from cti.store import clients
from cti.store.histories import histories
from cti.workshop.both import replay_both
from cti.workshop.compare import Comparison, Difference, Pair, StepId, compare
from cti.workshop.replay import House, daily

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Days:
    """The days that are replayed, both included. `since`: as if both rulebooks had counted from that day on."""

    first: date
    last: date
    since: date | None = None


def simulate(
    system: System,
    standing: Rulebook,
    draft: Rulebook,
    days: Days,
    shown: Callable[[int, int], None] = lambda done, of: None,
) -> Comparison:
    """Replays the days as known on each of them with the rules that are in force (`standing`) and with the draft.

    `shown` is called with steps done and steps in all.
    """
    config = system.config
    if days.since is not None:
        standing, draft = counting_from(standing, days.since), counting_from(draft, days.since)
    with system.database.read() as tx:
        known = [history for _, history in histories(tx, clients.client_ids(tx))]
    house = House(config.calendar, config.staff, config.habits, teams_of_sources(config))
    passes = daily(config.calendar, config.habits, days.first, days.last)
    before, after = replay_both(known, standing, draft, house, passes, shown)
    return compare(before, after, draft, config.staff, config.calendar, days.first, days.last)


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


def total(counted: Mapping[StepId, Pair]) -> Pair:
    """The counts of all steps together."""
    return sum(pair[0] for pair in counted.values()), sum(pair[1] for pair in counted.values())


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
    }
