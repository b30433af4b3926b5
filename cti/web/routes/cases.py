"""Cases for peer review (intervisie), for managers to hand to a team: without anyone who could be recognised."""

from __future__ import annotations

from starlette.responses import Response

from cti.web.asked import Asking
from cti.web.counting import words_of
from cti.web.guard import STEERS
from cti.web.render import page
from cti.web.router import Pages
from cti.web.views.cases import CROWD, cases_of

pages = Pages()


@pages.show("/counts/cases", STEERS)
def show(asked: Asking) -> Response:
    """A few cases of each kind of ending."""
    site = asked.site
    with site.system.database.read() as tx:
        words = words_of(asked, tx)
        found = cases_of(tx, words, site.config.calendar, site.cookies.key, asked.now)
    return page(asked, "cases.html", cases=found, crowd=CROWD)
