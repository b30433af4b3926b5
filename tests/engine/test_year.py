"""A year of the sample organisation, ticked day by day as people type, against one tick at its end."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cti.core.prompts import Stored
from cti.core.spells import spells
from tests.engine.sample import Sample, sample, type_in_day_by_day

LAST = date(2026, 1, 15)
FIRST = LAST - timedelta(days=365)


def end_of(zone: str) -> datetime:
    return datetime.combine(LAST, time(18), ZoneInfo(zone))


def day_by_day(folder: Path, size: int, zone: str) -> Sample:
    """Everything before the year is read at once on its first evening; then a tick every evening."""
    made = sample(folder, LAST, size=size, zone=zone, since=FIRST)
    type_in_day_by_day(made, FIRST, LAST)
    return made


def at_once(folder: Path, size: int, zone: str) -> Sample:
    made = sample(folder, LAST, size=size, zone=zone, since=FIRST, until=datetime.combine(LAST, time(18)))
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
    assert len(told) > 50


def deleting_gives_back(made: Sample, zone: str) -> None:
    from cti.store import clients, plans

    before = unsent(made.prompts(end_of(zone)))
    with made.system.database.write() as tx:
        assert plans.delete_unsent(tx) > 0
        clients.mark_all_dirty(tx)
    made.tick(end_of(zone) + timedelta(minutes=1), force=True)
    after = unsent(made.prompts(end_of(zone)))
    assert {key: row.plan for key, row in after.items()} == {key: row.plan for key, row in before.items()}


@pytest.mark.parametrize(("size", "zone"), [(80, "Europe/Amsterdam")])
def test_a_year_day_by_day_and_at_once_give_the_same_plan(size: int, zone: str, tmp_path: Path) -> None:
    made, once = day_by_day(tmp_path / "days", size, zone), at_once(tmp_path / "once", size, zone)
    agrees(made, once, zone)
    sent_once(made, zone)
    deleting_gives_back(made, zone)


@pytest.mark.long
@pytest.mark.parametrize("zone", ["Europe/Amsterdam", "America/Vancouver", "Pacific/Auckland"])
def test_the_whole_organisation_in_three_time_zones(zone: str, tmp_path: Path) -> None:
    """The year holds both changes of the clock in each of them."""
    made, once = day_by_day(tmp_path / "days", 500, zone), at_once(tmp_path / "once", 500, zone)
    agrees(made, once, zone)
    sent_once(made, zone)
    deleting_gives_back(made, zone)
