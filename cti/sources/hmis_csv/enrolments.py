"""One row of Enrollment.csv with what belongs to it: its exit, its first bed night, its project. Read and checked here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from cti.i18n import mark
from cti.sources.base import Quarantined, mask
from cti.sources.hmis_csv.codes import code
from cti.sources.hmis_csv.projects import Mapped, Project
from cti.sources.hmis_csv.tables import EnrollmentRow, ExitRow, ServiceRow
from cti.sources.parse import OPEN_YEAR, DayReader, MomentReader, usable_id


@dataclass(frozen=True, slots=True)
class Left:
    """An exit. `recorded` is its row's DateUpdated, if that can be read."""

    day: date
    destination: int | None
    subsidy: int | None
    assessment: int | None
    recorded: datetime | None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A row of Enrollment.csv. `begin` is when its stay begins, None where it has none (yet).

    `created` and `updated` are the row's times, `begin_recorded` is when `begin` was recorded; None where not stated.
    `exit_deleted` is when an exit that stood here was deleted, where none stands now.
    """

    id: str
    client: str
    project: Project
    entry: date
    begin: date | None
    begin_recorded: datetime | None
    created: datetime | None
    left: Left | None
    exit_deleted: datetime | None
    needs_language: bool
    worker: str | None


@dataclass
class Finder:
    """Reads enrolments of one export: the other tables, how times are written, and what it notes meanwhile (`seen`)."""

    mapping: Mapped
    exits: Mapping[str, ExitRow]
    deleted_exits: Mapping[str, datetime | None]
    nights: Mapping[str, tuple[date, datetime | None]]
    day_of: DayReader
    moment_of: MomentReader
    seen: Counter[str] = field(default_factory=Counter)

    def read(self, row: EnrollmentRow) -> Enrolment | Quarantined:
        """The enrolment, or why it cannot be read."""
        try:
            return self._read(row)
        except _Unreadable as error:
            ref = row.EnrollmentID if usable_id(row.EnrollmentID) else ""
            return Quarantined(
                ref, error.file, error.line, error.field, mask(error.value), error.reason, error.params
            )

    def moment(self, text: str) -> datetime | None:
        """A time of recording. One that cannot be read, or could be two, counts as not stated."""
        found = self.moment_of(text) if text else None
        if text and found is None:
            self.seen["times"] += 1
        return found

    def _read(self, row: EnrollmentRow) -> Enrolment:
        for name in ("EnrollmentID", "PersonalID"):
            value = getattr(row, name)
            if not usable_id(value):
                raise _unreadable(row, name, value, mark("the row has no id, or one that cannot be read"))
        project = self.mapping.projects.get(row.ProjectID)
        if project is None:
            reason = mark("the project is not in Project.csv, or its ProjectType is none of the standard's")
            raise _unreadable(row, "ProjectID", row.ProjectID, reason)
        entry = self._day(row, "EntryDate")
        if entry is None:
            raise _unreadable(row, "EntryDate", "", mark("an enrolment without an EntryDate"))
        created = self.moment(row.DateCreated)
        updated = _later(created, self.moment(row.DateUpdated))
        left = self._left(row, entry, created)
        begin, recorded = self._begin(row, project, entry, left, created, updated)
        worker = row.worker if row.worker and usable_id(row.worker) else None
        return Enrolment(
            row.EnrollmentID,
            row.PersonalID,
            project,
            entry,
            begin,
            recorded,
            created,
            left,
            self._exit_deleted(row, created) if left is None else None,
            code(row.TranslationNeeded) == 1,
            worker,
        )

    def _left(self, row: EnrollmentRow, entry: date, created: datetime | None) -> Left | None:
        found = self.exits.get(row.EnrollmentID)
        if found is None:
            return None
        day = self._day(found, "ExitDate")
        if day is not None and day.year == OPEN_YEAR:
            return None
        if day is None:
            raise _unreadable(found, "ExitDate", "", mark("an exit without an ExitDate"))
        if day < entry:
            reason = mark(
                "the ExitDate lies before the EntryDate; correct the one or the other in the registration"
            )
            raise _unreadable(found, "ExitDate", found.ExitDate, reason)
        destination = code(found.Destination)
        if found.Destination and destination is None:
            reason = mark("not a code; the codes of the standard are numbers")
            raise _unreadable(found, "Destination", found.Destination, reason)
        recorded = self.moment(found.DateUpdated)
        return Left(
            day,
            destination,
            code(found.DestinationSubsidyType),
            code(found.HousingAssessment),
            _later(created, recorded) if recorded is not None else None,
        )

    def _exit_deleted(self, row: EnrollmentRow, created: datetime | None) -> datetime | None:
        if row.EnrollmentID not in self.deleted_exits:
            return None
        return _later(created, self.deleted_exits[row.EnrollmentID])

    def _begin(
        self,
        row: EnrollmentRow,
        project: Project,
        entry: date,
        left: Left | None,
        created: datetime | None,
        updated: datetime | None,
    ) -> tuple[date | None, datetime | None]:
        """When the stay begins, and when that was recorded. A day before the EntryDate is the EntryDate; one after the
        ExitDate does not count."""
        if project.begins == "entry" or project.situation is None:
            return entry, created
        if project.begins == "bed-night":
            night, recorded = self.nights.get(row.EnrollmentID, (None, None))
            return self._within("bed-night", night, entry, left), _later(created, recorded)
        name = "MoveInDate" if project.begins == "move-in" else "DateOfEngagement"
        day = self._within(name, self._day(row, name), entry, left)
        if project.begins == "engagement" and day is None:
            return entry, created
        return day, updated

    def _within(self, name: str, day: date | None, entry: date, left: Left | None) -> date | None:
        if day is None:
            return None
        if left is not None and day > left.day:
            self.seen[f"{name} late"] += 1
            return None
        if day < entry:
            self.seen[f"{name} early"] += 1
            return entry
        return day

    def _day(self, row: EnrollmentRow | ExitRow, name: str) -> date | None:
        text: str = getattr(row, name)
        if not text:
            return None
        day = self.day_of(text)
        if day is None or (day.year == OPEN_YEAR and name != "ExitDate"):
            reason = mark("not a day, or not written as the config says (dates)")
            raise _unreadable(row, name, text, reason)
        return day


class _Unreadable(Exception):
    def __init__(self, file: str, line: int, name: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.file, self.line, self.field, self.value, self.reason = file, line, name, value, reason
        self.params: tuple[tuple[str, str], ...] = ()


def _unreadable(row: EnrollmentRow | ExitRow, name: str, value: str, reason: str) -> _Unreadable:
    file = "Exit.csv" if isinstance(row, ExitRow) else "Enrollment.csv"
    return _Unreadable(file, row.line, name, value, reason)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    """The later of two times. Nothing of an enrolment was recorded before it was created (some DateUpdated are days only)."""
    return max((moment for moment in (one, other) if moment is not None), default=None)


def latest_exits(
    rows: Iterable[ExitRow], moment_of: MomentReader
) -> tuple[dict[str, ExitRow], dict[str, datetime | None], int]:
    """The exit that stands for each enrolment, when the deleted ones were deleted, and how many had several.

    Of several the one that was updated last stands, as the registration corrects by adding.
    """
    standing: dict[str, ExitRow] = {}
    deleted: dict[str, datetime | None] = {}
    several = 0
    for row in rows:
        if row.DateDeleted:
            deleted[row.EnrollmentID] = _later(moment_of(row.DateDeleted), deleted.get(row.EnrollmentID))
            continue
        before = standing.get(row.EnrollmentID)
        if before is not None:
            several += 1
            old, new = moment_of(before.DateUpdated), moment_of(row.DateUpdated)
            if old is not None and (new is None or new < old):
                continue
        standing[row.EnrollmentID] = row
    return standing, deleted, several


def first_nights(
    rows: Iterable[ServiceRow], day_of: DayReader, moment_of: MomentReader
) -> dict[str, tuple[date, datetime | None]]:
    """The first bed night of each enrolment, and when it was recorded."""
    nights: dict[str, tuple[date, datetime | None]] = {}
    for row in rows:
        day = day_of(row.DateProvided)
        if day is None or day.year == OPEN_YEAR:
            continue
        before = nights.get(row.EnrollmentID)
        if before is None or day < before[0]:
            nights[row.EnrollmentID] = (day, moment_of(row.DateCreated))
    return nights
