"""One FHIR resource as the cells of a row: what it says of where a client is, from when to when, and who works with the client.

Read are the elements named here and no others; names, addresses and free text are never looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, tzinfo
from typing import Any

from fhir.resources.R4B.careteam import CareTeam
from fhir.resources.R4B.condition import Condition
from fhir.resources.R4B.encounter import Encounter
from fhir.resources.R4B.episodeofcare import EpisodeOfCare
from pydantic import BaseModel, ValidationError

from cti.sources.columns import COLUMNS as EVERY
from cti.sources.fhir.options import Options

COLUMNS = tuple(name for name in EVERY if name not in ("fact", "value", "team", "closed", "closed_until"))
"""What a resource may say, as a row does."""

MODELS: dict[str, type[BaseModel]] = {
    "Encounter": Encounter,
    "EpisodeOfCare": EpisodeOfCare,
    "Condition": Condition,
    "CareTeam": CareTeam,
}

RETRACTED = frozenset(("entered-in-error", "cancelled", "refuted"))
PLANNED = frozenset(("planned", "waitlist"))
OVER = frozenset(("finished", "inactive", "resolved", "remission"))

FirstKnown = Callable[[str, Iterable[str]], str]
"""Of the codes that a resource bears for a column, the one to go by."""


class NotAsR4(Exception):
    """The resource is not one as FHIR R4 has it; `where` is the first element that is wrong."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


class NotOurs(Exception):
    """The resource says nothing about a client."""


def row_of(
    kind: str, resource: Any, options: Options, first_known: FirstKnown, zone: tzinfo
) -> list[str | None]:
    """The cells of the row that this resource is, in the order of `COLUMNS`. Days are those of `zone`.

    Raises NotAsR4 and NotOurs.
    """
    found = _validated(kind, resource)
    subject = found.patient if kind == "EpisodeOfCare" else found.subject
    client = _reference(subject, options.client)
    if client is None:
        raise NotOurs
    cells: dict[str, str | None] = {
        "id": f"{kind}/{found.id}",
        "client": client,
        "recorded": found.meta.lastUpdated.isoformat() if found.meta and found.meta.lastUpdated else None,
    }
    states = set(_states(kind, found))
    if states & RETRACTED:
        cells["retracted"] = "yes"
    elif kind == "CareTeam":
        cells |= _team(found, options.worker_role, zone, over=bool(states & OVER))
    elif states & PLANNED:
        cells["expected"] = first_known("expected", _situation_codes(kind, found))
        cells["expected_day"] = _day(_period(kind, found)[0], zone)
    else:
        begin, end = _period(kind, found)
        cells["situation"] = first_known("situation", _situation_codes(kind, found))
        cells["begin"] = _day(begin, zone)
        cells["end"] = _day(end, zone) if end is not None else None
        cells["destination"] = first_known("destination", _discharged_to(kind, found)) or None
        cells["worker"] = _worker(kind, found, options.worker_role)
    return [cells.get(name) for name in COLUMNS]


def _validated(kind: str, resource: Any) -> Any:
    if not isinstance(resource, dict) or resource.get("resourceType") != kind:
        raise NotAsR4("resourceType")
    try:
        found = MODELS[kind].model_validate(resource)
    except ValidationError as error:
        where = error.errors(include_input=False, include_url=False, include_context=False)[0]["loc"]
        # Names of elements only: what stands in them may be about someone.
        raise NotAsR4(".".join(str(part) for part in where if isinstance(part, str))[:60]) from None
    if not getattr(found, "id", None):
        raise NotAsR4("id")
    return found


def _states(kind: str, found: Any) -> Iterator[str]:
    if kind != "Condition":
        yield found.status or ""
        return
    for concept in (found.clinicalStatus, found.verificationStatus):
        for coding in (concept.coding or ()) if concept is not None else ():
            yield coding.code or ""


def _period(kind: str, found: Any) -> tuple[date | str | None, date | str | None]:
    if kind == "Condition":
        onset, abated = found.onsetPeriod, found.abatementPeriod
        begin = found.onsetDateTime or (onset.start if onset is not None else None)
        end = found.abatementDateTime or (abated.start if abated is not None else None)
        return begin or found.recordedDate, end
    period = found.period
    return (period.start, period.end) if period is not None else (None, None)


def _situation_codes(kind: str, found: Any) -> Iterator[str]:
    """The codes that may tell where the client is, the most telling first."""
    concepts = [found.code] if kind == "Condition" else list(found.type or ())
    if kind == "Encounter" and found.serviceType is not None:
        concepts.append(found.serviceType)
    yield from _codes(concepts)
    if kind == "Encounter" and found.class_fhir is not None:
        yield from _written(found.class_fhir)


def _discharged_to(kind: str, found: Any) -> Iterator[str]:
    if kind == "Encounter" and found.hospitalization is not None:
        yield from _codes([found.hospitalization.dischargeDisposition])


def _codes(concepts: Iterable[Any]) -> Iterator[str]:
    for concept in concepts:
        for coding in (concept.coding or ()) if concept is not None else ():
            yield from _written(coding)


def _written(coding: Any) -> Iterator[str]:
    """A code with its system, and by itself."""
    if coding.code:
        if coding.system:
            yield f"{coding.system}|{coding.code}"
        yield coding.code


def _worker(kind: str, found: Any, role: str | None) -> str | None:
    if kind == "EpisodeOfCare":
        return _reference(found.careManager, None)
    if kind == "Encounter":
        who = ((one.individual, one.type, one.period) for one in found.participant or ())
        return next((worker for worker, _ in _practitioners(who, role)), None)
    return None


def _team(found: Any, role: str | None, zone: tzinfo, over: bool) -> dict[str, str | None]:
    """Who of a team works with the client; nobody where it is over or only proposed."""
    if over or found.status == "proposed":
        raise NotOurs
    who = ((one.member, one.role, one.period) for one in found.participant or ())
    for worker, period in _practitioners(who, role):
        if period is not None and period.end is not None:
            continue
        own = period.start if period is not None else None
        begin = own or (found.period.start if found.period is not None else None)
        return {"worker": worker, "day": _day(begin, zone) if begin is not None else None}
    raise NotOurs


def _practitioners(who: Iterable[tuple[Any, Any, Any]], role: str | None) -> Iterator[tuple[str, Any]]:
    for reference, roles, period in who:
        written = (reference.reference or "") if reference is not None else ""
        kind = (
            (reference.type or written.rpartition("/")[0].rpartition("/")[2]) if reference is not None else ""
        )
        if kind not in ("Practitioner", "PractitionerRole", ""):
            continue
        worker = _reference(reference, None)
        if worker is not None and (role is None or role in _codes(roles or ())):
            yield worker, period


def _reference(reference: Any, system: str | None) -> str | None:
    """Whom a reference is to: the identifier of that system where one is asked for, else the last part of its address, else the
    identifier that it bears."""
    if reference is None:
        return None
    identifier = reference.identifier
    if system is not None:
        return identifier.value if identifier is not None and identifier.system == system else None
    if reference.reference:
        return str(reference.reference).partition("/_history")[0].rpartition("/")[2] or None
    return identifier.value if identifier is not None else None


def _day(said: date | str | None, zone: tzinfo) -> str:
    """The local day. Only a month or a year is not a day, and is given on as it is, to be told so."""
    if isinstance(said, datetime):
        return said.astimezone(zone).date().isoformat()
    return said.isoformat() if isinstance(said, date) else said or ""
