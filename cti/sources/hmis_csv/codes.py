"""The codes of HUD HMIS CSV FY2024 and FY2026, and what they stand for by default.

The lists are the standard's (2.02.6 ProjectType, 3.12.1 Destination, W5.1 HousingAssessment); they are the same in both years.
The reading is the product's: each line of it can be changed in the config.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Begins = Literal["entry", "move-in", "bed-night", "engagement"]
"""What a stay begins with: EntryDate, MoveInDate, the first bed night, or DateOfEngagement (else EntryDate)."""

PROJECT_TYPES = frozenset(range(15))
"""0 shelter (entry/exit) · 1 shelter (night by night) · 2 transitional housing · 3 permanent supportive housing · 4 street
outreach · 6 services only · 7 other · 8 safe haven · 9 housing only · 10 housing with services · 11 day shelter · 12 prevention ·
13 rapid re-housing · 14 coordinated entry (5 is no longer used)."""

HOUSING = frozenset((3, 9, 10, 13))
"""The types in which a client is enrolled before there is a home, and moves in on MoveInDate."""

GUIDED_HOUSING = frozenset((3, 10, 13))
"""Housing that comes with guidance."""

GUIDING = frozenset((3, 6, 10, 13))
"""Types of which an enrolment that goes on means guidance after a move."""

GUIDED_SUBSIDIES = frozenset((431, 439, 440))
"""DestinationSubsidyType of a rented home (435) that comes with guidance: rapid re-housing, supportive housing and the like."""

SITUATION_OF_TYPE: Mapping[int, str] = {
    **dict.fromkeys((0, 1, 8), "crisis-shelter"),
    4: "street",
    2: "long-stay",
    12: "at-risk",
    **dict.fromkeys(HOUSING, "own-home"),
}

BEGINS_OF_TYPE: Mapping[int, Begins] = {1: "bed-night", 4: "engagement", **dict.fromkeys(HOUSING, "move-in")}

DECEASED = 24
RENTED_WITH_SUBSIDY = 435
KEPT_THE_HOME = 1
ASSESSED_DECEASED = 10

SITUATION_OF_DESTINATION: Mapping[int, str] = {
    **dict.fromkeys((101, 118), "crisis-shelter"),
    116: "street",
    **dict.fromkeys((204, 205, 215, 225, 302, 327, 329, 332), "long-stay"),
    **dict.fromkeys((206, 207), "institution"),
    **dict.fromkeys((410, 411, 421, 426, 435), "own-home"),
    **dict.fromkeys((312, 313, 422, 423), "with-others"),
}
"""24 closes the file; all other codes say that where the client went is unknown."""

UNKNOWN_DESTINATIONS = frozenset((8, 9, 17, 30, 37, 99, 314, 335, 336))
"""Codes of the standard that do not say where the client went, or to a place that is no situation of ours."""

OLD_DESTINATIONS = frozenset(
    (
        *range(1, 8),
        10,
        11,
        12,
        13,
        14,
        15,
        16,
        18,
        19,
        20,
        21,
        22,
        23,
        25,
        26,
        27,
        28,
        29,
        31,
        32,
        33,
        34,
        35,
        36,
    )
)
"""Codes of FY2022 and before, all below 100; the others below 100 (8, 9, 17, 24, 30, 37, 99) mean the same in both."""

BED_NIGHT = 200
HEAD = 1
FULL_REFRESH = 2
UPDATED_IN_PERIOD = 1
"""ExportPeriodType of an export that holds what changed in its period, and not what was the case in it."""


def code(text: str) -> int | None:
    """A code as a number ("410", "0410", "410.0"); None for what is none."""
    head, _, tail = text.partition(".")
    if not head.isascii() or not head.isdigit() or len(head) > 6 or tail.strip("0"):
        return None
    return int(head)
