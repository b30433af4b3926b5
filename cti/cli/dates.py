"""Days and times as people give them to a command, and as it shows them."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from babel.dates import format_date, format_datetime

from cti.cli.refusal import Refusal
from cti.i18n import format_short_day, mark


def read_day(text: str | None, option: str) -> date | None:
    """The day of an option, or None where it was not given."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal(
            mark("{option} {given}: not a day; a day is written as 2026-12-25"), 2, option=option, given=text
        ) from None


def read_time(text: str, option: str, zone: tzinfo) -> datetime:
    """The time of an option, aware; without an offset it is a time of the organisation's."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refusal(
            mark(
                "{option} {given}: not a time; a time is written as 2026-03-02T09:00 or 2026-03-02T09:00:00+01:00"
            ),
            2,
            option=option,
            given=text,
        ) from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)


def short_day(lang: str, day: date) -> str:
    """A day for a table: "di 3 mrt 2026", "Tue 3 Mar 2026"."""
    return format_short_day(lang, day)


def plain_day(lang: str, day: date) -> str:
    """A day for a narrow table: "3 mrt 2026", "3 Mar 2026"."""
    return format_date(day, "d MMM y", locale=_locale(lang))


def short_time(lang: str, moment: datetime, zone: tzinfo) -> str:
    """A time for a table, on the organisation's clock: "di 3 mrt 2026 09:00"."""
    return format_datetime(moment, "EEE d MMM y HH:mm", tzinfo=zone, locale=_locale(lang))


def _locale(lang: str) -> str:
    return "nl" if lang == "nl" else "en_GB"
