"""What a person is sent and when, in words: their working days, the hour of the daily mail, what goes at once."""

from __future__ import annotations

from datetime import time

from babel.dates import format_time, get_day_names

from cti.config import Config
from cti.core.people import Person
from cti.i18n import say
from cti.post.days import calendar_of


def arrives(lang: str, person: Person, config: Config) -> tuple[str, ...]:
    """What comes to this person's mailbox and when, a sentence each."""
    calendar, habits = config.calendar, config.habits
    names = get_day_names("wide", locale=lang)
    days = [names[day] for day in sorted(calendar_of(person, calendar).weekdays)]
    said = [
        say(
            lang,
            "One mail on a day on which something is new for you, from {time} on, on {days}; not on holidays.",
            time=_clock(lang, habits.digest_at or calendar.opens),
            days=tuple(days),
        ),
        say(lang, "At most {n} new prompts a day; the rest comes the next time.", n=habits.cap),
        say(
            lang,
            "What is urgent comes at once, between {opens} and {closes}.",
            opens=_clock(lang, calendar.opens),
            closes=_clock(lang, calendar.closes),
        ),
    ]
    if config.mail.content == "none":
        said.append(say(lang, "The mail tells that something waits, and nothing about whom."))
    return tuple(said)


def _clock(lang: str, at: time) -> str:
    return format_time(at, "HH:mm", locale=lang)
