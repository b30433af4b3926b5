"""The registration of the organisation: records, each with every version that was typed in and when.

A record says one thing about one client: a stay, an expectation, a fact, an assignment or a closing. Its id never changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from cti.sample.truth import Assignment, Closing, Fact

ZONE = ZoneInfo("Europe/Amsterdam")
SETTLED = timedelta(days=90)
"""So long after a day everything about that day has been typed in and corrected."""


@dataclass(frozen=True, slots=True)
class Stay:
    """A registered stay. `end` is exclusive; `destination` is None where the exit leads nobody knows where.

    `died` says that it ended with the client's death, which an HMIS exit tells and other dialects register apart.
    """

    situation: str
    begin: date
    end: date | None = None
    destination: str | None = None
    died: bool = False


@dataclass(frozen=True, slots=True)
class Expected:
    """A situation that is foreseen, with its day where one is known."""

    situation: str
    day: date | None


Content = Stay | Expected | Fact | Assignment | Closing


@dataclass(frozen=True, slots=True)
class Version:
    """What the record said from `recorded` (local time, without zone) on, and of whom. `content` None: it was deleted."""

    recorded: datetime
    client: str
    content: Content | None


@dataclass(frozen=True, slots=True)
class Record:
    """One record with its versions, oldest first.

    `file` is the number of the client file in which stay and expectation belong together (guidance at home is expected, then
    begins, in one file); it is only of use to dialects that know such files.
    """

    id: str
    versions: tuple[Version, ...]
    file: str

    def until(self, moment: datetime | None) -> tuple[Version, ...]:
        """The versions that were typed in by then; all of them for None."""
        if moment is None:
            return self.versions
        return tuple(version for version in self.versions if version.recorded <= moment)

    @property
    def last_content(self) -> Content:
        """What it says, or said last before it was deleted."""
        return last_content(self.versions)


def last_content(versions: Sequence[Version]) -> Content:
    """The content of the last version that has one; the first version always has."""
    return next(version.content for version in reversed(versions) if version.content is not None)


def local(moment: datetime) -> datetime:
    """The moment as the organisation's clocks show it: what has a zone is converted, what has none is taken as it stands."""
    return moment if moment.tzinfo is None else moment.astimezone(ZONE).replace(tzinfo=None)


def end_of(day: date) -> datetime:
    """The last second of a day on the organisation's clocks."""
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC).replace(tzinfo=None)
