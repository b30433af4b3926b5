"""What the rules did, in counts, for managers. Nothing here is about a client, and no count is small enough to be."""

from __future__ import annotations

from sqlalchemy import Connection
from starlette.responses import Response

from cti.engine.wording import prompt_titles, texts_of
from cti.i18n import mark, say
from cti.web.asked import Asked, Asking
from cti.web.guard import STEERS
from cti.web.render import page, table
from cti.web.router import Pages
from cti.web.views.deeds import PARTS, PERIODS, Deeds, counts_of, deeds_of, rows_of
from cti.web.views.team import Words
from cti.workshop.disclosure import BASE

pages = Pages()

NAMES = {
    "told": mark("prompted"),
    "in_time": mark("answered in time"),
    "late": mark("answered later"),
    "waiting": mark("still waiting"),
    "passed": mark("without an answer"),
    "needless": mark("no longer needed"),
    "too_late": mark("known too late"),
    "nobody": mark("reached nobody"),
}
"""What each count is called."""


@pages.show("/counts", STEERS)
def show(asked: Asking, weeks: str = "") -> Response:
    """What each rule did in the last weeks, drawn and as a table."""
    period = _period(weeks)
    names = {name: say(asked.lang, text) for name, text in NAMES.items()}
    return page(
        asked,
        "counts.html",
        rules=_found(asked, period),
        names=names,
        parts=PARTS,
        periods=PERIODS,
        weeks=period,
        base=BASE,
    )


@pages.show("/counts/rules.csv", STEERS)
def take_along(asked: Asking, weeks: str = "") -> Response:
    """The same table, to take along."""
    lang = asked.lang
    head = (say(lang, "rule"), say(lang, "step"), *(say(lang, text) for text in NAMES.values()))
    return table(asked, f"rules-{asked.today}", head, rows_of(_found(asked, _period(weeks))))


def _found(asked: Asked, weeks: int) -> list[Deeds]:
    site = asked.site
    with site.system.database.read() as tx:
        words = words_of(asked, tx)
        counts = counts_of(tx, words, site.config.calendar, weeks, asked.now)
    return deeds_of(counts, words)


def words_of(asked: Asked, tx: Connection) -> Words:
    """How rules and steps are called for the reader."""
    system, rules = asked.site.system, asked.site.rules()
    texts = texts_of(system, rules)
    return Words(asked.lang, rules.rulebook, texts, prompt_titles(tx, system, rules, texts, asked.lang))


def _period(weeks: str) -> int:
    return next((one for one in PERIODS if str(one) == weeks), PERIODS[0])
