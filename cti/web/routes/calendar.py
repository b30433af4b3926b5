"""The calendar of one's own: the page that has its address, and the file that calendar programs fetch there."""

from __future__ import annotations

import hashlib

from starlette.exceptions import HTTPException
from starlette.responses import Response

from cti.i18n import mark
from cti.store import feeds
from cti.web.asked import Asking, language
from cti.web.feeds import address, calendar_of, give, owner
from cti.web.guard import ANYONE, CARE, Access
from cti.web.render import done, page
from cti.web.router import Pages

pages = Pages()

WORKERS = Access(CARE)
"""Those whom prompts come to."""


@pages.show("/me/calendar", WORKERS)
def show(asked: Asking) -> Response:
    """The address of one's calendar, or how to get one."""
    site = asked.site
    where = address(site.system, site.cookies.key, asked.you.id)
    webcal = where.replace("https://", "webcal://").replace("http://", "webcal://") if where else None
    return page(asked, "calendar.html", where=where, webcal=webcal, content=site.config.web.calendar)


@pages.act("/me/calendar", WORKERS)
def begin_anew(asked: Asking) -> Response:
    """Gives a new address; one that was there is found no more."""
    site = asked.site
    had = address(site.system, site.cookies.key, asked.you.id) is not None
    give(site.system, site.cookies.key, asked.you.id, asked.now)
    if had:
        return done(
            asked, "/me/calendar", mark("Your calendar has a new address. The old one no longer works.")
        )
    return done(asked, "/me/calendar", mark("Your calendar is there."))


@pages.act("/me/calendar/end", WORKERS)
def end(asked: Asking) -> Response:
    """Ends the calendar."""
    with asked.site.system.database.write() as tx:
        ended = feeds.end(tx, asked.you.id)
    if not ended:
        return done(asked, "/me/calendar", mark("You have no calendar here."), "note")
    return done(asked, "/me/calendar", mark("Your calendar is no more. Its address no longer works."))


@pages.show("/feed/{token}.ics", ANYONE)
def feed(asked: Asking, token: str) -> Response:
    """The calendar file, for whoever has its address; 304 where the program has it already."""
    site = asked.site
    person = owner(site.system, token)
    if person is None:
        raise HTTPException(404)
    body = calendar_of(site.system, person, language(asked.request, site, person))
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    known = {
        one.strip().removeprefix("W/") for one in asked.request.headers.get("if-none-match", "").split(",")
    }
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)
