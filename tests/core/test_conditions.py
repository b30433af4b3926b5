"""Conditions: what holds at a moment, and what an unknown fact satisfies."""

from __future__ import annotations

from datetime import date

from cti.core.rules import AnyOf, Entered, Is, Within
from tests.core.build import (
    delay,
    enters,
    fact,
    history,
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
