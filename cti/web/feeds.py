"""The calendar of a person: the prompts that come down to them, each on the day from which it is to be done.

What stands in a calendar is kept, and brought up to date beside the passes, so that its numbers only ever grow and looking
changes nothing. The address is all that is needed to read it, so without content it tells only that something waits on a day.
"""

from __future__ import annotations

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import Connection

from cti.channels.ical import Entry, written
from cti.core.people import Person, Staff
from cti.core.prompts import Stored
from cti.engine import System
from cti.engine.people import staff_of
from cti.engine.rulebooks import standing
from cti.engine.wording import prompt_titles, texts_of
from cti.i18n import say
from cti.store import caseload, feeds, prompts
from cti.store.feeds import Item
from cti.web.guard import CARE
from cti.web.session import keyed
from cti.web.views.mine import AHEAD, whose_of

OPEN, CANCELLED, ANSWERED = "open", "cancelled", "answered"

KEPT = timedelta(days=30)
"""How long a calendar says that something is no longer asked."""


def address(system: System, key: bytes, person: str) -> str | None:
    """Where this person's calendar is; None where they have none."""
    with system.database.read() as tx:
        nonce = feeds.nonce_of(tx, person)
    return f"{system.config.base_url}/feed/{_token(key, person, nonce)}.ics" if nonce is not None else None


def give(system: System, key: bytes, person: str, now: datetime) -> None:
    """Gives a person a calendar at a new address; one that they had is found no more."""
    nonce = secrets.token_urlsafe(24)
    with system.database.write() as tx:
        feeds.give(tx, person, nonce, _found_by(_token(key, person, nonce)), now)
        staff = staff_of(tx, system)
        _refresh(tx, system, staff, staff.people[person], now)


def owner(system: System, token: str) -> Person | None:
    """Whose calendar has this address; None also for whoever no longer works with clients here."""
    with system.database.read() as tx:
        person = staff_of(tx, system).people.get(feeds.person_of(tx, _found_by(token)) or "")
    return person if person is not None and person.role in CARE else None


def refresh(system: System, now: datetime) -> int:
    """Brings all calendars up to date. Gives how many of them changed."""
    with system.database.read() as tx:
        staff = staff_of(tx, system)
        having = [staff.people[id] for id in feeds.people(tx) if id in staff.people]
        stale = [person for person in having if _differences(tx, system, staff, person, now) != ([], [])]
    for person in stale:
        with system.database.write() as tx:
            _refresh(tx, system, staff, person, now)
    return len(stale)


def calendar_of(system: System, person: Person, language: str) -> bytes:
    """The calendar file of this person as it was last brought up to date."""
    config = system.config
    rules = standing(system) if config.web.calendar == "full" else None
    with system.database.read() as tx:
        items = feeds.items(tx, person.id)
        rows = prompts.by_ids(tx, [one.prompt for one in items])
        title_of = prompt_titles(tx, system, rules, texts_of(system, rules), language) if rules else None
        entries = []
        for one in items:
            if one.standing == ANSWERED:
                continue
            title = say(language, "A prompt waits for you")
            if title_of is not None and one.prompt in rows:
                row = rows[one.prompt]
                title = f"{row.plan.client}: {title_of(row)}"
            entries.append(_entry(system, person, one, title))
    name = say(language, "Prompts of {organisation}", organisation=config.organisation.name or "cti")
    return written(name, entries)


def _entry(system: System, person: Person, item: Item, title: str) -> Entry:
    base = system.config.base_url
    return Entry(
        uid=f"{item.prompt}.{person.id}@{urlsplit(base).hostname}",
        day=item.day,
        title=title,
        url=f"{base}/prompts/{item.prompt}",
        sequence=item.sequence,
        changed_at=item.changed_at,
        cancelled=item.standing == CANCELLED,
    )


def _refresh(tx: Connection, system: System, staff: Staff, person: Person, now: datetime) -> None:
    changed, gone = _differences(tx, system, staff, person, now)
    feeds.put(tx, person.id, changed, gone)


def _differences(
    tx: Connection, system: System, staff: Staff, person: Person, now: datetime
) -> tuple[list[Item], list[int]]:
    """What has to change in a calendar, and which prompts are to go from it for good, since they ended long ago."""
    stand = {one.prompt: one for one in feeds.items(tx, person.id)}
    wanted = _days(tx, system, staff, person, now)
    changed = [Item(number, day, OPEN, 0, now) for number, day in wanted.items() if number not in stand]
    rows = prompts.by_ids(tx, [number for number in stand if number not in wanted])
    gone = []
    for number, item in stand.items():
        row, day = rows.get(number), wanted.get(number, item.day)
        if number not in wanted and item.standing != OPEN and now - item.changed_at > KEPT:
            gone.append(number)
            continue
        answered = row is not None and row.answer is not None
        standing = OPEN if number in wanted else ANSWERED if answered else CANCELLED
        if (item.day, item.standing) != (day, standing):
            more = item.sequence + 1
            changed.append(replace(item, day=day, standing=standing, sequence=more, changed_at=now))
    return changed, gone


def _days(tx: Connection, system: System, staff: Staff, person: Person, now: datetime) -> Mapping[int, date]:
    """The prompts that come down to this person, each with its day: from when it is wanted, or until when it was put off."""
    if person.role not in CARE:
        return {}
    calendar = system.config.calendar
    today = calendar.day(now)
    found = caseload.open_prompts(tx, whose_of(person, staff, today), today, now, now + AHEAD)
    rows = [one.prompt for one in found if not one.shared and one.prompt.plan.due is not None]
    return {row.id: calendar.day(_when(row, now)) for row in rows}


def _when(row: Stored, now: datetime) -> datetime:
    assert row.plan.due is not None
    return max(row.snoozed_until, row.plan.due) if row.snoozed_until is not None else row.plan.due


def _token(key: bytes, person: str, nonce: str) -> str:
    return urlsafe_b64encode(keyed(key, "feed", person, nonce)).decode().rstrip("=")


def _found_by(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
