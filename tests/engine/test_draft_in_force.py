"""A draft of the shipped rules comes into force while the sample organisation goes on: open clients get what is new, and nothing
that was sent is sent again."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from cti.core.prompts import Stored
from cti.core.spells import spells
from cti.sample.organisation import write_export
from tests.engine.sample import sample, type_in_day_by_day
from tests.workshop import drafting

LAST = date(2025, 10, 10)
FIRST = LAST - timedelta(weeks=6)
WEEK = timedelta(weeks=1)
OLD, NEW = drafting.RENAMED
REMOVED = "long-stay"
"""Removed as well: the sample is too small for clients who go nobody knows where."""

Name = tuple[str, str, str, str]


class Lived:
    """The organisation before the draft, right after it came into force, and a week later."""

    def __init__(self, folder: Path) -> None:
        self.made = sample(folder, LAST + WEEK, size=140, since=FIRST)
        # As in a running service, which looks whether somebody is writing in the folder.
        self.made.system = replace(self.made.system, pause=lambda: None)
        rules = folder / "rules"
        shutil.rmtree(rules / "tests")  # they are about the rules as they were
        type_in_day_by_day(self.made, FIRST, LAST, every=WEEK)
        self.before = self.rows()
        drafting.change(rules)
        (rules / f"{REMOVED}.toml").unlink()
        self.adopted_at = self.evening(LAST) + timedelta(hours=1)
        self.adoption = self.made.tick(self.adopted_at)
        self.after = self.rows()
        self.histories = self.made.histories()
        write_export(folder / "export", self.made.organisation, "events", None)
        type_in_day_by_day(self.made, LAST + WEEK, LAST + WEEK, force=False)
        self.later = self.rows()

    def rows(self) -> list[Stored]:
        return self.made.prompts(self.evening(LAST))

    def day(self, due: datetime | None) -> date:
        assert due is not None
        return due.astimezone(self.made.system.config.calendar.zone).date()

    def evening(self, day: date) -> datetime:
        return datetime.combine(day, time(18), self.made.system.config.calendar.zone)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    return Lived(tmp_path_factory.mktemp("sample") / "x")


def called(rule: str) -> str:
    return NEW if rule == OLD else rule


def names(rows: Iterable[Stored]) -> set[Name]:
    """Each moment that these prompts answer to, by the rule's new name."""
    return {
        (row.plan.client, called(row.plan.rule), row.plan.step, name)
        for row in rows
        for name in (row.plan.name, *row.plan.names)
    }


def to_come(rows: Iterable[Stored], *rules: str) -> dict[tuple[str, str, str], datetime | None]:
    """What is wanted of these rules and nobody was told of, with its due."""
    return {
        (row.plan.client, row.plan.step, row.plan.name): row.plan.due
        for row in rows
        if row.plan.rule in rules and row.plan.wanted and not row.told
    }


def test_it_is_taken_over_by_itself_and_within_the_limits(lived: Lived) -> None:
    assert lived.adoption.adopted is not None
    assert lived.adoption.problems == ()
    assert lived.adoption.planning.held == ()


def test_nothing_that_was_sent_before_is_sent_again(lived: Lived) -> None:
    sent = {row.id: row for row in lived.before if row.told}
    assert {OLD, REMOVED, drafting.MOVED[0]} <= {row.plan.rule for row in sent.values()}
    for rows in (lived.after, lived.later):
        now_sent = {row.id: row for row in rows if row.told}
        assert {key: row.sent_at for key, row in now_sent.items() if key in sent} == {
            key: row.sent_at for key, row in sent.items()
        }
        new = [row for key, row in now_sent.items() if key not in sent]
        assert new
        assert names(new) & names(sent.values()) == set()


def test_one_step_moves_for_those_who_wait_for_it(lived: Lived) -> None:
    rule, step = drafting.MOVED
    before, after = to_come(lived.before, rule), to_come(lived.after, rule)
    assert before.keys() == after.keys()
    moved = {key for key in after if after[key] != before[key]}
    assert {key[1] for key in moved} == {step}
    assert all(lived.day(after[key]) == lived.day(before[key]) + WEEK for key in moved)


def test_the_renamed_rule_goes_on_where_it_was(lived: Lived) -> None:
    assert to_come(lived.before, OLD)
    assert to_come(lived.after, NEW) == to_come(lived.before, OLD)
    assert to_come(lived.after, OLD) == {}


def test_what_the_removed_rules_had_planned_is_gone(lived: Lived) -> None:
    assert to_come(lived.before, REMOVED, drafting.REMOVED)
    assert to_come(lived.after, REMOVED, drafting.REMOVED) == {}


def test_the_new_rule_is_for_those_who_are_on_the_street_already(lived: Lived) -> None:
    on_the_street = {
        history.client
        for history in lived.histories
        if any(spell.situation == "street" and spell.begin >= FIRST for spell in spells(history.records, 14))
    }
    assert {row.plan.client for row in lived.after if row.plan.rule == "outreach"} == on_the_street
    assert any(row.told for row in lived.after if row.plan.rule == "outreach"), "some at once"


def test_all_else_stays_as_it_was(lived: Lived) -> None:
    touched = {OLD, NEW, REMOVED, drafting.REMOVED, drafting.MOVED[0], "outreach"}
    others = {row.plan.rule for row in lived.before} - touched
    assert len(others) > 3
    assert to_come(lived.after, *others) == to_come(lived.before, *others)
