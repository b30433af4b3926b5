"""What a worker enters without a prompt: an expected move, and facts; and what follows from it at once."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from cti.core.events import Expected, Fact
from cti.core.rules import Rulebook
from cti.engine.at_once import replan_now
from cti.engine.locks import PLAN
from cti.engine.recording import Recorded, correct_fact, entered, expect, record_facts, take_out, undo
from cti.engine.rulebooks import standing
from cti.problems import Problems
from cti.store import audit, clients
from cti.why.telling import told
from tests.engine.house import House, when

RULES = """
id = "{id}"
title = {{ nl = "Titel", en = "Title" }}
why = {{ nl = "Daarom", en = "Because" }}

[on]
{on}

[[steps]]
id = "call"
due = "{due}"
to = "worker"
expires = "8 weeks"
answers = "done"
"""


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A client in the shelter since 2 March, and rules that answer to an expected move and to facts."""
    made = House(tmp_path)
    expected = RULES.format(id="expected", on='expects = "own-home"', due="2 weeks before")
    made.only_rule("expected", expected, call="Denk vooruit")
    for fact in ("conference-date", "review-date"):
        made.write_rule(fact, RULES.format(id=fact, on=f'records = "{fact}"', due="3 days"), call="Vraag na")
    safety = RULES.format(id="safety", on='records = { safety = "concern" }', due="1 day")
    made.write_rule("safety", safety, call="Overleg")
    made.moves_in("3-2", "a", "crisis-shelter")
    made.tick("3-3")
    return made


def client(house: House) -> int:
    with house.system.database.read() as tx:
        number = clients.client_id(tx, "c1")
    assert number is not None
    return number


def rulebook(house: House) -> Rulebook:
    rules = standing(house.system)
    assert rules is not None
    return rules.rulebook


def moving(house: House, day: date | None, on: str = "3-4", situation: str = "own-home") -> Recorded:
    return expect(house.system, rulebook(house), client(house), situation, day, when(on), "w1")


def facts(house: House, on: str = "3-4", day: str | None = None, **values: str) -> Recorded:
    given = {name.replace("_", "-"): value for name, value in values.items()}
    about = when(day or on).date()
    return record_facts(house.system, rulebook(house), client(house), given, about, when(on), "w1")


def standing_entries(house: House) -> list[tuple[str, Expected | Fact]]:
    with house.system.database.read() as tx:
        return [(one.ref, one.event) for one in entered(tx, client(house))]


def dues(house: House, rule: str) -> list[str]:
    """When the prompts of a rule that are wanted are due."""
    rows = [row.plan for row in house.stored() if row.plan.rule == rule and row.plan.wanted]
    zone = house.system.config.calendar.zone
    return [f"{plan.due.astimezone(zone):%-m-%-d}" for plan in rows if plan.due is not None]


def refused(wrong: pytest.ExceptionInfo[Problems]) -> list[str]:
    return [problem.sentence("en") for problem in wrong.value.problems]


# --- an expected move ---------------------------------------------------------------------------------------------------


def test_an_expected_move_brings_its_prompts_at_once(house: House) -> None:
    assert moving(house, date(2026, 4, 23)).kind == "done"
    assert dues(house, "expected") == []
    assert replan_now(house.system, client(house), when("3-4"))
    assert dues(house, "expected") == ["4-9"]


def test_another_day_moves_the_expectation_and_the_same_again_changes_nothing(house: House) -> None:
    first = moving(house, None)
    replan_now(house.system, client(house), when("3-4"))
    assert dues(house, "expected") == [], "no day, no countdown"
    then = moving(house, date(2026, 4, 23), "3-5")
    again = moving(house, date(2026, 4, 23), "3-6")
    assert (then, again) == (Recorded("done", first.refs), Recorded("already", first.refs))
    later = moving(house, date(2026, 5, 11), "3-9")
    replan_now(house.system, client(house), when("3-9"))
    assert later.refs == first.refs
    assert dues(house, "expected") == ["4-24"]


def test_an_expected_move_that_is_taken_back_withdraws_its_prompts(house: House) -> None:
    [ref] = moving(house, date(2026, 4, 23)).refs
    replan_now(house.system, client(house), when("3-4"))
    kinds = [take_out(house.system, client(house), [ref], when("3-5"), "w1").kind for _ in range(2)]
    replan_now(house.system, client(house), when("3-5"))
    assert kinds == ["done", "already"]
    assert (dues(house, "expected"), standing_entries(house)) == ([], [])


def test_a_second_move_to_the_same_situation_is_another_expectation(house: House) -> None:
    moving(house, date(2026, 3, 20))
    house.tick("3-4")
    house.moves_in("3-20", "b", "own-home")
    house.moves_in("4-20", "c", "crisis-shelter")
    house.tick("4-21", force=True)
    moving(house, date(2026, 6, 1), "4-22")
    replan_now(house.system, client(house), when("4-22"))
    assert [ref.partition("/")[2] for ref, _ in standing_entries(house)] == ["expected/1", "expected/2"]
    assert dues(house, "expected") == ["3-6", "5-18"]


@pytest.mark.parametrize(
    ("situation", "day", "why"),
    [
        ("own-hom", None, "is no situation; it is one of: at-risk, kept-home, "),
        (
            "own-home",
            date(2026, 3, 3),
            "this day has passed: what has taken place stands in the registration",
        ),
        ("crisis-shelter", None, "the client is there already, by what is registered"),
    ],
)
def test_an_expectation_names_a_situation_that_is_still_to_come(
    house: House, situation: str, day: date | None, why: str
) -> None:
    with pytest.raises(Problems) as wrong:
        moving(house, day, situation=situation)
    assert why in refused(wrong)[0]


# --- facts --------------------------------------------------------------------------------------------------------------


def test_facts_are_recorded_together_or_not_at_all(house: House) -> None:
    with pytest.raises(Problems) as wrong:
        facts(house, safety="concerns", trusst="yes", network_mapped="soon", trust="growing")
    found = refused(wrong)
    assert found[0] == (
        '"concerns" is no value of safety; it is one of: concern, clear; did you mean "concern"?'
    )
    assert found[1].startswith('"trusst" is no fact') and found[1].endswith('did you mean "trust"?')
    assert found[2] == 'network-mapped = "soon": not a value of type date, such as 2026-03-16'
    assert standing_entries(house) == []
    facts(house, safety="concern", trust="growing")
    replan_now(house.system, client(house), when("3-4"))
    assert dues(house, "safety") == ["3-5"]


def test_what_is_recorded_for_the_same_day_again_corrects_it(house: House) -> None:
    first = facts(house, trust="growing")
    assert facts(house, trust="growing") == Recorded("already", first.refs)
    assert facts(house, trust="yes") == Recorded("done", first.refs)
    later = facts(house, "3-9", trust="no")
    assert later.refs != first.refs
    assert [event for _, event in standing_entries(house)] == [
        Fact("trust", "yes", date(2026, 3, 4)),
        Fact("trust", "no", date(2026, 3, 9)),
    ]


def test_a_day_that_is_entered_anew_moves_what_follows_it(house: House) -> None:
    facts(house, conference_date="2026-04-13")
    replan_now(house.system, client(house), when("3-4"))
    assert dues(house, "conference-date") == ["4-16"]
    facts(house, "3-20", conference_date="2026-04-20")
    replan_now(house.system, client(house), when("3-20"))
    assert dues(house, "conference-date") == ["4-23"]


def test_days_that_stand_beside_one_another_are_each_kept(house: House) -> None:
    facts(house, review_date="2026-04-13")
    facts(house, review_date="2026-06-15")
    assert facts(house, review_date="2026-04-13").kind == "already"
    replan_now(house.system, client(house), when("3-4"))
    assert dues(house, "review-date") == ["4-16", "6-18"]


def test_a_fact_is_corrected_and_taken_back_by_its_record(house: House) -> None:
    [ref] = facts(house, safety="concern").refs
    args = (house.system, rulebook(house), client(house), ref)
    correct_fact(*args, "clear", date(2026, 3, 2), when("3-5"), "w1")
    assert standing_entries(house) == [(ref, Fact("safety", "clear", date(2026, 3, 2)))]
    assert take_out(house.system, client(house), [ref], when("3-6"), "w1").kind == "done"
    with pytest.raises(Problems, match="nothing of this kind was entered here"):
        correct_fact(*args, "concern", date(2026, 3, 2), when("3-6"), "w1")
    with pytest.raises(Problems, match="nothing of this kind was entered here"):
        take_out(house.system, client(house), ["a"], when("3-6"), "w1")
    assert facts(house, "3-7", safety="concern").refs != (ref,), "a number once given is never given again"


def test_nothing_is_recorded_of_a_later_day_or_of_a_client_that_is_not_there(house: House) -> None:
    with pytest.raises(Problems, match="what holds from a later day cannot be known yet"):
        facts(house, "3-4", "3-5", trust="yes")
    with pytest.raises(Problems, match="there is no client 99"):
        take_out(house.system, 99, ["99/fact/1"], when("3-6"), "w1")


# --- planning at once ---------------------------------------------------------------------------------------------------


def test_a_client_is_planned_at_once_only_where_no_pass_is_going_on(house: House) -> None:
    moving(house, date(2026, 4, 23))
    with house.system.database.lock(PLAN):
        assert not replan_now(house.system, client(house), when("3-4"))
    assert dues(house, "expected") == []
    house.tick("3-4", 11)
    assert dues(house, "expected") == ["4-9"]


def test_planning_at_once_leaves_to_the_next_pass_what_needs_all_clients(
    tmp_path: Path, house: House
) -> None:
    fresh = House(tmp_path / "fresh")
    assert not replan_now(fresh.system, 1, when("3-4")), "before the first pass there are no rules"
    moving(house, date(2026, 4, 23))
    text = (house.folder / "config.toml").read_text()
    changed = text.replace("[organisation]", "[organisation]\nclosing_days = [2026-04-09]")
    (house.folder / "config.toml").write_text(changed)
    house.reopen()
    assert not replan_now(house.system, client(house), when("3-4"))
    house.tick("3-4", 11)
    assert replan_now(house.system, client(house), when("3-4", 12)), "there is nothing left to plan"
    assert dues(house, "expected") == ["4-8"]


def test_what_was_entered_stands_in_the_audit_trail(house: House) -> None:
    [ref] = facts(house, trust="yes").refs
    facts(house, trust="yes")
    moving(house, None, "3-5")
    take_out(house.system, client(house), [ref], when("3-5") + timedelta(hours=1), "w1")
    with house.system.database.read() as tx:
        found = [(entry.what, entry.person, entry.role, entry.ref) for entry in audit.listing(tx)]
    assert found == [(what, "w1", "worker", "c1") for what in ("unrecorded", "expected", "recorded")]


# --- slips --------------------------------------------------------------------------------------------------------------


def test_a_day_of_another_age_is_asked_about(house: House) -> None:
    for year in ("0026", "1926", "2206"):
        with pytest.raises(Problems) as wrong:
            facts(house, review_date=f"{year}-03-18")
        assert refused(wrong) == [
            f"this day is in the year {int(year)}: is that right? A day from 1976 to 2031 can be used"
        ]
    with pytest.raises(Problems, match="2206"):
        moving(house, date(2206, 4, 23))
    assert standing_entries(house) == []


def test_what_has_been_done_lies_not_in_the_future(house: House) -> None:
    with pytest.raises(Problems) as wrong:
        facts(house, network_mapped="2026-03-05")
    assert refused(wrong) == ["this day is still to come, and it is about what has been done"]
    assert facts(house, network_mapped="2026-03-04").kind == "done"
    assert facts(house, conference_date="2026-05-05").kind == "done", "what is planned may lie there"


# --- undone -------------------------------------------------------------------------------------------------------------


def test_an_entry_is_undone_to_what_stood_before_it(house: House) -> None:
    facts(house, "3-4", safety="clear")
    later = when("3-4", 11)
    done = record_facts(
        house.system, rulebook(house), client(house), {"safety": "concern"}, later.date(), later, "w1"
    )
    assert undo(house.system, client(house), done.refs, later, when("3-4", 12), "w1").kind == "done"
    assert [event for _, event in standing_entries(house)] == [Fact("safety", "clear", date(2026, 3, 4))]


def test_undoing_once_more_changes_nothing(house: House) -> None:
    done = moving(house, date(2026, 4, 23))
    assert undo(house.system, client(house), done.refs, when("3-4"), when("3-4", 12), "w1").kind == "done"
    assert undo(house.system, client(house), done.refs, when("3-4"), when("3-4", 13), "w1").kind == "already"
    assert standing_entries(house) == []


def test_what_was_changed_since_then_is_not_undone(house: House) -> None:
    done = moving(house, date(2026, 4, 23))
    moving(house, date(2026, 5, 11), "3-5")
    assert undo(house.system, client(house), done.refs, when("3-4"), when("3-5", 12), "w1").kind == "already"
    assert [event for _, event in standing_entries(house)] == [Expected("own-home", date(2026, 5, 11))]
    with pytest.raises(Problems, match="nothing of this kind"):
        undo(house.system, client(house), ["1/fact/9"], when("3-4"), when("3-5", 12), "w1")


def test_an_explanation_says_of_a_fact_that_it_was_entered_here(house: House) -> None:
    facts(house, safety="concern")
    replan_now(house.system, client(house), when("3-4"))
    found = told(house.system, "c1", "en", when("3-4", 11))
    assert found is not None
    said = [moment.sentence for rule in found.rules if rule.rule == "safety" for moment in rule.moments]
    assert said == ["Wed 4 Mar: “safety within the network” is “concerns” (entered here)"]
