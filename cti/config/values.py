"""Values of the config that people write in their own way: days, times, weekdays, zones, countries and addresses.

A value that cannot be read raises `Wrong`, which pydantic collects with its place; it carries the message and, where it is
plain what was meant, the value to write.
"""

from __future__ import annotations

import re
from datetime import date, time
from difflib import get_close_matches
from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

import holidays
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from cti.address import is_address
from cti.core.people import WEEKDAYS
from cti.days import WEEKDAY, day_in_words
from cti.i18n import mark
from cti.problems import closest

WRONG = "cti"
"""The pydantic type of the errors made here."""


def wrong(text: str, better: object = None, **params: object) -> PydanticCustomError:
    """An error with our own message; `better` is the value that was probably meant."""
    return PydanticCustomError(WRONG, "{text}", {"text": text, "better": better, "params": params})


# --- days and times ---------------------------------------------------------------------------------------------------

_DUTCH_ORDER = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::00)?")
_LOOSE_CLOCK = re.compile(r"(?:at |om )?(\d{1,2})(?:\s*[:.h,]\s*(\d{1,2}))?\s*(am|pm|uur|u|h)?")


def read_day(value: object) -> date:
    """A day: a TOML date, or a text such as "2026-12-25"."""
    if isinstance(value, date) and type(value) is date:
        return value
    text = str(value).strip()
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise wrong(mark("{key} = {value}: there is no such day")) from None
    raise wrong(mark("{key} = {value}: not a day; a day is written as 2026-12-25"), better=_guess_day(text))


def _guess_day(text: str) -> date | None:
    if in_words := day_in_words(text):
        return in_words
    if match := _DUTCH_ORDER.fullmatch(text):
        day, month, year = (int(part) for part in match.groups())
        month, day = (day, month) if month > 12 else (month, day)
    elif match := re.match(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:$|[T ])", text):
        year, month, day = (int(part) for part in match.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_time(value: object) -> time:
    """A time of day: a TOML time, or a text such as "09:00"."""
    if isinstance(value, time):
        return value.replace(microsecond=0)
    text = " ".join(str(value).lower().split())
    if match := _CLOCK.fullmatch(text):
        return time(int(match[1]), int(match[2]))
    raise wrong(
        mark('{key} = {value}: not a time of day; a time is written as "09:00"'), better=_guess_time(text)
    )


def _guess_time(text: str) -> str | None:
    match = _LOOSE_CLOCK.fullmatch(text)
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3] == "pm" and hour < 12:
        hour += 12
    return f"{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else None


# --- weekdays ---------------------------------------------------------------------------------------------------------


def read_weekday(value: object) -> str:
    """A weekday by its first three letters: "mon"."""
    text = str(value).strip().lower()
    if text in WEEKDAYS:
        return text
    near = get_close_matches(text, WEEKDAY, n=1, cutoff=0.8)
    raise wrong(
        mark("{value} is not a weekday; the weekdays are {weekdays}"),
        better=WEEKDAYS[WEEKDAY[near[0]]] if near else None,
        weekdays=list(WEEKDAYS),
    )


# --- places -----------------------------------------------------------------------------------------------------------


def read_zone(value: object) -> str:
    """A time zone by its name in the tz database: "Europe/Amsterdam"."""
    zones = available_timezones()
    if isinstance(value, str) and value in zones:
        return value
    text = str(value).strip()
    cities = {zone.rsplit("/", 1)[-1]: zone for zone in sorted(zones) if zone.count("/") == 1}
    raise wrong(
        mark('{key} = {value}: not a time zone; a zone is written as "Europe/Amsterdam"'),
        better=closest(text, sorted(zones)) or cities.get(closest(text.rsplit("/", 1)[-1], cities) or ""),
    )


@cache
def countries() -> dict[str, list[str]]:
    """The countries whose holidays are known, with the codes of their parts."""
    return holidays.list_supported_countries(include_aliases=True)


_COUNTRY_NAMES = {
    **{"nederland": "NL", "netherlands": "NL", "the netherlands": "NL", "holland": "NL", "nld": "NL"},
    **{
        "belgië": "BE",
        "belgie": "BE",
        "belgium": "BE",
        "duitsland": "DE",
        "germany": "DE",
        "deutschland": "DE",
    },
    **{"united kingdom": "GB", "england": "GB", "united states": "US", "usa": "US", "america": "US"},
    **{
        "frankrijk": "FR",
        "france": "FR",
        "luxemburg": "LU",
        "luxembourg": "LU",
        "denmark": "DK",
        "sweden": "SE",
    },
}


def read_country(value: object) -> str:
    """A country by its two-letter code ("NL"); empty where no holidays count."""
    text = str(value).strip()
    if text == "" or text in countries():
        return text
    better = _COUNTRY_NAMES.get(text.lower()) or (text.upper() if text.upper() in countries() else None)
    raise wrong(mark('{key} = {value}: not a country code; a code is written as "NL"'), better=better)


# --- names and addresses ----------------------------------------------------------------------------------------------

_ID = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*", re.IGNORECASE)


def read_id(value: object) -> str:
    """An id: letters, digits, hyphens, dots and underscores."""
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if _ID.fullmatch(text) and len(text) <= 64:
        return text
    better = "-".join(re.findall(r"[a-z0-9]+", text.lower()))[:64] or None
    raise wrong(
        mark("{key} = {value}: an id has letters, digits, hyphens, dots and underscores only"), better=better
    )


def read_address(value: object) -> str:
    """A mail address: "w1@example.org", without a name around it."""
    text = str(value).strip()
    if is_address(text):
        return text
    raise wrong(
        mark('{key} = {value}: not a mail address; an address is written as "name@example.org"'),
        better=_guess_address(text),
    )


def _guess_address(text: str) -> str | None:
    inside = re.search(r"<\s*([^<>]+?)\s*>", text)
    bare = (inside[1] if inside else text).removeprefix("mailto:")
    bare = re.sub(r"\s*(?:\(at\)|\[at\]| at )\s*", "@", bare).replace(" ", "").replace(",", ".").strip(".;")
    bare = re.sub(r"\.{2,}", ".", re.sub(r"@{2,}", "@", bare))
    return bare if is_address(bare) else None


def read_share(value: object) -> float:
    """A part of a whole: more than 0, at most 1."""
    try:
        number = float(str(value))
    except ValueError:
        raise wrong(mark("{key} = {value}: not a number"), better=_guess_share(str(value))) from None
    if 0 < number <= 1:
        return number
    better = number / 100 if 1 < number <= 100 else None
    raise wrong(mark("{key} = {value}: a share is more than 0 and at most 1; a tenth is 0.1"), better=better)


def _guess_share(text: str) -> float | None:
    match = re.fullmatch(r"(\d{1,3})(?:[.,](\d+))?\s*(%|procent|percent)?", text.strip())
    if match is None:
        return None
    number = float(f"{match[1]}.{match[2] or 0}")
    number = number / 100 if match[3] or number > 1 else number
    return number if 0 < number <= 1 else None


Day = Annotated[date, BeforeValidator(read_day)]
Clock = Annotated[time, BeforeValidator(read_time)]
Weekday = Annotated[str, BeforeValidator(read_weekday)]
Zone = Annotated[str, BeforeValidator(read_zone)]
Country = Annotated[str, BeforeValidator(read_country)]
Id = Annotated[str, BeforeValidator(read_id)]
Share = Annotated[float, BeforeValidator(read_share)]
Address = Annotated[str, BeforeValidator(read_address)]


def slug(name: str) -> str:
    """The name in small letters, digits and hyphens, as rules write it."""
    return "-".join(re.findall(r"[a-z0-9]+", name.lower()))
