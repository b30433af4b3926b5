"""A team's page, for whoever leads it: what is stuck, and what became of the prompts; and what can be taken along of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response

from cti.core.people import Staff
from cti.engine.people import staff_of
from cti.engine.taking_along import COLUMNS, take_answers
from cti.i18n import say
from cti.store.teams import PARTS
from cti.web.asked import Asked, Asking
from cti.web.counting import NAMES, Row, by_rule, head, weeks_of, words_of
from cti.web.guard import only
from cti.web.reach import teams_led_by
from cti.web.render import page, table
from cti.web.router import Pages
from cti.web.views.team import PERIODS, Counted, clients_of, counted, gaps, piles

pages = Pages()

LEAD = only("team-lead")

PLACES = tuple(name for name in NAMES if name != "too_late")
"""What is counted of a team, in the order of the table."""


@pages.show("/team", LEAD)
def show(asked: Asking, team: str | None = None, weeks: str = "") -> Response:
    """What is stuck, absences without anyone to stand in, and the counts of the last weeks."""
    site = asked.site
    with site.system.database.read() as tx:
        staff = staff_of(tx, site.system)
        led = _led(asked, staff)
        chosen = _chosen(led, team)
        words, calendar = words_of(asked, tx), site.config.calendar
        period = weeks_of(weeks, PERIODS, PERIODS[1])
        found = counted(tx, chosen, staff, calendar, words, period, asked.now) if chosen else ()
        values: dict[str, Any] = {
            "team": chosen,
            "teams": led,
            "weeks": period,
            "periods": PERIODS,
            "parts": PARTS,
            "names": {name: say(asked.lang, NAMES[name]) for name in PLACES},
            "piles": piles(tx, chosen, staff, calendar, words, asked.now) if chosen else (),
            "gaps": gaps(chosen, staff, asked.today) if chosen else (),
            "counted": found,
            "table": by_rule(_rows(found)),
            "month": _last_month(asked.today),
        }
    return page(asked, "team.html", **values)


@pages.show("/team/counts.csv", LEAD)
def counts(asked: Asking, team: str | None = None, weeks: str = "") -> Response:
    """The counts, to take along."""
    site, period = asked.site, weeks_of(weeks, PERIODS, PERIODS[1])
    with site.system.database.read() as tx:
        staff = staff_of(tx, site.system)
        chosen = _chosen(_led(asked, staff), team)
        words, calendar = words_of(asked, tx), site.config.calendar
        found = counted(tx, chosen, staff, calendar, words, period, asked.now) if chosen else ()
    return table(asked, f"counts-{asked.today}", head(asked.lang, PLACES), _rows(found))


@pages.show("/team/answers.csv", LEAD)
def answers(asked: Asking, team: str | None = None, first: str = "", last: str = "") -> Response:
    """What was answered and recorded about the team's clients, to take along to a registration that has no place for it. Whose
    answers were taken stands in the trail."""
    since, until = _day(first), _day(last)
    if since is None or until is None or until < since or until - since > timedelta(days=366):
        raise HTTPException(404)
    system = asked.site.system
    with system.database.read() as tx:
        staff = staff_of(tx, system)
    chosen = _chosen(_led(asked, staff), team)
    if chosen is None:
        raise HTTPException(404)
    clients = clients_of(chosen, staff, asked.today)
    rows = take_answers(system, since, until, clients, asked.now, asked.you.id)
    return table(asked, f"answers-{since}-{until}", COLUMNS, rows)


def _rows(found: Iterable[Counted]) -> Iterator[Row]:
    for rule in found:
        for step in rule.steps:
            yield rule.title, step.title, *(getattr(step.tally, name) for name in PLACES)


def _led(asked: Asked, staff: Staff) -> list[str]:
    """The teams that the reader leads, their own first."""
    me = asked.you
    return sorted(teams_led_by(me, staff, asked.today), key=lambda team: (team != me.team, team))


def _chosen(led: list[str], team: str | None) -> str | None:
    """The team that was asked for; unasked the first. Another's is not there; None: the reader leads none."""
    if team is not None and team not in led:
        raise HTTPException(404)
    return team or next(iter(led), None)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _last_month(today: date) -> tuple[date, date]:
    """The month before this one, by its first and its last day."""
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last
