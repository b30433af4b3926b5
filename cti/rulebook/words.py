"""Plain values as managers write them, each read by a function that says what is wrong and what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite

from cti.days import FIRST_DAY, LAST_DAY, day_in_words
from cti.i18n import mark
from cti.problems import Edit, closest
from cti.rulebook.meant import NUMBERS
from cti.tomlfile import literal


class Wrong(Exception):
    """A value that cannot be read. `text` is the message, which may speak of `{field}` and `{value}` and of `params`.

    `better` is the value to write in its place; None where nobody can tell. `further` is what can be written elsewhere, so that
    the value is right as it stands.
    """

    def __init__(
        self, text: str, *, better: object = None, further: tuple[Edit, ...] = (), **params: object
    ) -> None:
        super().__init__(text)
        self.text = text
        self.better = better
        self.further = further
        self.params = params


@dataclass(frozen=True)
class Toml:
    """A value that reads in a message as it is written in a file: `"14 days"`, `true`, `2026-01-01`."""

    value: object

    def __str__(self) -> str:
        return literal(self.value)


@dataclass(frozen=True)
class Plain:
    """Something that reads in a message just as it is, without quotes around it."""

    text: str

    def __str__(self) -> str:
        return self.text


def nearest(
    word: object,
    choices: Iterable[str],
    labels: Mapping[str, str] | None = None,
    meant: Mapping[str, str] | None = None,
) -> str | None:
    """The choice that was probably meant, or None.

    `labels` gives choices further names, as people say them: "crisisopvang" is what the vocabulary calls "crisis-shelter".
    `meant` has words that are no misspelling of the choice they stand for; only the very word counts.
    """
    if not isinstance(word, str):
        return None
    names = tuple(choices)
    other = (meant or {}).get("-".join(word.lower().split()).replace("_", "-"))
    if other in names:
        return other
    found = closest(word, names)
    if found is None and labels:
        label = closest(word, labels)
        found = labels[label] if label is not None else None
    return found


def listed(words: Iterable[str]) -> str:
    """Words as a list to read: "a", "b", "c"; cut off where it would fill the screen."""
    shown = [literal(word) for word in words]
    return ", ".join(shown[:MOST_LISTED]) + (", …" if len(shown) > MOST_LISTED else "")


MOST_LISTED = 12
"""More words than this are not read."""


def read_text(value: object) -> str:
    """A text with something in it."""
    if isinstance(value, str) and value.strip():
        return value
    if isinstance(value, str):
        raise Wrong(mark("{field} is empty"))
    if isinstance(value, bool | int | float | date):
        raise Wrong(mark("{field} = {value}: a text stands between quotes"), better=literal(value))
    raise Wrong(mark("{field}: not a text"))


def read_flag(value: object) -> bool:
    """true or false."""
    if isinstance(value, bool):
        return value
    meant = _flag(value)
    if meant is None:
        raise Wrong(mark("{field} = {value}: neither true nor false"))
    raise Wrong(mark("{field} = {value}: neither true nor false"), better=meant)


YES = ("yes", "ja", "true", "waar", "on", "aan", "1", "y", "j")
NO = ("no", "nee", "false", "onwaar", "off", "uit", "0", "n")


def _flag(value: object) -> bool | None:
    word = str(value).strip().lower()
    near = word if len(word) < 3 else closest(word, [other for other in (*YES, *NO) if len(other) > 2])
    return True if (near or word) in YES else False if (near or word) in NO else None


def read_yes_no(value: object) -> bool:
    """The value of a yes/no fact: true, false, "yes", "no" (or "ja", "nee")."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in ("yes", "ja"):
        return True
    if isinstance(value, str) and value in ("no", "nee"):
        return False
    meant = _flag(value)
    raise Wrong(mark('{field} = {value}: this fact is "yes" or "no"'), better=_yes_no(meant))


def _yes_no(meant: bool | None) -> str | None:
    return None if meant is None else "yes" if meant else "no"


def read_day(value: object) -> date:
    """A day: 2026-03-01, without quotes and without a time."""
    if isinstance(value, datetime):
        raise Wrong(mark("{field} = {value}: a day has no time"), better=value.date())
    if isinstance(value, date):
        if not FIRST_DAY <= value <= LAST_DAY:
            text = mark("{field} = {value}: a day of the years 1900 to 2199 stands here")
            raise Wrong(text, better=max(FIRST_DAY, min(value, LAST_DAY)))
        return value
    if isinstance(value, str):
        meant = guess_day(value)
        if meant is not None:
            raise Wrong(mark("{field} = {value}: a date stands without quotes, year first"), better=meant)
    if isinstance(value, int) and 19000101 <= value < 22000101 and (meant := guess_day(_apart(value))):
        raise Wrong(mark("{field} = {value}: a date has hyphens, year first"), better=meant)
    if isinstance(value, int) and not isinstance(value, bool) and 1900 < value < 2200:
        raise Wrong(mark("{field} = {value}: not a date, such as 2026-03-01"), better=date(value, 1, 1))
    raise Wrong(mark("{field} = {value}: not a date, such as 2026-03-01"))


_DAY_PARTS = re.compile(r"(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})(?:[T ].*)?")


def _apart(number: int) -> str:
    """A day that was written as one number: 20260301."""
    return f"{number // 10000}-{number // 100 % 100}-{number % 100}"


def guess_day(text: str) -> date | None:
    """The day that a text says: year first or last, the day before the month as in Europe, unless it cannot be."""
    if in_words := day_in_words(text):
        return in_words
    match = _DAY_PARTS.fullmatch(text.strip())
    if match is None:
        return None
    first, middle, last = match[1], int(match[2]), match[3]
    year, month, day = (int(first), middle, int(last)) if len(first) == 4 else (int(last), middle, int(first))
    if month > 12 >= day:
        month, day = day, month
    try:
        return date(year if year > 99 else 2000 + year, month, day)
    except ValueError:
        return None


def read_number(value: object) -> int | float:
    """A number, without quotes."""
    if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
        return value
    if isinstance(value, str):
        meant = _number(value)
        if meant is not None:
            raise Wrong(mark("{field} = {value}: a number stands without quotes"), better=meant)
    raise Wrong(mark("{field} = {value}: not a number"))


def _number(text: str) -> int | float | None:
    plain = text.strip().replace(",", ".")
    if plain.lower() in NUMBERS:
        return NUMBERS[plain.lower()]
    try:
        number = int(plain) if re.fullmatch(r"-?\d{1,9}", plain) else float(plain)
        return number if isfinite(number) else None
    except ValueError:
        return None


def read_count(value: object) -> int:
    """A whole number from one to a hundred."""
    number = read_number(value)
    if number < 1 or number != int(number):
        raise Wrong(
            mark("{field} = {value}: not a whole number of one or more"), better=max(1, round(abs(number)))
        )
    if number > MOST_TIMES:
        raise Wrong(mark("{field} = {value}: at most {most}"), better=MOST_TIMES, most=MOST_TIMES)
    return int(number)


MOST_TIMES = 100
"""No client enters a situation, and no worker is reminded, more often than this."""


def one_of(choices: Iterable[str], meant: Mapping[str, str] | None = None) -> Callable[[object], str]:
    """A reader of one of a few words; `meant` gives what people write in their place."""
    allowed = tuple(choices)

    def read(value: object) -> str:
        if isinstance(value, str) and value in allowed:
            return value
        if len(allowed) == 1:
            raise Wrong(mark("{field} = {value}: can only be {guess}"), better=allowed[0])
        raise Wrong(
            mark("{field} = {value}: must be one of {choices}"),
            better=nearest(value, allowed, meant=meant),
            choices=listed(allowed),
        )

    return read


ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def read_id(value: object) -> str:
    """An id: small letters, digits and single hyphens, as in a file name or a web address."""
    if isinstance(value, str) and ID.fullmatch(value):
        return value
    if isinstance(value, str | int) and not isinstance(value, bool):
        raise Wrong(
            mark("{field} = {value}: an id has small letters, digits and hyphens only"),
            better=slug(str(value)) or None,
        )
    raise Wrong(mark("{field}: not a text"))


_ACCENTS = str.maketrans("áàâäãåéèêëíìîïóòôöõúùûüýçñ", "aaaaaaeeeeiiiiooooouuuuycn")


def slug(text: str) -> str:
    """The text as an id: "Map Network" becomes "map-network"."""
    return "-".join(re.findall(r"[a-z0-9]+", text.lower().translate(_ACCENTS)))
