"""The sample organisation, ticked day by day as people type and once at the end: a season here, a year in the long run."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cti.core.prompts import Stored
from cti.core.spells import spells
from cti.store import clients, plans
from tests.engine.sample import Sample, sample, type_in_day_by_day

LAST = date(2026, 1, 15)
YEAR = timedelta(days=365)
SEASON = timedelta(days=110)
"""Long enough for a change of the clock, late records and the follow-up of an intake."""


def end_of(zone: str) -> datetime:
    return datetime.combine(LAST, time(18), ZoneInfo(zone))


def day_by_day(folder: Path, size: int, zone: str, time_span: timedelta) -> Sample:
    """Everything before is read at once on the first evening; then a tick every evening."""
    made = sample(folder, LAST, size=size, zone=zone, since=LAST - time_span)
    type_in_day_by_day(made, LAST - time_span, LAST)
    return made


def at_once(folder: Path, size: int, zone: str, time_span: timedelta) -> Sample:
    made = sample(
        folder, LAST, size=size, zone=zone, since=LAST - time_span, until=datetime.combine(LAST, time(18))
    )
    made.tick(end_of(zone), force=True)
    return made


def transitions(made: Sample) -> set[tuple[str, str, date]]:
    return {
        (history.client, spell.situation, spell.begin)
        for history in made.histories()
        for spell in spells(history.records, 14)
    }


def unsent(rows: list[Stored]) -> dict[str, Stored]:
    return {row.plan.key: row for row in rows if not row.final}


def agrees(made: Sample, once: Sample, zone: str) -> None:
    assert transitions(made) == transitions(once)
    mine, theirs = made.prompts(end_of(zone)), once.prompts(end_of(zone))
    left, right = unsent(mine), unsent(theirs)
    for one, other, rows in ((left, right, theirs), (right, left, mine)):
        final = {
            (row.plan.rule, row.plan.step, name)
            for row in rows
            if row.final
            for name in (row.plan.name, *row.plan.names)
        }
        for key, row in one.items():
            if key in other:
                assert row.plan == other[key].plan
            else:
                assert (row.plan.rule, row.plan.step, row.plan.name) in final, (
                    "unsent in one, it is unsent or final in the other"
                )


def sent_once(made: Sample, zone: str) -> None:
    """No two prompts that went out answer to one moment."""
    told = [row.plan for row in made.prompts(end_of(zone)) if row.sent_at is not None and row.plan.wanted]
    seen: set[tuple[str, str, str]] = set()
    for plan in told:
        assert (plan.rule, plan.step, plan.name) not in seen
        seen.add((plan.rule, plan.step, plan.name))
    assert len(told) > 30


def deleting_gives_back(made: Sample, zone: str) -> None:
    before = unsent(made.prompts(end_of(zone)))
    with made.system.database.write() as tx:
        assert plans.delete_unsent(tx) > 0
        clients.mark_all_dirty(tx)
    made.tick(end_of(zone) + timedelta(minutes=1), force=True)
    after = unsent(made.prompts(end_of(zone)))
    assert {key: row.plan for key, row in after.items()} == {key: row.plan for key, row in before.items()}


def both_ways(folder: Path, size: int, zone: str, time_span: timedelta) -> None:
    made = day_by_day(folder / "days", size, zone, time_span)
    once = at_once(folder / "once", size, zone, time_span)
    agrees(made, once, zone)
    sent_once(made, zone)
    deleting_gives_back(made, zone)


def test_a_season_day_by_day_and_at_once_gives_the_same_plan(tmp_path: Path) -> None:
    both_ways(tmp_path, 100, "Europe/Amsterdam", SEASON)


@pytest.mark.long
@pytest.mark.parametrize("zone", ["Europe/Amsterdam", "America/Vancouver", "Pacific/Auckland"])
def test_a_year_of_the_whole_organisation_in_three_time_zones(zone: str, tmp_path: Path) -> None:
    """The year holds both changes of the clock in each of them."""
    both_ways(tmp_path, 500, zone, YEAR)
