"""A rule over time: its steps with example days, as the planner itself makes them of a made-up history.

Nothing is in that history but what the rule answers to. Conditions count as met, since nobody knows the client: on which day a
step comes is worked out; whether it comes is told in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from cti.core.calendar import Calendar
from cti.core.prompts import WANTED, Planned
from cti.core.rules import Expects, Rule, Rulebook, Step
from cti.workshop.scene import Plans, Scene


@dataclass(frozen=True, slots=True)
class Span:
    """The day on which a step comes, and the day on which its prompt is over (None: with the client's next transition).

    `standing` is the planner's word for it: "wanted", or why the step would not come although its conditions hold ("asked": an
    earlier step of the rule puts the same question; "lapsed": what was expected is given up by then).
    """

    due: date
    until: date | None
    standing: str = WANTED


@dataclass(frozen=True, slots=True)
class TimedStep:
    """A step with its example days.

    `span` is None where the planner gives no day. `later`: where the condition of `later` holds. `unanswered`: where nobody
    answers the step that it comes after. `undated`: where what is expected has no day, and was recorded on the day of the
    example. Reminders and the escalation count from `span.due`, as if the prompt was sent then and nobody answers.
    `same_question` names the steps of other rules (rule, step) that put the same question.
    """

    step: Step
    span: Span | None
    later: Span | None = None
    unanswered: Span | None = None
    undated: Span | None = None
    reminders: tuple[date, ...] = ()
    escalation: date | None = None
    same_question: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """A rule with its steps in the order of their days. `day` is the day that the moment is about in the example."""

    rule: Rule
    day: date
    steps: tuple[TimedStep, ...]

    @property
    def first(self) -> date:
        """The first day that has something on it."""
        return min([self.day, *(timed.span.due for timed in self.steps if timed.span)])

    @property
    def last(self) -> date:
        """The last day that has something on it."""
        spans = [span for timed in self.steps for span in (timed.span, timed.later) if span is not None]
        days = [day for span in spans for day in (span.due, span.until) if day is not None]
        return max([self.day, *days, *(day for timed in self.steps for day in timed.reminders)])


def example_day(today: date) -> date:
    """The first Monday of March of the coming year: an ordinary day, with a holiday or two ahead of it."""
    first = date(today.year + 1, 3, 1)
    return first + timedelta(days=-first.weekday() % 7)


def timeline(rule: Rule, rulebook: Rulebook, calendar: Calendar, day: date) -> Timeline:
    """The rule as it runs for a moment on that day, also a rule that is off. `rulebook` is the one that it stands in.

    A step that another comes after is taken as answered on its own day.
    """
    scene = Scene(rule, rulebook.vocabulary, calendar, day)
    answered: dict[str, Planned] = {}
    for step in rule.steps:
        if any(other.after == step.id for other in rule.steps):
            planned = scene.plan(answered.values()).get(step.id)
            if planned is not None and planned.due is not None:
                answered[step.id] = planned
    plans = scene.plan(answered.values())
    undated = scene.plan_undated() if isinstance(rule.on, Expects) else {}
    steps = [_timed(step, scene, plans, undated, answered, rulebook) for step in rule.steps]
    return Timeline(
        rule, day, tuple(sorted(steps, key=lambda timed: timed.span.due if timed.span else date.max))
    )


def _timed(
    step: Step,
    scene: Scene,
    plans: Plans,
    undated: Plans,
    answered: Mapping[str, Planned],
    rulebook: Rulebook,
) -> TimedStep:
    calendar = scene.calendar
    span = _span(plans.get(step.id), calendar)
    comes = span if span is not None and span.standing == WANTED else None
    postponed = comes is not None and step.later is not None
    later = scene.plan(answered.values(), postponed=step.id) if postponed else {}
    others = [planned for name, planned in answered.items() if name != step.after]
    unanswered = scene.plan(others) if step.after is not None else {}
    return TimedStep(
        step=step,
        span=span,
        later=_span(later.get(step.id), calendar),
        unanswered=_span(unanswered.get(step.id), calendar),
        undated=_span(undated.get(step.id), calendar) if not step.due.before else None,
        reminders=_reminders(step, comes, calendar),
        escalation=_escalation(step, comes, calendar),
        same_question=tuple(_same_question(scene.rule, step, rulebook)),
    )


def _span(planned: Planned | None, calendar: Calendar) -> Span | None:
    if planned is None or planned.due is None:
        return None
    until = calendar.day(planned.until) if planned.until is not None else None
    return Span(calendar.day(planned.due), until, planned.reason.code)


def _reminders(step: Step, span: Span | None, calendar: Calendar) -> tuple[date, ...]:
    """The days of the reminders that come within the window."""
    days: list[date] = []
    if step.remind is None or span is None:
        return ()
    day = span.due
    for _ in range(step.remind.times):
        day = calendar.roll(calendar.add(day, step.remind.every))
        if span.until is not None and day >= span.until:
            break
        days.append(day)
    return tuple(days)


def _escalation(step: Step, span: Span | None, calendar: Calendar) -> date | None:
    if step.escalate is None or span is None:
        return None
    day = calendar.roll(calendar.add(span.due, step.escalate.after))
    return day if span.until is None or day < span.until else None


def _same_question(rule: Rule, step: Step, rulebook: Rulebook) -> list[tuple[str, str]]:
    """The steps of other rules that are on and put the question of this one."""
    return [
        (other.id, theirs.id)
        for other in rulebook.rules
        if other.id != rule.id and not other.off
        for theirs in other.steps
        if step.asks is not None and theirs.asks == step.asks
    ]
