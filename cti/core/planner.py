"""The plan: every step of every moment of a client, wanted or not, each with its reason.

`plan` is a function of history, rulebook and calendar. It has no clock: it gives each prompt a window, and judges conditions at
times that stand in the history or follow from the rules. So a client needs planning again exactly when the history changed, and
all clients exactly when rules, vocabulary or calendar did. (Design, law 1 and section 5.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from cti.core.calendar import Calendar
from cti.core.events import History
from cti.core.life import Life, live
from cti.core.moments import Moment, moment_day
from cti.core.program import Program, compile_rulebook
from cti.core.prompts import STILL_CURRENT, WANTED, Planned, Reason
from cti.core.rules import Rulebook, Step
from cti.core.steps import judge, window_end

Planner = Callable[[History], tuple[Planned, ...]]


def plan(history: History, rulebook: Rulebook, calendar: Calendar) -> tuple[Planned, ...]:
    """The plan of one client. Who plans many takes `planner`, which compiles the rulebook once."""
    return planner(rulebook, calendar)(history)


def planner(rulebook: Rulebook, calendar: Calendar) -> Planner:
    """A function that plans a client by this rulebook and calendar."""
    program = compile_rulebook(rulebook, calendar)

    def plan_one(history: History) -> tuple[Planned, ...]:
        return plan_life(live(history, rulebook.vocabulary, calendar, program.by_moment), program)

    return plan_one


def plan_life(life: Life, program: Program) -> tuple[Planned, ...]:
    """The plan for a life that was read already."""
    planned: list[Planned] = []
    asking: Asking = {}
    for moment in life.moments:
        stale: list[Step] = []
        for rule in program.answering(moment):
            if (moment.day or moment_day(moment, program.calendar)) < rule.since:
                continue
            done: dict[str, Planned] = {}
            for compiled in rule.steps:
                step = compiled.step
                one = done[step.id] = judge(rule, compiled, moment, life, done, program)
                if one.reason.code == "stale":
                    stale.append(step)
                elif step.asks is not None and one.due is not None and one.wanted:
                    asking.setdefault((step.asks, moment.transition), []).append((one.due, len(planned)))
                planned.append(one)
        if stale:
            planned.append(_still_current(moment, stale, life, program))
    for of_one in asking.values():
        if len(of_one) > 1:
            _ask_once(planned, of_one)
    return tuple(planned)


Asking = dict[tuple[str, str], list[tuple[datetime, int]]]
"""When each wanted step that puts a question is due, and its place in the plan; by the question and the transition."""


def _ask_once(planned: list[Planned], asking: Sequence[tuple[datetime, int]]) -> None:
    """Of the wanted steps that put one question for one transition, only the earliest stands; it covers the rest."""
    _, first = min(asking)
    covered = planned[first].asks_for()
    for _, place in asking:
        if place != first:
            planned[place] = planned[place]._replace(reason=covered)


def _still_current(moment: Moment, late: Sequence[Step], life: Life, program: Program) -> Planned:
    """One question in place of the steps that a moment known too late would have brought all at once.

    It outlives the moment where one of them does.
    """
    calendar = program.calendar
    known_day = calendar.day(moment.known)
    outlives = any(step.outlives for step in late)
    until, code = window_end(moment, life, moment.known, outlives, calendar)
    patience = calendar.at(date.fromordinal(known_day.toordinal() + program.vocabulary.stale_days))
    until = patience if until is None else min(until, patience)
    reason = Reason(WANTED) if until > moment.known else Reason(code)
    rule, step = STILL_CURRENT
    return Planned(
        rule=rule,
        step=step,
        name=moment.name,
        names=moment.names,
        client=life.client,
        day=moment_day(moment, calendar),
        known=moment.known,
        due=moment.known,
        wanted_at=moment.known,
        until=until,
        role="worker",
        text="still-current/ask",
        reason=reason,
    )
