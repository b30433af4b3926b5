"""A rulebook compiled for planning: rules by what they answer to, conditions as functions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from cti.core.calendar import Calendar
from cti.core.conditions import Check, compile_condition, facts_of, leaves
from cti.core.moments import Moment
from cti.core.rules import Changes, Condition, Enters, Expects, Records, Rule, Rulebook, Step
from cti.core.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class StepProgram:
    """A step with its conditions compiled.

    `parts` are the single conditions of its `when`, `facts` what all its conditions look at.
    """

    step: Step
    when: Check | None
    parts: tuple[Condition, ...]
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


def _compile_step(step: Step, calendar: Calendar) -> StepProgram:
    conditions = [
        step.when,
        step.later.when if step.later else None,
        *(variant.when for variant in step.variants),
    ]
    facts = (fact for condition in conditions if condition is not None for fact in facts_of(condition))
    return StepProgram(
        step,
        compile_condition(step.when, calendar) if step.when is not None else None,
        tuple(leaves(step.when)) if step.when is not None else (),
        compile_condition(step.later.when, calendar) if step.later is not None else None,
        tuple((compile_condition(variant.when, calendar), variant.text) for variant in step.variants),
        tuple(dict.fromkeys(facts)),
    )
