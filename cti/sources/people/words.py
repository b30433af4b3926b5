"""Languages and weekdays, as lists of people write them."""

from __future__ import annotations

import re

from cti.days import WEEKDAY
from cti.i18n import LANGUAGES, mark
from cti.sources.rows import Unreadable


def language_of(text: str) -> str | None:
    """The language that a code such as "nl" or "en-GB" names; None for one that nobody is written to in. Raises Unreadable."""
    if re.fullmatch(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*", text) is None:
        reason = mark("not the code of a language, nor a code under [sources.codes.language]")
        raise Unreadable("language", text, reason)
    return spoken(text)


def spoken(preferred: str) -> str | None:
    """The language that someone prefers, as browsers and SCIM write it ("nl-NL, en;q=0.8"); None where nobody is written to in
    it."""
    code = re.split("[-_,;]", preferred.strip())[0].strip().lower()
    return code if code in LANGUAGES else None


def weekdays(text: str) -> frozenset[int]:
    """Weekdays, by their Dutch or English names or the first letters of these: "ma, di, do". Raises Unreadable."""
    words = re.findall(r"[^\s,;/+]+", text.lower().replace(".", ""))
    if any(word not in WEEKDAY for word in words):
        raise Unreadable("works", text, mark("not weekdays, such as ma, di, do or mon, tue, thu"))
    return frozenset(WEEKDAY[word] for word in words)
