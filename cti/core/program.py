"""A rulebook compiled for planning: rules by what they answer to, conditions as functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from cti.core.calendar import ONE_DAY, Calendar
from cti.core.conditions import Check, Holds, compile_condition
from cti.core.moments import Moment
from cti.core.rules import Changes, Condition, Delay, Enters, Expects, Records, Rule, Rulebook, Step
from cti.core.vocabulary import Vocabulary


class Dates(NamedTuple):
    """The day that a step comes to, its due as a moment, from when on it is late (due, and that day over), and when it expires
    (None: it does not)."""

    day: date
    due: datetime
    late: datetime
    expiry: datetime | None


KEPT = 2048
"""Days for which they are remembered: clients have their moments on the same days."""


class DatesFrom(dict[date, Dates]):
    """The dates of a step by the day from which `delay` counts, worked out when they are first asked for.

    The day is rolled to a working day, back where the step comes before its moment; what it expires after counts from there
    (design, section 5, Window).
    """

    def __init__(self, step: Step, delay: Delay, calendar: Calendar) -> None:
        self._step, self._delay, self._calendar = step, delay, calendar

    def __missing__(self, base: date) -> Dates:
        if len(self) >= KEPT:
            self.clear()
        step, calendar = self._step, self._calendar
        time = step.at or calendar.opens
        day = calendar.roll(calendar.add(base, self._delay), step.due.before)
        expiry = calendar.at(calendar.add(day, step.expires), time) if step.expires is not None else None
        due = calendar.at(day, time)
        dates = self[base] = Dates(day, due, max(due, calendar.midnight[day + ONE_DAY]), expiry)
        return dates


@dataclass(frozen=True, slots=True)
class StepProgram:
    """A step with its conditions compiled.

    `dates` gives its dates by the day from which it counts, `postponed` those of a step that comes later, by the day on which it
    would have come. `wordings` are its variants: whether one holds, and its text. `facts` are what all its conditions look at.
    """

    step: Step
    dates: DatesFrom
    postponed: DatesFrom
    when: Check | None
    later: Check | None
    wordings: tuple[tuple[Holds, str], ...]
    facts: tuple[str, ...]


@dataclass(frozen=True)
class RuleProgram:
    """A rule that is compiled. `fits` says whether it answers to a moment of its kind and situation or fact (None: to all)."""

    rule: Rule
    since: date
    calendar: Calendar
    fits: Callable[[Moment], bool] | None

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

    _entering: dict[tuple[str, str | None], tuple[RuleProgram, ...]] = field(default_factory=dict)

    def answering(self, moment: Moment) -> tuple[RuleProgram, ...]:
        """The rules that answer to this moment. Of transitions they are remembered: there are few kinds, and many of each."""
        if moment.kind != "enters":
            return self._fitting(moment)
        step = moment.what, moment.origin
        found = self._entering.get(step)
        if found is None:
            found = self._entering[step] = self._fitting(moment)
        return found

    def _fitting(self, moment: Moment) -> tuple[RuleProgram, ...]:
        candidates = self.by_moment.get((moment.kind, moment.what))
        if not candidates:
            return ()
        return tuple([rule for rule in candidates if rule.fits is None or rule.fits(moment)])


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
        compiled = RuleProgram(rule, rule.since or rulebook.vocabulary.since, calendar, _fits(rule))
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
    fits = _fits(rule)
    return fits is None or fits(moment)


def _fits(rule: Rule) -> Callable[[Moment], bool] | None:
    match rule.on:
        case Enters(_, origins, negated) if origins is not None:
            from_these = frozenset(origins)
            return lambda moment: (moment.origin in from_these) != negated
        case Records(_, values) if values:
            return lambda moment: moment.value in values
        case _:
            return None


def _compile_step(step: Step, calendar: Calendar) -> StepProgram:
    def compiled(condition: Condition) -> Check:
        return compile_condition(condition, calendar)

    when = compiled(step.when) if step.when is not None else None
    later = compiled(step.later.when) if step.later is not None else None
    variants = [(compiled(variant.when), variant.text) for variant in step.variants]
    checks = [check for check in (when, later, *(check for check, _ in variants)) if check is not None]
    return StepProgram(
        step,
        DatesFrom(step, step.due, calendar),
        DatesFrom(step, step.later.by if step.later is not None else step.due, calendar),
        when,
        later,
        tuple((check.holds, text) for check, text in variants),
        tuple(dict.fromkeys(fact for check in checks for fact in check.facts)),
    )
