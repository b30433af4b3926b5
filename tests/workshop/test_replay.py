"""Replaying a time with the rules that were in force gives the prompts that ticking really made, prompt by prompt."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from cti.engine.rulebooks import in_force
from cti.workshop.replay import House, replay
from tests.engine.sample import sample, type_in_day_by_day

LAST = date(2026, 1, 15)
FIRST = LAST - timedelta(days=120)
ZONE = ZoneInfo("Europe/Amsterdam")


def evening(day: date) -> datetime:
    return datetime.combine(day, time(18), ZONE)


def test_replaying_the_last_months_gives_the_prompts_that_ticking_made(tmp_path: Path) -> None:
    made = sample(tmp_path / "x", LAST, size=60, since=FIRST)
    type_in_day_by_day(made, FIRST, LAST)
    config = made.system.config
    rulebook = in_force(made.system, evening(LAST), "test").rulebook
    days = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
    replayed = replay(
        made.histories(),
        rulebook,
        House(config.calendar, config.staff, config.habits),
        [evening(day) for day in days],
    )
    really = {
        (row.plan.client, row.plan.rule, row.plan.step, row.plan.name, row.sent_at)
        for row in made.prompts(evening(LAST))
        if row.sent_at is not None
    }
    would = {
        (told.plan.client, told.plan.rule, told.plan.step, told.plan.name, told.at)
        for told in replayed.told
        if not told.covered
    }
    assert len(really) > 30
    assert would == really
