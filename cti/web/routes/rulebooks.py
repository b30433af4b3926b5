"""The rulebooks that were in force, and one of them put back by a button. Nothing here is about a client."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response

from cti.engine import Busy
from cti.engine.restoring import restore
from cti.i18n import mark
from cti.problems import Problems
from cti.store import rulebooks
from cti.web.asked import Asked, Asking
from cti.web.guard import STEERS, only
from cti.web.render import done, page
from cti.web.router import Pages
from cti.web.views.rulebook import Era, eras

pages = Pages()

HERE = "/rules/history"
ONE = f"{HERE}/{{number}}"


@pages.show(HERE, STEERS)
def history(asked: Asking) -> Response:
    """The rulebooks that were in force, the newest first."""
    return page(asked, "rules_history.html", eras=_eras(asked))


@pages.show(ONE, only("manager"))
def confirm(asked: Asking, number: int) -> Response:
    """Asks whether this one is to be put back."""
    return page(asked, "restore.html", era=_era(asked, number), wrong=())


@pages.act(f"{ONE}/restore", only("manager"))
def put_back(asked: Asking, number: int) -> Response:
    """Puts it in force again. Where it does not fit, or is over a limit, only if that is ticked."""
    era, force = _era(asked, number), asked.form.get("force") == "yes"
    if era.same:
        return done(asked, HERE, mark("These rules are in force already; nothing was changed."), "note")
    try:
        now = restore(asked.site.system, number, asked.now, asked.you.id, force)
    except Busy:
        text = mark("A pass is being made at this moment, so nothing was done. Try again in a minute.")
        return done(asked, HERE, text, "wrong")
    except Problems as reasons:
        wrong = tuple(one.sentence(asked.lang) for one in reasons.problems)
        return page(asked, "restore.html", 409, era=era, wrong=wrong)
    asked.site.hurry()
    text = mark("The rules of number {number} are in force again, from now on as number {now}.")
    return done(asked, HERE, text, number=number, now=now.number)


def _eras(asked: Asked) -> list[Era]:
    with asked.site.system.database.read() as tx:
        found = rulebooks.history(tx)
        made = rulebooks.prompts_made(tx)
    return eras(found, made, asked.site.staff)


def _era(asked: Asked, number: int) -> Era:
    found = next((era for era in _eras(asked) if era.number == number), None)
    if found is None:
        raise HTTPException(404)
    return found
