"""One step for one client at one moment: when it is due, until when, and whether it is wanted.

Times follow design section 5 (Known, Window, Late): the due is a local wall time, rolled to a working day; a step due before
its moment was known is due when it was known; conditions are judged at due and must hold throughout.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from cti.core.after import counts_from
from cti.core.calendar import Calendar
from cti.core.conditions import ceases
from cti.core.events import Value
from cti.core.facts import value_at
from cti.core.life import Life
from cti.core.moments import Moment, moment_day
from cti.core.program import Program, RuleProgram, StepProgram
from cti.core.prompts import WANTED, Planned, Reason
from cti.core.rules import Step


class Judged(NamedTuple):
    """A planned step, with what the rest of the planning needs to know of it.

    `asks` is the question it puts. `ask_first`: it was due before its moment was known, and asking whether the moment is still
    current takes its place. `outlives` the moment, as the step does.
    """

    planned: Planned
    moment: Moment
    asks: str | None = None
    ask_first: bool = False
    outlives: bool = False


def judge(
    rule: RuleProgram,
    program_step: StepProgram,
    moment: Moment,
    life: Life,
    done: Mapping[str, Planned],
    program: Program,
) -> Judged:
    """Judges a step. `done` are the steps of the same rule and moment judged before it, by id."""
    step = program_step.step
    calendar = program.calendar
    base, why = counts_from(rule, step, moment, life, done, calendar)
    if base is None:
        until, _ = window_end(moment, life, moment.known, step.outlives, calendar)
        reason = Reason("closed") if shut_at(life, moment.known) else Reason("waiting", why)
        return _judged(step, rule, moment, life, calendar, reason, until=until)
    day, wanted_at = _due(program_step, base, life, calendar)
    due = max(wanted_at, moment.known)
    until, over = window_end(moment, life, due, step.outlives, calendar)
    expiry = None
    if step.expires is not None:
        expiry = calendar.at(calendar.add(day, step.expires), step.at or calendar.opens)
        if until is None or expiry < until:
            until = expiry
    code, until = _standing(program_step, moment, life, program, day, due, until, over, expiry, rule.since)
    text = _wording(program_step, life, due) if code == WANTED else step.text
    reason = Reason(code, _facts(program_step.facts, life, due))
    return _judged(step, rule, moment, life, calendar, reason, due, wanted_at, until, text, code == "stale")


def _facts(names: Iterable[str], life: Life, at: datetime) -> tuple[tuple[str, Value | None], ...]:
    """What was known of these facts at that moment."""
    lines = life.facts
    return tuple([(name, value_at(lines[name], at) if name in lines else None) for name in names])


def _wording(program_step: StepProgram, life: Life, due: datetime) -> str:
    """The text of the first variant whose condition holds at due, else the step's own."""
    for check, text in program_step.variants:
        if check(life, due):
            return text
    return program_step.step.text


def _standing(
    program_step: StepProgram,
    moment: Moment,
    life: Life,
    program: Program,
    day: date,
    due: datetime,
    until: datetime | None,
    over: str,
    expiry: datetime | None,
    since: date,
) -> tuple[str, datetime | None]:
    """Wanted, or the first reason why not; and the end of the window, which a condition that ceases to hold may bring nearer.

    `day` is the day of the due before lateness moved it.
    """
    step, when, calendar = program_step.step, program_step.when, program.calendar
    if day < since:
        return "before-since", until
    if shut_at(life, due):
        return "closed", until
    expired = until is not None and until <= due
    if expired and until != expiry:
        return over, until
    if when is not None and not when(life, due):
        return "condition", until
    late = due == moment.known and day < calendar.day(due)
    if late and (step.late == "ask" or _is_stale(moment, program)):
        return "stale", until
    if expired:
        return "too-late", until
    if late and step.late == "skip":
        return "skipped", until
    if when is not None:
        ceased = ceases(program_step.parts, when, life, due, until, calendar)
        until = ceased if ceased is not None else until
    return WANTED, until


def _is_stale(moment: Moment, program: Program) -> bool:
    """Whether the moment was known later than the vocabulary's limit."""
    limit = timedelta(days=program.vocabulary.stale_days)
    return moment.day is not None and program.calendar.day(moment.known) - moment.day > limit


def shut_at(life: Life, at: datetime) -> bool:
    """Whether the file is closed at that moment."""
    return bool(life.shut) and any(s.begin <= at and (s.end is None or at < s.end) for s in life.shut)


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


def _due(program_step: StepProgram, base: date, life: Life, calendar: Calendar) -> tuple[date, datetime]:
    """The due as rolling and `later` leave it, by its local day and as a moment."""
    step = program_step.step
    back = step.due.before
    time = step.at or calendar.opens
    day = calendar.roll(calendar.add(base, step.due), back)
    at = calendar.at(day, time)
    if step.later is not None and program_step.later is not None and program_step.later(life, at):
        day = calendar.roll(calendar.add(day, step.later.by), back)
        at = calendar.at(day, time)
    return day, at


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
    return Judged(planned, moment, step.asks, ask_first, step.outlives)


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
