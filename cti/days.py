"""Days: between which they are counted, and how people write one in words ("20 mei 2026", "May 20, 2026")."""

from __future__ import annotations

import re
from datetime import date

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
"""What is registered, and what rules name, lies between these; from days beyond none can be counted on."""

MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "january januari jan",
            "february februari feb",
            "march maart mar mrt",
            "april apr",
            "may mei",
            "june juni jun",
            "july juli jul",
            "august augustus aug",
            "september sep sept",
            "october oktober oct okt",
            "november nov",
            "december dec",
        ),
        1,
    )
    for word in words.split()
}
WEEKDAY = {
    word: number
    for number, words in enumerate(
        (
            "mon monday mo ma maandag",
            "tue tuesday tu tues di dinsdag",
            "wed wednesday we wo woensdag",
            "thu thursday th thur thurs do donderdag",
            "fri friday fr vr vrijdag",
            "sat saturday sa za zaterdag",
            "sun sunday su zo zondag",
        )
    )
    for word in words.split()
}
"""The weekdays as people write them, in English or Dutch; Monday is 0."""
_IN_WORDS = re.compile(r"(?:(\d{1,2})[. ]*([a-z]+)|([a-z]+)\.? (\d{1,2})),?\.? (\d{4})")


def day_in_words(text: str) -> date | None:
    """The day that a text says with the name of its month, in English or Dutch; None where it says none, or one that is not."""
    found = _IN_WORDS.fullmatch(" ".join(text.lower().split()))
    if found is None or (month := MONTHS.get(found[2] or found[3])) is None:
        return None
    try:
        return date(int(found[5]), month, int(found[1] or found[4]))
    except ValueError:
        return None
