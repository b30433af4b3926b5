"""The rules in force, each drawn as a time line. Nothing here is about a client."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response

from cti.store import rulebooks
from cti.web.asked import Asking
from cti.web.guard import STEERS
from cti.web.render import page
from cti.web.router import Pages
from cti.web.views.rulebook import by_whom, cards, drawn
from cti.workshop.timeline import example_day

pages = Pages()


@pages.show("/rules", STEERS)
def all_rules(asked: Asking) -> Response:
    """The rules in force, and since when."""
    rules = asked.site.rules()
    with asked.site.system.database.read() as tx:
        now = rulebooks.in_force(tx)
    assert now is not None, "these rules are in force"
    by = by_whom(now.by, asked.site.staff)
    return page(asked, "rules.html", cards=cards(asked.lang, rules.rulebook), since=now.at, by=by)


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
