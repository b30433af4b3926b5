"""Coming in by a mailed link, and going out.

Single sign-on is a module beside this one, with its button on `login.html`; it ends, as this one does, in `come_in`.
"""

from __future__ import annotations

from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from cti.core.people import Person
from cti.engine.auditing import audit
from cti.engine.posting import deliver
from cti.i18n import mark
from cti.web import links
from cti.web.asked import Asked, Asking
from cti.web.guard import ANYONE
from cti.web.render import done, inside, page, trouble
from cti.web.router import Pages
from cti.web.session import Session, round_of

pages = Pages()


@pages.show("/login", ANYONE)
def ask_for_a_link(asked: Asking, then: str = "/") -> Response:
    """The form that asks for a link; whoever is in already goes on."""
    if asked.person is not None:
        return RedirectResponse(then if inside(then) else "/", 303)
    then = then if inside(then) else "/"
    return page(asked, "login.html", then=then, wrong=False, ways=asked.site.config.web.login)


@pages.act("/login", ANYONE)
def send_a_link(asked: Asking) -> Response:
    """Mails a link to a known address at once. The answer is the same for an address that nobody has."""
    _by_mail(asked)
    address, then = asked.form.get("address", "").strip(), asked.form.get("then", "/")
    then = then if inside(then) else "/"
    if "@" not in address or len(address) > 254:
        return page(asked, "login.html", 400, then=then, wrong=True, ways=asked.site.config.web.login)
    try:
        links.ask(asked.site, address, _place(asked.request), then, asked.now)
    except links.TooMany:
        return trouble(asked, 429)
    response = page(asked, "login_sent.html", minutes=int(links.LASTS.total_seconds() / 60))
    # After the answer has gone, so that it comes as soon for an address that nobody has. Other mail that waits is not sent by the
    # way: whoever wants to come in would wait for all of it.
    response.background = BackgroundTask(deliver, asked.site.system, asked.now, lambda: False, "login")
    return response


@pages.show("/login/{text}", ANYONE)
def show_the_button(asked: Asking, text: str) -> Response:
    """A link shows; only its button acts, since mail scanners open links."""
    _by_mail(asked)
    link = links.read(asked.site, text, asked.now)
    if link is None or link.over or not links.unused(asked.site, link):
        return _no_longer(asked, link)
    return page(asked, "login_button.html", text=text, who=asked.site.staff.people[link.person])


@pages.act("/login/{text}", ANYONE)
def come_in_by_it(asked: Asking, text: str) -> Response:
    """Uses the link; pressed twice, the second time goes on where the first has led."""
    _by_mail(asked)
    link = links.read(asked.site, text, asked.now)
    if link is not None and not link.over and links.use(asked.site, link, asked.now):
        return come_in(asked, asked.site.staff.people[link.person], link.then)
    if link is not None and asked.person is not None and asked.person.id == link.person:
        return done(asked, link.then)
    return _no_longer(asked, link)


@pages.act("/logout", ANYONE)
def go_out(asked: Asking) -> Response:
    """Ends the session in this browser."""
    response = done(asked, "/login", mark("You are logged out."))
    asked.site.cookies.begin(response, Session.new())
    return response


def come_in(asked: Asked, person: Person, then: str) -> Response:
    """Begins a session of this person, with a sign of its own, and goes on to `then`."""
    system = asked.site.system
    with system.database.write() as tx:
        audit(tx, system, person.id, "came-in", asked.now)
        number = round_of(tx, person.id)
    response = done(asked, then)
    asked.site.cookies.begin(response, Session.new(person, asked.now, number))
    return response


def _by_mail(asked: Asked) -> None:
    """Where single sign-on is the only way in, no mailed link is one, not even one of before that was so."""
    if "mail" not in asked.site.config.web.login:
        raise HTTPException(404)


def _no_longer(asked: Asked, link: links.Link | None) -> Response:
    return page(asked, "login_over.html", 410, then=link.then if link is not None else "/", wrong=False)


def _place(request: Request) -> str:
    """Where a request comes from; the web server has looked behind the proxies that the config trusts."""
    return request.client.host if request.client is not None else ""
