"""What all share: the way in, the language, the style sheet and the icon."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from cti.web.asked import Asking
from cti.web.guard import ANYONE, EVERYONE
from cti.web.nav import home
from cti.web.render import done, inside
from cti.web.router import Pages
from cti.web.static import FILES

pages = Pages()


@pages.show("/", EVERYONE)
def begin(asked: Asking) -> Response:
    """Where someone comes in: the first page of their menu."""
    return RedirectResponse(home(asked.you), 303)


@pages.act("/language", ANYONE)
def speak(asked: Asking) -> Response:
    """Chooses a language for this browser."""
    back = asked.form.get("back", "/")
    response = done(asked, back if inside(back) else "/")
    wanted = asked.form.get("lang", "")
    if wanted in asked.site.config.languages:
        asked.site.cookies.speak(response, wanted)
    return response


@pages.show("/static/{name}", ANYONE)
def static(asked: Asking, name: str) -> Response:
    """The style sheet and the icon."""
    if name not in FILES:
        raise HTTPException(404)
    content, kind = FILES[name]
    return Response(
        content, media_type=kind, headers={"cache-control": "public, max-age=31536000, immutable"}
    )
