"""A record's content as the cells of a row, for the dialects that are plain tables (event rows and snapshots)."""

from __future__ import annotations

from datetime import date

from cti.sample.records import Content, Expected, Stay
from cti.sample.truth import Assignment, Closing, Fact

SAYS = (
    "situation",
    "begin",
    "end",
    "destination",
    "expected",
    "expected_day",
    "fact",
    "value",
    "day",
    "worker",
    "team",
    "closed",
    "closed_until",
)
"""The columns that say something; which of them are filled tells what kind of record it is."""


def cells(content: Content) -> list[str]:
    """The cells under `SAYS`."""
    said = _said(content)
    return [said.get(name, "") for name in SAYS]


def _said(content: Content) -> dict[str, str]:
    match content:
        case Stay():
            return {
                "situation": content.situation,
                "begin": content.begin.isoformat(),
                "end": _day(content.end),
                "destination": content.destination or "",
            }
        case Expected():
            return {"expected": content.situation, "expected_day": _day(content.day)}
        case Fact():
            return {"fact": content.name, "value": _value(content.value), "day": content.day.isoformat()}
        case Assignment():
            return {"worker": content.worker, "team": content.team, "day": content.day.isoformat()}
        case Closing():
            return {
                "closed": content.day.isoformat(),
                "closed_until": _day(content.until),
                "value": content.reason,
            }


def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def _value(value: str | bool | date) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else value
