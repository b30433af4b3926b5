"""Why, and why not: each rule and step for one client, with what decided it. Made only when someone asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cti.core.calendar import Calendar
from cti.core.conditions import compile_condition, entered, leaves
from cti.core.events import History, Value
from cti.core.facts import Said, held_by, value_at
from cti.core.life import Life, live, situation_at
from cti.core.moments import Moment
from cti.core.planner import plan_life
from cti.core.program import answers, answers_to, compile_rulebook
from cti.core.prompts import Planned
from cti.core.rules import Condition, Entered, Rule, Rulebook, Situation, Step


@dataclass(frozen=True, slots=True)
class Part:
    """One single condition as it stood at due: what it looked at, the value it found, and whether it held by itself.

    `said` is the recording that the value comes from, None where nothing was known.
    """

    condition: Condition
    value: Value | None
    holds: bool
    said: Said | None


@dataclass(frozen=True, slots=True)
class StepWhy:
    """A step at a moment: what the plan says of it, and the parts of its condition."""

    step: Step
    planned: Planned
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class MomentWhy:
    """A moment that a rule answers to. `steps` are empty where it lies before the day from which the rule prompts."""

    moment: Moment
    steps: tuple[StepWhy, ...]


@dataclass(frozen=True, slots=True)
class RuleWhy:
    """A rule for one client: the moments it answers to, newest last; none where the client had no such moment."""

    rule: Rule
    moments: tuple[MomentWhy, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything the rules make of one client."""

    life: Life
    rules: tuple[RuleWhy, ...]
    asked: tuple[Planned, ...]
    """The "is this still current?" prompts, which belong to no rule."""


def explain(history: History, rulebook: Rulebook, calendar: Calendar) -> Explanation:
    """Explains the plan of one client, by the same reasoning that makes it."""
    life = live(history, rulebook.vocabulary, calendar)
    program = compile_rulebook(rulebook, calendar)
    planned = plan_life(life, program)
    by_place = {(p.rule, p.name, p.step): p for p in planned}
    rules = tuple(RuleWhy(rule, _moments(rule, life, by_place, calendar)) for rule in rulebook.rules)
    known = {rule.id for rule in rulebook.rules}
    return Explanation(life, rules, tuple(p for p in planned if p.rule not in known))


def _moments(
    rule: Rule, life: Life, by_place: dict[tuple[str, str, str], Planned], calendar: Calendar
) -> tuple[MomentWhy, ...]:
    kinds = answers_to(rule)
    found: list[MomentWhy] = []
    for moment in life.moments:
        if (moment.kind, moment.what) not in kinds or not answers(rule, moment):
            continue
        steps = [
            StepWhy(step, planned, parts(step, planned.due, life, calendar))
            for step in rule.steps
            if (planned := by_place.get((rule.id, moment.name, step.id))) is not None
        ]
        found.append(MomentWhy(moment, tuple(steps)))
    return tuple(found)


def parts(step: Step, due: datetime | None, life: Life, calendar: Calendar) -> tuple[Part, ...]:
    """The single conditions of a step as they stood at due; none while it waits for a day."""
    if step.when is None or due is None:
        return ()
    return tuple(_part(leaf, due, life, calendar) for leaf in leaves(step.when))


def _part(leaf: Condition, due: datetime, life: Life, calendar: Calendar) -> Part:
    holds = compile_condition(leaf, calendar)(life, due)
    if isinstance(leaf, Situation):
        return Part(leaf, situation_at(life.spells, calendar.day(due)), holds, None)
    if isinstance(leaf, Entered):
        return Part(leaf, _times(leaf, life, due, calendar), holds, None)
    fact = str(getattr(leaf, "fact", ""))
    line = life.facts.get(fact, ())
    held = held_by(line, due)
    return Part(leaf, value_at(line, due), holds, _latest(held.said, due) if held else None)


def _times(leaf: Entered, life: Life, due: datetime, calendar: Calendar) -> int:
    return entered(life, leaf.situation, leaf.within, due, calendar)


def _latest(said: Sequence[Said], due: datetime) -> Said:
    return max((entry for entry in said if entry.at <= due), key=lambda entry: entry.at, default=said[0])
