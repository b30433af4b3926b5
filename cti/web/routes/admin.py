"""The administrator's page, and what machines ask of a service: whether it lives, whether it can work, and its figures.

No client data is on any of them: the quarantine shows masked values, and of a reference only that there is one.
"""

from __future__ import annotations

from hmac import compare_digest
from ipaddress import ip_address

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from cti.engine.again import read_all_again
from cti.engine.health import health
from cti.i18n import mark
from cti.store import outbox, quarantine, schema
from cti.store.errors import StoreError
from cti.web.asked import Asked, Asking
from cti.web.guard import ANYONE, only
from cti.web.render import done, page
from cti.web.router import Pages
from cti.web.views.figures import KIND, figures
from cti.web.views.state import state_of

pages = Pages()

ADMINISTRATOR = only("administrator")
SHOWN = 100
"""How many fields in quarantine the page lists; the command has them all."""


@pages.show("/admin", ADMINISTRATOR)
def state(asked: Asking) -> Response:
    """How the service does, and what waits for a hand."""
    system = asked.site.system
    found = health(system, asked.now, asked.site.died())
    with system.database.read() as tx:
        unread = quarantine.entries(tx)
        refused = outbox.failures(tx)
    shown = state_of(asked.lang, found, unread[:SHOWN], refused, system.config.calendar)
    return page(asked, "admin.html", state=shown, more=max(0, len(unread) - SHOWN))


@pages.act("/admin/read-again", ADMINISTRATOR)
def read_again(asked: Asking) -> Response:
    """Has the sources with something in quarantine read from their beginning, at once where the service runs beside the pages."""
    with asked.site.system.database.write() as tx:
        names = read_all_again(tx, asked.now)
    if not names:
        return done(
            asked, "/admin", mark("Nothing is in quarantine; there is nothing to read again."), "note"
        )
    asked.site.hurry()
    text = mark("Is read again: {sources}. Look again in a minute.")
    return done(asked, "/admin", text, sources=", ".join(names))


@pages.act("/admin/send-again", ADMINISTRATOR)
def send_again(asked: Asking) -> Response:
    """Tries mail that was refused once more."""
    with asked.site.system.database.write() as tx:
        numbers = [entry.message.id for entry in outbox.failures(tx) if entry.message.id is not None]
        outbox.requeue(tx, numbers, asked.now)
    if not numbers:
        return done(asked, "/admin", mark("No mail was refused; there is nothing to send again."), "note")
    asked.site.hurry()
    return done(asked, "/admin", mark("Is tried again: {n}."), n=len(numbers))


@pages.show("/health", ANYONE)
def alive(asked: Asking) -> Response:
    """Whether passes are made: 200, or 503 where none has been for a quarter of an hour. `look`: something asks for a look."""
    try:
        found = health(asked.site.system, asked.now, asked.site.died())
    except StoreError:
        return JSONResponse({"status": "still"}, 503)
    last = found.last_tick.isoformat() if found.last_tick is not None else None
    return JSONResponse(
        {"status": found.status, "last_tick": last, "died": found.died}, 503 if found.still else 200
    )


@pages.show("/ready", ANYONE)
def ready(asked: Asking) -> Response:
    """Whether pages can be shown: the database answers and has this version's tables, and there are rules."""
    try:
        schema.check(asked.site.system.database)
    except StoreError:
        return JSONResponse({"ready": False}, 503)
    is_ready = asked.site.begun()
    return JSONResponse({"ready": is_ready}, 200 if is_ready else 503)


@pages.show("/metrics", ANYONE)
def metrics(asked: Asking) -> Response:
    """The figures, as Prometheus reads them: for this machine, and for whoever bears the config's `metrics_token`."""
    if not _may_read(asked):
        raise HTTPException(404)
    return Response(figures(health(asked.site.system, asked.now, asked.site.died())), media_type=KIND)


@pages.show("/favicon.ico", ANYONE)
def favicon(asked: Asking) -> Response:
    """Browsers ask for it unbidden."""
    return RedirectResponse("/static/icon.svg", 308)


def _may_read(asked: Asked) -> bool:
    token = asked.site.config.web.metrics_token
    if token is not None:
        given = asked.request.headers.get("authorization", "")
        return compare_digest(given.encode(), f"Bearer {token.get_secret_value()}".encode())
    # Behind a proxy on this machine the one who asks is the proxy's client, as it says (see `proxies` in the config).
    client = asked.request.client
    try:
        return client is not None and ip_address(client.host).is_loopback
    except ValueError:
        return False
