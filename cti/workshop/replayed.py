"""What a replay is made with, and what it finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from cti.core.calendar import Calendar
from cti.core.events import RecordId
from cti.core.people import Staff
from cti.core.prompts import Planned
from cti.core.rules import Rulebook
from cti.post.delivery import Habits

Identity = tuple[str, str, str, str]
"""What a prompt is: its client, rule, step and the moment's name."""

Reached = Mapping[RecordId, Sequence[datetime]]
"""When each version of a record reached us, for records of which one came so long after it was recorded that it matters."""


@dataclass(frozen=True, slots=True)
class House:
    """The organisation that the prompts are for. `teams` are those of the sources, for clients without a registered team."""

    calendar: Calendar
    staff: Staff
    habits: Habits
    teams: Mapping[str, str] = field(default_factory=dict)


class Era(NamedTuple):
    """A rulebook, and from when on it was in force."""

    begins: datetime
    rulebook: Rulebook


@dataclass(frozen=True, slots=True)
class Prompted:
    """A prompt that would have been told: when, to whom, and whether only after its day because its moment was known late.

    `person` is None for an inbox or a desk. `covered` says that it was only named as missed in another prompt's mail.
    """

    plan: Planned
    at: datetime
    person: str | None
    address: str
    team: str | None
    late: bool
    covered: bool = False


@dataclass(frozen=True, slots=True)
class Replayed:
    """What was told in the time that was replayed.

    `elsewhere`: the dues of prompts that were wanted in the end, and not told in this time by themselves. `missed`: those that
    were not wanted in the end because they were known too late. `courses`: a number for each prompt that stands for all that was
    ever planned of it: for when, until when, for whom, how urgent. The same number in two replays means the same plan all along.
    """

    told: tuple[Prompted, ...]
    elsewhere: Mapping[Identity, datetime]
    missed: tuple[Planned, ...]
    unroutable: frozenset[int]
    courses: Mapping[Identity, int]


def identity(plan: Planned) -> Identity:
    """What the planned prompt is."""
    return plan.client, plan.rule, plan.step, plan.name
