"""The rows of an HMIS export that tell of clients."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from cti.sample.draws import chance, stream
from cti.sample.hmis_codes import (
    DECEASED,
    DESTINATIONS,
    HOUSING,
    PRIOR,
    SUBSIDIES,
    SUBSIDISED,
    choose,
    mark,
    projects_of,
)
from cti.sample.hmis_files import Enrolment, Exit
from cti.sample.truth import Truth

Cell = str | int | date | datetime | None
Row = dict[str, Cell]

EXPORT = "1"
BED_NIGHT = 200
USERS = 25


def typed(created: datetime, updated: datetime, deleted: datetime | None, about: object) -> Row:
    """The columns that every row has: when it was typed in, changed and deleted, by whom, and the export it belongs to."""
    user = str(1 + mark(about, "user") % USERS)
    return {
        "DateCreated": created,
        "DateUpdated": max(updated, deleted) if deleted is not None else updated,
        "UserID": user,
        "DateDeleted": deleted,
        "ExportID": EXPORT,
    }


def _names(enrolment: Enrolment, person: int) -> Row:
    if person == 0:
        return {"EnrollmentID": enrolment.id, "PersonalID": enrolment.client}
    return {"EnrollmentID": f"{enrolment.id}-{person}", "PersonalID": f"{enrolment.client}-{person}"}


def entry(enrolment: Enrolment, person: int) -> Row:
    """The enrolment of one person of the household; person 0 is the head."""
    partner = person == 1 and mark(enrolment.client, "partner") % 2
    at_risk = enrolment.project.situation == "at-risk"
    return {
        **_names(enrolment, person),
        "ProjectID": enrolment.project.id,
        "EntryDate": enrolment.entry,
        "HouseholdID": f"h{enrolment.id}",
        "RelationshipToHoH": 1 if person == 0 else 3 if partner else 2,
        "EnrollmentCoC": "XX-500",
        "LivingSituation": 435 if at_risk else choose(PRIOR, enrolment.id, "prior"),
        "RentalSubsidyType": 433 if at_risk else None,
        "DisablingCondition": 99,
        "DateOfEngagement": enrolment.engaged,
        "MoveInDate": enrolment.move_in,
        "TimeToHousingLoss": mark(enrolment.id, "loss") % 4 if at_risk else None,
        **typed(enrolment.created, enrolment.updated, enrolment.deleted, enrolment.id),
    }


def exits(enrolment: Enrolment, person: int) -> Iterator[Row]:
    """The exits of one person: at most one that is not deleted."""
    for exit in enrolment.exits:
        yield {
            "ExitID": f"x{enrolment.id}-{person}-{exit.number}",
            **_names(enrolment, person),
            "ExitDate": exit.day,
            **_leads_to(enrolment, exit),
            **typed(exit.created, exit.updated, exit.deleted, enrolment.id),
        }


def _leads_to(enrolment: Enrolment, exit: Exit) -> Row:
    about = (enrolment.id, exit.number, "destination")
    if exit.said is None:
        return {"Destination": choose((101, 101, 101, 30), *about)}
    destination = exit.said.destination
    code = DECEASED if exit.said.died else choose(DESTINATIONS[destination], *about)
    row: Row = {"Destination": code}
    if code == SUBSIDISED:
        row["DestinationSubsidyType"] = choose(SUBSIDIES, *about)
    if enrolment.project.situation == "at-risk" and destination is not None:
        row["HousingAssessment"] = HOUSING.get(destination)
    return row


def nights(enrolment: Enrolment) -> Iterator[Row]:
    """Bed nights of a night shelter."""
    for night, created, deleted in enrolment.nights:
        yield {
            "ServicesID": f"s{enrolment.id}-{night:%Y%m%d}",
            **_names(enrolment, 0),
            "DateProvided": night,
            "RecordType": BED_NIGHT,
            "TypeProvided": BED_NIGHT,
            **typed(created, created, deleted, enrolment.id),
        }


def contacts(enrolment: Enrolment, latest: datetime) -> Iterator[Row]:
    """Contacts of outreach workers, once in a while."""
    if enrolment.project.situation != "street" or enrolment.deleted is not None:
        return
    over = enrolment.exits[-1].day if enrolment.exits else latest.date()
    for number in range(4):
        day = enrolment.entry + timedelta(days=number * 12)
        at = max(enrolment.created, datetime(day.year, day.month, day.day, 15, 20))  # noqa: DTZ001 - local, as HMIS has it
        if day <= over and at <= latest:
            yield {
                "CurrentLivingSitID": f"l{enrolment.id}-{number}",
                **_names(enrolment, 0),
                "InformationDate": day,
                "CurrentLivingSituation": 116,
                "VerifiedBy": enrolment.project.name,
                **typed(at, at, None, enrolment.id),
            }


def referrals(enrolment: Enrolment) -> Iterator[Row]:
    """The referral by which some came: to a shelter bed (10) or to rapid re-housing (13)."""
    event = {"crisis-shelter": 10, "own-home": 13}.get(enrolment.project.situation or "")
    if event is not None and mark(enrolment.id, "referral") % 3 == 0:
        yield {
            "EventID": f"e{enrolment.id}",
            **_names(enrolment, 0),
            "EventDate": enrolment.entry,
            "Event": event,
            "ReferralResult": 1,
            "ResultDate": enrolment.entry,
            **typed(enrolment.created, enrolment.created, enrolment.deleted, enrolment.id),
        }


def elsewhere(truth: Truth, latest: datetime) -> Iterator[tuple[Row, list[Row]]]:
    """Enrolments in projects where nobody stays (advice, day shelter, central access), with their exits."""
    for client in truth.clients:
        rng = stream(truth.seed, "services", client.id)
        if not chance(rng, 0.14):
            continue
        day = client.spells[0].begin + timedelta(days=rng.randrange(60))
        created = datetime(day.year, day.month, day.day, rng.randint(8, 17), rng.randrange(60))  # noqa: DTZ001
        left = created + timedelta(days=rng.randint(1, 200))
        project = rng.choice(projects_of(None))
        destination = rng.choice((410, 101, 30, 116))
        if created > latest:
            continue
        names: Row = {"EnrollmentID": f"n{client.id}", "PersonalID": client.id}
        row: Row = {
            **names,
            "ProjectID": project.id,
            "EntryDate": day,
            "HouseholdID": f"hn{client.id}",
            "RelationshipToHoH": 1,
            "EnrollmentCoC": "XX-500",
            "DisablingCondition": 99,
            **typed(created, created, None, client.id),
        }
        gone: Row = {
            "ExitID": f"xn{client.id}",
            **names,
            "ExitDate": left.date(),
            "Destination": destination,
            **typed(left, left, None, client.id),
        }
        yield row, [gone] if left <= latest else []
