"""What around the rules keeps prompts from coming as they are meant: roles without people, days that nobody knows yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from cti.config import Config
from cti.config.where import located
from cti.core.rules import Rule, Rulebook, Step
from cti.i18n import mark
from cti.problems import Problem, problem
from cti.sources import LISTS
from cti.tomlfile import TomlFile

FROM_MONTH = 10
"""From October on the closing days of the next year should be known: prompts are planned that far ahead."""


def around(config: Config, written: TomlFile, rulebook: Rulebook, today: date) -> Iterator[Problem]:
    """Warnings about the config (`written` is its file) in which these rules are to work."""
    yield from _roles(config, written, rulebook)
    yield from _holidays(config, written, today)
    yield from _closing_days(config, written, today)


def _roles(config: Config, written: TomlFile, rulebook: Rulebook) -> Iterator[Problem]:
    """Roles that come down to nobody. Where no worker can be reached, the config itself is told of."""
    people, teams = config.staff.people.values(), config.staff.teams.values()
    used = {role: place for place in _steps(rulebook) for role in _to(place[1])}
    lists = any(source.type in LISTS for source in config.sources)
    if (
        "team-lead" in used
        and not lists
        and not any(one.role == "team-lead" and one.address for one in people)
    ):
        text = mark(
            'rule "{prompting}", step "{at}" is also for the team lead, and nobody with that role has an address: it goes to the '
            "team's inbox; name one in [[people]]"
        )
        yield _located(text, written, "people", used["team-lead"])
    if "team" in used and not any(team.inbox for team in teams):
        text = mark(
            'rule "{prompting}", step "{at}" is for the team, and no team has an inbox: nobody gets it; give the teams an "inbox"'
        )
        yield _located(text, written, "teams", used["team"])


def _steps(rulebook: Rulebook) -> Iterator[tuple[Rule, Step]]:
    """The steps that prompt; the first of a role is the one that is named."""
    steps = [(rule, step) for rule in rulebook.rules if not rule.off for step in rule.steps]
    yield from reversed(steps)


def _to(step: Step) -> tuple[str, ...]:
    return (step.to, step.escalate.to) if step.escalate is not None else (step.to,)


def _located(text: str, written: TomlFile, key: str, place: tuple[Rule, Step]) -> Problem:
    rule, step = place
    found = problem(text, level="warning", prompting=rule.id, at=step.id)
    return located(found, written, (key,))


def _holidays(config: Config, written: TomlFile, today: date) -> Iterator[Problem]:
    calendar = config.calendar
    if calendar.country and not calendar.knows_holidays(today.year + 1):
        text = mark(
            "the public holidays of {country} in {year} are not known to this version: they would count as working days; "
            "install a newer one of holidays, or name them in closing_days"
        )
        found = problem(text, level="warning", country=calendar.country, year=today.year + 1)
        yield located(found, written, ("organisation", "country"))


def _closing_days(config: Config, written: TomlFile, today: date) -> Iterator[Problem]:
    years = {day.year for day in config.calendar.closing_days}
    if today.month >= FROM_MONTH and today.year in years and max(years) == today.year:
        text = mark(
            "closing_days has days of {year} and none of {next}: name those of next year too, else prompts are planned on them"
        )
        found = problem(text, level="warning", year=today.year, next=today.year + 1)
        yield located(found, written, ("organisation", "closing_days"))
