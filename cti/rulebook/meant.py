"""What was probably meant by a text that is no delay or no time of day: "3 worknig days", "two weeks", "9 uur"."""

from __future__ import annotations

import re
from difflib import get_close_matches

from cti.core.rules import Delay, Unit
from cti.rulebook.written import BEFORE, DUTCH_UNITS, LONGEST, SAME_DAY, UNITS, write_delay

# What people write in place of a unit; the number is what one of it counts.
OTHER_UNITS: dict[str, tuple[str, Unit, int]] = {
    "d": ("en", "days", 1),
    "dgn": ("nl", "days", 1),
    "w": ("en", "weeks", 1),
    "wk": ("en", "weeks", 1),
    "wks": ("en", "weeks", 1),
    "wkn": ("nl", "weeks", 1),
    "fortnight": ("en", "weeks", 2),
    "fortnights": ("en", "weeks", 2),
    "m": ("en", "months", 1),
    "mo": ("en", "months", 1),
    "mnd": ("nl", "months", 1),
    "mnden": ("nl", "months", 1),
    "quarter": ("en", "months", 3),
    "quarters": ("en", "months", 3),
    "kwartaal": ("nl", "months", 3),
    "y": ("en", "months", 12),
    "yr": ("en", "months", 12),
    "year": ("en", "months", 12),
    "years": ("en", "months", 12),
    "jaar": ("nl", "months", 12),
    "jaren": ("nl", "months", 12),
    "wd": ("en", "working days", 1),
    "work day": ("en", "working days", 1),
    "work days": ("en", "working days", 1),
    "workday": ("en", "working days", 1),
    "workdays": ("en", "working days", 1),
    "workingday": ("en", "working days", 1),
    "workingdays": ("en", "working days", 1),
    "business day": ("en", "working days", 1),
    "business days": ("en", "working days", 1),
    "weekday": ("en", "working days", 1),
    "weekdays": ("en", "working days", 1),
    "werk dag": ("nl", "working days", 1),
    "werk dagen": ("nl", "working days", 1),
}
HOURS = ("h", "hr", "hrs", "hour", "hours", "u", "uur", "uren")

NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "zero nul",
            "one a an een één",
            "two twee",
            "three drie",
            "four vier",
            "five vijf",
            "six zes",
            "seven zeven",
            "eight acht",
            "nine negen",
            "ten tien",
            "eleven elf",
            "twelve twaalf",
            "thirteen dertien",
            "fourteen veertien",
            "fifteen vijftien",
            "sixteen zestien",
            "seventeen zeventien",
            "eighteen achttien",
            "nineteen negentien",
            "twenty twintig",
        )
    )
    for word in words.split()
}
AT_ONCE = {
    "en": (
        "same day",
        "the same day",
        "today",
        "now",
        "immediately",
        "at once",
        "directly",
        "asap",
        "as soon as possible",
    ),
    "nl": (
        "dezelfde dag",
        "zelfde dag",
        "vandaag",
        "nu",
        "meteen",
        "direct",
        "onmiddellijk",
        "zo snel mogelijk",
    ),
}
EARLIER = (
    "before",
    "ervoor",
    "earlier",
    "eerder",
    "voor",
    "vooraf",
    "prior",
    "previously",
    "ahead",
    "advance",
    "tevoren",
)
FILLERS = (
    "after",
    "later",
    "na",
    "erna",
    "from",
    "in",
    "within",
    "binnen",
    "van",
    "then",
    "about",
    "of",
)

VAGUE = {"few", "some", "several", "couple", "many", "paar", "enkele", "aantal", "veel", "verscheidene"}

MOST = 100_000
"""More of any unit than this is no delay that anyone meant."""

_LOOSE_CLOCK = re.compile(
    r"(?:at |om )?(\d{1,2})(?:\s*[:.h,]\s*(\d{1,2}))?\s*(am|pm|a\.m\.|p\.m\.|uur|u|h|o'clock)?"
)


def guess_delay(text: str) -> str | None:
    """What was probably meant by a text that is not a delay, or None: "3 worknig days" is "3 working days"."""
    words = " ".join(text.lower().replace("_", " ").split()).strip(" .;,!")
    for lang, phrases in AT_ONCE.items():
        if words in phrases:
            return write_delay(Delay(0, "working days"), lang)
    if close := get_close_matches(words, SAME_DAY, n=1, cutoff=0.8):
        return close[0]
    halves = {"half year": 6, "half a year": 6, "halfjaar": 6, "half jaar": 6, "een half jaar": 6}
    if words in halves:
        return write_delay(Delay(6, "months"), "nl" if "jaar" in words else "en")
    if iso := re.fullmatch(r"p(\d{1,4})([dwmy])", words):  # as programs write it: P14D
        words = f"{iso[1]} {iso[2]}"
    before = words.startswith("-")
    tokens = re.findall(r"\d+(?:[.,]\d+)?|[a-zé']+", words)
    amount: float | None = None
    unit_words: list[str] = []
    for token in tokens:
        if token in EARLIER or (len(token) > 4 and get_close_matches(token, BEFORE, n=1, cutoff=0.75)):
            before = True
        elif token[0].isdigit():
            if amount is not None:
                return None
            amount = float(token.replace(",", "."))
            if amount > MOST:
                return None
        elif token in NUMBERS and amount is None:
            amount = float(NUMBERS[token])
        elif token not in FILLERS:
            unit_words.append(token)
    if amount is None and not unit_words:
        return None
    if not VAGUE.isdisjoint(unit_words):
        return None
    # What the delay counts from may stand behind it: "14 days after the intake".
    counted = next((n for n in (2, 1) if n < len(unit_words) and " ".join(unit_words[:n]) in _KNOWN), None)
    delay = _measure(1.0 if amount is None else amount, " ".join(unit_words[:counted]), before)
    if delay is None or delay[1].amount > LONGEST[delay[1].unit]:
        return None
    return write_delay(delay[1], delay[0])


_KNOWN = {*UNITS, *OTHER_UNITS}


def _measure(amount: float, unit: str, before: bool) -> tuple[str, Delay] | None:
    """The language and the delay that an amount of a loosely written unit comes to."""
    if not unit:
        found: tuple[str, Unit, int] = ("en", "days", 1)
    elif unit in HOURS:
        return "nl" if unit.startswith("u") else "en", Delay(max(1, round(amount / 24)), "days", before)
    elif unit in UNITS:
        found = ("nl" if unit in DUTCH_UNITS else "en", UNITS[unit], 1)
    elif unit in OTHER_UNITS:
        found = OTHER_UNITS[unit]
    else:
        close = get_close_matches(unit, [*UNITS, *(name for name in OTHER_UNITS if len(name) > 4)], n=1)
        if not close:
            return None
        return _measure(amount, close[0], before)
    lang, kind, size = found
    amount *= size
    if amount == int(amount):
        return lang, Delay(int(amount), kind, before)
    if kind == "working days":
        return lang, Delay(round(amount + 0.5), kind, before)
    return lang, Delay(round(amount * {"days": 1, "weeks": 7, "months": 30}[kind]), "days", before)


def guess_time(text: str) -> str | None:
    match = _LOOSE_CLOCK.fullmatch(" ".join(text.lower().split()))
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if (match[3] or "").startswith("p") and hour < 12:
        hour += 12
    if hour == 24 and minute == 0:
        hour = 0
    return f"{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else None
