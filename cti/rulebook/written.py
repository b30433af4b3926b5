"""How a delay is written in a rule file, in English and in Dutch."""

from __future__ import annotations

from cti.core.rules import Delay, Unit

UNITS: dict[str, Unit] = {
    "day": "days",
    "days": "days",
    "working day": "working days",
    "working days": "working days",
    "week": "weeks",
    "weeks": "weeks",
    "month": "months",
    "months": "months",
    "dag": "days",
    "dagen": "days",
    "werkdag": "working days",
    "werkdagen": "working days",
    "weken": "weeks",
    "maand": "months",
    "maanden": "months",
}
DUTCH_UNITS = ("dag", "dagen", "werkdag", "werkdagen", "weken", "maand", "maanden")
BEFORE = ("before", "ervoor")
SAME_DAY = ("same working day", "zelfde werkdag", "dezelfde werkdag")

WRITTEN: dict[tuple[str, Unit], tuple[str, str]] = {
    ("en", "days"): ("day", "days"),
    ("en", "working days"): ("working day", "working days"),
    ("en", "weeks"): ("week", "weeks"),
    ("en", "months"): ("month", "months"),
    ("nl", "days"): ("dag", "dagen"),
    ("nl", "working days"): ("werkdag", "werkdagen"),
    ("nl", "weeks"): ("week", "weken"),
    ("nl", "months"): ("maand", "maanden"),
}
"""Singular and plural of each unit, per language."""

LONGEST: dict[Unit, int] = {"days": 3653, "working days": 2600, "weeks": 522, "months": 120}
"""Ten years: longer is a slip of the keyboard, and would lead past the last day that a calendar has."""


def write_delay(delay: Delay, lang: str = "en") -> str:
    """The delay as it is written in a rule file, in English or Dutch."""
    if delay.unit == "working days" and delay.amount == 0:
        return SAME_DAY[1] if lang == "nl" else SAME_DAY[0]
    one, many = WRITTEN[lang, delay.unit]
    text = f"{delay.amount} {one if delay.amount == 1 else many}"
    return f"{text} {'ervoor' if lang == 'nl' else 'before'}" if delay.before else text
