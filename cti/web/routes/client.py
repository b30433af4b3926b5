"""A client's page."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response

from cti.engine.people import staff_of
from cti.problems import Problems
from cti.web.asked import Asked, Asking
from cti.web.guard import of
from cti.web.render import page
from cti.web.router import Pages
from cti.web.routes.explained import explained
from cti.web.views.answers import Sent
from cti.web.views.client import Client, client_page
from cti.web.views.known import Filled
from cti.web.views.lifeline import KINDS

pages = Pages()

HERE = "/clients/{client}"


@pages.show(HERE, of("client"))
def show(asked: Asking, client: int) -> Response:
    """The client, with the time line; `?years=all` draws all of it."""
    found = _client(asked, client, asked.request.query_params.get("years") == "all")
    asked.site.trail.saw(asked.you, "saw-client", asked.now, client)
    return _page(asked, found)


def shown_again(
    asked: Asked, number: int, filled: Filled | None = None, sent: Sent | None = None
) -> Response:
    """The page with a form that cannot be used as it was sent: what was typed stands in it, and what is wrong beside it."""
    return _page(asked, _client(asked, number, False, filled, sent), 400)


def _client(
    asked: Asked,
    number: int,
    whole: bool = False,
    filled: Filled | None = None,
    sent: Sent | None = None,
) -> Client:
    rules, system = asked.site.rules(), asked.site.system
    try:
        with system.database.read() as tx:
            staff = staff_of(tx, system)
            return client_page(tx, system, rules, number, staff, asked.lang, asked.now, whole, filled, sent)
    except Problems as gone:
        raise HTTPException(404) from gone


def _page(asked: Asked, found: Client, status: int = 200) -> Response:
    link = asked.site.in_registration(found.ref)
    return page(
        asked,
        "client.html",
        status,
        client=found,
        link=link,
        kinds=KINDS,
        explained={path.question: text for path in found.paths if (text := explained(asked, path.question))},
    )
