"""Situations as HMIS knows them: the projects of the sample organisation, and codes for where an exit leads.

The codes are those of HUD's lists for FY2024 and FY2026 (domain book, section 4.1), used so that the default reading (design,
section 7) gives the situation back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from zlib import crc32

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Project:
    """A project with its ProjectType (2.02.6); `situation` is None where being enrolled says nothing about a stay."""

    id: str
    type: int
    team: str
    name: str
    situation: str | None


NIGHT_BY_NIGHT = 1

PROJECTS = (
    Project("P01", 0, "north", "Shelter north", "crisis-shelter"),
    Project("P02", NIGHT_BY_NIGHT, "east", "Night shelter east", "crisis-shelter"),
    Project("P03", 0, "south", "Shelter south", "crisis-shelter"),
    Project("P04", 8, "west", "Safe haven west", "crisis-shelter"),
    Project("P05", 4, "north", "Outreach north", "street"),
    Project("P06", 4, "south", "Outreach south", "street"),
    Project("P07", 2, "east", "Group home east", "long-stay"),
    Project("P08", 2, "west", "Bridging house west", "long-stay"),
    Project("P09", 12, "north", "Prevention north", "at-risk"),
    Project("P10", 12, "west", "Prevention west", "at-risk"),
    Project("P11", 13, "north", "Home guidance north", "own-home"),
    Project("P12", 13, "south", "Home guidance south", "own-home"),
    Project("P13", 3, "east", "Supported homes east", "own-home"),
    Project("P14", 10, "west", "Homes with services west", "own-home"),
    Project("P15", 9, "south", "Homes south", "own-home"),
    Project("P16", 6, "east", "Debt advice east", None),
    Project("P17", 11, "south", "Day shelter south", None),
    Project("P18", 14, "north", "Central access", None),
)

DESTINATIONS: dict[str | None, Sequence[int]] = {
    "crisis-shelter": (101, 101, 101, 118),
    "street": (116,),
    "long-stay": (302, 329, 329, 204, 205, 225, 332),
    "own-home": (410, 410, 435, 411, 421, 426),
    "kept-home": (410, 410, 435, 411),
    "with-others": (312, 313, 422, 423),
    "institution": (206, 207),
    None: (30, 30, 30, 8, 9, 17, 99),
}
DECEASED = 24
SUBSIDISED = 435
SUBSIDIES = (419, 428, 431, 433, 439)

HOUSING = {"kept-home": 1, "own-home": 2, "crisis-shelter": 6, "street": 6, "institution": 7}
"""HousingAssessment at the exit of a prevention project (W5); 1 is "kept the housing"."""

PRIOR = (116, 101, 335, 336, 410, 435, 207, 8)


def mark(*subject: object) -> int:
    """A number that is always the same for one subject; it stands in for a choice that was made once."""
    return crc32(":".join(map(str, subject)).encode())


def choose(options: Sequence[T], *subject: object) -> T:
    """One of the options, always the same for one subject."""
    return options[mark(*subject) % len(options)]


def projects_of(situation: str | None) -> list[Project]:
    """The projects in which being enrolled means this situation."""
    return [project for project in PROJECTS if project.situation == situation]
