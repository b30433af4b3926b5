"""A client's life as the rules see it: who works with the client, where the client stands, when the file is closed."""

from __future__ import annotations

from cti.core.events import Assignment, Closed, Stay
from cti.core.life import assignments, closings, live, responsible, situation_at
from tests.core.build import (
    CALENDAR,
    VOCABULARY,
    answer,
    closed,
    day,
    fact,
    history,
    local,
    noon,
    record,
    stay,
    worker,
)


def test_nobody_has_a_life_without_records() -> None:
    life = live(history(), VOCABULARY, CALENDAR)
    assert (life.client, life.spells, life.moments, life.facts) == ("c1", (), (), {})


def test_worker_and_team_are_each_the_latest_named_by_then() -> None:
    worked = assignments(
        (
            worker("x", "w1", "3-2", team="north"),
            record("y", (Assignment(day("4-1"), None, "south"), "4-1"), part="assignment"),
            worker("z", "w2", "5-1"),
        )
    )
    assert responsible(worked, day("3-1")) == (None, None)
    assert responsible(worked, day("3-2")) == ("w1", "north")
    assert responsible(worked, day("4-1")) == ("w1", "south")
    assert responsible(worked, day("5-1")) == ("w2", "south")


def test_of_two_assignments_for_one_day_the_one_recorded_last_counts() -> None:
    worked = assignments((worker("x", "w2", "3-2", known="3-9"), worker("y", "w1", "3-2")))
    assert responsible(worked, day("3-10")) == ("w2", None)


def test_a_retracted_assignment_is_remembered_but_counts_no_more() -> None:
    gone = record("y", (Assignment(day("4-1"), "w2"), "4-1"), (None, "4-8"), part="assignment")
    worked = assignments((worker("x", "w1", "3-2"), gone))
    assert [(entry.worker, entry.live) for entry in worked] == [("w1", True), ("w2", False)]
    assert responsible(worked, day("5-1")) == ("w1", None)


def test_a_corrected_assignment_says_what_its_latest_version_says() -> None:
    corrected = record(
        "x",
        (Assignment(day("3-2"), "w1"), "3-2"),
        (Assignment(day("3-2"), "w2"), "3-9"),
        (Assignment(day("3-4"), "w1"), "3-16"),
        part="assignment",
    )
    assert [(e.day, e.worker, e.known, e.live) for e in assignments((corrected,))] == [
        (day("3-2"), "w2", noon("3-9"), False),
        (day("3-4"), "w1", noon("3-2"), True),
    ]


def test_a_client_stands_nowhere_known_before_the_first_stay() -> None:
    spells = live(history(stay("a", "street", "3-2", "4-1", "own-home")), VOCABULARY, CALENDAR).spells
    assert [situation_at(spells, day(on)) for on in ("3-1", "3-2", "3-31", "4-1")] == [
        "unknown",
        "street",
        "street",
        "own-home",
    ]


def test_a_closed_file_opens_at_the_next_stay_that_begins_after_it() -> None:
    (shut,) = closings(
        (closed("c", "3-10"), stay("a", "street", "3-10"), stay("b", "street", "5-4")), CALENDAR
    )
    assert (shut.begin, shut.end, shut.reason) == (local("3-10", 0), local("5-4", 0), "closed")


def test_a_closed_file_opens_on_its_end_day_where_no_stay_begins_before() -> None:
    (shut,) = closings((closed("c", "3-10", until="4-1"), stay("b", "street", "5-4")), CALENDAR)
    assert shut.end == local("4-1", 0)


def test_the_file_of_someone_who_died_or_opted_out_opens_on_an_end_day_only() -> None:
    for reason in ("deceased", "opted-out"):
        (shut,) = closings((closed("c", "3-10", reason), stay("b", "street", "5-4")), CALENDAR)
        assert shut.end is None
        (shut,) = closings((closed("c", "3-10", reason, until="6-1"), stay("b", "street", "5-4")), CALENDAR)
        assert shut.end == local("6-1", 0)


def test_a_retracted_closing_never_was() -> None:
    gone = record("c", (Closed(day("3-10")), "3-10"), (None, "3-12"), part="closed")
    life = live(history(stay("a", "street", "3-2"), gone), VOCABULARY, CALENDAR)
    assert (life.shut, closings((gone,), CALENDAR)) == ((), ())


def test_a_record_may_say_something_of_another_kind_later() -> None:
    turned = record("a", (Stay("street", day("3-2")), "3-2"), (Closed(day("3-5")), "3-9"))
    life = live(history(turned), VOCABULARY, CALENDAR)
    assert (life.spells, len(life.shut)) == ((), 1)


def test_answers_that_were_not_taken_back_are_part_of_the_life() -> None:
    said = answer("r/s/s:a:stay:entered", "done", local("3-20"))
    assert [entry.answer for entry in live(history(said), VOCABULARY, CALENDAR).answers] == ["done"]


def test_each_fact_has_its_line() -> None:
    life = live(
        history(fact("f", "trust", "yes", "3-2"), fact("g", "review-date", day("6-1"), "3-2")),
        VOCABULARY,
        CALENDAR,
    )
    assert sorted(life.facts) == ["review-date", "trust"]
