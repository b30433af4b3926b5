"""Moments of transitions and of workers."""

from __future__ import annotations

from cti.core.events import Assignment, Record
from cti.core.life import live
from cti.core.moments import Moment, moment_day
from cti.core.rules import Changes
from tests.core.build import (
    CALENDAR,
    VOCABULARY,
    day,
    delay,
    enters,
    expected,
    history,
    local,
    noon,
    planned,
    record,
    rule,
    stay,
    step,
    worker,
)


def test_a_change_of_worker_prompts_the_worker_of_before() -> None:
    plan = planned(
        history(stay("a", "long-stay", "1-5"), worker("w", "w1", "1-5"), worker("x", "w2", "4-1")),
        rule("r", Changes(), step("hand-over", 0, to="previous-worker")),
    )
    assert [(e.day, e.worker) for e in plan.values()] == [(day("4-1"), "w1")]


HAND_OVER = rule("r", Changes(), step("s", 0, to="previous-worker"))


def changes(*records: Record) -> list[tuple[str, str | None, tuple[str, ...]]]:
    """Each change of worker: its day, who was there before, and its names."""
    found = live(history(*records), VOCABULARY, CALENDAR).moments
    return [(str(m.day)[5:], m.worker_before, m.names) for m in found if m.kind == "changes"]


def test_the_first_worker_takes_over_from_nobody() -> None:
    assert changes(worker("x", "w1", "3-2")) == []


def test_each_other_worker_is_a_change_and_the_same_one_again_is_none() -> None:
    assert changes(
        worker("x", "w1", "3-2"),
        worker("y", "w1", "4-1"),
        worker("z", "w2", "5-1"),
        worker("zz", "w1", "6-1"),
    ) == [("05-01", "w1", ("s:z:assignment:assigned",)), ("06-01", "w2", ("s:zz:assignment:assigned",))]


def test_another_team_with_the_same_worker_is_no_change() -> None:
    other = record("y", (Assignment(day("4-1"), None, "south"), "4-1"), part="assignment")
    assert changes(worker("x", "w1", "3-2", team="north"), other) == []


def test_of_two_workers_named_for_one_day_the_one_recorded_last_takes_over() -> None:
    assert changes(
        worker("x", "w1", "3-2"), worker("y", "w2", "4-1"), worker("z", "w3", "4-1", known="4-2")
    ) == [("04-01", "w1", ("s:y:assignment:assigned", "s:z:assignment:assigned"))]


def test_a_worker_named_by_mistake_and_put_right_on_the_day_is_no_change() -> None:
    assert (
        changes(worker("x", "w1", "3-2"), worker("y", "w2", "4-1"), worker("z", "w1", "4-1", known="4-2"))
        == []
    )


def test_an_assignment_typed_in_again_leaves_its_name() -> None:
    gone = record("y", (Assignment(day("4-1"), "w2"), "4-1"), (None, "4-8"), part="assignment")
    assert changes(worker("x", "w1", "3-2"), gone, worker("z", "w2", "4-3", known="4-8")) == [
        ("04-03", "w1", ("s:y:assignment:assigned", "s:z:assignment:assigned"))
    ]


def test_the_previous_worker_of_a_move_is_the_one_of_before_it() -> None:
    plan = planned(
        history(
            worker("x", "w1", "1-5"),
            stay("a", "crisis-shelter", "1-5", "4-1", "long-stay"),
            worker("y", "w2", "4-1"),
        ),
        rule("r", enters("long-stay"), step("s", 1, to="previous-worker"), step("t", 1)),
    )
    assert (plan["r/s"].worker, plan["r/t"].worker) == ("w1", None)


def test_each_spell_is_a_moment_that_ends_with_it() -> None:
    found = live(history(stay("a", "crisis-shelter", "3-2", "4-1", "own-home")), VOCABULARY, CALENDAR).moments
    assert [(m.what, m.origin, m.end) for m in found] == [
        ("crisis-shelter", None, local("4-1", 0)),
        ("own-home", "crisis-shelter", None),
    ]


def test_an_expectation_without_a_day_is_about_the_day_it_was_known() -> None:
    (one,) = live(history(expected("e", "own-home", None, "3-2")), VOCABULARY, CALENDAR).moments
    assert isinstance(one, Moment)
    assert (one.day, moment_day(one, CALENDAR)) == (None, day("3-2"))


def test_moments_stand_in_the_order_of_their_days() -> None:
    found = live(
        history(
            stay("a", "crisis-shelter", "3-2", "4-1", "own-home"),
            expected("e", "own-home", "5-1", "3-20"),
            worker("x", "w1", "3-2"),
            worker("y", "w2", "3-25"),
        ),
        VOCABULARY,
        CALENDAR,
    ).moments
    assert [m.kind for m in found] == ["enters", "changes", "enters", "expects"]


def test_a_hand_over_is_known_since_it_was_recorded() -> None:
    plan = planned(
        history(worker("x", "w1", "3-2"), worker("y", "w2", "4-1", known="4-9")),
        HAND_OVER,
        rule("q", Changes(), step("s", delay(1, "working days"))),
    )
    assert plan["r/s"].due == noon("4-9")
