"""A rulebook compiled for planning: rules by what they answer to, conditions as functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import NamedTuple

from cti.core.calendar import Calendar
from cti.core.conditions import Check, compile_condition
from cti.core.moments import Moment
from cti.core.rules import Changes, Condition, Delay, Enters, Expects, Records, Rule, Rulebook, Step
from cti.core.vocabulary import Vocabulary


class Dates(NamedTuple):
    """The day that a step comes to, its due as a moment, and when it expires (None: it does not)."""

    day: date
    due: datetime
    expiry: datetime | None


@dataclass(frozen=True, slots=True)
class StepProgram:
    """A step with its conditions compiled.

    `dates` gives its dates by the day from which it counts, `postponed` those of a step that comes later, by the day on which it
    would have come. `facts` are what all its conditions look at.
    """

    step: Step
    dates: Callable[[date], Dates]
    postponed: Callable[[date], Dates]
    when: Check | None
    later: Check | None
    variants: tuple[tuple[Check, str], ...]
    facts: tuple[str, ...]


@dataclass(frozen=True)
class RuleProgram:
    rule: Rule
    since: date
    calendar: Calendar

    @cached_property
    def steps(self) -> tuple[StepProgram, ...]:
        """Its steps, compiled when a client first comes to a moment that the rule answers to: one client meets few rules."""
        return tuple(_compile_step(step, self.calendar) for step in self.rule.steps)


@dataclass(frozen=True, slots=True)
class Program:
    """`by_moment` holds the rules that are on, by kind of moment and by situation, fact or "worker"."""

    vocabulary: Vocabulary
    calendar: Calendar
    by_moment: dict[tuple[str, str], tuple[RuleProgram, ...]]

    def answering(self, moment: Moment) -> list[RuleProgram]:
        """The rules that answer to this moment."""
        candidates = self.by_moment.get((moment.kind, moment.what), ())
        return [rule for rule in candidates if answers(rule.rule, moment)]


def compile_rulebook(rulebook: Rulebook, calendar: Calendar) -> Program:
    """Compiles the rules that are not off. The last one is kept: who explains asks for the same one again and again."""
    for of, by, program in _last:
        if of is rulebook and by is calendar:
            return program
    program = _compiled(rulebook, calendar)
    _last[:] = [(rulebook, calendar, program)]
    return program


_last: list[tuple[Rulebook, Calendar, Program]] = []


def _compiled(rulebook: Rulebook, calendar: Calendar) -> Program:
    by_moment: dict[tuple[str, str], list[RuleProgram]] = {}
    for rule in rulebook.rules:
        if rule.off:
            continue
        compiled = RuleProgram(rule, rule.since or rulebook.vocabulary.since, calendar)
        for key in answers_to(rule):
            by_moment.setdefault(key, []).append(compiled)
    return Program(rulebook.vocabulary, calendar, {key: tuple(rules) for key, rules in by_moment.items()})


def answers_to(rule: Rule) -> list[tuple[str, str]]:
    """The kinds of moment that a rule answers to, each with the situation, fact or "worker" that it names."""
    match rule.on:
        case Enters(situations):
            return [("enters", situation) for situation in situations]
        case Expects(situations):
            return [("expects", situation) for situation in situations]
        case Records(fact):
            return [("records", fact)]
        case Changes(what):
            return [("changes", what)]


def answers(rule: Rule, moment: Moment) -> bool:
    """Whether the rule answers to this moment, if it does to moments of that kind and situation or fact."""
    match rule.on:
        case Enters(_, origins, negated):
            return origins is None or (moment.origin in origins) != negated
        case Records(_, values):
            return not values or moment.value in values
        case _:
            return True


KEPT = 1024
"""Days for which they are remembered for each step: clients have their moments on the same days."""


def _compile_step(step: Step, calendar: Calendar) -> StepProgram:
    def compiled(condition: Condition) -> Check:
        return compile_condition(condition, calendar)

    when = compiled(step.when) if step.when is not None else None
    later = compiled(step.later.when) if step.later is not None else None
    variants = tuple((compiled(variant.when), variant.text) for variant in step.variants)
    checks = [check for check in (when, later, *(check for check, _ in variants)) if check is not None]
    return StepProgram(
        step,
        _dates(step, step.due, calendar),
        _dates(step, step.later.by if step.later is not None else step.due, calendar),
        when,
        later,
        variants,
        tuple(dict.fromkeys(fact for check in checks for fact in check.facts)),
    )


def _dates(step: Step, delay: Delay, calendar: Calendar) -> Callable[[date], Dates]:
    """How a step comes to its day by this delay. The day is rolled to a working day, back where the step comes before its
    moment; what it expires after counts from there (design, section 5, Window)."""
    time = step.at or calendar.opens

    @lru_cache(KEPT)
    def dates(base: date) -> Dates:
        day = calendar.roll(calendar.add(base, delay), step.due.before)
        expiry = calendar.at(calendar.add(day, step.expires), time) if step.expires is not None else None
        return Dates(day, calendar.at(day, time), expiry)

    return dates
