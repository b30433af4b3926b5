"""What other tools are told of prompts: made into events of each webhook, and posted. It runs beside the passes, never in one.

Each step commits by itself: an event is in the queue before it is posted, and leaves it once it was taken. A kill between the two
repeats the event later with the same id (design, law 9).
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from cti.channels.webhook import Address, Arrived, Outcome, Post, Refused, Unheard, post
from cti.config.model import Webhook
from cti.core.events import Answer, Value
from cti.core.prompts import Stored, state
from cti.engine.answering import record_of
from cti.engine.inforce import InForce
from cti.engine.people import staff_of
from cti.engine.rulebooks import standing
from cti.engine.system import System
from cti.engine.wording import prompt_titles, texts_of
from cti.post.delivery import Recipient
from cti.post.outbox import LEASE, pause
from cti.post.routing import route
from cti.store import assignments, journal, prompts, webhooks
from cti.store.webhooks import Change, Event

PATIENCE = timedelta(days=14)
"""How long an event is tried."""

AT_ONCE = 500
IN_HAND = 20

KINDS = {
    webhooks.OPEN: "prompt.created",
    webhooks.ANSWERED: "prompt.answered",
    webhooks.OVER: "prompt.withdrawn",
}

Now = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Told:
    """What came of one round: events that were made, that arrived, and what is wrong with the address, if anything."""

    made: int = 0
    arrived: int = 0
    refused: int = 0
    error: str | None = None


def tell(
    system: System, hook: Webhook, now: Now, stopping: Callable[[], bool] = lambda: False, send: Post = post
) -> Told:
    """Tells one webhook what changed, and what still waits."""
    address, rules = Address(hook.url, hook.secret.get_secret_value()), standing(system)

    def make(tx: Connection, rows: Sequence[Stored], since: datetime, now: datetime) -> MakeOne:
        more = _full(tx, system, rules, rows, now) if hook.content == "full" else _nothing
        return lambda change, row: _event(system, hook, since, change, row, more, now)

    kinds = {state for state, kind in KINDS.items() if kind in hook.events}
    made = announce(system, hook.name, kinds, make, now())
    return deliver(
        system,
        hook.name,
        now,
        made,
        stopping,
        lambda event: send(address, event.id, event.body, now()),
    )


MakeOne = Callable[[Change, Stored], Event]
Make = Callable[[Connection, Sequence[Stored], datetime, datetime], MakeOne]
"""Given all prompts that changed, since when the listener is told, and now: what makes an event of one change."""


def announce(system: System, name: str, kinds: Collection[str], make: Make, now: datetime) -> int:
    """Puts into the queue what this listener has not been told yet, of changes of these kinds. Gives how many that makes."""
    made = 0
    while True:
        with system.database.read() as tx:
            since = webhooks.since(tx, name)
            if since is not None and not webhooks.changed(tx, name, since, now, 1):
                return made
        with system.database.write() as tx:
            since = webhooks.begin(tx, name, now)
            changes = webhooks.changed(tx, name, since, now, AT_ONCE)
            wanted = [one for one in changes if one.state in kinds]
            rows = prompts.by_ids(tx, [one.prompt for one in wanted])
            made_of = make(tx, list(rows.values()), since, now)
            events = [made_of(one, rows[one.prompt]) for one in wanted]
            webhooks.tell(tx, name, changes, events)
        made += len(events)


def deliver(
    system: System,
    name: str,
    now: Now,
    made: int,
    stopping: Callable[[], bool],
    send: Callable[[Event], Outcome],
) -> Told:
    """Sends what waits, the oldest first, until nothing is left or the other side takes no more."""
    database = system.database
    arrived = refused = 0
    while True:
        with database.write() as tx:
            batch = webhooks.claim(tx, name, now(), IN_HAND, LEASE)
        if not batch:
            return Told(made, arrived, refused)
        for place, event in enumerate(batch):
            outcome = Unheard("") if stopping() else send(event)
            with database.write() as tx:
                match outcome:
                    case Arrived():
                        webhooks.arrived(tx, name, event)
                        arrived += 1
                    case Refused(error):
                        again = now() + pause(event.attempts)
                        over = again - event.created_at > PATIENCE
                        webhooks.refused(tx, name, event, now(), None if over else again, error)
                        refused += 1
                    case Unheard(error):
                        webhooks.give_back(tx, batch[place:])
                        if error:
                            _leave_alone(tx, name, now(), error)
                        return Told(made, arrived, refused, error or None)


def _leave_alone(tx: Connection, name: str, now: datetime, error: str) -> None:
    wait = pause(webhooks.attempts(tx, name))
    webhooks.unheard(tx, name, now, now + wait, error, now - PATIENCE)


More = Callable[[Stored], Mapping[str, Any]]


def _nothing(row: Stored) -> Mapping[str, Any]:
    """What is told beside the number where the config asks for no content."""
    return {}


def _event(
    system: System, hook: Webhook, since: datetime, change: Change, row: Stored, more: More, now: datetime
) -> Event:
    data = {
        "prompt": row.id,
        "state": _called(row, now),
        "url": f"{system.config.base_url}/prompts/{row.id}",
        **more(row),
    }
    said = {"type": KINDS[change.state], "timestamp": now.isoformat(), "data": data}
    # An id of what is told: the same for two services that see one change, another for each change.
    what = f"{hook.name}/{since.isoformat()}/{row.id}/{change.number}"
    id = hmac.new(hook.secret.get_secret_value().encode(), what.encode(), "sha256").hexdigest()[:32]
    return Event(None, row.id, f"msg_{id}", json.dumps(said, ensure_ascii=False), now)


def _called(row: Stored, now: datetime) -> str:
    called = state(row, now)
    over = called == "sent" and row.plan.until is not None and row.plan.until <= now
    return "expired" if over else called


def _full(
    tx: Connection, system: System, rules: InForce | None, rows: Sequence[Stored], now: datetime
) -> More:
    """A function that gives all that a registration needs to show a prompt as a task and to keep its answer."""
    config = system.config
    title = prompt_titles(tx, system, rules, texts_of(system, rules), config.language) if rules else None
    staff, today = staff_of(tx, system), config.calendar.day(now)
    assigned = assignments.assigned(tx, {row.plan.client for row in rows}, today)

    def full(row: Stored) -> Mapping[str, Any]:
        plan = row.plan
        to = route(plan.role, row, assigned.get(plan.client), staff, today)
        found: dict[str, Any] = {
            "client": plan.client,
            "rule": plan.rule,
            "step": plan.step,
            "title": title(row) if title is not None else f"{plan.rule}/{plan.step}",
            "role": plan.role,
            "person": to.person.id if isinstance(to, Recipient) and to.person is not None else None,
            "due": _time(plan.due),
            "until": _time(plan.until),
        }
        if row.answer is not None:
            found["answer"] = _answer(tx, row)
        return found

    return full


def _answer(tx: Connection, row: Stored) -> Mapping[str, Any]:
    versions = journal.versions(tx, record_of(row))
    last = versions[-1] if versions else None
    facts = last.facts if isinstance(last, Answer) else ()
    return {
        "answer": row.answer,
        "at": _time(row.answered_at),
        "by": row.answered_by,
        "facts": {name: _value(value) for name, value in facts},
        "note": last.note if isinstance(last, Answer) else None,
    }


def _value(value: Value) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _time(when: datetime | None) -> str | None:
    return when.isoformat() if when is not None else None
