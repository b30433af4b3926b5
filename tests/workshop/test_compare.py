"""Two rulebooks side by side: a draft shows exactly its own differences."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from cti.core.people import Person, Staff, Team
from cti.core.rules import Rule
from cti.post.delivery import Habits
from cti.workshop.compare import Comparison, compare, monday
from cti.workshop.replay import daily, replay
from cti.workshop.replayed import House
from tests.core.build import CALENDAR, book, day, enters, history, rule, stay, step, worker

STAFF = Staff(
    {name: Person(name, name, f"{name}@example.org", team="north") for name in ("w1", "w2")},
    {"north": Team("north", "north@example.org")},
    {},
)
HOUSE = House(CALENDAR, STAFF, Habits())
FIRST, LAST = day("3-2"), day("5-31")
TODAY = rule("intake", enters("crisis-shelter"), step("call", 14), step("ask", 28))
HISTORIES = [
    history(stay("a", "crisis-shelter", "3-2"), worker("w", "w1", "3-2"), client="c1"),
    history(stay("b", "crisis-shelter", "3-9", known="4-20"), worker("w", "w2", "3-9"), client="c2"),
    history(stay("c", "street", "3-9"), worker("w", "w2", "3-9"), client="c3"),
]


def compared(*draft: Rule) -> Comparison:
    passes = daily(CALENDAR, HOUSE.habits, FIRST, LAST)
    today, then = book(TODAY), book(*draft)
    return compare(
        replay(HISTORIES, today, HOUSE, passes),
        replay(HISTORIES, then, HOUSE, passes),
        then,
        STAFF,
        CALENDAR,
        FIRST,
        LAST,
    )


def kinds(found: Comparison) -> list[tuple[str, str, str]]:
    return [(entry.kind, entry.client, f"{entry.rule}/{entry.step}") for entry in found.differences]


def test_the_same_rules_make_no_difference() -> None:
    found = compared(TODAY)
    assert found.differences == ()
    assert found.told[0] == found.told[1] > 0


def test_a_moved_step_moves_its_prompts_and_no_others() -> None:
    found = compared(replace(TODAY, steps=(step("call", 10), step("ask", 28))))
    assert kinds(found) == [("moved", "c1", "intake/call")]


def test_what_moves_to_after_the_last_day_is_moved_and_not_gone() -> None:
    found = compared(replace(TODAY, steps=(step("call", 14), step("ask", 120))))
    [asked] = [entry for entry in found.differences if entry.client == "c1" and entry.step == "ask"]
    assert (asked.kind, asked.before, asked.after) == ("moved", day("3-30"), day("6-30"))
    assert day("6-30") > LAST


def test_an_added_and_a_removed_rule_show_as_that() -> None:
    outreach = rule("outreach", enters("street"), step("visit", 7))
    assert kinds(compared(TODAY, outreach)) == [("added", "c3", "outreach/visit")]
    assert {kind for kind, _, _ in kinds(compared(outreach))} == {"added", "removed"}


def test_a_renamed_rule_makes_no_difference() -> None:
    assert compared(replace(TODAY, id="arrival", was=("intake",))).differences == ()


def test_another_role_is_told_to_someone_else() -> None:
    found = compared(replace(TODAY, steps=(step("call", 14, to="team"), step("ask", 28))))
    assert kinds(found) == [
        ("re-addressed", "c1", "intake/call"),
        ("added", "c2", "intake/call"),  # known late: the later step to the same role had covered it
    ]


def test_what_was_known_late_is_counted() -> None:
    found = compared(TODAY)
    assert found.late == {("intake", "ask"): (1, 1)}


def test_a_step_that_was_told_to_nobody_is_named() -> None:
    found = compared(TODAY, rule("home", enters("own-home"), step("week", 7)))
    assert found.silent == (("home", "week"),)


def test_weeks_without_prompts_count_for_the_ordinary_week() -> None:
    found = compared(TODAY)
    assert found.load[0].worst == 1
    assert found.load[0].ordinary == 0
    assert next(iter(found.weeks)) == monday(FIRST)
    assert sum(count for count, _ in found.weeks.values()) == found.told[0]
    assert timedelta(weeks=12) < LAST - FIRST
    assert isinstance(found.first, date)
