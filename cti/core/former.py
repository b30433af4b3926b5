"""Former names of rules and steps, remembered longer than the rules that mention them (design, law 5).

`was` stands in a rule file as long as its writer likes; what was sent under a name has to be found for good, also where a rule
is called as before again, or an earlier rulebook is put back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from cti.core.reconcile import StepKey, renamed_steps
from cti.core.rules import Rule, Rulebook

Renaming = tuple[StepKey, StepKey]
"""What a step was called (rule and step id), and what it was called next."""


def with_former_names(rulebook: Rulebook, remembered: Iterable[Renaming]) -> Rulebook:
    """The rulebook, whose rules and steps also know the names that other rulebooks gave them. Its digest stays as it is.

    A name that is in use belongs to what is called so now; one that could be of two steps belongs to neither.
    """
    now = {(rule.id, step.id) for rule in rulebook.rules for step in rule.steps}
    own = renamed_steps(rulebook)
    linked: dict[StepKey, set[StepKey]] = {}
    for one, other in (*remembered, *own.items()):
        linked.setdefault(one, set()).add(other)
        linked.setdefault(other, set()).add(one)
    if not linked:
        return rulebook
    reached = {key: _reached(key, linked, now) for key in now if key in linked}
    claims: dict[StepKey, set[StepKey]] = {}
    for key, names in reached.items():
        for name in names:
            claims.setdefault(name, set()).add(key)
    for name, key in own.items():
        claims[name] = {key}
    known: dict[StepKey, set[StepKey]] = {}
    for name, keys in claims.items():
        if len(keys) == 1:
            known.setdefault(next(iter(keys)), set()).add(name)
    in_use = {rule.id for rule in rulebook.rules}
    return replace(rulebook, rules=tuple(_named(rule, known, in_use) for rule in rulebook.rules))


def _reached(key: StepKey, linked: Mapping[StepKey, set[StepKey]], now: set[StepKey]) -> set[StepKey]:
    """All names that lead to this one, without a detour over another that is in use."""
    found: set[StepKey] = set()
    waiting = [key]
    while waiting:
        for name in linked[waiting.pop()] - now - found:
            found.add(name)
            waiting.append(name)
    return found


def _named(rule: Rule, known: Mapping[StepKey, set[StepKey]], in_use: set[str]) -> Rule:
    names = {step.id: known.get((rule.id, step.id), set()) for step in rule.steps}
    rules = {of for found in names.values() for of, _ in found} - in_use
    steps = tuple(
        replace(step, was=_more(step.was, {was for _, was in names[step.id]} - names.keys()))
        for step in rule.steps
    )
    return replace(rule, was=_more(rule.was, rules), steps=steps)


def _more(was: tuple[str, ...], found: set[str]) -> tuple[str, ...]:
    return (*was, *sorted(found - set(was)))
