"""Prompts as Tasks on a FHIR server: each written as it stands, and answered here as it was answered there.

What is told, and when again, is kept as for webhooks. What was said there is read before anything is written, so that an answer
given there is not written over by what stood here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from cti.channels import fhir_task
from cti.channels.fhir_task import Said
from cti.config.model import Tasks
from cti.core.events import Answer, Value
from cti.core.prompts import Stored
from cti.engine.acting import said_before
from cti.engine.answering import NOT_RELEVANT, answer, answers_for, record_of
from cti.engine.inforce import InForce
from cti.engine.people import staff_known, staff_of
from cti.engine.posting import step_of
from cti.engine.rulebooks import standing
from cti.engine.system import System
from cti.engine.webhooks import MakeOne, Now, Told, announce, deliver
from cti.engine.wording import prompt_titles, texts_of
from cti.fhir import Fhir
from cti.post.delivery import Recipient
from cti.post.routing import route
from cti.problems import Problems
from cti.remote import RemoteError
from cti.store import assignments, journal, meta, prompts, webhooks
from cti.store.webhooks import Change, Event

OVERLAP = timedelta(minutes=10)
"""How far before the last change is asked again, for what the server stored late."""

STATUS = {webhooks.OPEN: "requested", webhooks.ANSWERED: "completed", webhooks.OVER: "cancelled"}


@dataclass(frozen=True, slots=True)
class Exchanged:
    """What came of one round: what was told, how many answers were taken over, and the prompts (our numbers) whose Task was
    completed without an answer that they take."""

    told: Told
    taken: int = 0
    unclear: tuple[int, ...] = ()


def exchange(
    system: System, server: Tasks, now: Now, stopping: Callable[[], bool] = lambda: False
) -> Exchanged:
    """Takes over what was answered there, and then writes what changed here."""
    rules = standing(system)
    if rules is None:
        return Exchanged(Told())
    try:
        with Fhir(server.login(system.config.folder)) as fhir:
            found = _take_over(system, rules, server, fhir, now())
            made = announce(system, server.queue, STATUS.keys(), _maker(system, rules, server), now())
            told = deliver(
                system,
                server.queue,
                now,
                made,
                stopping,
                lambda event: fhir_task.put(fhir, _identified(system), str(event.prompt), event.body),
            )
            return replace(found, told=told)
    except RemoteError as error:
        return Exchanged(Told(error=error.why or error.what))


# --- what was said there --------------------------------------------------------------------------------------------------


def _take_over(system: System, rules: InForce, server: Tasks, fhir: Fhir, now: datetime) -> Exchanged:
    with system.database.read() as tx:
        since = meta.get(tx, server.queue)
    last = datetime.fromisoformat(since) if since is not None else None
    asked = (last - OVERLAP).isoformat(timespec="milliseconds").replace("+00:00", "Z") if last else None
    taken, unclear = 0, []
    for said in fhir_task.changed(fhir, _identified(system), asked):
        last = max(last, said.at.astimezone(UTC)) if last is not None else said.at.astimezone(UTC)
        number = int(said.value) if said.value.isdecimal() and len(said.value) < 19 else None
        if number is None or not (said.done or said.given_up):
            continue
        with system.database.read() as tx:
            row = prompts.by_id(tx, number)
        if row is None:
            continue
        became = _answered(system, rules, row, said, now)
        taken += became is True
        unclear += [number] if became is None else []
    if last is not None:
        with system.database.write() as tx:
            meta.put(tx, server.queue, last.isoformat())
    return Exchanged(Told(), taken, tuple(unclear))


def _answered(system: System, rules: InForce, row: Stored, said: Said, now: datetime) -> bool | None:
    """Whether it is an answer that was taken over; None where it is none that the prompt takes."""
    allowed = answers_for(rules.rulebook, row)
    code = next((code for code in said.codes if code in allowed), None)
    if code is None and said.given_up:
        code = NOT_RELEVANT.name
    before = said_before(row)
    if before is not None and (before.answer == code or before.at >= said.at):
        return False  # it is ours that stands there, or ours is newer
    if code is None:
        return None
    by = said.by if said.by in staff_known(system).people else None
    facts = {name: value for name, value in said.facts if name in (*allowed[code].asks, *allowed[code].may)}
    try:
        done = answer(system, rules.rulebook, str(row.id), code, now, facts, by=by, seen_at=said.at)
    except Problems:
        return None  # it lacks what the answer asks for
    return done.kind in ("done", "replaced")


# --- what is written there ------------------------------------------------------------------------------------------------


def _identified(system: System) -> str:
    """The system of identifiers that our numbers of prompts are."""
    return f"{system.config.base_url}/prompts"


def _maker(
    system: System, rules: InForce, server: Tasks
) -> Callable[[Connection, Sequence[Stored], datetime, datetime], MakeOne]:
    def make(tx: Connection, rows: Sequence[Stored], since: datetime, now: datetime) -> MakeOne:
        config = system.config
        title = prompt_titles(tx, system, rules, texts_of(system, rules), config.language)
        staff, today = staff_of(tx, system), config.calendar.day(now)
        assigned = assignments.assigned(tx, {row.plan.client for row in rows}, today)

        def event(change: Change, row: Stored) -> Event:
            to = route(row.plan.role, row, assigned.get(row.plan.client), staff, today)
            person = to.person.id if isinstance(to, Recipient) and to.person is not None else None
            body = _task(
                system, rules, server, row, STATUS[change.state], title(row), person, _last(tx, row), now
            )
            id = f"{server.queue}/{since.isoformat()}/{row.id}/{change.number}"
            return Event(None, row.id, id, json.dumps(body, ensure_ascii=False), now)

        return event

    return make


def _last(tx: Connection, row: Stored) -> Answer | None:
    versions = journal.versions(tx, record_of(row)) if row.answer is not None else ()
    last = versions[-1] if versions else None
    return last if isinstance(last, Answer) else None


def _task(
    system: System,
    rules: InForce,
    server: Tasks,
    row: Stored,
    status: str,
    title: str,
    person: str | None,
    given: Answer | None,
    now: datetime,
) -> Mapping[str, Any]:
    """The Task of a prompt, as FHIR R4 has it: its answers stand among the inputs, the one that was given is the business
    status."""
    plan = row.plan
    step = step_of(rules.rulebook)(plan.rule, plan.step)
    answers = f"{system.config.base_url}/answers"
    period = {name: when.isoformat() for name, when in (("start", plan.due), ("end", plan.until)) if when}
    task: dict[str, Any] = {
        "resourceType": "Task",
        "identifier": [{"system": _identified(system), "value": str(row.id)}],
        "status": status,
        "intent": "proposal",
        "priority": "urgent" if step is not None and step.urgent else "routine",
        "description": title,
        "for": _reference("Patient", server.client, plan.client),
        "authoredOn": (row.sent_at or now).isoformat(),
        "lastModified": now.isoformat(),
        "requester": {"display": "cti"},
        "input": [
            {"type": {"text": "answer"}, "valueCode": name} for name in answers_for(rules.rulebook, row)
        ],
    }
    if period:
        task["restriction"] = {"period": period}
    if person is not None:
        task["owner"] = _reference("Practitioner", server.worker, person)
    if row.answer is not None:
        task["businessStatus"] = {"coding": [{"system": answers, "code": row.answer}]}
        task["output"] = [
            {"type": {"text": name}, **_value(value)}
            for name, value in (given.facts if given is not None else ())
        ]
    return {name: value for name, value in task.items() if value != []}


def _reference(kind: str, identified: str | None, value: str) -> Mapping[str, Any]:
    if identified is None:
        return {"reference": f"{kind}/{value}"}
    return {"type": kind, "identifier": {"system": identified, "value": value}}


def _value(value: Value) -> Mapping[str, Any]:
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if isinstance(value, int | float):
        return {"valueDecimal": value}
    return {"valueDate": value.isoformat()} if isinstance(value, date) else {"valueCode": value}
