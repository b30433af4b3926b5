"""Values of a source's settings that people write in words. What cannot be read is said with what was probably meant."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from zoneinfo import available_timezones

from pydantic_core import PydanticCustomError

from cti.i18n import mark
from cti.problems import closest

QuietUnit = Literal["working hours", "working days", "hours", "days"]

_QUIET_UNITS: dict[str, QuietUnit] = {
    "working hour": "working hours",
    "working hours": "working hours",
    "working day": "working days",
    "working days": "working days",
    "hour": "hours",
    "hours": "hours",
    "day": "days",
    "days": "days",
}
_PACE_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
_NAME = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*", re.IGNORECASE)
_CITIZEN_NUMBER = re.compile(
    r"bsn(nummer|nr)?|burgerservice(nummer|nr)?|sofi(nummer|nr)?|ssn|socialsecurity(number|no|nr)?",
    re.IGNORECASE,
)


OURS = "cti"
"""The source name of what is recorded here rather than read from a registration."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """How long a source may bring nothing new before that is a warning."""

    amount: int
    unit: QuietUnit

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"


def wrong(text: str, better: object = None, **params: object) -> PydanticCustomError:
    """A setting's error with our own message, which may speak of `{key}` and `{value}`; `better` is what was meant."""
    return PydanticCustomError("cti", "{text}", {"text": text, "better": better, "params": params})


def read_name(value: object) -> str:
    """The name of a source: letters, digits, hyphens, dots and underscores."""
    text = value.strip() if isinstance(value, str) else ""
    if text == OURS:
        # A snapshot without them would take back all answers that were ever given.
        text = mark("{key} = {value}: this name stands for what workers answer and enter; choose another")
        raise wrong(text, better="registration")
    if _NAME.fullmatch(text) and len(text) <= 64:
        return text
    better = "-".join(re.findall(r"[a-z0-9]+", str(value).lower()))[:64] or None
    raise wrong(
        mark("{key} = {value}: an id has letters, digits, hyphens, dots and underscores only"), better=better
    )


def read_pace(value: object) -> timedelta:
    """How often: "30 seconds", "5 minutes", "1 hour", "1 day"; from ten seconds to a week."""
    if isinstance(value, timedelta):
        return value
    text = " ".join(str(value).lower().split())
    match = re.fullmatch(r"(\d{1,6}) ?([a-z]+)", text)
    unit = closest(match[2].removesuffix("s"), _PACE_UNITS) if match else None
    if match is None or unit is None or not re.fullmatch(r"\d+ (second|minute|hour|day)s?", text):
        raise wrong(
            mark('{key} = {value}: not a pace; a pace is written as "5 minutes", "1 hour" or "1 day"'),
            better=f"{match[1]} {unit}{'' if int(match[1]) == 1 else 's'}" if match and unit else None,
        )
    pace = timedelta(seconds=int(match[1]) * _PACE_UNITS[unit])
    if pace < timedelta(seconds=10):
        raise wrong(mark("{key} = {value}: more often than every ten seconds"), better="10 seconds")
    if pace > timedelta(days=7):
        raise wrong(mark("{key} = {value}: less often than once a week"), better="7 days")
    return pace


def read_quiet(value: object) -> Quiet | None:
    """How long nothing new is normal: "16 working hours", "3 working days", "48 hours", "2 days"; empty: never mind."""
    if value is None or isinstance(value, Quiet):
        return value
    text = " ".join(str(value).lower().split())
    if not text:
        return None
    match = re.fullmatch(r"(\d{1,4}) ?([a-z ]+)", text)
    unit = closest(match[2], _QUIET_UNITS) if match else None
    if match is None or unit is None or match[2] not in _QUIET_UNITS or int(match[1]) == 0:
        raise wrong(
            mark('{key} = {value}: not a length of time; it is written as "16 working hours" or "2 days"'),
            better=f"{match[1]} {_QUIET_UNITS[unit]}" if match and unit and int(match[1]) else None,
        )
    return Quiet(int(match[1]), _QUIET_UNITS[unit])


def read_zone(value: object) -> str | None:
    """A time zone by its name in the tz database: "Europe/Amsterdam"."""
    if value is None:
        return None
    zones = available_timezones()
    if isinstance(value, str) and value in zones:
        return value
    raise wrong(
        mark('{key} = {value}: not a time zone; a zone is written as "Europe/Amsterdam"'),
        better=closest(str(value), sorted(zones)),
    )


def refuse_citizen_number(column: str) -> str:
    """The name of a column to read. A citizen number may not even be a client's reference (design, law 11)."""
    if _CITIZEN_NUMBER.fullmatch(re.sub(r"[\W_]", "", column)):
        raise wrong(
            mark("{key} = {value}: a citizen number is never read; map the registration's own number")
        )
    return column


_FORMAT = re.compile(r"(?i)(?:yyyy|mm?|dd?|[-/. ])+")


def read_date_format(value: object) -> str:
    """The order of a date: "yyyy-mm-dd", "dd-mm-yyyy", "mm/dd/yyyy"; "%d-%m-%Y" will do as well."""
    text = str(value).strip().lower()
    for code, token in (("%y", "yyyy"), ("%m", "mm"), ("%d", "dd"), ("jjjj", "yyyy")):
        text = text.replace(code, token)
    letters = re.findall(r"yyyy|m+|d+", text)
    if _FORMAT.fullmatch(text) and sorted(word[0] for word in letters) == ["d", "m", "y"]:
        return text
    better = None
    if sorted(set(re.sub(r"[^dmyj]", "", text).replace("j", "y"))) == ["d", "m", "y"]:
        order = dict.fromkeys(re.sub(r"[^dmyj]", "", text).replace("j", "y"))
        better = "-".join({"d": "dd", "m": "mm", "y": "yyyy"}[letter] for letter in order)
    raise wrong(mark('{key} = {value}: not the order of a date; write "dd-mm-yyyy", say'), better=better)


def read_overlap(value: object) -> timedelta | int:
    """How far before the cursor: "10 minutes", "1 hour", "2 days", or a number for a cursor that is one."""
    if isinstance(value, timedelta):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    text = " ".join(str(value).lower().split())
    match = re.fullmatch(r"(\d{1,6}) (second|minute|hour|day)s?", text)
    if match is None:
        raise wrong(mark('{key} = {value}: not an overlap; it is written as "10 minutes", or as a number'))
    return timedelta(seconds=int(match[1]) * _PACE_UNITS[match[2]])
