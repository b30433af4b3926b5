"""The organisation's own pages beside the prompts, such as what a conference is: texts in `templates/pages/`."""

from __future__ import annotations

import re

from starlette.exceptions import HTTPException
from starlette.responses import Response

from cti.engine.wording import house_words, texts_of
from cti.post.texts import Text, TextError
from cti.web.asked import Asked, Asking
from cti.web.guard import EVERYONE
from cti.web.render import page
from cti.web.router import Pages

pages = Pages()

_NAME = re.compile(r"[a-z][a-z0-9-]{0,60}")


@pages.show("/explained/{name}", EVERYONE)
def explain(asked: Asking, name: str) -> Response:
    """The text of this name."""
    text = explained(asked, name)
    if text is None:
        raise HTTPException(404)
    return page(asked, "explained.html", text=text)


def explained(asked: Asked, name: str | None) -> Text | None:
    """The text of this name, which is that of a question that steps ask (`asks`); None where the organisation has none."""
    if name is None or not _NAME.fullmatch(name):
        return None
    system = asked.site.system
    try:
        return texts_of(system, asked.site.rules()).page(name, asked.lang, house_words(system))
    except TextError:
        return None
