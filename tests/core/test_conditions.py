"""Conditions: what holds at a moment, and what an unknown fact satisfies."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from cti.core.conditions import ceases, compile_condition, facts_of, leaves, turns
from cti.core.events import Record, Value
from cti.core.life import live
from cti.core.rules import All, AnyOf, AtLeast, Condition, Entered, Is, Not, Older, Situation, Within
from tests.core.build import (
    CALENDAR,
    VOCABULARY,
    day,
    delay,
    enters,
    fact,
    history,
    local,
    noon,
    planned,
    rule,
    stay,
    step,
)

INTAKE = enters("crisis-shelter")


def test_an_unknown_fact_satisfies_not_and_nothing_else() -> None:
    plan = planned(
        history(stay("a", "crisis-shelter", "3-2")),
        rule(
            "r",
            INTAKE,
            step("yes", 1, when=Is("trust", ("yes",), negated=True)),
            step("no", 1, when=Is("trust", ("yes",))),
            step("within", 1, when=Within("network-mapped", delay(1, "weeks"))),
            step("either", 1, when=AnyOf((Is("trust", ("yes",)), Is("trust", ("no",), negated=True)))),
        ),
    )
    codes = {name: plan[f"r/{name}"].reason.code for name in ("yes", "no", "within", "either")}
    assert codes == {"yes": "wanted", "no": "condition", "within": "condition", "either": "wanted"}


def test_a_client_who_came_three_times_in_a_year_is_noticed() -> None:
    stays = [
        stay("a", "crisis-shelter", "2025-6-2", "2025-6-20"),
        stay("b", "crisis-shelter", "2025-10-1", "2025-10-20"),
        stay("c", "crisis-shelter", "3-2"),
    ]
    often = Entered("crisis-shelter", 3, delay(12, "months"))
    plan = planned(history(*stays), rule("r", INTAKE, step("s", 1, when=often), since=date(2026, 1, 1)))
    assert plan["r/s"].reason.code == "wanted"


def test_what_was_said_about_a_conference_is_unknown_after_the_next_transition() -> None:
    again = Is("conference", ("declined",), negated=True)
    plan = planned(
        history(
            stay("a", "crisis-shelter", "3-2", "5-1", "long-stay"),
            fact("f", "conference", "declined", "3-10"),
        ),
        rule("r", enters("crisis-shelter", "long-stay"), step("s", 14, when=again)),
    )
    assert plan["r/s"].reason.code == "condition"
    assert plan["r/s 2026-05-01"].reason.code == "wanted"


def holds(condition: Condition, at: datetime, *records: Record) -> bool:
    return compile_condition(condition, CALENDAR)(live(history(*records), VOCABULARY, CALENDAR), at)


SHELTER = stay("a", "crisis-shelter", "3-2", "5-1", "own-home")


@pytest.mark.parametrize(
    ("condition", "unknown"),
    [
        (Is("trust", ("yes",)), False),
        (Is("trust", ("yes",), negated=True), True),
        (Not(Is("trust", ("yes",))), True),
        (Not(Is("trust", ("yes",), negated=True)), False),
        (Within("network-mapped", delay(6, "months")), False),
        (Not(Within("network-mapped", delay(6, "months"))), True),
        (Older("network-mapped", delay(6, "months")), False),
        (AtLeast("children", 0), False),
    ],
)
def test_what_an_unknown_fact_satisfies(condition: Condition, unknown: bool) -> None:
    assert holds(condition, noon("3-10")) is unknown


def test_a_fact_is_one_of_several_values() -> None:
    said = fact("f", "trust", "growing", "3-2")
    assert holds(Is("trust", ("yes", "growing")), noon("3-10"), said)
    assert not holds(Is("trust", ("yes", "growing"), negated=True), noon("3-10"), said)
    assert holds(Is("trust", ("yes", "no"), negated=True), noon("3-10"), said)


@pytest.mark.parametrize(("last", "within"), [("9-15", True), ("9-16", False)])
def test_a_date_is_within_its_distance_up_to_the_end_of_the_day(last: str, within: bool) -> None:
    said = fact("f", "network-mapped", day("3-15"), "3-15")
    assert holds(Within("network-mapped", delay(6, "months")), local(last, 23, 59), said) is within
    assert holds(Older("network-mapped", delay(6, "months")), local(last, 0), said) is not within


def test_a_day_still_to_come_is_within_any_distance() -> None:
    said = fact("f", "conference-date", day("6-1"), "3-15")
    assert holds(Within("conference-date", delay(1)), noon("3-20"), said)


def test_months_clip_in_conditions_too() -> None:
    said = fact("f", "network-mapped", date(2025, 8, 31), "2025-8-31")
    assert holds(Within("network-mapped", delay(6, "months")), noon("2-28"), said)
    assert not holds(Within("network-mapped", delay(6, "months")), noon("3-1"), said)


@pytest.mark.parametrize(
    ("value", "enough"), [(2, False), (3, True), (3.5, True), (True, False), ("3", False)]
)
def test_a_number_is_at_least(value: Value, enough: bool) -> None:
    assert holds(AtLeast("children", 3), noon("3-10"), fact("f", "children", value, "3-2")) is enough


def test_a_situation_is_where_the_client_stands_that_day() -> None:
    condition = Situation(("crisis-shelter",))
    assert not holds(condition, local("3-1", 23), SHELTER)
    assert holds(condition, local("3-2", 0), SHELTER)
    assert not holds(condition, local("5-1", 0), SHELTER)
    assert holds(Situation(("crisis-shelter",), negated=True), local("5-1", 0), SHELTER)
    assert holds(Situation(("unknown",)), local("3-1"), SHELTER)


def test_entering_counts_within_the_last_time_to_the_day() -> None:
    condition = Entered("crisis-shelter", 1, delay(2, "weeks"))
    assert holds(condition, local("3-16", 23, 59), SHELTER)
    assert not holds(condition, local("3-17", 0), SHELTER)
    assert not holds(condition, local("3-1", 12), SHELTER), "not before it happened"
    assert holds(Entered("crisis-shelter"), noon("12-1"), SHELTER)


def test_all_of_a_table_must_hold_and_any_of_its_alternatives() -> None:
    yes, no = Is("trust", ("yes",)), Is("trust", ("no",))
    said = fact("f", "trust", "yes", "3-2")
    assert holds(All((yes, Not(no))), noon("3-3"), said)
    assert not holds(All((yes, no)), noon("3-3"), said)
    assert holds(AnyOf((no, yes)), noon("3-3"), said)
    assert not holds(AnyOf((no, no)), noon("3-3"), said)
    assert holds(All(()), noon("3-3"))
    assert not holds(AnyOf(()), noon("3-3"))


def test_a_condition_names_its_parts_and_each_of_its_facts_once() -> None:
    condition = All((Is("trust", ("yes",)), Not(AnyOf((AtLeast("children", 3), Is("trust", ("no",)))))))
    assert facts_of(condition) == ("trust", "children")
    assert [type(leaf).__name__ for leaf in leaves(condition)] == ["Is", "AtLeast", "Is"]
    assert facts_of(Situation(("street",))) == ()


def test_a_condition_turns_when_a_fact_a_situation_or_a_distance_does() -> None:
    life = live(history(SHELTER, fact("f", "network-mapped", day("3-15"), "3-16")), VOCABULARY, CALENDAR)
    condition = All(
        (
            Within("network-mapped", delay(1, "weeks")),
            Situation(("crisis-shelter",)),
            Entered("crisis-shelter", 1, delay(1, "months")),
        )
    )
    assert turns(leaves(condition), life, noon("3-1"), CALENDAR) == [
        local(on, 0) for on in ("3-2", "3-16", "3-23", "4-3", "5-1")
    ]
    assert turns(leaves(condition), life, noon("3-16"), CALENDAR) == [
        local(on, 0) for on in ("3-23", "4-3", "5-1")
    ]


def test_a_condition_ceases_at_the_first_moment_at_which_it_no_longer_holds() -> None:
    condition = Not(Is("trust", ("yes",)))
    check = compile_condition(condition, CALENDAR)
    life = live(
        history(fact("f", "trust", "growing", "3-10"), fact("g", "trust", "yes", "3-20")),
        VOCABULARY,
        CALENDAR,
    )
    assert ceases(check, life, noon("3-5"), None, CALENDAR) == local("3-20", 0)
    assert ceases(check, life, noon("3-5"), local("3-20", 0), CALENDAR) is None
    assert ceases(check, life, noon("3-21"), None, CALENDAR) is None


def test_a_window_that_a_condition_closed_does_not_open_again() -> None:
    plan = planned(
        history(
            stay("a", "crisis-shelter", "3-2"),
            fact("f", "trust", "no", "3-20"),
            fact("g", "trust", "yes", "3-27"),
        ),
        rule("r", enters("crisis-shelter"), step("s", 14, when=Not(Is("trust", ("no",))))),
    )
    assert plan["r/s"].until == local("3-20", 0)


def test_a_condition_may_be_nested_as_deep_as_anyone_writes() -> None:
    deep: Condition = Is("trust", ("yes",))
    for _ in range(151):
        deep = Not(AnyOf((deep,)))
    assert holds(deep, noon("3-5"), SHELTER)
    assert not holds(deep, noon("3-5"), SHELTER, fact("f", "trust", "yes", "3-3"))


def test_what_a_rule_file_says_is_only_ever_a_text() -> None:
    quoted = "') or (values.clear() or '"
    assert not holds(Is(quoted, (quoted,)), noon("3-5"), SHELTER)
    assert holds(Entered(quoted, 0), noon("3-5"), SHELTER)
