"""The rules in force, each drawn as a time line, and the rulebooks that were in force before. Nothing here is about a client."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response

from cti.store import rulebooks
from cti.web.asked import Asking
from cti.web.guard import STEERS
from cti.web.render import page
from cti.web.router import Pages
from cti.web.views.rulebook import cards, drawn, eras
from cti.workshop.timeline import example_day

pages = Pages()


@pages.show("/rules", STEERS)
def all_rules(asked: Asking) -> Response:
    """The rules in force, and since when."""
    rules = asked.site.rules()
    with asked.site.system.database.read() as tx:
        now = eras(rulebooks.history(tx, 1), {}, asked.site.staff)
    return page(asked, "rules.html", cards=cards(asked.lang, rules.rulebook), now=now[0])


@pages.show("/rules/show/{rule}", STEERS)
def one_rule(asked: Asking, rule: str) -> Response:
    """A rule as a picture and in sentences, with example days."""
    rules, config = asked.site.rules(), asked.site.config
    found = rules.rulebook.rule(rule)
    if found is None:
        raise HTTPException(404)
    day = example_day(asked.today)
    return page(
        asked, "rule.html", rule=drawn(asked.lang, rules, found, config.calendar, config.languages, day)
    )


@pages.show("/rules/history", STEERS)
def history(asked: Asking) -> Response:
    """The rulebooks that were in force, the newest first."""
    with asked.site.system.database.read() as tx:
        found = rulebooks.history(tx)
        made = rulebooks.prompts_made(tx)
    return page(asked, "rules_history.html", eras=eras(found, made, asked.site.staff))
