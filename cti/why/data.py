"""An explanation for scripts: what `cti explain --json` writes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from cti.core.calendar import Calendar
from cti.core.events import RecordId, Value
from cti.store.told import Telling
from cti.why.telling import Told, ToldCondition, ToldMoment, ToldStep

Data = dict[str, object]


def data(told: Told, calendar: Calendar) -> Data:
    """The explanation as JSON takes it: times with their offset, days as days."""
    last = told.spells[-1] if told.spells else None
    return {
        "client": told.client,
        "at": _day(told.day),
        "as_of": _time(told.as_of, calendar),
        "situation": last[2] if last else None,
        "since": _day(last[0]) if last else None,
        "notes": list(told.notes),
        "summary": told.summary or None,
        "unknown": list(told.unknown),
        "rules": [
            {
                "rule": rule.rule,
                "title": rule.title,
                "off": rule.off,
                "moments": [_moment(moment, calendar) for moment in rule.moments],
            }
            for rule in told.rules
        ],
        "asked": _steps(told.asked, calendar),
        "gone": _steps(told.gone, calendar),
    }


def _moment(told: ToldMoment, calendar: Calendar) -> Data:
    return {
        "moment": told.moment.name,
        "kind": told.moment.kind,
        "what": told.moment.what,
        "day": _day(told.moment.day),
        "known": _time(told.moment.known, calendar),
        "source": told.record.source if told.record else None,
        "source_ref": told.record.ref if told.record else None,
        "silent": told.silent,
        "sentence": told.sentence,
        "steps": _steps(told.steps, calendar),
    }


def _steps(steps: Iterable[ToldStep], calendar: Calendar) -> list[Data]:
    return [_step(step, calendar) for step in steps]


def _step(told: ToldStep, calendar: Calendar) -> Data:
    plan = told.plan
    return {
        "key": plan.key,
        "step": plan.step,
        "day": _day(plan.day),
        "wanted": plan.wanted,
        "role": plan.role,
        "due": _time(plan.due, calendar),
        "until": _time(plan.until, calendar),
        "state": told.state,
        "code": plan.reason.code,
        "outcome": told.outcome,
        "came": told.came,
        "comes": _day(told.comes),
        "to": told.to or None,
        "reason": told.sentence,
        "details": [{"code": line.code, "text": line.text} for line in told.lines],
        "conditions": [_condition(condition, calendar) for condition in told.conditions],
        "told": [_telling(one) for one in told.tellings],
    }


def _condition(told: ToldCondition, calendar: Calendar) -> Data:
    record: RecordId | None = told.record
    return {
        "condition": told.condition,
        "found": told.found,
        "value": _plain(told.value),
        "holds": told.holds,
        "needed": told.needed,
        "decided": told.decided,
        "since": _day(told.since),
        "known": _time(told.known, calendar),
        "source": record.source if record else None,
        "source_ref": record.ref if record else None,
    }


def _telling(told: Telling) -> Data:
    return {
        "kind": told.kind,
        "day": _day(told.day),
        "person": told.person,
        "address": told.address,
        "state": told.state,
    }


def _plain(value: Value | None) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _time(moment: datetime | None, calendar: Calendar) -> str | None:
    return calendar.local(moment).isoformat() if moment is not None else None
