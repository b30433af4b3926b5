"""The plan: every step of every moment of a client, wanted or not, each with its reason.

`plan` is a function of history, rulebook and calendar. It has no clock: it gives each prompt a window, and judges conditions at
times that stand in the history or follow from the rules. So a client needs planning again exactly when the history changed, and
all clients exactly when rules, vocabulary or calendar did. (Design, law 1 and section 5.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from cti.core.calendar import Calendar
from cti.core.events import History
from cti.core.life import Life, live
from cti.core.moments import Moment, moment_day
from cti.core.program import Program, compile_rulebook
from cti.core.prompts import STILL_CURRENT, WANTED, Planned, Reason
from cti.core.rules import Rulebook
from cti.core.steps import Judged, judge, window_end

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
    judged: list[Judged] = []
    for moment in life.moments:
        late: list[Judged] = []
        for rule in program.answering(moment):
            if (moment.day or moment_day(moment, program.calendar)) < rule.since:
                continue
            done: dict[str, Planned] = {}
            for step in rule.steps:
                found = judge(rule, step, moment, life, done, program)
                done[step.step.id] = found.planned
                judged.append(found)
                if found.ask_first:
                    late.append(found)
        if late:
            judged.append(_still_current(moment, late, life, program))
    return tuple(_ask_once(judged))


def _still_current(moment: Moment, late: Sequence[Judged], life: Life, program: Program) -> Judged:
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
    planned = Planned(
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
    return Judged(planned, moment)


def _ask_once(judged: Sequence[Judged]) -> list[Planned]:
    """Of the wanted steps that put one question for one transition, only the earliest stands; it covers the rest."""
    first: dict[tuple[str, str], Judged] = {}
    for entry in judged:
        if entry.asks is not None and entry.planned.wanted:
            group = (entry.asks, entry.moment.transition)
            before = first.get(group)
            if before is None or _earlier(entry, before):
                first[group] = entry
    planned: list[Planned] = []
    for entry in judged:
        plan = entry.planned
        if entry.asks is not None and plan.wanted:
            asked = first[entry.asks, entry.moment.transition]
            if asked is not entry:
                plan = plan._replace(reason=asked.planned.asks_for())
        planned.append(plan)
    return planned


def _earlier(entry: Judged, before: Judged) -> bool:
    mine, theirs = entry.planned.due, before.planned.due
    return mine is not None and theirs is not None and mine < theirs
