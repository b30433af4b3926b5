"""Plan against store: what must change so that the stored prompts are what the plan says.

Unsent rows are a cache and take whatever the plan says, the moment's current name included. Rows that were sent keep their name
and remember every name they answered to. A sent row satisfies one moment: the one that bears its name, else the earliest that
shares one; a moment may absorb many. So a record that joins, heads, fills or splits a spell later, or is deleted and typed in
again, prompts nobody twice. (Design, laws 3 to 5 and section 5, Names.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from cti.core.prompts import Change, Planned, Reason, Stored
from cti.core.rules import Rulebook

StepKey = tuple[str, str]


def diff(planned: Iterable[Planned], stored: Iterable[Stored], rulebook: Rulebook) -> tuple[Change, ...]:
    """The changes that make the stored prompts of some clients into what is planned for them.

    `stored` holds all rows of these clients, and rows of other clients that were sent and share a name with a planned prompt.
    """
    current = renamed_steps(rulebook)
    wants: dict[StepKey, list[Planned]] = {}
    for plan in planned:
        wants.setdefault((plan.rule, plan.step), []).append(plan)
    rows: dict[StepKey, list[Stored]] = {}
    for row in stored:
        key = (row.plan.rule, row.plan.step)
        rows.setdefault(current.get(key, key), []).append(row)
    changes: list[Change] = []
    for key in sorted(wants.keys() | rows.keys()):
        changes.extend(_step_changes(wants.get(key, ()), rows.get(key, ())))
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


def _step_changes(wants: Sequence[Planned], rows: Sequence[Stored]) -> Iterator[Change]:
    ordered = sorted(wants, key=lambda plan: (plan.day, plan.name))
    satisfied: set[str] = set()
    for row in rows:
        if row.final:
            moment = _satisfies(row, ordered)
            if moment is None:
                yield from _update(row, replace(row.plan, reason=Reason("gone")))
            else:
                satisfied.add(moment.name)
                yield from _update(row, _kept(row, moment))
    unsent = {row.plan.name: row for row in rows if not row.final}
    claimed: set[str] = set()
    missing: list[Planned] = []
    for plan in ordered:
        if plan.name in satisfied:
            continue
        own = unsent.get(plan.name)
        if own is None:
            missing.append(plan)
        else:
            claimed.add(plan.name)
            yield from _update(own, plan)
    for plan in missing:
        other = next((name for name in plan.names if name in unsent and name not in claimed), None)
        if other is None:
            yield Change("create", plan)
        else:
            claimed.add(other)
            yield from _update(unsent[other], plan)
    for name, row in unsent.items():
        if name not in claimed:
            yield Change("drop", replace(row.plan, reason=Reason("gone")), row)


def _satisfies(row: Stored, ordered: Sequence[Planned]) -> Planned | None:
    remembered = {row.plan.name, *row.plan.names}
    own = next((plan for plan in ordered if plan.name == row.plan.name), None)
    return own or next((plan for plan in ordered if not remembered.isdisjoint(plan.names)), None)


def _kept(row: Stored, plan: Planned) -> Planned:
    """What the plan now says about a prompt that was sent: it keeps its identity and its text, and remembers all names."""
    before = row.plan
    names = tuple(sorted({*before.names, *plan.names}))
    return replace(plan, rule=before.rule, step=before.step, name=before.name, names=names, text=before.text)


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
