"""A plan that looks wrong refuses to run, with its numbers; everything else goes on."""

from __future__ import annotations

from math import ceil

from cti.core.limits import Held, Limits, clock_is_wrong, within_limits
from cti.core.planner import plan
from cti.core.prompts import Change, Stored
from cti.core.reconcile import diff
from cti.core.rules import Rule
from tests.core.build import CALENDAR, book, closed, enters, history, local, noon, rule, stay, step

FEW = Limits(share=0.1, floor=2)
RULE = rule("r", enters("crisis-shelter"), step("s", 14))
OTHER = rule("other", enters("street"), step("s", 14))


def created(clients: int, *rules: Rule, situation: str = "crisis-shelter") -> list[Change]:
    rulebook = book(*rules)
    found: list[Change] = []
    for number in range(clients):
        one = history(stay("a", situation, "3-2"), client=f"c{number}")
        found.extend(diff(plan(one, rulebook, CALENDAR), [], rulebook))
    return found


def test_prompts_of_one_rule_that_would_fall_due_at_once_wait_with_their_numbers() -> None:
    result = within_limits(
        [*created(3, RULE), *created(2, OTHER, situation="street")], local("3-20"), 10, FEW
    )
    assert result.held == (Held("due", "r", 3, 2, 10),)
    assert len(result.waiting) == 3
    assert [change.plan.rule for change in result.allowed] == ["other", "other"]


def test_prompts_that_fall_due_later_do_not_count() -> None:
    assert within_limits(created(5, RULE), local("3-3"), 10, FEW).held == ()


def test_with_enough_open_clients_that_many_are_allowed_and_with_few_fewer_not() -> None:
    for share in (0.01, 0.07, 0.1, 0.3, 1.0):
        limits = Limits(share, floor=2)
        for clients in range(3, 500):
            enough = limits.enough(clients)
            assert limits.allows(enough) >= clients
            assert limits.allows(enough - ceil(2 / share) - 1) < clients
    assert Limits(0, floor=2).enough(3) > 10**9


def test_force_lets_everything_through() -> None:
    result = within_limits(created(5, RULE), local("3-20"), 10, FEW, force=True)
    assert (len(result.allowed), result.held) == (5, ())


def test_a_large_organisation_may_change_more_at_once() -> None:
    assert Limits(0.1, 20).allows(1000) == 100
    assert Limits(0.1, 20).allows(30) == 20


def test_too_many_withdrawals_wait_but_closings_always_apply() -> None:
    rulebook = book(RULE)
    stored = [Stored(n, change.plan) for n, change in enumerate(created(6, RULE), 1)]
    found: list[Change] = []
    for row in stored:
        records = [stay("a", "crisis-shelter", "3-2")]
        if row.id > 3:
            records.append(closed("c", "3-5"))
            found.extend(
                diff(plan(history(*records, client=row.plan.client), rulebook, CALENDAR), [row], rulebook)
            )
        else:
            found.extend(diff((), [row], rulebook))
    result = within_limits(found, local("3-6"), 10, FEW)
    assert result.held == (Held("withdrawals", "r", 3, 2, 10),)
    assert [change.plan.reason.code for change in result.allowed] == ["closed"] * 3


def test_a_clock_before_the_last_tick_or_far_past_it_is_wrong() -> None:
    assert clock_is_wrong(None, noon("3-2")) is None
    assert clock_is_wrong(noon("3-2"), noon("3-1")) == "behind"
    assert clock_is_wrong(noon("3-2"), noon("3-16")) is None
    assert clock_is_wrong(noon("3-2"), noon("3-17")) == "ahead"
