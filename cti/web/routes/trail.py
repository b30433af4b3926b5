"""The audit trail, for the auditor alone: searched, taken along, and checked for rows that were touched.

A client is looked for by reference in a form that is sent by POST, and stands in addresses by our own number only. Looking
changes nothing, but is noted in the trail itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response, StreamingResponse

from cti.csvtext import Cell, csv_lines
from cti.engine.audited import COLUMNS, break_said, cells, client_number
from cti.i18n import mark, say
from cti.store import audit, clients
from cti.store.chain import check
from cti.web.asked import Asked, Asking
from cti.web.guard import only
from cti.web.render import page
from cti.web.router import Pages
from cti.web.views.trail import NOT_A_DAY, TURNED, Search, day_of, line_of

pages = Pages()

AUDITOR = only("auditor")
AT_ONCE = 50
"""Rows of a page."""
PIECE = 2000
"""Rows read at once for a file; no reading transaction lasts as long as someone's download."""


@pages.show("/trail", AUDITOR)
def trail(
    asked: Asking, client: str = "", person: str = "", since: str = "", until: str = "", before: str = ""
) -> Response:
    """The rows that are looked for, the newest first."""
    search = _search(client, person, since, until)
    lowest = _number(before)
    system, config = asked.site.system, asked.site.config
    with system.database.read() as tx:
        found = audit.listing(tx, search.wanted(config.calendar), lowest, AT_ONCE + 1)
        known = clients.clients(tx, [search.client]) if search.client is not None else {}
    asked.site.trail.saw(asked.you, "saw-trail", asked.now, search.client)
    shown, people = found[:AT_ONCE], asked.site.staff.people
    about = known[search.client].ref if search.client in known else f"#{search.client}"
    form = {
        "client": about if search.client is not None else "",
        "person": person,
        "since": since,
        "until": until,
    }
    return _page(
        asked,
        form,
        lines=[line_of(asked.lang, entry, people) for entry in shown],
        search=search,
        newest=lowest is None,
        older=search.query(shown[-1].id) if len(found) > AT_ONCE else None,
    )


@pages.act("/trail", AUDITOR)
def look(asked: Asking) -> Response:
    """Turns what the form asks into an address with our own number of the client. Changes nothing."""
    form = {name: asked.form.get(name, "").strip() for name in ("client", "person", "since", "until")}
    wrong: dict[str, str] = {}
    number = None
    if form["client"]:
        with asked.site.system.database.read() as tx:
            number = client_number(tx, form["client"])
        if number is None:
            wrong["client"] = mark(
                "nobody is known by this; one who was erased is asked for by number, as in #17"
            )
    days = {}
    for name in ("since", "until"):
        try:
            days[name] = day_of(form[name])
        except ValueError:
            wrong[name] = NOT_A_DAY
    first, last = days.get("since"), days.get("until")
    if first is not None and last is not None and first > last:
        wrong["until"] = TURNED
    if wrong:
        return _page(asked, form, wrong, 400)
    return RedirectResponse(f"/trail{Search(number, form['person'] or None, first, last).query()}", 303)


@pages.show("/trail.csv", AUDITOR)
def take_along(
    asked: Asking, client: str = "", person: str = "", since: str = "", until: str = ""
) -> Response:
    """All rows that are looked for, as a file for a spreadsheet."""
    search = _search(client, person, since, until)
    asked.site.trail.saw(asked.you, "took-trail", asked.now, search.client)
    lines = csv_lines(COLUMNS, _rows(asked, search), ";" if asked.lang == "nl" else ",")
    headers = {"content-disposition": 'attachment; filename="trail.csv"'}
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


@pages.show("/trail/check", AUDITOR)
def verify(asked: Asking) -> Response:
    """Whether rows were changed, put in or taken out, and the last one to note elsewhere."""
    with asked.site.system.database.read() as tx:
        found = check(tx)
    calendar = asked.site.config.calendar
    breaks = [break_said(asked.lang, one, calendar) for one in found.breaks[:AT_ONCE]]
    return page(asked, "trail_check.html", found=found, breaks=breaks, more=len(found.breaks) - len(breaks))


def _page(
    asked: Asked,
    form: dict[str, str],
    wrong: dict[str, str] | None = None,
    status: int = 200,
    **values: object,
) -> Response:
    people = sorted(asked.site.staff.people.values(), key=lambda one: one.name)
    said = {name: say(asked.lang, text) for name, text in (wrong or {}).items()}
    empty = {"lines": None, "search": Search(), "newest": True, "older": None}
    return page(
        asked, "trail.html", status, **(empty | {"form": form, "wrong": said, "people": people} | values)
    )


def _rows(asked: Asked, search: Search) -> Iterator[Sequence[Cell]]:
    calendar, database = asked.site.config.calendar, asked.site.system.database
    before: int | None = None
    while True:
        with database.read() as tx:
            found = audit.listing(tx, search.wanted(calendar), before, PIECE)
        yield from (cells(entry, calendar) for entry in found)
        if len(found) < PIECE:
            return
        before = found[-1].id


def _search(client: str, person: str, since: str, until: str) -> Search:
    try:
        return Search(_number(client), person or None, day_of(since), day_of(until))
    except ValueError:
        raise HTTPException(404) from None


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise HTTPException(404)
    return int(text)
