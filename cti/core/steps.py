"""One step for one client at one moment: when it is due, until when, and whether it is wanted.

Times follow design section 5 (Known, Window, Late): the due is a local wall time, rolled to a working day; a step due before
its moment was known is due when it was known; conditions are judged at due and must hold throughout.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cti.core.calendar import Calendar
from cti.core.conditions import ceases
from cti.core.events import Answer, Value
from cti.core.facts import value_at
from cti.core.life import Life
from cti.core.moments import Moment
from cti.core.program import Program, RuleProgram, StepProgram
from cti.core.prompts import WANTED, Planned, Reason
from cti.core.rules import Step


@dataclass(frozen=True, slots=True)
class Judged:
    """A planned step, with what the rest of the planning needs to know of it.

    `asks` is the question it puts. `ask_first`: it was due before its moment was known, and asking whether the moment is still
    current takes its place.
    """

    planned: Planned
    asks: str | None
    moment: Moment
    ask_first: bool


@dataclass(frozen=True, slots=True)
class _Due:
    """The day counted from, the due as rolling and `later` leave it, and what `expires` makes of it."""

    day: date
    at: datetime


def moment_day(moment: Moment, calendar: Calendar) -> date:
    """The day a moment is about; an expectation without a day is about the day it was known."""
    return moment.day if moment.day is not None else calendar.day(moment.known)


def judge(
    rule: RuleProgram,
    program_step: StepProgram,
    moment: Moment,
    life: Life,
    done: Mapping[str, Judged],
    program: Program,
) -> Judged:
    """Judges a step. `done` are the steps of the same rule and moment judged before it, by id."""
    step = program_step.step
    calendar = program.calendar
    base, why = _base(rule, step, moment, life, done, calendar)
    if base is None:
        return _judged(step, rule, moment, life, calendar, Reason("waiting", why))
    wanted = _due(program_step, base, life, calendar)
    due = max(wanted.at, moment.known)
    until, over = window_end(moment, life, due, step.outlives, calendar)
    expiry = None
    if step.expires is not None:
        expiry = calendar.at(calendar.add(wanted.day, step.expires), step.at or calendar.opens)
        if until is None or expiry < until:
            until = expiry
    facts = tuple((fact, value_at(life.facts.get(fact, ()), due)) for fact in program_step.facts)
    code, until = _standing(program_step, moment, life, program, wanted, due, until, over, expiry, rule.since)
    ask_first = code == "stale"
    text = next((text for check, text in program_step.variants if check(life, due)), step.text)
    return _judged(
        step, rule, moment, life, calendar, Reason(code, facts), due, wanted.at, until, text, ask_first
    )


def _standing(
    program_step: StepProgram,
    moment: Moment,
    life: Life,
    program: Program,
    wanted: _Due,
    due: datetime,
    until: datetime | None,
    over: str,
    expiry: datetime | None,
    since: date,
) -> tuple[str, datetime | None]:
    """Wanted, or the first reason why not; and the end of the window, which a condition that ceases to hold may bring nearer."""
    step, calendar = program_step.step, program.calendar
    if wanted.day < since:
        return "before-since", until
    if any(shut.begin <= due and (shut.end is None or due < shut.end) for shut in life.shut):
        return "closed", until
    known_day = calendar.day(moment.known)
    late = wanted.day < known_day
    stale = moment.day is not None and known_day - moment.day > timedelta(days=program.vocabulary.stale_days)
    expired = until is not None and until <= due
    if expired and until != expiry:
        return over, until
    if program_step.when is not None and not program_step.when(life, due):
        return "condition", until
    if late and (stale or step.late == "ask"):
        return "stale", until
    if expired:
        return "too-late", until
    if late and step.late == "skip":
        return "skipped", until
    if program_step.when is not None and step.when is not None:
        ceased = ceases(step.when, program_step.when, life, due, until, calendar)
        until = ceased if ceased is not None else until
    return WANTED, until


def window_end(
    moment: Moment, life: Life, due: datetime, outlives: bool, calendar: Calendar
) -> tuple[datetime | None, str]:
    """When the moment is over for a step due then, and why.

    That is its own end (unless the step outlives it), or the closing of the file: one that comes after the due, and one that came
    after the moment had begun, since a closing ends all that is open, also what would be due after the file opens again.
    """
    until, over = (None, "") if outlives and moment.over == "moved-on" else (moment.end, moment.over)
    if life.shut:
        began = moment.known if moment.day is None else min(moment.known, calendar.at(moment.day))
        for shut in life.shut:
            if (shut.begin > due or shut.begin >= began) and (until is None or shut.begin <= until):
                until, over = shut.begin, "closed"
    return until, over


def _base(
    rule: RuleProgram,
    step: Step,
    moment: Moment,
    life: Life,
    done: Mapping[str, Judged],
    calendar: Calendar,
) -> tuple[date | None, tuple[tuple[str, Value | None], ...]]:
    """The day from which `due` counts; None while it is not known, with what is waited for."""
    if step.after is None:
        if moment.day is None and step.due.before:
            return None, (("waits-for", "day"),)
        return moment_day(moment, calendar), ()
    before = done[step.after]
    answer = answer_to(rule, step.after, moment, life)
    if answer is not None:
        return calendar.day(answer.at), ()
    planned = before.planned
    if planned.reason.code in ("condition", "before-since", "skipped", "stale") and planned.due is not None:
        return calendar.day(planned.due), ()
    if planned.until is not None:
        return calendar.day(planned.until), ()
    return None, (("waits-for", step.after),)


def answer_to(rule: RuleProgram, step_id: str, moment: Moment, life: Life) -> Answer | None:
    """The latest answer to that step at this moment, under its present id or an earlier one."""
    step = next(entry.step for entry in rule.steps if entry.step.id == step_id)
    rules = {rule.rule.id, *rule.rule.was}
    steps = {step.id, *step.was}
    found: Answer | None = None
    for answer in life.answers:
        said_rule, said_step, name = answer.prompt.split("/", 2)
        if said_rule not in rules or said_step not in steps:
            continue
        mine = name == moment.name or (
            not any(other.name == name for other in life.moments)
            and (name in moment.names or not set(moment.names).isdisjoint(answer.names))
        )
        if mine and (found is None or answer.at > found.at):
            found = answer
    return found


def _due(program_step: StepProgram, base: date, life: Life, calendar: Calendar) -> _Due:
    step = program_step.step
    back = step.due.before
    time = step.at or calendar.opens
    day = calendar.roll(calendar.add(base, step.due), back)
    at = calendar.at(day, time)
    if step.later is not None and program_step.later is not None and program_step.later(life, at):
        day = calendar.roll(calendar.add(day, step.later.by), back)
        at = calendar.at(day, time)
    return _Due(day, at)


def _judged(
    step: Step,
    rule: RuleProgram,
    moment: Moment,
    life: Life,
    calendar: Calendar,
    reason: Reason,
    due: datetime | None = None,
    wanted_at: datetime | None = None,
    until: datetime | None = None,
    text: str | None = None,
    ask_first: bool = False,
) -> Judged:
    planned = Planned(
        rule=rule.rule.id,
        step=step.id,
        name=moment.name,
        names=moment.names,
        client=life.client,
        day=moment_day(moment, calendar),
        known=moment.known,
        due=due,
        wanted_at=wanted_at,
        until=until,
        role=step.to,
        text=text or step.text,
        reason=reason,
        worker=_previous_worker(moment, life, calendar) if step.to == "previous-worker" else None,
    )
    return Judged(planned, step.asks, moment, ask_first)


def _previous_worker(moment: Moment, life: Life, calendar: Calendar) -> str | None:
    """The worker of before the moment."""
    if moment.worker_before is not None:
        return moment.worker_before
    day = moment_day(moment, calendar)
    worker: str | None = None
    for entry in life.worked:
        if entry.live and entry.worker is not None and entry.day < day:
            worker = entry.worker
    return worker
