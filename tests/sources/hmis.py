"""Tiny HMIS CSV exports for tests: rows as mappings, with what every export has filled in."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from cti.sources.base import Batch, State
from tests.sources.build import read, table, write

Row = dict[str, object]

CREATED, UPDATED, LEFT = "2026-01-12 10:00:00", "2026-02-20 11:00:00", "2026-03-02 12:00:00"
"""When the enrolments of these tests were typed in, changed, and ended; 2026-01-12T09:00Z, 02-20T10:00Z, 03-02T11:00Z."""
CREATED_AT, UPDATED_AT, LEFT_AT = (
    "2026-01-12T09:00:00+00:00",
    "2026-02-20T10:00:00+00:00",
    "2026-03-02T11:00:00+00:00",
)

HEADERS = {
    "Export": "ExportID,ExportDate,ExportStartDate,ExportEndDate,CSVVersion,ExportPeriodType,ExportDirective",
    "Project": "ProjectID,ProjectName,ProjectType,DateDeleted",
    "Client": "PersonalID,FirstName,LastName,SSN,DOB,DateCreated,DateUpdated,DateDeleted",
    "Enrollment": "EnrollmentID,PersonalID,ProjectID,EntryDate,HouseholdID,RelationshipToHoH,DateOfEngagement,MoveInDate,"
    "TranslationNeeded,DateCreated,DateUpdated,UserID,DateDeleted",
    "Exit": "ExitID,EnrollmentID,PersonalID,ExitDate,Destination,DestinationSubsidyType,HousingAssessment,DateCreated,"
    "DateUpdated,DateDeleted",
    "Services": "ServicesID,EnrollmentID,PersonalID,DateProvided,RecordType,DateCreated,DateUpdated,DateDeleted",
}


@dataclass
class Hmis:
    """An export of one organisation with a project of each type: project p0 has ProjectType 0, and so on."""

    folder: Path
    about: Row = field(default_factory=dict)
    projects: list[Row] = field(
        default_factory=lambda: [{"ProjectID": f"p{kind}", "ProjectType": kind} for kind in range(15)]
    )
    enrolments: list[Row] = field(default_factory=list)
    exits: list[Row] = field(default_factory=list)
    services: list[Row] = field(default_factory=list)
    clients: list[Row] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=lambda: dict(HEADERS))

    def enrol(self, number: int, kind: int, entry: str = "2026-01-10", **more: object) -> Hmis:
        """Enrolment eN of client cN in the project of this type, as the head of household hN."""
        self.enrolments.append(
            {
                "EnrollmentID": f"e{number}",
                "PersonalID": f"c{number}",
                "ProjectID": f"p{kind}",
                "EntryDate": entry,
                "HouseholdID": f"h{number}",
                "RelationshipToHoH": 1,
                "DateCreated": CREATED,
                "DateUpdated": UPDATED,
            }
            | more
        )
        return self

    def leave(self, number: int, day: str = "2026-03-01", destination: object = 99, **more: object) -> Hmis:
        """The exit of enrolment eN."""
        row: Row = {
            "ExitID": f"x{number}",
            "EnrollmentID": f"e{number}",
            "ExitDate": day,
            "Destination": destination,
        }
        self.exits.append(row | {"DateUpdated": LEFT} | more)
        return self

    def night(self, number: int, day: str, created: str = "2026-01-20 08:00:00", **more: object) -> Hmis:
        row: Row = {
            "EnrollmentID": f"e{number}",
            "DateProvided": day,
            "RecordType": 200,
            "DateCreated": created,
        }
        self.services.append(row | more)
        return self

    def files(self) -> dict[str, str]:
        """The text of each file."""
        about: Row = {
            "ExportDate": "2026-03-09 20:00:00",
            "ExportStartDate": "2025-01-01",
            "ExportEndDate": "2026-12-31",
            "CSVVersion": "2026 v1",
            "ExportPeriodType": 3,
            "ExportDirective": 2,
        }
        rows = {
            "Export": [about | self.about],
            "Project": self.projects,
            "Enrollment": self.enrolments,
            "Exit": self.exits,
            "Services": self.services,
            "Client": self.clients,
        }
        return {name: table(header.split(","), rows[name]) for name, header in self.headers.items()}

    def write(self) -> Hmis:
        for name, text in self.files().items():
            write(self.folder / f"{name}.csv", text)
        return self

    def zip(self, name: str = "export.zip", inside: str = "") -> Path:
        """Writes the export as a zip file in the folder."""
        self.folder.mkdir(exist_ok=True, parents=True)
        with ZipFile(self.folder / name, "w", ZIP_DEFLATED) as archive:
            for file, text in self.files().items():
                archive.writestr(f"{inside}{file}.csv", text)
        return self.folder / name

    def read(self, state: State | None = None, **settings: Any) -> Batch:
        """Writes the export and reads it."""
        self.write()
        return read(self.folder, "hmis-csv", state, path=".", **settings)
