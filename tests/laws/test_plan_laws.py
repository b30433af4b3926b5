"""What holds for every plan, whatever is registered."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given

from cti.core.calendar import Calendar
from cti.core.events import History
from cti.core.life import live
from cti.core.planner import plan, plan_life
from cti.core.program import compile_rulebook
from cti.core.prompts import STANDINGS, STILL_CURRENT, Planned
from tests.core.build import CALENDAR, VOCABULARY
from tests.laws.dice import many
from tests.laws.histories import histories, rulebook

BOOK = rulebook()


@given(histories())
@many(400)
def test_a_plan_is_a_function_of_what_is_registered_and_not_of_its_order(history: History) -> None:
    turned = History(history.client, tuple(reversed(history.records)))
    entries = plan(history, BOOK, CALENDAR)
    assert sorted(entries, key=by_key) == sorted(plan(turned, BOOK, CALENDAR), key=by_key)
    assert plan(history, BOOK, CALENDAR) == entries


@given(histories())
@many(200)
def test_moments_that_no_rule_answers_to_change_nothing(history: History) -> None:
    program = compile_rulebook(BOOK, CALENDAR)
    assert plan(history, BOOK, CALENDAR) == plan_life(live(history, VOCABULARY, CALENDAR), program)


@given(histories())
@many(400)
def test_no_two_prompts_of_a_plan_have_one_key_and_each_answers_to_its_own_name(history: History) -> None:
    entries = plan(history, BOOK, CALENDAR)
    assert len({entry.key for entry in entries}) == len(entries)
    assert all(entry.name in entry.names for entry in entries)


@given(histories())
@many(400)
def test_spells_follow_one_another_without_overlap(history: History) -> None:
    life = live(history, VOCABULARY, CALENDAR)
    for before, after in pairwise(life.spells):
        assert before.end is not None
        assert before.begin < before.end <= after.begin
        if not life.shut:
            assert before.end == after.begin
            assert before.situation == after.origin != after.situation
    assert all(spell.name in spell.names for spell in life.spells)


@given(histories())
@many(500)
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
@many(400)
def test_of_the_steps_that_put_one_question_for_one_transition_the_earliest_is_wanted(
    history: History,
) -> None:
    life = live(history, VOCABULARY, CALENDAR)
    transitions = {(moment.name, moment.what): moment.transition for moment in life.moments}
    put: dict[str, Planned] = {}
    asked: list[tuple[str, Planned]] = []
    entries = plan(history, BOOK, CALENDAR)
    for entry in entries:
        if (entry.rule, entry.step) in {("intake", "propose"), ("move", "ask"), ("coming", "before")}:
            (transition,) = {of for (name, _), of in transitions.items() if name == entry.name}
            if entry.wanted:
                assert transition not in put, "the question is put once"
                put[transition] = entry
            elif entry.reason.code == "asked":
                asked.append((transition, entry))
    for transition, entry in asked:
        first = put[transition]
        assert entry.asked_by == first.key
        assert first.due is not None and entry.due is not None and first.due <= entry.due


@given(histories())
@many(400)
def test_a_late_moment_is_asked_about_once_in_place_of_the_steps_that_it_would_have_brought(
    history: History,
) -> None:
    entries = plan(history, BOOK, CALENDAR)
    asked = [entry for entry in entries if (entry.rule, entry.step) == STILL_CURRENT]
    stale = [entry for entry in entries if entry.reason.code == "stale"]
    assert {entry.name for entry in asked} == {entry.name for entry in stale}
    for entry in stale:
        (question,) = [one for one in asked if one.name == entry.name]
        assert question.wanted or question.reason.code in ("moved-on", "closed", "fulfilled", "lapsed")


@pytest.mark.parametrize("zone", ["America/Vancouver", "Africa/Monrovia", "Pacific/Auckland"])
@given(history=histories())
@many(80)
def test_a_due_is_a_wall_time_in_every_time_zone_through_both_changes_of_the_clock(
    zone: str, history: History
) -> None:
    calendar = Calendar(timezone=zone)
    for entry in plan(history, BOOK, calendar):
        if entry.wanted_at is not None and entry.rule != "still-current":
            assert (calendar.local(entry.wanted_at).hour, calendar.local(entry.wanted_at).minute) == (9, 0)
        if entry.until is not None and entry.due is not None and entry.reason.code == "wanted":
            local = calendar.local(entry.until)
            assert (local.hour, local.minute) in ((0, 0), (9, 0)), "windows end at midnight or with an expiry"


def by_key(entry: Planned) -> str:
    return entry.key
