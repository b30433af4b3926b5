"""The rows of an HMIS export that surround the clients' files: the export itself, organisation, projects, users, clients."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time

from cti.sample.hmis_codes import PROJECTS
from cti.sample.hmis_headers import Year
from cti.sample.hmis_rows import EXPORT, USERS, Row, typed
from cti.sample.records import Record
from cti.sample.truth import Truth

VERSIONS: dict[Year, str] = {2024: "2024 v1.3", 2026: "2026 v1"}
ORGANISATION = "O1"
FULL = 2
"""ExportDirective of an export that holds everything of its period."""


def frame(truth: Truth, latest: datetime, year: Year) -> dict[str, list[Row]]:
    """Export, Organization, User, Project and HMISParticipation."""
    opened = datetime.combine(truth.start, time(9))
    stamp = typed(opened, opened, None, "frame") | {"UserID": "1"}
    return {
        "Export": [_export(truth, latest, year)],
        "Organization": [
            {
                "OrganizationID": ORGANISATION,
                "OrganizationName": "Sample organisation",
                "VictimServiceProvider": 0,
                **stamp,
            }
        ],
        "User": [
            {
                "UserID": str(n),
                "UserEmail": f"w{n}@example.org",
                **{k: v for k, v in stamp.items() if k != "UserID"},
            }
            for n in range(1, USERS + 1)
        ],
        "Project": [
            {
                "ProjectID": project.id,
                "OrganizationID": ORGANISATION,
                "ProjectName": project.name,
                "OperatingStartDate": truth.start,
                "ContinuumProject": 1,
                "ProjectType": project.type,
                "HousingType": None if project.type in (4, 6, 11, 12, 14) else 3 if project.type == 13 else 1,
                "RRHSubType": 2 if project.type == 13 else None,
                "TargetPopulation": 4,
                **stamp,
            }
            for project in PROJECTS
        ],
        "HMISParticipation": [
            {
                "HMISParticipationID": f"H{project.id}",
                "ProjectID": project.id,
                "HMISParticipationType": 1,
                "HMISParticipationStatusStartDate": truth.start,
                **stamp,
            }
            for project in PROJECTS
        ],
    }


def _export(truth: Truth, latest: datetime, year: Year) -> Row:
    return {
        "ExportID": EXPORT,
        "SourceType": 4,
        "SourceID": "SAMPLE",
        "SourceName": "Sample organisation",
        "ExportDate": latest,
        "ExportStartDate": truth.start,
        "ExportEndDate": latest.date(),
        "SoftwareName": "sample",
        "SoftwareVersion": "1.0",
        "CSVVersion": VERSIONS[year],
        "ExportPeriodType": 3,
        "ExportDirective": FULL,
        "HashStatus": 1,
        "ImplementationID": "0001",
    }


def clients(truth: Truth, records: Iterable[Record], latest: datetime) -> Iterator[Row]:
    """One row for each client and each member of a household; one that was merged into another is deleted.

    There are no names, no days of birth and no citizen numbers: nobody needs them here.
    """
    first: dict[str, datetime] = {}
    left: dict[str, datetime] = {}
    for record in records:
        versions = record.until(latest)
        for index, version in enumerate(versions):
            first[version.client] = min(first.get(version.client, version.recorded), version.recorded)
            if index and versions[index - 1].client != version.client:
                left[versions[index - 1].client] = version.recorded
    members = {client.id: client.members for client in truth.clients}
    for client in sorted(first):
        merged = left.get(client) if client not in members else None
        created = first[client]
        for person in range(members.get(client, 0) + 1):
            yield {
                "PersonalID": client if person == 0 else f"{client}-{person}",
                "NameDataQuality": 99,
                "SSNDataQuality": 99,
                "DOBDataQuality": 99,
                "RaceNone": 99,
                "GenderNone": 99,
                "Sex": 99,
                "VeteranStatus": 0 if person == 0 else None,
                **typed(created, created, merged, client),
            }
