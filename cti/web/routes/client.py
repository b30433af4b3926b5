"""A client's page, and why the client's prompts come or do not."""

from __future__ import annotations

from datetime import date

from starlette.exceptions import HTTPException
from starlette.responses import Response

from cti.engine.people import staff_of
from cti.i18n import say
from cti.problems import Problems
from cti.store import clients
from cti.web.asked import Asked, Asking
from cti.web.guard import of
from cti.web.render import page
from cti.web.router import Pages
from cti.web.routes.explained import explained
from cti.web.views.answers import WRONG, Sent
from cti.web.views.client import Client, client_page
from cti.web.views.known import Filled
from cti.web.views.lifeline import KINDS
from cti.web.views.why import explained_to

pages = Pages()

HERE = "/clients/{client}"


@pages.show(HERE, of("client"))
def show(asked: Asking, client: int) -> Response:
    """The client, with the time line; `?years=all` draws all of it."""
    found = _client(asked, client, asked.request.query_params.get("years") == "all")
    asked.site.trail.saw(asked.you, "saw-client", asked.now, client)
    return _page(asked, found)


@pages.show(f"{HERE}/why", of("client"))
def why(asked: Asking, client: int) -> Response:
    """Why the client's prompts come, and why others do not; `?at=DAY`: as it was known on that day."""
    typed = asked.request.query_params.get("at", "").strip()
    wrong, day = "", None
    try:
        day = date.fromisoformat(typed) if typed else None
    except ValueError:
        wrong = say(asked.lang, WRONG["date"])
    if day is not None and day > asked.today:
        wrong, day = (
            say(asked.lang, "This day is still to come. Without a day stands here what is planned."),
            None,
        )
    rules, system = asked.site.rules(), asked.site.system
    with system.database.read() as tx:
        found = clients.clients(tx, [client]).get(client)
    if found is None:
        raise HTTPException(404)
    explanation = explained_to(system, rules, found.ref, asked.lang, asked.now, day)
    asked.site.trail.saw(asked.you, "saw-client", asked.now, client)
    values = {"number": client, "ref": found.ref, "why": explanation, "typed": typed, "wrong": wrong}
    return page(asked, "why.html", 400 if wrong else 200, **values)


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
