"""What the rules did, in counts, for managers. Nothing here is about a client, and no count is small enough to be."""

from __future__ import annotations

from starlette.responses import Response

from cti.i18n import say
from cti.web.asked import Asked, Asking
from cti.web.counting import NAMES, by_rule, head, weeks_of, words_of
from cti.web.guard import STEERS
from cti.web.render import page, table
from cti.web.router import Pages
from cti.web.views.deeds import PARTS, PERIODS, Deeds, counts_of, deeds_of, rows_of
from cti.workshop.disclosure import BASE

pages = Pages()


@pages.show("/counts", STEERS)
def show(asked: Asking, weeks: str = "") -> Response:
    """What each rule did in the last weeks, drawn and as a table."""
    period = weeks_of(weeks, PERIODS, PERIODS[0])
    found = _found(asked, period)
    return page(
        asked,
        "counts.html",
        rules=found,
        names={name: say(asked.lang, text) for name, text in NAMES.items()},
        table=by_rule(rows_of(found)),
        parts=PARTS,
        periods=PERIODS,
        weeks=period,
        base=BASE,
    )


@pages.show("/counts/rules.csv", STEERS)
def take_along(asked: Asking, weeks: str = "") -> Response:
    """The same table, to take along."""
    found = _found(asked, weeks_of(weeks, PERIODS, PERIODS[0]))
    return table(asked, f"rules-{asked.today}", head(asked.lang, NAMES), rows_of(found))


def _found(asked: Asked, weeks: int) -> list[Deeds]:
    site = asked.site
    with site.system.database.read() as tx:
        words = words_of(asked, tx)
        counts = counts_of(tx, words, site.config.calendar, weeks, asked.now)
    return deeds_of(counts, words)
