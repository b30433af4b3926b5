"""What a check says of people, holidays and closing days, and of how much comes to each worker."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from cti.config import Config, load
from cti.core.calendar import Calendar
from cti.core.rules import Delay, Escalate, Step
from cti.tomlfile import TomlFile
from cti.workshop.around import around
from tests.core.build import enters, rule, step
from tests.laws.histories import rulebook

CONFIG = """\
database = "sqlite:///cti.db"

[organisation]
country = "NL"
{closing}

[[teams]]
id = "north"
{inbox}

[[people]]
id = "w1"
name = "worker 1"
address = "w1@example.org"
team = "north"
{lead}
"""
INBOX = 'inbox = "north@example.org"'
LEAD = (
    '[[people]]\nid = "l1"\nname = "lead 1"\naddress = "l1@example.org"\nrole = "team-lead"\nteam = "north"'
)
NEVER = date(2026, 3, 2)


def said(folder: Path, *steps: Step, today: date = NEVER, **parts: str) -> list[tuple[int | None, str]]:
    """The lines and messages of what is said of a config with these parts, whose rule has these steps."""
    (folder / "rules").mkdir(exist_ok=True)
    (folder / "templates").mkdir(exist_ok=True)
    file = folder / "config.toml"
    filled = {"closing": "", "inbox": INBOX, "lead": LEAD, **parts}
    file.write_text(CONFIG.format(**filled), encoding="utf-8")
    config: Config = load(file, {})
    made = replace(rulebook(), rules=(rule("r", enters("own-home"), *steps),))
    found = around(config, TomlFile.read(file), made, today)
    return [(problem.line, problem.message("en")) for problem in found]


def test_nothing_is_said_where_each_role_has_somebody(tmp_path: Path) -> None:
    assert said(tmp_path, step("a", 1), step("b", 1, to="team-lead"), step("c", 1, to="team")) == []


def test_a_team_lead_whom_nobody_is_told_of_also_for_escalations(tmp_path: Path) -> None:
    asks = step("a", 1, escalate=Escalate(Delay(5, "working days"), "team-lead"))
    for one in (asks, step("a", 1, to="team-lead")):
        [(line, message)] = said(tmp_path, one, lead="")
        assert line == 11 and message.startswith('rule "r", step "a" is also for the team lead')


def test_a_team_without_an_inbox_is_told_of_where_a_step_is_for_the_team(tmp_path: Path) -> None:
    [(line, message)] = said(tmp_path, step("a", 1, to="team"), inbox="")
    assert line == 7 and "no team has an inbox" in message
    assert said(tmp_path, step("a", 1), inbox="") == []


def test_closing_days_of_next_year_are_asked_for_in_its_last_months(tmp_path: Path) -> None:
    this_year = "closing_days = [2026-12-24]"
    assert said(tmp_path, step("a", 1), closing=this_year, today=date(2026, 9, 30)) == []
    [(line, message)] = said(tmp_path, step("a", 1), closing=this_year, today=date(2026, 10, 1))
    assert line == 5 and "none of 2027" in message
    both = "closing_days = [2026-12-24, 2027-12-24]"
    assert said(tmp_path, step("a", 1), closing=both, today=date(2026, 12, 1)) == []
    assert said(tmp_path, step("a", 1), today=date(2026, 12, 1)) == []


def test_holidays_that_nobody_knows_yet_are_told_of(tmp_path: Path) -> None:
    last = 2100
    assert Calendar().knows_holidays(last) and not Calendar().knows_holidays(last + 1)
    [(line, message)] = said(tmp_path, step("a", 1), today=date(last, 3, 1))
    assert line == 4 and "2101" in message


@pytest.mark.parametrize("country", ["NL", "BE", "DE", "US"])
def test_the_holidays_of_next_year_are_known(country: str) -> None:
    assert Calendar(country=country).knows_holidays(2027)
