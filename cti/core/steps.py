"""One step for one client at one moment: when it is due, until when, and whether it is wanted.

Times follow design section 5 (Known, Window, Late): the due is a local wall time, rolled to a working day; a step due before
its moment was known is due when it was known; conditions are judged at due and must hold throughout.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from cti.core.after import FROM_MOMENT, counts_from
from cti.core.calendar import Calendar
from cti.core.conditions import ceases
from cti.core.facts import Values, values_at
from cti.core.life import Life
from cti.core.moments import Moment, moment_day
from cti.core.program import Dates, Program, RuleProgram, StepProgram
from cti.core.prompts import WANTED, Planned, Reason


def judge(
    rule: RuleProgram,
    program_step: StepProgram,
    moment: Moment,
    life: Life,
    done: Mapping[str, Planned],
    program: Program,
) -> Planned:
    """What the plan makes of a step. `done` are the steps of the same rule and moment judged before it, by id."""
    step, calendar = program_step.step, program.calendar
    base, why = moment.day, FROM_MOMENT
    if base is None or step.after is not None:
        base, why = counts_from(rule, step, moment, life, done, calendar)
    due: datetime | None = None
    wanted_at: datetime | None = None
    text = step.text
    if base is None:
        until, _ = window_end(moment, life, moment.known, step.outlives, calendar)
        reason = Reason("closed") if shut_at(life, moment.known) else Reason("waiting", why)
    else:
        dates = program_step.dates[base]
        if program_step.later is not None and program_step.later(life, dates.due):
            dates = program_step.postponed[dates.day]
        wanted_at = dates.due
        due = moment.known if moment.known > wanted_at else wanted_at
        values = values_at(program_step.facts, life.facts, due)
        code, until = _standing(program_step, dates, moment, life, due, values, program, rule.since)
        reason = Reason(code, tuple(values.items()))
        if code == WANTED:
            # Another wording where the condition of a variant holds; the first of them counts.
            for holds, wording in program_step.wordings:
                if holds(values, life, due):
                    text = wording
                    break
    # By place and not by name, which takes half as long again: this is made for each step of each moment of each client.
    return Planned(
        rule.rule.id,
        step.id,
        moment.name,
        moment.names,
        life.client,
        moment.day if moment.day is not None else calendar.day(moment.known),
        moment.known,
        due,
        wanted_at,
        until,
        step.to,
        text,
        reason,
        _previous_worker(moment, life, calendar) if step.to == "previous-worker" else None,
    )


def _standing(
    program_step: StepProgram,
    dates: Dates,
    moment: Moment,
    life: Life,
    due: datetime,
    values: Values,
    program: Program,
    since: date,
) -> tuple[str, datetime | None]:
    """Wanted, or the first reason why not; and the end of the window, which a condition that ceases to hold may bring nearer.

    `values` are those of the step's facts at the due. Its day is the one before lateness moved it.
    """
    step, when, calendar = program_step.step, program_step.when, program.calendar
    until, over = window_end(moment, life, due, step.outlives, calendar)
    if dates.expiry is not None and (until is None or dates.expiry < until):
        until = dates.expiry
    if dates.day < since:
        return "before-since", until
    if life.shut and shut_at(life, due):
        return "closed", until
    expired = until is not None and until <= due
    if expired and until != dates.expiry:
        return over, until
    if when is not None and not when.holds(values, life, due):
        return "condition", until
    late = moment.known >= dates.late
    if late and (step.late == "ask" or _is_stale(moment, program)):
        return "stale", until
    if expired:
        return "too-late", until
    if late and step.late == "skip":
        return "skipped", until
    if when is not None:
        until = ceases(when, life, due, until, calendar) or until
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
