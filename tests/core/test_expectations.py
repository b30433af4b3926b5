"""Expectations: which ones are one moment, and what ends them."""

from __future__ import annotations

from cti.core.events import Expected, Stay
from tests.core.build import (
    day,
    delay,
    enters,
    expected,
    expects,
    history,
    local,
    planned,
    record,
    rule,
    stay,
    step,
)


def test_an_expectation_ends_when_the_client_has_moved() -> None:
    plan = planned(
        history(
            stay("a", "long-stay", "1-5", "4-20", "own-home"),
            expected("e", "own-home", "5-1", "3-2"),
        ),
        rule("r", expects("own-home"), step("before", delay(1, "weeks", before=True))),
    )
    assert plan["r/before"].reason.code == "fulfilled"


def test_an_expectation_dated_anew_under_a_new_id_is_the_same_moment() -> None:
    first, second = expected("e1", "own-home", "5-1", "3-2"), expected("e2", "own-home", "6-1", "4-2")
    plan = planned(
        history(first, second), rule("r", expects("own-home"), step("before", delay(2, "weeks", before=True)))
    )
    assert list(plan) == ["r/before"]
    assert plan["r/before"].name == "s:e1:expected:expected"
    assert plan["r/before"].day == day("6-1")


def test_a_stay_typed_in_before_its_day_is_expected_until_then() -> None:
    coming = record("a", (Stay("long-stay", day("5-4")), "4-1"))
    plan = planned(
        history(coming),
        rule("r", expects("long-stay"), step("before", delay(1, "weeks", before=True))),
        rule("q", enters("long-stay"), step("after", 7)),
    )
    assert plan["r/before"].due == local("4-24"), "27 April is King's Day: backwards over the weekend"
    assert plan["q/after"].day == day("5-4")


def test_a_retracted_expectation_is_no_moment() -> None:
    gone = record("e", (Expected("own-home", day("6-1")), "3-2"), (None, "3-9"), part="expected")
    assert planned(history(gone), rule("r", expects("own-home"), step("s", 1))) == {}
