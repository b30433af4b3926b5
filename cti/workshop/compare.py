"""Two replays side by side: how many prompts, for whom, how late, and which are only in one of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from cti.core.calendar import Calendar
from cti.core.people import Staff
from cti.core.prompts import Planned
from cti.core.reconcile import renamed_steps
from cti.core.rules import Rulebook
from cti.workshop.replayed import Identity, Prompted, Replayed, identity

StepId = tuple[str, str]
"""Rule and step id, as the draft has them."""

Pair = tuple[int, int]
"""How many with today's rules, and how many with the draft."""


@dataclass(frozen=True, slots=True)
class Load:
    """How many new prompts a worker gets in a week: in an ordinary one (the median), and in the worst that anyone had.

    `workers`: over how many workers.
    """

    ordinary: float
    worst: int
    workers: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """A prompt that the draft adds, removes, moves to another day or tells someone else. A day is None where there is none.

    Of a prompt that moves out of the days compared, or into them, one of the days lies outside. `knock_on`: both rulebooks want
    the prompt at the same time, for the same role; it is told otherwise because of what else is told (a day holds only so many
    prompts, and what is overdue together is told together).
    """

    kind: str
    client: str
    rule: str
    step: str
    before: date | None
    after: date | None
    knock_on: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """Today's rules and a draft over the same days. Weeks are named by their Monday.

    `late`: told only after its day, because it was known late. `too_late`: never told, because its time had passed by then,
    or asked about first. `silent`: steps of the draft that were told to nobody.
    """

    first: date
    last: date
    told: Pair
    weeks: Mapping[date, Pair]
    steps: Mapping[StepId, Pair]
    roles: Mapping[str, Pair]
    teams: Mapping[str, Pair]
    load: tuple[Load, Load]
    late: Mapping[StepId, Pair]
    too_late: Mapping[StepId, Pair]
    unroutable: Pair
    silent: tuple[StepId, ...]
    differences: tuple[Difference, ...]


def compare(
    before: Replayed,
    after: Replayed,
    draft: Rulebook,
    staff: Staff,
    calendar: Calendar,
    first: date,
    last: date,
) -> Comparison:
    """Compares a replay of today's rules with one of the draft, over the days from `first` to `last`."""
    renamed = renamed_steps(draft)
    pair = tuple(_told(replayed, calendar, first, last) for replayed in (before, after))

    def step_of(told: Prompted) -> StepId:
        return _step(told.plan, renamed)

    def count(of: Callable[[Prompted], object]) -> dict[object, Pair]:
        counted = [Counter(of(told) for told in side) for side in pair]
        keys = dict.fromkeys([*counted[0], *counted[1]])
        return {key: (counted[0][key], counted[1][key]) for key in keys}

    too_late = _too_late((before, after), renamed, first, last)
    steps = {(rule.id, step.id): (0, 0) for rule in draft.rules if not rule.off for step in rule.steps}
    steps |= dict.fromkeys(too_late, (0, 0))
    steps |= {key: value for key, value in count(step_of).items() if isinstance(key, tuple)}
    return Comparison(
        first=first,
        last=last,
        told=(len(pair[0]), len(pair[1])),
        weeks=_weeks(count(lambda told: monday(calendar.day(told.at))), first, last),
        steps=steps,
        roles={str(key): value for key, value in count(lambda told: told.plan.role).items()},
        teams={str(key or ""): value for key, value in count(lambda told: told.team).items()},
        load=(_load(pair[0], staff, calendar, first, last), _load(pair[1], staff, calendar, first, last)),
        late=_late(pair, step_of),
        too_late=too_late,
        unroutable=(len(before.unroutable), len(after.unroutable)),
        silent=tuple(key for key, (_, told) in steps.items() if told == 0 and _has(draft, key)),
        differences=tuple(_differences((before, after), pair, renamed, calendar, (first, last))),
    )


def total(counted: Mapping[StepId, Pair]) -> Pair:
    """The counts of all steps together."""
    return sum(pair[0] for pair in counted.values()), sum(pair[1] for pair in counted.values())


def monday(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def _told(replayed: Replayed, calendar: Calendar, first: date, last: date) -> list[Prompted]:
    return [told for told in replayed.told if not told.covered and first <= calendar.day(told.at) <= last]


def _weeks(counted: Mapping[object, Pair], first: date, last: date) -> dict[date, Pair]:
    weeks: dict[date, Pair] = {}
    week = monday(first)
    while week <= last:
        weeks[week] = counted.get(week, (0, 0))
        week += timedelta(weeks=1)
    return weeks


def _load(told: Iterable[Prompted], staff: Staff, calendar: Calendar, first: date, last: date) -> Load:
    """Weeks in which a worker got none count too; inboxes and desks do not."""
    weeks = len(_weeks({}, first, last))
    per_week: dict[tuple[str, date], int] = defaultdict(int)
    for prompt in told:
        if prompt.person is not None:
            per_week[prompt.person, monday(calendar.day(prompt.at))] += 1
    workers = sum(person.role == "worker" for person in staff.people.values())
    counts = list(per_week.values())
    counts += [0] * max(0, workers * weeks - len(counts))
    everyone = max(workers, len({person for person, _ in per_week}))
    return Load(float(median(counts)) if counts else 0.0, max(counts, default=0), everyone)


def _late(pair: tuple[list[Prompted], ...], step_of: Callable[[Prompted], StepId]) -> dict[StepId, Pair]:
    counted = [Counter(step_of(told) for told in side if told.late) for side in pair]
    return {key: (counted[0][key], counted[1][key]) for key in dict.fromkeys([*counted[0], *counted[1]])}


def _too_late(
    pair: tuple[Replayed, Replayed], renamed: Mapping[StepId, StepId], first: date, last: date
) -> dict[StepId, Pair]:
    counted = [
        Counter(_step(plan, renamed) for plan in replayed.missed if first <= plan.day <= last)
        for replayed in pair
    ]
    return {key: (counted[0][key], counted[1][key]) for key in dict.fromkeys([*counted[0], *counted[1]])}


def _has(draft: Rulebook, key: StepId) -> bool:
    rule = draft.rule(key[0])
    return rule is not None and not rule.off and any(step.id == key[1] for step in rule.steps)


def _differences(
    replayed: tuple[Replayed, Replayed],
    told: tuple[list[Prompted], ...],
    renamed: Mapping[StepId, StepId],
    calendar: Calendar,
    days: tuple[date, date],
) -> Iterable[Difference]:
    left, right = ({_now(identity(prompt.plan), renamed): prompt for prompt in side} for side in told)
    right = _renamed_moments(left, right)
    left_out, right_out = (_outside(side, renamed, calendar, days) for side in replayed)
    left_course, right_course = (
        {_now(key, renamed): course for key, course in side.courses.items()} for side in replayed
    )
    for key in sorted(left.keys() | right.keys()):
        one, other = left.get(key), right.get(key)
        then = calendar.day(one.at) if one is not None else left_out.get(key)
        now = calendar.day(other.at) if other is not None else right_out.get(key)
        client, rule, step, _ = key
        same = left_course.get(key) == right_course.get(key)
        if then is None:
            yield Difference("added", client, rule, step, None, now, same)
        elif now is None:
            yield Difference("removed", client, rule, step, then, None, same)
        elif then != now:
            yield Difference("moved", client, rule, step, then, now, same)
        elif one is not None and other is not None and one.address != other.address:
            yield Difference("re-addressed", client, rule, step, then, now, same)


def _renamed_moments(
    left: Mapping[Identity, Prompted], right: Mapping[Identity, Prompted]
) -> dict[Identity, Prompted]:
    """`right` by the names that `left` has for its moments: between two tellings a record may give a moment another name."""
    alone: dict[tuple[str, ...], list[Identity]] = defaultdict(list)
    for key in left.keys() - right.keys():
        alone[key[:3]].append(key)
    found: dict[Identity, Prompted] = {}
    for key, prompt in right.items():
        names = set(prompt.plan.names)
        others = () if key in left else alone.get(key[:3], ())
        known = next((one for one in others if names.intersection(left[one].plan.names)), None)
        if known is not None:
            alone[key[:3]].remove(known)
        found[known or key] = prompt
    return found


def _outside(
    replayed: Replayed, renamed: Mapping[StepId, StepId], calendar: Calendar, days: tuple[date, date]
) -> dict[Identity, date]:
    """The days of prompts that come before the days compared or after them: one that moved there is not gone."""
    dues = ((_now(key, renamed), calendar.day(due)) for key, due in replayed.elsewhere.items())
    return {key: day for key, day in dues if not days[0] <= day <= days[1]}


def _now(key: Identity, renamed: Mapping[StepId, StepId]) -> Identity:
    """The same prompt, by the names that the draft has for its rule and step."""
    client, rule, step, name = key
    return (client, *renamed.get((rule, step), (rule, step)), name)


def _step(plan: Planned, renamed: Mapping[StepId, StepId]) -> StepId:
    own = (plan.rule, plan.step)
    return renamed.get(own, own)
