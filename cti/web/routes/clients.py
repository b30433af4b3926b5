"""Clients of mine, and the search among them."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from cti.engine.people import staff_of
from cti.engine.wording import prompt_titles, texts_of
from cti.web.asked import Asked, Asking
from cti.web.guard import CARE, Access
from cti.web.render import page
from cti.web.router import Pages
from cti.web.views.clients import Clients, clients_of

pages = Pages()


@pages.show("/clients", Access(CARE))
def my_clients(asked: Asking) -> Response:
    """All of them."""
    return page(asked, "clients.html", found=_found(asked))


@pages.act("/clients", Access(CARE))
def search(asked: Asking) -> Response:
    """Those whose reference holds what was typed; at once on to the one whose reference it is. It changes nothing, and is no
    GET because a reference stands in no address."""
    sought = asked.form.get("sought", "").strip()[:100]
    found = _found(asked, sought)
    every = (*found.waiting, *found.coming, *found.calm, *found.over)
    exact = [one for one in every if one.ref.casefold() == sought.casefold()]
    if sought and (len(exact) == 1 or found.count == 1):
        return RedirectResponse(f"/clients/{(exact or every)[0].number}", 303)
    return page(asked, "clients.html", found=found)


def _found(asked: Asked, sought: str = "") -> Clients:
    site = asked.site
    rules = site.rules()
    with site.system.database.read() as tx:
        titles = prompt_titles(tx, site.system, rules, texts_of(site.system, rules), asked.lang)
        return clients_of(
            tx,
            asked.you,
            staff_of(tx, site.system),
            rules.rulebook,
            site.config.calendar,
            titles,
            asked.lang,
            asked.now,
            sought,
        )
