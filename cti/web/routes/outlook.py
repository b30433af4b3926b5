"""How late records come in, and what dates say of critical time intervention, for managers. Nothing here is about a client."""

from __future__ import annotations

from starlette.responses import Response

from cti.i18n import mark, say
from cti.web.asked import Asked, Asking
from cti.web.counting import words_of
from cti.web.guard import STEERS, only
from cti.web.render import done, page, table
from cti.web.router import Pages
from cti.web.views.outlook import Shown, shown
from cti.workshop import outlook
from cti.workshop.disclosure import BASE

pages = Pages()

LATE, CTI = "/counts/late", "/counts/cti"


@pages.show(LATE, STEERS)
def late(asked: Asking) -> Response:
    """How late records come in, and the steps that suffer from it."""
    return _page(asked, "late.html", LATE)


@pages.show(CTI, STEERS)
def cti(asked: Asking) -> Response:
    """What dates alone say of critical time intervention, and what they do not."""
    return _page(asked, "cti.html", CTI)


@pages.act("/counts/work-out", only("manager"))
def work_out(asked: Asking) -> Response:
    """Has the figures worked out beside the service, which may take a minute."""
    back = asked.form.get("back")
    if back not in (CTI, LATE):
        return done(asked, LATE)
    with asked.site.system.database.write() as tx:
        free = outlook.begin(tx, asked.now, asked.you.id)
    if not free:
        return done(
            asked, back, mark("The figures are being worked out already. Look again in a moment."), "note"
        )
    asked.site.bench.start(asked.site.config.file, "figures")
    return done(asked, back)


@pages.show("/counts/late.csv", STEERS)
def take_late(asked: Asking) -> Response:
    """The table of lateness, to take along."""
    found, lang = _shown(asked), asked.lang
    head = [
        say(lang, text)
        for text in (
            mark("source"),
            mark("team"),
            mark("kind"),
            mark("number"),
            mark("median"),
            mark("9 in 10"),
        )
    ]
    rows = [
        (one.source, one.team, one.kind, one.count, one.median, one.nine_in_ten)
        for one in (found.records if found is not None else ())
    ]
    return table(asked, f"late-{asked.today}", head, rows)


def _page(asked: Asked, template: str, here_is: str) -> Response:
    with asked.site.system.database.read() as tx:
        found = outlook.found(tx)
    busy = found is not None and found.under_way(asked.now)
    return page(asked, template, found=found, busy=busy, shown=_shown(asked), here_is=here_is, base=BASE)


def _shown(asked: Asked) -> Shown | None:
    with asked.site.system.database.read() as tx:
        return shown(outlook.found(tx), words_of(asked, tx))
