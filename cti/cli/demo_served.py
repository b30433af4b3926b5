"""Serves the pages of the sample organisation, with a way in for each role, since it sends no mail."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from cti import log
from cti.cli.demo_made import Demo
from cti.cli.output import line, out
from cti.core.people import Person
from cti.i18n import mark, say
from cti.service.clock import Clock, clock, clock_at
from cti.service.pages import Pages, listen
from cti.service.run import serve as serve_until_told
from cti.store import assignments
from cti.store import prompts as stored_prompts
from cti.web import links
from cti.web.site import Site

ROLES = {
    "worker": mark("a worker"),
    "team-lead": mark("the lead of that team"),
    "manager": mark("a manager"),
    "administrator": mark("an administrator"),
}


def serve(demo: Demo, now: datetime, lang: str) -> None:
    """Serves from `now` on, until Ctrl-C."""
    ahead = now - clock()
    log.start(level=logging.ERROR)
    serve_until_told(demo.system, ahead, lambda pages: _greet(demo, pages, clock_at(ahead), lang))


def taken(port: int) -> None:
    """Raises Problems where the pages could not be served, before anyone waits for the rest."""
    listen("127.0.0.1", port).close()


def _greet(demo: Demo, pages: Pages, now: Clock, lang: str) -> None:
    site = Site.of(demo.system, now)
    address = demo.system.config.base_url
    line(out(), "")
    line(
        out(), say(lang, "The pages are served at {address} until you press Ctrl-C.", address=address), "bold"
    )
    line(out(), say(lang, "Each of these links lets you in once, within a quarter of an hour:"))
    people = list(_people(demo, now()))
    for person, what in people:
        line(out(), f"  {say(lang, what)}, {person.id}:")
        line(out(), f"    {links.made(site, person, '/', now())}")
    text = mark(
        "Later you log in with an address such as {address}; the mail with its link lies in {folder}."
    )
    outbox = (demo.folder / "outbox").as_posix()
    line(out(), say(lang, text, address=people[0][0].address, folder=outbox))


def _people(demo: Demo, now: datetime) -> Iterator[tuple[Person, str]]:
    """One of each role: the worker for whom most waits, the lead of that team, and the others."""
    system = demo.system
    people = system.config.staff.people
    with system.database.read() as tx:
        waiting = [row.plan.client for row in stored_prompts.sent_unanswered(tx)]
        assigned = assignments.assigned(tx, set(waiting), system.config.calendar.day(now))
    busy = Counter(assigned[ref].worker for ref in waiting)
    workers = sorted(one.id for one in people.values() if one.role == "worker")
    worker = people[min(workers, key=lambda who: (-busy[who], who))]
    yield worker, ROLES["worker"]
    for role in ("team-lead", "manager", "administrator"):
        for person in people.values():
            if person.role == role and person.team in (None, worker.team):
                yield person, ROLES[role]
