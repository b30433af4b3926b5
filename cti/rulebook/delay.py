"""Delays and times of day as managers write them: "3 working days", "2 weeken ervoor", "09:00"."""

from __future__ import annotations

import re
from datetime import time

from cti.core.rules import Delay
from cti.i18n import mark
from cti.rulebook.meant import guess_delay, guess_time
from cti.rulebook.words import Wrong
from cti.rulebook.written import BEFORE, LONGEST, SAME_DAY, UNITS, write_delay

_DELAY = re.compile(r"(\d+) ([a-z]+(?: [a-z]+)?)")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::00)?")


def read_delay(value: object) -> Delay:
    """The delay that a value of a rule file says. Raises `Wrong` with what was probably meant."""
    if isinstance(value, str):
        delay = _exact(value)
        if delay is not None and delay.amount <= LONGEST[delay.unit]:
            return delay
        if delay is not None:
            raise Wrong(mark("{field} = {value}: further off than ten years"))
        better = guess_delay(value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        better = guess_delay(str(value))
    else:
        better = None
    if better is None:
        raise Wrong(mark('{field} = {value}: not a delay, such as "14 days" or "3 working days"'))
    raise Wrong(mark("{field} = {value}: not a delay"), better=better)


def read_span(value: object) -> Delay:
    """A delay that lasts: longer than nothing, and not "before"."""
    delay = read_delay(value)
    lang = _language(value)
    if delay.before:
        later = write_delay(Delay(max(1, delay.amount), delay.unit), lang)
        raise Wrong(mark('{field} = {value}: "before" has no meaning here'), better=later)
    if delay.amount == 0:
        raise Wrong(
            mark("{field} = {value}: must be longer than that"),
            better=write_delay(Delay(1, delay.unit), lang),
        )
    return delay


def read_working_days(value: object) -> Delay:
    """A span counted in working days, as reminders and escalations are."""
    delay = read_span(value)
    if delay.unit == "working days":
        return delay
    whole_weeks = delay.unit == "days" and delay.amount % 7 == 0
    amount = delay.amount // 7 * 5 if whole_weeks else delay.amount * WORKING_DAYS[delay.unit]
    raise Wrong(
        mark("{field} = {value}: reminders and escalations count working days, of which a week has five"),
        better=write_delay(Delay(amount, "working days"), _language(value)),
    )


WORKING_DAYS = {"days": 1, "weeks": 5, "months": 20}
"""How many are meant, of who counts in another unit: a month is taken for four weeks."""


def _language(value: object) -> str:
    """The language in which a delay is written."""
    return "nl" if isinstance(value, str) and re.search("dag|weken|maand|ervoor", value.lower()) else "en"


def read_days(value: object) -> int:
    """A span in days or weeks, as a number of days."""
    delay = read_span(value)
    if delay.unit in ("days", "weeks"):
        return delay.amount * (7 if delay.unit == "weeks" else 1)
    if delay.unit == "months":
        better = write_delay(Delay(delay.amount * 30, "days"), _language(value))
    else:
        better = write_delay(Delay(delay.amount, "days"), _language(value))
    raise Wrong(mark("{field} = {value}: count this in days or weeks"), better=better)


def _exact(text: str) -> Delay | None:
    words = " ".join(text.lower().split())
    if words in SAME_DAY:
        return Delay(0, "working days")
    before = False
    for ending in BEFORE:
        if words.endswith(f" {ending}"):
            words, before = words.removesuffix(ending).rstrip(), True
    match = _DELAY.fullmatch(words)
    if match is None or match[2] not in UNITS or len(match[1]) > 9:
        return None
    return Delay(int(match[1]), UNITS[match[2]], before)


def read_time(value: object) -> time:
    """The local time of day that a value says: "09:00", or a TOML time. Raises `Wrong` with what was probably meant."""
    better: str | None = None
    if isinstance(value, time):
        return time(value.hour, value.minute)
    if isinstance(value, str):
        match = _CLOCK.fullmatch(value.strip())
        if match is not None:
            return time(int(match[1]), int(match[2]))
        better = guess_time(value)
    elif isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 24:
        better = f"{int(value):02d}:{round(value % 1 * 100) if value % 1 < 0.6 else 0:02d}"
    if better is None:
        raise Wrong(mark('{field} = {value}: not a time of day, such as "09:00"'))
    raise Wrong(mark("{field} = {value}: not a time of day"), better=better)
