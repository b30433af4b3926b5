"""Texts for people, in English and Dutch.

The English text is the id of a message; its Dutch stands in `cti/locale/nl.po`. A language without a
catalogue reads English, as does a message whose translation is missing: a person always gets the sentence,
at worst in the other language.
"""

import os
import re
from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from functools import cache, lru_cache
from pathlib import Path

from babel.dates import format_date, format_datetime
from babel.messages.pofile import read_po

LOCALE = Path(__file__).parent / "locale"
SOURCE_LANGUAGE = "en"
LANGUAGES = {"nl": "Nederlands", "en": "English"}
"""The languages that people are spoken to in, and what each calls itself."""

# Only a name between braces is a placeholder, so a text may speak of `{ not = [...] }` without escaping it.
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def say(lang: str, text: str, **params: object) -> str:
    """The message `text` in the language `lang`, its `{name}` placeholders filled from `params`.

    A date is written out ("dinsdag 3 maart 2026"), a list or tuple as its items with commas, of a mapping
    from languages the text in this one (else in English, else the first), all else as `str` gives it.
    Further params are ignored; one that is missing is a KeyError.
    """
    translated = catalogue(lang).get(text, text)
    return _PLACEHOLDER.sub(lambda hit: _shown(lang, params[hit[1]]), translated)


def say_count(lang: str, one: str, more: str, n: int, **params: object) -> str:
    """`one` where n is 1, else `more`: two ordinary messages that may use `{n}`."""
    return say(lang, one if n == 1 else more, n=n, **params)


def mark(text: str) -> str:
    """The text itself; tells the tests that it is a message, where it is translated later."""
    return text


def placeholders(text: str) -> frozenset[str]:
    """The names that stand between braces in a text."""
    return frozenset(_PLACEHOLDER.findall(text))


@lru_cache(maxsize=1024)  # a morning's mails bear a few days among them
def format_day(lang: str, day: date) -> str:
    """A day in words, with its weekday: "dinsdag 3 maart 2026", "Tuesday 3 March 2026"."""
    return format_date(day, "EEEE d MMMM y", locale=_locale(lang))


@lru_cache(maxsize=1024)  # a page bears the same days many times
def format_short_day(lang: str, day: date, near: date | None = None) -> str:
    """A day in few letters: "di 3 mrt 2026", "Tue 3 Mar 2026"; without its year where that is the year of `near`."""
    pattern = "EEE d MMM" if near is not None and day.year == near.year else "EEE d MMM y"
    return format_date(day, pattern, locale="nl" if lang == "nl" else "en_GB")


def format_month(lang: str, day: date) -> str:
    """The month of a day in words: "maart 2026", "March 2026"."""
    return format_date(day, "MMMM y", locale=_locale(lang))


def format_when(lang: str, when: datetime, zone: tzinfo) -> str:
    """An aware time as people in `zone` read it: "dinsdag 3 maart 2026, 09:00"."""
    return format_datetime(when, "EEEE d MMMM y, HH:mm", tzinfo=zone, locale=_locale(lang))


def language_from_env(environ: Mapping[str, str] = os.environ) -> str:
    """The language of the person at the terminal, "nl" or "en": CTI_LANG, else the locale."""
    for name in ("CTI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environ.get(name)
        if value:
            return "nl" if re.match(r"nl\b|nl_", value.lower()) else SOURCE_LANGUAGE
    return SOURCE_LANGUAGE


@cache
def catalogue(lang: str) -> Mapping[str, str]:
    """The translations of a language by their English texts; none where it has no file."""
    file = LOCALE / f"{lang}.po"
    if lang == SOURCE_LANGUAGE or not file.is_file():
        return {}
    with file.open("rb") as stream:
        messages = read_po(stream, locale=_locale(lang), abort_invalid=True)
    return {str(message.id): str(message.string) for message in messages if message.id and message.string}


def _locale(lang: str) -> str:
    return lang if lang == "nl" else "en"


def _shown(lang: str, value: object) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return format_day(lang, value)
    if isinstance(value, list | tuple):
        return ", ".join(_shown(lang, item) for item in value)
    if isinstance(value, Mapping):
        return str(value.get(lang) or value.get(SOURCE_LANGUAGE) or next(iter(value.values()), ""))
    return str(value)
