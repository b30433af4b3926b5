"""Laws 1, 3 and 4 over random histories: the plan has no clock, keys are unique, unsent prompts are a cache."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cti.core.calendar import Calendar
from cti.core.events import History
from cti.core.life import live
from cti.core.planner import plan
from cti.core.prompts import STANDINGS
from tests.core.build import CALENDAR, VOCABULARY
from tests.laws.world import World, as_known, at, histories, rulebook

BOOK = rulebook()


@given(histories())
@settings(max_examples=400, deadline=None)
def test_the_plan_does_not_depend_on_the_order_in_which_records_are_given(history: History) -> None:
    turned = History(history.client, tuple(reversed(history.records)))
    by_key = {entry.key: entry for entry in plan(turned, BOOK, CALENDAR)}
    assert {entry.key: entry for entry in plan(history, BOOK, CALENDAR)} == by_key


@given(histories())
@settings(max_examples=400, deadline=None)
def test_no_two_prompts_of_a_plan_have_one_key(history: History) -> None:
    keys = [entry.key for entry in plan(history, BOOK, CALENDAR)]
    assert len(keys) == len(set(keys))


@given(histories())
@settings(max_examples=400, deadline=None)
def test_spells_follow_one_another_without_overlap_and_closings_alone_part_them(history: History) -> None:
    life = live(history, VOCABULARY, CALENDAR)
    for before, after in pairwise(life.spells):
        assert before.end is not None
        assert before.begin < before.end <= after.begin
        if not life.shut:
            assert before.end == after.begin
            assert before.situation == after.origin != after.situation
    assert all(spell.name in spell.names for spell in life.spells)
    assert not life.spells or life.spells[-1].end is None or life.shut


@given(histories())
@settings(max_examples=400, deadline=None)
def test_what_is_wanted_has_an_open_window_and_lies_on_a_working_day_unless_it_was_known_late(
    history: History,
) -> None:
    for entry in plan(history, BOOK, CALENDAR):
        assert entry.reason.code in STANDINGS
        if not entry.wanted:
            continue
        assert entry.due is not None
        assert entry.until is None or entry.due < entry.until
        assert entry.due >= entry.known
        if entry.due > entry.known:
            assert CALENDAR.works(CALENDAR.day(entry.due))


@given(histories())
@settings(max_examples=300, deadline=None)
def test_of_the_steps_that_ask_one_question_for_one_transition_one_is_wanted(history: History) -> None:
    life = live(history, VOCABULARY, CALENDAR)
    begins = {spell.name: spell.begin for spell in life.spells}
    asked: list[date] = []
    for entry in plan(history, BOOK, CALENDAR):
        if entry.wanted and (entry.rule, entry.step) in {("intake", "propose"), ("move", "ask")}:
            asked.append(begins[entry.name])
    assert len(asked) == len(set(asked))


@given(histories(), st.integers(0, 300))
@settings(max_examples=300, deadline=None)
def test_deleting_all_unsent_prompts_and_planning_again_gives_them_back(history: History, today: int) -> None:
    world = World(BOOK, CALENDAR)
    for day in range(0, today, 25):
        world.tick(at(day), as_known(history, at(day)))
    now = as_known(history, at(today))
    world.reconcile(now)
    before = world.unsent()
    world.delete_unsent()
    world.reconcile(now)
    assert world.unsent() == before


@given(histories())
@settings(max_examples=200, deadline=None)
def test_planning_again_changes_nothing(history: History) -> None:
    world = World(BOOK, CALENDAR)
    world.reconcile(history)
    assert world.reconcile(history) == []


@pytest.mark.parametrize("zone", ["America/Vancouver", "Africa/Monrovia", "Pacific/Auckland"])
@given(history=histories())
@settings(max_examples=60, deadline=None)
def test_a_due_is_a_wall_time_in_every_time_zone(zone: str, history: History) -> None:
    calendar = Calendar(timezone=zone)
    for entry in plan(history, BOOK, calendar):
        if entry.wanted_at is not None and entry.rule != "still-current":
            assert (calendar.local(entry.wanted_at).hour, calendar.local(entry.wanted_at).minute) == (9, 0)


@given(histories(), st.lists(st.integers(0, 300), max_size=12))
@settings(max_examples=300, deadline=None)
def test_ticking_often_and_ticking_once_give_the_same_plan(history: History, days: list[int]) -> None:
    """What is unsent in one run is unsent or final in the other."""
    often, once = World(BOOK, CALENDAR), World(BOOK, CALENDAR)
    for day in sorted(days):
        often.tick(at(day), as_known(history, at(day)))
    end = at(301)
    often.reconcile(as_known(history, end))
    once.reconcile(as_known(history, end))
    plans = {row.plan.key: row.plan for row in once.rows.values()}
    unsent = {entry.key: entry for entry in often.unsent()}
    assert {key: plans[key] for key in unsent} == unsent
    covered = {name for row in often.rows.values() if row.final for name in (row.plan.name, *row.plan.names)}
    missing = [key for key in plans if key not in unsent and plans[key].name not in covered]
    assert missing == []
