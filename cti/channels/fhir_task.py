"""Tasks on a FHIR server: one for each prompt, found by its identifier, written as it stands and read as others left it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError

from cti.channels.webhook import OF_THE_EVENT, Arrived, Outcome, Refused, Unheard
from cti.fhir import Fhir, bundle_of, matching
from cti.remote import RemoteError

AT_ONCE = 100
MOST_PAGES = 200

OF_THE_TASK = OF_THE_EVENT | {412}
"""Answers that are about this Task; any other that is no success is about the server."""

GIVEN_UP = frozenset(("rejected", "cancelled", "failed"))


@dataclass(frozen=True, slots=True)
class Said:
    """What a Task says that stands on the server: the value of its identifier, whether it is done or given up, the codes that
    may be its answer, the facts that came with it, who had it, and when it was changed there."""

    value: str
    done: bool
    given_up: bool
    codes: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    by: str | None
    at: datetime


def put(fhir: Fhir, system: str, value: str, body: str) -> Outcome:
    """Writes the Task with this identifier, whether it is there or not. What went wrong is a status or a name, no address."""
    try:
        url = fhir.address("Task", [("identifier", f"{system}|{value}")])
        status = fhir.ask("PUT", url, body=body.encode()).status
    except RemoteError as error:
        return Unheard(error.why or error.what)
    if status in (200, 201, 204):
        return Arrived()
    return Refused(str(status)) if status in OF_THE_TASK else Unheard(str(status))


def changed(fhir: Fhir, system: str, since: str | None) -> Iterator[Said]:
    """The Tasks of this system of identifiers that changed at or after `since` (as FHIR writes it), the oldest change first.
    What is no Task as R4 has it is passed over. Raises RemoteError."""
    query = [("identifier", f"{system}|"), ("_sort", "_lastUpdated"), ("_count", str(AT_ONCE))]
    if since is not None:
        query.append(("_lastUpdated", f"ge{since}"))
    url: str | None = fhir.address("Task", query)
    for _ in range(MOST_PAGES):
        if url is None:
            return
        answer = fhir.ask("GET", url)
        if answer.status != 200:
            raise RemoteError("silent", str(answer.status))
        bundle = bundle_of(answer)
        for resource in matching(bundle):
            said = _said(resource, system)
            if said is not None:
                yield said
        url = fhir.following(bundle)


def _said(resource: Any, system: str) -> Said | None:
    # Most organisations have no such server, and it takes a third of a second to load.
    from fhir.resources.R4B.task import Task

    try:
        task = Task.model_validate(resource)
    except ValidationError:
        return None
    values = [one.value for one in task.identifier or () if one.system == system and one.value]
    updated = task.meta.lastUpdated if task.meta is not None else None
    if not values or not isinstance(updated, datetime):
        return None
    business = (task.businessStatus.coding or ()) if task.businessStatus is not None else ()
    return Said(
        values[0],
        task.status == "completed",
        task.status in GIVEN_UP,
        tuple(coding.code for coding in business if coding.code),
        tuple(_facts(task)),
        _who(task.owner),
        updated,
    )


def _facts(task: Any) -> Iterator[tuple[str, str]]:
    """What is said beside the answer: each output by the name of its type, written as a person would type it."""
    for output in task.output or ():
        name = output.type.text or next(
            (coding.code for coding in output.type.coding or () if coding.code), None
        )
        values = (
            output.valueCode,
            output.valueString,
            output.valueDate,
            output.valueDecimal,
            output.valueInteger,
            output.valueBoolean,
        )
        value = next((value for value in values if value is not None), None)
        if name and value is not None:
            yield name, _typed(value)


def _typed(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value)


def _who(reference: Any) -> str | None:
    if reference is None:
        return None
    if reference.identifier is not None and reference.identifier.value:
        return str(reference.identifier.value)
    return str(reference.reference).rpartition("/")[2] if reference.reference else None
