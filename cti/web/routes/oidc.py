"""Coming in by single sign-on: on to the provider, and back with its answer.

The way there is a link: a form could not lead to another site, which our own policy for forms forbids. It changes nothing but a
cookie; and what comes back begins a session only in the browser that has it.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from cti import log
from cti.core.people import Person
from cti.i18n import mark, say
from cti.web.asked import Asked, Asking
from cti.web.guard import ANYONE
from cti.web.oidc import BACK, LASTS, Begun, NotIn, Why
from cti.web.render import inside, page
from cti.web.router import Pages
from cti.web.routes.login import come_in

if TYPE_CHECKING:
    from cti.web.provider import Provider

pages = Pages()

COOKIE = "oidc"

TOLD: dict[Why | str, tuple[int, str, str]] = {
    "down": (
        503,
        mark("Single sign-on does not answer"),
        mark("The service by which you log in does not answer just now. Try again in a minute."),
    ),
    "wrong": (
        502,
        mark("Single sign-on does not work"),
        mark(
            "Something is not right between this site and the service by which you log in. Tell the administrator."
        ),
    ),
    "over": (
        410,
        mark("That took too long"),
        mark("Logging in was begun a while ago, or in another window. Begin once more."),
    ),
    "denied": (
        403,
        mark("You did not log in"),
        mark(
            "The service by which you log in did not let you through, or you stopped. You can begin once more."
        ),
    ),
    "factor": (
        403,
        mark("A second step is needed"),
        mark(
            "This site wants you to log in with a second step, such as a code on your phone. Begin once more and choose that."
        ),
    ),
    "unverified": (
        403,
        mark("Your address is not confirmed"),
        mark(
            "The service by which you log in does not vouch for your mail address. Ask the administrator to confirm it there."
        ),
    ),
    "unknown": (
        403,
        mark("You are not known here yet"),
        mark(
            "You are logged in with your organisation, but your work address is not known here. Ask the administrator to add you."
        ),
    ),
}
"""By why nobody came in: the status, and what is said."""


@pages.show("/login/oidc", ANYONE)
def go_there(asked: Asking, then: str = "/") -> Response:
    """On to the provider, who sends the browser back."""
    provider = _provider(asked)
    begun = Begun.new(then if inside(then) else "/", asked.now)
    try:
        where = provider.address(begun, asked.now)
    except NotIn as failure:
        return _told(asked, failure.why, failure.detail)
    response = RedirectResponse(where, 303)
    asked.site.cookies.keep(response, COOKIE, asdict(begun), int(LASTS.total_seconds()))
    return response


@pages.show(BACK, ANYONE)
def come_back(asked: Asking) -> Response:
    """Begins the session of whoever the provider vouches for. What came a second time goes on where the first has led."""
    provider = _provider(asked)
    begun = _begun(asked.request, asked)
    if begun is None:
        if asked.person is not None:
            return RedirectResponse("/", 303)
        return _told(asked, "over", "cookie")
    try:
        address = provider.person(begun, dict(asked.request.query_params), asked.now)
    except NotIn as failure:
        return _dropped(asked, _told(asked, failure.why, failure.detail))
    person = _person(asked, address)
    if person is None:
        return _dropped(asked, _told(asked, "unknown", "person"))
    return _dropped(asked, come_in(asked, person, begun.then))


def _provider(asked: Asked) -> Provider:
    if asked.site.provider is None:
        raise HTTPException(404)
    return asked.site.provider


def _begun(request: Request, asked: Asked) -> Begun | None:
    kept = asked.site.cookies.kept(request, COOKIE)
    try:
        return Begun(**kept) if kept is not None else None
    except TypeError:
        return None


def _person(asked: Asked, address: str) -> Person | None:
    """Whose work address it is. Where two have the same, it says nothing about who came in."""
    owners = asked.site.owners(address)
    return owners[0] if len(owners) == 1 else None


def _dropped(asked: Asked, response: Response) -> Response:
    asked.site.cookies.drop(response, COOKIE)
    return response


def _told(asked: Asked, why: Why | str, detail: str) -> Response:
    """A page that says kindly why, and how to go on; and a line in the log, without anything of the person."""
    log.warning("single sign-on failed", reason=why, error=detail)
    status, title, sentence = TOLD[why]
    title, sentence = say(asked.lang, title), say(asked.lang, sentence)
    return page(
        asked, "login_failed.html", status, title=title, sentence=sentence, ways=asked.site.config.web.login
    )
