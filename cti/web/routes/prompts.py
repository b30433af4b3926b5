"""My prompts."""

from __future__ import annotations

from starlette.responses import Response

from cti.engine.people import staff_of
from cti.engine.posting import step_of
from cti.engine.wording import prompt_titles, texts_of
from cti.web.asked import Asking
from cti.web.guard import CARE, Access
from cti.web.render import page
from cti.web.router import Pages
from cti.web.views.mine import Wording, answer_label, mine

pages = Pages()


@pages.show("/prompts", Access(CARE))
def my_prompts(asked: Asking) -> Response:
    """What waits for an answer today, what comes later, what was answered lately."""
    site = asked.site
    rules = site.rules()
    with site.system.database.read() as tx:
        words = Wording(
            step_of(rules.rulebook),
            prompt_titles(tx, site.system, rules, texts_of(site.system, rules), asked.lang),
            lambda row: answer_label(asked.lang, rules.rulebook, row),
        )
        shown = mine(tx, asked.you, staff_of(tx, site.system), site.config.calendar, words, asked.now)
    return page(asked, "prompts.html", mine=shown)
