"""Laws 3 to 5 as the store lives them: nothing is prompted twice, what is unsent is a cache, what was sent is remembered."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cti.core.events import History
from cti.core.planner import plan
from cti.core.reconcile import diff
from tests.core.build import CALENDAR
from tests.laws.dice import Dice, dice, many
from tests.laws.histories import a_history, at, histories, rulebook
from tests.laws.world import World, as_known

BOOK = rulebook()


def lived(throw: Dice, history: History) -> tuple[World, int]:
    """A world that ticked through part of a history, with messages that were slow and answers that came, and its last day."""
    world, day = World(BOOK, CALENDAR), 0
    for _ in range(throw.below(10)):
        day += throw.between(1, 60)
        now = as_known(world.with_answers(history), at(day))
        world.tick(at(day), now, slow=throw.chance(2))
        told = [number for number, row in world.rows.items() if row.sent_at is not None]
        if told and throw.chance(5):
            number = throw.one(told)
            if world.rows[number].answer is not None and throw.chance(5):
                world.take_back(number, at(day, 15))
            elif throw.chance(5):
                world.answer(number, "done", at(day, 15))
            else:
                world.answer(number, "agreed", at(day, 15), conference=throw.one(("agreed", "declined")))
    return world, day


@given(dice(150))
@many(600)
def test_deleting_all_unsent_prompts_and_planning_again_gives_them_back_to_the_row(throw: Dice) -> None:
    history = a_history(throw)
    world, day = lived(throw, history)
    now = as_known(world.with_answers(history), at(day + throw.below(30)))
    world.reconcile(now)
    before = world.unsent()
    world.delete_unsent()
    world.reconcile(now)
    assert world.unsent() == before


@given(dice(150))
@many(500)
def test_planning_again_changes_nothing_also_of_what_was_sent(throw: Dice) -> None:
    history = a_history(throw)
    world, day = lived(throw, history)
    now = as_known(world.with_answers(history), at(day))
    world.reconcile(now)
    assert world.reconcile(now) == []
    assert world.reconcile(History(now.client, tuple(reversed(now.records)))) == []


@given(dice(150))
@many(600)
def test_each_prompt_is_sent_once_and_each_moment_of_the_plan_has_one_row(throw: Dice) -> None:
    history = a_history(throw)
    world, day = lived(throw, history)
    assert len(world.sent) == len(set(world.sent))
    now = as_known(world.with_answers(history), at(day))
    world.reconcile(now)
    planned = {entry.key: entry for entry in plan(now, BOOK, CALENDAR)}
    unsent = {entry.key: entry for entry in world.unsent()}
    told = [row for row in world.rows.values() if row.told]
    for row in told:
        shares = [
            entry
            for entry in planned.values()
            if (entry.rule, entry.step) == (row.plan.rule, row.plan.step)
            and not {row.plan.name, *row.plan.names}.isdisjoint(entry.names)
        ]
        assert bool(shares) == (row.plan.reason.code != "gone"), "what is gone shares no name with any moment"
        assert row.plan.key not in unsent
    by_step = {(row.plan.rule, row.plan.step, name) for row in told for name in row.plan.names}
    for key, entry in planned.items():
        if key not in unsent:
            assert any((entry.rule, entry.step, name) in by_step for name in entry.names), (
                "a moment without a row"
            )


@given(histories(), st.lists(st.integers(0, 330), max_size=12))
@many(400)
def test_ticking_often_and_ticking_once_give_the_same_plan(history: History, days: list[int]) -> None:
    """What is unsent in one run is unsent or told in the other."""
    often, once = World(BOOK, CALENDAR), World(BOOK, CALENDAR)
    for day in sorted(days):
        often.tick(at(day), as_known(history, at(day)))
    end = as_known(history, at(331))
    often.reconcile(end)
    once.reconcile(end)
    whole = {row.plan.key: row.plan for row in once.rows.values()}
    told = [row.plan for row in often.rows.values() if row.told]
    stands = {f"{row.rule}/{row.step}/{name}" for row in told for name in (row.name, *row.names)}
    for entry in often.unsent():
        same = whole[entry.key]
        # Of steps that put one question the one that was told stands, though another would be the earliest now.
        assert entry == same or (entry.asked_by in stands and same.wanted) or same.asked_by == entry.asked_by
    unsent = {entry.key for entry in often.unsent()}
    for key, entry in whole.items():
        assert key in unsent or any(f"{entry.rule}/{entry.step}/{name}" in stands for name in entry.names)


@given(dice(170))
@many(400)
def test_a_client_merged_into_another_is_prompted_about_no_moment_twice(throw: Dice) -> None:
    """Records move from one client to the other, at once or in two passes, planned in either order."""
    one, other = a_history(throw, most=4, client="c1"), a_history(throw, most=3, client="c2")
    moved = History("c2", tuple(sorted((*one.records, *renamed(other).records), key=lambda r: r.id)))
    left = History("c1", ())
    world, day = World(BOOK, CALENDAR), 0
    for _ in range(throw.below(4)):
        day += throw.between(1, 90)
        world.tick(at(day), as_known(one, at(day)), as_known(renamed(other), at(day)), slow=throw.chance(3))
    alone = World(BOOK, CALENDAR)
    for _ in range(3):
        now = as_known(moved, at(day))
        first, second = throw.one(((left, now), (now, left)))
        if throw.chance(5):
            world.tick(at(day), first, second)
        else:
            world.tick(at(day), first)
            world.tick(at(day), second)
        day += throw.between(1, 60)
    assert len(world.sent) == len(set(world.sent))
    end = as_known(moved, at(day))
    world.reconcile(end)
    alone.reconcile(end)
    wanted = {row.plan.key for row in alone.rows.values()}
    unsent = {entry.key for entry in world.unsent()}
    told = {
        (row.plan.rule, row.plan.step, name)
        for row in world.rows.values()
        if row.told
        for name in (row.plan.name, *row.plan.names)
    }
    assert unsent <= wanted
    for row in alone.rows.values():
        assert row.plan.key in unsent or any(
            (row.plan.rule, row.plan.step, n) in told for n in row.plan.names
        )
    assert {row.plan.client for row in world.rows.values() if row.plan.reason.code != "gone"} <= {"c2"}


def renamed(history: History) -> History:
    """The same records under other ids, so that both clients have their own."""
    return History(
        history.client,
        tuple(replace(r, id=r.id._replace(ref=f"x{r.id.ref}")) for r in history.records),
    )


@given(histories())
@many(200)
def test_a_store_without_rows_gets_one_for_each_entry_of_the_plan(history: History) -> None:
    planned = plan(history, BOOK, CALENDAR)
    changes = diff(planned, (), BOOK)
    assert [change.kind for change in changes] == ["create"] * len(planned)
    assert {change.plan.key for change in changes} == {entry.key for entry in planned}
