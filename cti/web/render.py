"""From a template and values to a page in the reader's language, and from an act to the page that shows what it did."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from typing import Any

from babel.dates import format_date, format_datetime
from starlette.responses import HTMLResponse, RedirectResponse, Response

from cti.csvtext import Cell, csv_text
from cti.i18n import LANGUAGES, mark, say, say_count
from cti.web.asked import Asked
from cti.web.nav import menu
from cti.web.session import Said
from cti.web.static import address

_HERE = re.compile(r"/(?![/\\])[A-Za-z0-9/_.~?=&%+-]*")


def page(asked: Asked, template: str, status: int = 200, **values: Any) -> Response:
    """The page that this template makes of the values; it finds besides them what `shared` gives."""
    cookies = asked.site.cookies
    said = cookies.said(asked.request)
    html = asked.site.templates.get_template(template).render(shared(asked, said) | values)
    response = HTMLResponse(html, status)
    if asked.fresh:
        cookies.begin(response, asked.session)
    if said is not None:
        cookies.was_said(response)
    return response


def shared(asked: Asked, said: Said | None = None) -> dict[str, Any]:
    """What every template may use: the reader, their language, texts (`say`), days (`day`, `when`, `time`), the menu, the
    sign that each form must carry, and what is to be said once."""
    lang = asked.lang
    zone, today = asked.site.config.calendar.zone, asked.today
    return {
        "lang": lang,
        "languages": [(code, LANGUAGES[code]) for code in asked.site.config.languages],
        "today": today.isoformat(),
        "organisation": asked.site.config.organisation.name,
        "person": asked.person,
        "menu": menu(asked.person),
        "here": asked.request.url.path,
        "sign": asked.session.sign,
        "said": said,
        "say": partial(say, lang),
        "say_count": partial(say_count, lang),
        "day": lambda day: near_day(lang, day, today),
        "time": lambda when: format_datetime(when, "HH:mm", tzinfo=zone, locale=lang),
        "when": lambda when: near_time(lang, when, asked),
        "sentence": lambda text: text[:1].upper() + text[1:],
        "static": address,
        "link_label": lambda link: say(lang, link.label),
        "told": lambda said: say(lang, said.text, **said.params),
    }


def done(
    asked: Asked, to: str, text: str = "", tone: str = "done", undo: str = "", **params: object
) -> Response:
    """After an act: on to a page of ours, which says once what happened. `text` is an English text of ours, marked by `mark`;
    params fill it, and hold nothing of a client."""
    response = RedirectResponse(to if inside(to) else "/", 303)
    if text:
        words = {name: str(value) for name, value in params.items()}
        asked.site.cookies.say(response, Said(text, words, tone, undo))
    return response


def table(asked: Asked, name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """A table to take along, as a file of this name. Spreadsheets open it by a double click: in Dutch ones ";" stands between the
    cells, and the mark at the beginning tells them that it is UTF-8."""
    text = "\ufeff" + csv_text(head, rows, ";" if asked.lang == "nl" else ",")
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return Response(text.encode(), media_type="text/csv; charset=utf-8", headers=headers)


def inside(path: str) -> bool:
    """Whether a path leads to a page of ours and nowhere else."""
    return _HERE.fullmatch(path) is not None


def near_day(lang: str, day: date, today: date) -> str:
    """A day as people say it: today, tomorrow, yesterday, else with its weekday, and its year where that is another."""
    match day - today:
        case timedelta(days=0):
            return say(lang, "today")
        case timedelta(days=1):
            return say(lang, "tomorrow")
        case timedelta(days=-1):
            return say(lang, "yesterday")
    return _far_day(lang, day, day.year != today.year)


@lru_cache(maxsize=1024)  # a list bears the same days many times
def _far_day(lang: str, day: date, year: bool) -> str:
    return format_date(day, "EEEE d MMMM y" if year else "EEEE d MMMM", locale=lang)


def near_time(lang: str, when: datetime, asked: Asked) -> str:
    """A moment as people say it: "today, 10:02"."""
    calendar = asked.site.config.calendar
    clock = format_datetime(when, "HH:mm", tzinfo=calendar.zone, locale=lang)
    return f"{near_day(lang, calendar.day(when), asked.today)}, {clock}"


TOLD = {
    403: (
        mark("This page is not for you"),
        mark("It belongs to another role than yours. Nothing was changed."),
    ),
    404: (
        mark("There is nothing here for you"),
        mark("The address is wrong, it is gone, or it is about someone else's client."),
    ),
    413: (
        mark("That was too much"),
        mark("What was sent is larger than any form here. Nothing was changed."),
    ),
    429: (
        mark("Please wait a little"),
        mark("This was asked many times in a short while. Try again in a quarter of an hour."),
    ),
    500: (
        mark("Something went wrong here"),
        mark("It is our fault, not yours, and it was noted. Try again; if it stays, tell the administrator."),
    ),
    503: (
        mark("Not yet begun"),
        mark("The first pass through the registration is still to be made. Try again in a minute."),
    ),
}
"""What is said where there is no page: a title and a sentence."""


def trouble(asked: Asked, status: int) -> Response:
    """The page that says in the reader's language that there is nothing to show, and why; never about whom."""
    known = status if status in TOLD else 404 if status < 500 else 500
    title, sentence = TOLD[known]
    return page(
        asked, "trouble.html", status, title=say(asked.lang, title), sentence=say(asked.lang, sentence)
    )
