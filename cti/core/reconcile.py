"""Plan against store: what must change so that the stored prompts are what the plan says.

Unsent rows are a cache and take whatever the plan says, the moment's current name included. Rows that were told (sent, or on
their way) keep their name and remember every name they answered to. A told row satisfies one moment: the one that bears its
name, else the earliest that answers to it, else the earliest that shares a remembered name; a moment may absorb many. So a
record that joins, heads, fills or splits a spell later, or is deleted and typed in again, prompts nobody twice. (Design, laws 3
to 5 and section 5, Names.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from cti.core.prompts import WANTED, Change, Planned, Reason, Stored
from cti.core.rules import Rulebook

StepKey = tuple[str, str]

Satisfied = Mapping[int, Planned]
"""Which planned prompt each told row satisfies, by the row's number."""

T = TypeVar("T")


def diff(planned: Iterable[Planned], stored: Iterable[Stored], rulebook: Rulebook) -> tuple[Change, ...]:
    """The changes that make the stored prompts of some clients into what is planned for them.

    `stored` holds all rows of these clients, and rows of other clients that were sent and share a name with a planned prompt.
    Who compares many times with one rulebook takes `differ`.
    """
    return _diff(planned, stored, renamed_steps(rulebook))


def differ(rulebook: Rulebook) -> Callable[[Iterable[Planned], Iterable[Stored]], tuple[Change, ...]]:
    """`diff` for this rulebook, whose earlier ids are looked up once."""
    current = renamed_steps(rulebook)
    return lambda planned, stored: _diff(planned, stored, current)


def _diff(
    planned: Iterable[Planned], stored: Iterable[Stored], current: Mapping[StepKey, StepKey]
) -> tuple[Change, ...]:
    wants: dict[StepKey, list[Planned]] = {}
    for plan in planned:
        wants.setdefault((plan.rule, plan.step), []).append(plan)
    rows: dict[StepKey, list[Stored]] = {}
    for row in stored:
        key = (row.plan.rule, row.plan.step)
        rows.setdefault(current.get(key, key), []).append(row)
    satisfied: dict[StepKey, Satisfied] = {}
    for key, some in rows.items():
        if any(row.told for row in some):
            satisfied[key] = _satisfied(some, wants.get(key, ()))
    put = _already_put(wants, [plan for found in satisfied.values() for plan in found.values()])
    changes: list[Change] = []
    for key in sorted(wants.keys() | rows.keys()):
        plans = [put.get(plan.key, plan) for plan in wants.get(key, ())] if put else wants.get(key, ())
        changes.extend(_step_changes(plans, rows.get(key, ()), satisfied.get(key, {})))
    return tuple(changes)


def renamed_steps(rulebook: Rulebook) -> Mapping[StepKey, StepKey]:
    """From each rule and step id that was, to the one that is. An id in use is never an earlier id."""
    now = {(rule.id, step.id) for rule in rulebook.rules for step in rule.steps}
    return {
        (was_rule, was_step): (rule.id, step.id)
        for rule in rulebook.rules
        for step in rule.steps
        for was_rule in (rule.id, *rule.was)
        for was_step in (step.id, *step.was)
        if (was_rule, was_step) not in now
    }


def earlier_ids(rulebook: Rulebook) -> Mapping[StepKey, Sequence[StepKey]]:
    """For each step that has had other ids: all that it has had, its present ones included."""
    found: dict[StepKey, list[StepKey]] = {}
    for was, now in renamed_steps(rulebook).items():
        found.setdefault(now, [now]).append(was)
    return found


def names_of(
    planned: Iterable[Planned], earlier: Mapping[StepKey, Sequence[StepKey]]
) -> set[tuple[str, str, str]]:
    """Every name that these answer to, under all ids that rule and step have had: by these, told prompts are found."""
    return {
        (*ids, name)
        for p in planned
        for ids in earlier.get((p.rule, p.step), [(p.rule, p.step)])
        for name in p.names
    }


def _satisfied(rows: Iterable[Stored], plans: Iterable[Planned]) -> Satisfied:
    """Which moment each told row satisfies, if any. Of several that it could, one that no other row satisfies yet."""
    bearing = _by(plans, lambda plan: (plan.name,))
    answering = _by(plans, lambda plan: plan.names)
    found: dict[int, Planned] = {}
    taken: set[str] = set()

    def settle(rows: Iterable[Stored], moments: Callable[[Stored], Iterable[Planned]]) -> list[Stored]:
        """Gives the rows for which there is no such moment."""
        left: list[Stored] = []
        for row in rows:
            first = min(moments(row), key=lambda p: (p.name in taken, p.day, p.name), default=None)
            if first is None:
                left.append(row)
            else:
                found[row.id] = first
                taken.add(first.name)
        return left

    told = sorted((row for row in rows if row.told), key=lambda row: (row.plan.day, row.id))
    left = settle(told, lambda row: bearing.get(row.plan.name, ()))
    left = settle(left, lambda row: answering.get(row.plan.name, ()))
    settle(left, lambda row: (plan for name in row.plan.names for plan in answering.get(name, ())))
    return found


def _already_put(
    wants: Mapping[StepKey, Sequence[Planned]], satisfied: Iterable[Planned]
) -> Mapping[str, Planned]:
    """What changes in the plan because a question was put already, by a step that is no longer the earliest to put it.

    What was asked is not asked again by another: the prompt that was told stands, and covers the earliest and the rest.
    """
    told = {plan.key: plan for plan in satisfied}
    stands: dict[str, Planned] = {}
    for plan in sorted(told.values(), key=lambda plan: (plan.day, plan.key)):
        if plan.asked_by is not None and plan.asked_by not in told:
            stands.setdefault(plan.asked_by, plan)
    changed: dict[str, Planned] = {}
    for plan in (plan for plans in wants.values() for plan in plans) if stands else ():
        standing = stands.get(plan.asked_by or plan.key)
        if standing is not None:
            reason = Reason(WANTED) if plan.key == standing.key else standing.asks_for()
            changed[plan.key] = plan._replace(reason=reason)
    return changed


def _step_changes(plans: Iterable[Planned], rows: Iterable[Stored], satisfied: Satisfied) -> Iterator[Change]:
    ordered = sorted(plans, key=lambda plan: (plan.day, plan.name))
    by_name = {plan.name: plan for plan in ordered}
    for row in rows:
        if not row.told:
            continue
        if row.id in satisfied:
            yield from _update(row, _kept(row, by_name[satisfied[row.id].name]))
        else:
            yield from _update(row, row.plan._replace(reason=Reason("gone")))
    done = {plan.name for plan in satisfied.values()}
    unsent = [row for row in rows if not row.told]
    bearing = _by(unsent, lambda row: (row.plan.name,))
    claimed: set[int] = set()
    missing: list[Planned] = []
    for plan in ordered:
        if plan.name in done:
            continue
        own = bearing.get(plan.name, ())
        if own:
            claimed.add(own[0].id)
            yield from _update(own[0], plan)
        else:
            missing.append(plan)
    for plan in missing:
        other = next((r for name in plan.names for r in bearing.get(name, ()) if r.id not in claimed), None)
        if other is None:
            yield Change("create", plan)
        else:
            claimed.add(other.id)
            yield from _update(other, plan)
    for row in unsent:
        if row.id not in claimed:
            yield Change("drop", row.plan._replace(reason=Reason("gone")), row)


def _by(items: Iterable[T], names: Callable[[T], Iterable[str]]) -> Mapping[str, Sequence[T]]:
    found: dict[str, list[T]] = {}
    for item in items:
        for name in names(item):
            found.setdefault(name, []).append(item)
    return found


def _kept(row: Stored, plan: Planned) -> Planned:
    """What the plan now says about a prompt that was sent: it keeps its identity and its text, and remembers all names."""
    before = row.plan
    if (plan.name, plan.names, plan.text) == (before.name, before.names, before.text) and (
        plan.rule,
        plan.step,
    ) == (before.rule, before.step):
        return plan
    names = tuple(sorted({*before.names, *plan.names}))
    return plan._replace(rule=before.rule, step=before.step, name=before.name, names=names, text=before.text)


def _update(row: Stored, plan: Planned) -> Iterator[Change]:
    before = row.plan
    if before == plan:
        return
    if before.wanted and not plan.wanted:
        kind = "withdraw"
    elif plan.wanted and not before.wanted:
        kind = "revive"
    elif plan.wanted and (before.due, before.day) != (plan.due, plan.day):
        kind = "move"
    elif before.key != plan.key:
        kind = "rename"
    else:
        kind = "update"
    yield Change(kind, plan, row)
