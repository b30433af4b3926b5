"""The pages as one application: their families, the shell around them, and what is shown where there is no page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from cti.engine import System
from cti.web.asked import Foreign, NotIn, known
from cti.web.render import page, trouble
from cti.web.routes import (
    admin,
    calendar,
    cases,
    client,
    clients,
    common,
    counts,
    draft,
    entering,
    events,
    explained,
    login,
    me,
    oidc,
    outlook,
    prompt,
    prompts,
    rulebooks,
    rules,
    team,
    trail,
)
from cti.web.shell import Shell
from cti.web.site import NotBegun, Site

FAMILIES = (
    common.pages,
    oidc.pages,
    login.pages,
    prompts.pages,
    prompt.pages,
    clients.pages,
    client.pages,
    entering.pages,
    explained.pages,
    team.pages,
    me.pages,
    rules.pages,
    rulebooks.pages,
    draft.pages,
    calendar.pages,
    events.pages,
    counts.pages,
    outlook.pages,
    cases.pages,
    admin.pages,
    trail.pages,
)


def create_app(
    system: System,
    now: Callable[[], datetime],
    hurry: Callable[[], None] = lambda: None,
    died: Callable[[], int] = lambda: 0,
    pushed: Callable[[], None] = lambda: None,
) -> FastAPI:
    """The pages of one organisation. `now` tells the time (aware, UTC), and is asked once for each request; `hurry` asks for a
    pass at once, `died` how often the process of the passes has died within the last hour, `pushed` tells it that something was
    pushed."""
    site = Site.of(system, now, hurry, died, pushed)
    app = FastAPI(
        docs_url=None, redoc_url=None, openapi_url=None
    )  # no description of the addresses is served
    app.state.site = site
    # As they are: `include_router` would look at each address anew, at the first request to it.
    app.router.routes.extend(route for family in FAMILIES for route in family.routes)
    app.add_exception_handler(HTTPException, _no_page)
    app.add_exception_handler(RequestValidationError, _no_page)
    app.add_exception_handler(NotIn, _come_in_first)
    app.add_exception_handler(Foreign, _foreign)
    app.add_exception_handler(NotBegun, _not_begun)
    app.add_middleware(
        Shell, secure=site.cookies.secure, trouble=_failed, larger={events.PATH: events.LARGEST}
    )
    return app


def _no_page(request: Request, failure: Exception) -> Response:
    """Nothing there, or not for this person. What is wrong with an address is no different from one that is not there."""
    return trouble(known(request), failure.status_code if isinstance(failure, HTTPException) else 404)


def _come_in_first(request: Request, failure: Exception) -> Response:
    assert isinstance(failure, NotIn)
    then = f"?{urlencode({'then': failure.then})}" if failure.then != "/" else ""
    return RedirectResponse(f"/login{then}", 303)


def _foreign(request: Request, failure: Exception) -> Response:
    """A form from elsewhere, or one that stood open longer than its session lasted."""
    return page(known(request), "foreign.html", 403)


def _not_begun(request: Request, failure: Exception) -> Response:
    return trouble(known(request), 503)


def _failed(request: Request, status: int) -> Response:
    if request.url.path == events.PATH:
        return events.failed(known(request).lang, status)
    # The shell stands outside of the application, so it has not been told yet whose request this is.
    return trouble(known(request), status)
