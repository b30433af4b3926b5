"""A person's own page: their absence, their language, what they are sent and when, and ending all their sessions; and for a team
lead the absences of the team."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.responses import Response

from cti.engine.absence import remove_absence, set_absence
from cti.engine.auditing import audit
from cti.engine.people import known_staff, speak, staff_of
from cti.i18n import mark, say
from cti.problems import Problems
from cti.web.asked import Asked, Asking, number_of
from cti.web.guard import CARE, EVERYONE, Access, only
from cti.web.render import done, page
from cti.web.router import Pages
from cti.web.session import Session, end_all
from cti.web.views.absence import Form, of_person, of_team
from cti.web.views.arrives import arrives

pages = Pages()

CARERS, LEAD = Access(CARE), only("team-lead")

Shows = Callable[[Asked, Form, int], Response]
"""Makes a page again around a form that is to be mended, with its status."""


@pages.show("/me", EVERYONE)
def me(asked: Asking) -> Response:
    """The person's own page."""
    return _mine(asked, Form(), 200)


@pages.act("/me/absences", CARERS)
def away(asked: Asking) -> Response:
    """Enters an absence of one's own."""
    return _set(asked, asked.you.id, "/me", _mine)


@pages.act("/me/absences/{absence}/remove", CARERS)
def not_away(asked: Asking, absence: str) -> Response:
    """Takes an absence of one's own back."""
    return _remove(asked, absence, "/me")


@pages.act("/me/language", EVERYONE)
def language(asked: Asking) -> Response:
    """Chooses the language of pages and mail, in whatever browser."""
    wanted = asked.form.get("lang", "")
    if wanted not in asked.site.config.languages:
        return done(asked, "/me", mark("Choose one of the languages. Nothing was changed."), "wrong")
    with asked.site.system.database.write() as tx:
        speak(tx, asked.you.id, wanted)
    response = done(asked, "/me", mark("Pages and mail are in this language from now on."))
    asked.site.cookies.speak(response, wanted)
    return response


@pages.act("/me/log-out-everywhere", EVERYONE)
def go_out_everywhere(asked: Asking) -> Response:
    """Ends all sessions of this person, in whatever browser: of a phone that was lost, of a computer that others use."""
    system = asked.site.system
    with system.database.write() as tx:
        end_all(tx, asked.you.id)
        audit(tx, system, asked.you.id, "went-out", asked.now)
    response = done(asked, "/login", mark("You are logged out everywhere."))
    asked.site.cookies.begin(response, Session.new())
    return response


@pages.show("/team/absences", LEAD)
def team_absences(asked: Asking) -> Response:
    """Who of the team is away when."""
    return _team(asked, Form(), 200)


@pages.act("/team/absences", LEAD)
def team_away(asked: Asking) -> Response:
    """Enters an absence of someone of the team."""
    return _set(asked, asked.form.get("person", ""), "/team/absences", _team)


@pages.act("/team/absences/{absence}/remove", LEAD)
def team_not_away(asked: Asking, absence: str) -> Response:
    """Takes an absence of someone of the team back."""
    return _remove(asked, absence, "/team/absences")


def _mine(asked: Asked, form: Form, status: int) -> Response:
    system, you = asked.site.system, asked.you
    with system.database.read() as tx:
        staff = staff_of(tx, system)
        absences = of_person(tx, staff, known_staff(tx, system), you.id, asked.today)
    return page(
        asked,
        "me.html",
        status,
        form=form,
        absences=absences if you.role in CARE else None,
        arrives=arrives(asked.lang, you, system.config) if you.role in CARE else (),
    )


def _team(asked: Asked, form: Form, status: int) -> Response:
    system, team = asked.site.system, asked.you.team
    with system.database.read() as tx:
        staff = staff_of(tx, system)
        absences = of_team(tx, staff, known_staff(tx, system), team, asked.today) if team else None
    return page(asked, "absences.html", status, form=form, absences=absences, team=team)


def _set(asked: Asked, person: str, here: str, shows: Shows) -> Response:
    """Enters what the form says, or shows it again with what is wrong."""
    first_day, last_day, deputy = (asked.form.get(name, "").strip() for name in ("first", "last", "deputy"))
    form = Form(person, first_day, last_day, deputy)
    first, last = form.days()
    if person not in asked.site.staff.people:
        return shows(asked, replace(form, wrong={"person": say(asked.lang, "choose someone")}), 400)
    if first is None or last is None:
        field = "first" if first is None else "last"
        return shows(asked, replace(form, wrong={field: say(asked.lang, "choose a day")}), 400)
    try:
        set_absence(asked.site.system, person, first, last, form.deputy or None, asked.now, asked.you.id)
    except Problems as wrong_with_it:
        return shows(asked, form.with_wrong(asked.lang, wrong_with_it.problems), 400)
    return done(asked, here, mark("Entered. What is to be told in that time goes to whoever stands in."))


def _remove(asked: Asked, absence: str, here: str) -> Response:
    number = number_of(absence)
    if number is None:
        raise HTTPException(404)
    try:
        gone = remove_absence(asked.site.system, number, asked.now, asked.you.id)
    except Problems:
        raise HTTPException(404) from None
    if gone:
        return done(asked, here, mark("Taken back. What is to be told comes to whoever it is for."))
    return done(asked, here, mark("It was taken back already. Nothing changed."), "note")
