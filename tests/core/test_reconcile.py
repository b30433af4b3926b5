"""Reconciling: nothing is sent twice, whatever happens to the records around a sent prompt."""

from __future__ import annotations

from dataclasses import replace

from cti.core.events import History, Record, RecordId, Stay, Version
from cti.core.planner import plan
from cti.core.prompts import Change, Stored, state
from cti.core.reconcile import diff
from cti.core.rules import Rule
from tests.core.build import CALENDAR, book, day, enters, history, local, noon, record, rule, stay, step

RULE = rule("r", enters("crisis-shelter"), step("s", 14))


def changes(the_history: History, stored: list[Stored], *rules: Rule) -> list[Change]:
    rulebook = book(*(rules or (RULE,)))
    return list(diff(plan(the_history, rulebook, CALENDAR), stored, rulebook))


def applied(the_history: History, stored: list[Stored] | None = None, *rules: Rule) -> list[Stored]:
    """The store after the changes."""
    rows = {row.id: row for row in stored or []}
    for change in changes(the_history, list(rows.values()), *rules):
        if change.kind == "create":
            number = max(rows, default=0) + 1
            rows[number] = Stored(number, change.plan)
        elif change.before is not None and change.kind == "drop":
            del rows[change.before.id]
        elif change.before is not None:
            rows[change.before.id] = replace(change.before, plan=change.plan)
    return list(rows.values())


def sent(rows: list[Stored]) -> list[Stored]:
    return [replace(row, sent_at=local("3-16", 9)) for row in rows]


def queued(rows: list[Stored]) -> list[Stored]:
    """A message about each is in the outbox, and not out yet."""
    return [replace(row, told_standing="wanted") for row in rows]


def kinds(found: list[Change]) -> list[str]:
    return [change.kind for change in found]


INTAKE = history(stay("a", "crisis-shelter", "3-2"))


def test_planning_again_changes_nothing() -> None:
    assert changes(INTAKE, applied(INTAKE)) == []


def test_a_corrected_date_moves_the_prompt() -> None:
    corrected = history(
        record("a", (Stay("crisis-shelter", day("3-2")), "3-2"), (Stay("crisis-shelter", day("3-4")), "3-5"))
    )
    assert kinds(changes(corrected, applied(INTAKE))) == ["move"]


def test_a_corrected_date_does_not_make_a_second_prompt_of_one_that_was_sent() -> None:
    corrected = history(
        record("a", (Stay("crisis-shelter", day("3-2")), "3-2"), (Stay("crisis-shelter", day("3-4")), "3-5"))
    )
    (row,) = applied(corrected, sent(applied(INTAKE)))
    assert row.sent_at is not None
    assert row.plan.day == day("3-4")


def test_a_retyped_record_around_a_sent_prompt_prompts_nobody_twice() -> None:
    gone = record("a", (Stay("crisis-shelter", day("3-2")), "3-2"), (None, "3-20"))
    rows = applied(history(gone), sent(applied(INTAKE)))
    assert [state(row, local("3-20", 9)) for row in rows] == ["withdrawn"]
    rows = applied(history(gone, stay("b", "crisis-shelter", "3-3", known="3-21")), rows)
    assert [state(row, local("3-21", 9)) for row in rows] == ["sent"]


def test_a_record_that_heads_the_spell_later_prompts_nobody_twice() -> None:
    headed = history(
        stay("a", "crisis-shelter", "3-2"), stay("h", "crisis-shelter", "2-20", "3-2", known="3-20")
    )
    rows = applied(headed, sent(applied(INTAKE)))
    assert len(rows) == 1


def test_a_move_told_by_an_end_that_turns_out_a_few_days_early_prompts_nobody_twice() -> None:
    """The stay went on after all, by another record; what its end said lies before the home now, and still stands."""
    home = rule("r", enters("own-home"), step("s", 1))
    rows = sent(applied(history(stay("a", "crisis-shelter", "3-2", "4-20", "own-home")), None, home))
    early = (
        *stay("a", "crisis-shelter", "3-2", "4-20", "own-home").versions,
        Version(Stay("crisis-shelter", day("3-2"), day("4-14"), "own-home"), noon("5-1")),
    )
    cut = history(
        Record(RecordId("s", "a", "stay"), early),
        stay("b", "crisis-shelter", "4-15", "4-18", known="5-1"),
        stay("c", "own-home", "4-18", known="5-1"),
    )
    (row,) = applied(cut, rows, home)
    assert (row.plan.wanted, row.plan.day) == (True, day("4-18"))


def test_a_stay_whose_first_days_turn_out_to_be_spent_elsewhere_prompts_nobody_twice() -> None:
    """What began it lies before the spell now; its name is the end of those days."""
    rows = sent(applied(INTAKE))
    elsewhere = history(stay("a", "crisis-shelter", "3-2"), stay("b", "street", "3-2", "3-6", known="3-20"))
    (row,) = applied(elsewhere, rows)
    assert (row.plan.wanted, row.plan.day) == (True, day("3-6"))


def test_a_return_told_by_an_end_that_turns_out_a_few_days_late_prompts_nobody_twice() -> None:
    """The return is told by a record of its own; the end that told it before stands, and no longer holds."""
    away = stay("i", "institution", "4-1", "5-1")
    rows = sent(applied(history(stay("a", "crisis-shelter", "3-2"), away)))
    later = Version(Stay("institution", day("4-1"), day("5-5")), noon("5-6"))
    back = history(
        stay("a", "crisis-shelter", "3-2"),
        replace(away, versions=(*away.versions, later)),
        stay("b", "crisis-shelter", "5-1", known="5-6"),
    )
    assert [row.plan.day for row in applied(back, rows)] == [day("3-2"), day("5-1")]


def test_a_record_that_fills_the_gap_between_two_spells_joins_their_sent_prompts_in_one_moment() -> None:
    two = history(stay("a", "crisis-shelter", "3-2", "3-20"), stay("b", "crisis-shelter", "4-20"))
    rows = sent(applied(two))
    assert len(rows) == 2
    filled = history(
        stay("a", "crisis-shelter", "3-2", "3-20"),
        stay("b", "crisis-shelter", "4-20"),
        stay("f", "crisis-shelter", "3-20", "4-20", known="5-1"),
    )
    after = applied(filled, rows)
    assert len(after) == 2, "a moment may absorb many"


def test_a_split_leaves_the_sent_prompt_with_the_first_and_prompts_for_the_second_alone() -> None:
    joined = history(stay("a", "crisis-shelter", "3-2", "4-20"), stay("b", "crisis-shelter", "4-20"))
    split = history(
        record(
            "a",
            (Stay("crisis-shelter", day("3-2")), "3-2"),
            (Stay("crisis-shelter", day("3-2"), day("3-18")), "4-21"),
        ),
        stay("b", "crisis-shelter", "4-20"),
    )
    after = applied(split, sent(applied(joined)))
    assert sorted((str(row.plan.day), row.sent_at is not None) for row in after) == [
        ("2026-03-02", True),
        ("2026-04-20", False),
    ]


def test_a_record_without_a_moment_left_takes_its_unsent_prompt_along() -> None:
    gone = history(record("a", (Stay("crisis-shelter", day("3-2")), "3-2"), (None, "3-9")))
    assert kinds(changes(gone, applied(INTAKE))) == ["drop"]


def test_a_sent_prompt_whose_record_was_retracted_is_withdrawn_and_revives_when_it_returns() -> None:
    gone = history(record("a", (Stay("crisis-shelter", day("3-2")), "3-2"), (None, "3-20")))
    rows = applied(gone, sent(applied(INTAKE)))
    back = history(
        record(
            "a",
            (Stay("crisis-shelter", day("3-2")), "3-2"),
            (None, "3-20"),
            (Stay("crisis-shelter", day("3-2")), "3-22"),
        )
    )
    assert kinds(changes(back, rows)) == ["revive"]


def test_a_renamed_rule_and_step_send_nothing_again() -> None:
    renamed = rule("new", enters("crisis-shelter"), step("other", 14, was=("s",)), was=("r",))
    rows = applied(INTAKE, sent(applied(INTAKE)), renamed)
    assert [(row.plan.rule, row.plan.step, state(row, noon("3-17"))) for row in rows] == [("r", "s", "sent")]
    unsent = applied(INTAKE, applied(INTAKE), renamed)
    assert [row.plan.key for row in unsent] == ["new/other/s:a:stay:entered"]


def test_a_rule_renamed_without_was_is_another_rule() -> None:
    rows = applied(INTAKE, sent(applied(INTAKE)), rule("new", enters("crisis-shelter"), step("s", 14)))
    assert len(rows) == 2


def test_a_removed_rule_leaves_what_was_sent() -> None:
    rows = applied(INTAKE, sent(applied(INTAKE)), rule("other", enters("street"), step("s", 1)))
    assert [(row.plan.reason.code, row.sent_at is not None) for row in rows] == [("gone", True)]


def test_a_client_merged_into_another_takes_the_sent_prompt_along() -> None:
    rows = sent(applied(INTAKE))
    merged = history(stay("a", "crisis-shelter", "3-2"), client="c2")
    (row,) = applied(merged, rows)
    assert (row.plan.client, row.sent_at is not None) == ("c2", True)


def test_deleting_all_unsent_prompts_and_planning_again_gives_them_back() -> None:
    story = history(stay("a", "crisis-shelter", "3-2", "5-1", "own-home"), stay("b", "crisis-shelter", "8-3"))
    rows = applied(story)
    assert [row.plan for row in applied(story)] == [row.plan for row in rows]


def test_a_prompt_that_is_on_its_way_is_not_made_a_second_time_by_a_record_that_heads_the_spell() -> None:
    """Both spells have their prompt; that of the later one is on its way when they turn out to be one."""
    two = history(stay("a", "crisis-shelter", "3-2", "3-6"), stay("b", "crisis-shelter", "3-25"))
    first, second = applied(two)
    filled = history(
        stay("a", "crisis-shelter", "3-2", "3-6"),
        stay("b", "crisis-shelter", "3-25"),
        stay("f", "crisis-shelter", "3-6", "3-25", known="4-8"),
    )
    rows = applied(filled, [first, *queued([second])])
    assert [row.plan.name for row in rows] == ["s:b:stay:entered"]
    assert rows[0].plan.day == day("3-2")


def test_a_prompt_that_is_on_its_way_stays_when_its_record_is_retracted() -> None:
    gone = history(record("a", (Stay("crisis-shelter", day("3-2")), "3-2"), (None, "3-16")))
    assert [row.plan.reason.code for row in applied(gone, queued(applied(INTAKE)))] == ["gone"]


def test_prompts_of_two_moments_stay_apart_when_everything_is_typed_in_again() -> None:
    """Both rows remember both names, since the spells were one for a while."""
    apart = (stay("a", "crisis-shelter", "3-2", "3-20"), stay("b", "crisis-shelter", "4-20"))
    rows = sent(applied(history(*apart)))
    rows = applied(history(*apart, stay("f", "crisis-shelter", "3-20", "4-20", known="5-1")), rows)
    assert {row.plan.names for row in rows} == {("s:a:stay:entered", "s:b:stay:entered", "s:f:stay:entered")}
    retyped = history(
        record("a", (Stay("crisis-shelter", day("3-2")), "3-2"), (None, "5-9")),
        record("b", (Stay("crisis-shelter", day("4-20")), "4-20"), (None, "5-9")),
        record("f", (Stay("crisis-shelter", day("3-20"), day("4-20")), "5-1"), (None, "5-9")),
        stay("x", "crisis-shelter", "3-2", "3-20", known="5-9"),
        stay("y", "crisis-shelter", "4-20", known="5-9"),
    )
    assert [str(row.plan.day) for row in applied(retyped, rows)] == ["2026-03-02", "2026-04-20"]


def test_a_rule_that_later_takes_over_anothers_id_takes_its_unsent_prompts_and_leaves_no_second() -> None:
    both = applied(INTAKE, None, RULE, rule("new", enters("crisis-shelter"), step("s", 14)))
    assert len(both) == 2
    renamed = rule("new", enters("crisis-shelter"), step("s", 14), was=("r",))
    assert [row.plan.key for row in applied(INTAKE, both, renamed)] == ["new/s/s:a:stay:entered"]


EARLY = rule("early", enters("crisis-shelter"), step("s", 7, asks="conference"))
LATE = rule("late", enters("crisis-shelter"), step("s", 14, asks="conference"))


def test_a_question_that_was_put_is_not_put_again_by_a_rule_that_would_now_be_earlier() -> None:
    rows = sent(applied(INTAKE, None, LATE))
    after = applied(INTAKE, rows, LATE, EARLY)
    told = {row.plan.rule: (row.plan.reason.code, row.plan.asked_by) for row in after}
    assert told == {"late": ("wanted", None), "early": ("asked", "late/s/s:a:stay:entered")}
    assert changes(INTAKE, after, LATE, EARLY) == []


def test_a_question_that_was_put_by_the_earliest_is_covered_by_it() -> None:
    rows = [
        replace(row, sent_at=local("3-9", 9)) if row.plan.rule == "early" else row
        for row in applied(INTAKE, None, LATE, EARLY)
    ]
    assert changes(INTAKE, rows, LATE, EARLY) == []


def test_a_question_that_nobody_was_asked_is_put_by_the_earliest() -> None:
    rows = applied(INTAKE, applied(INTAKE, None, LATE), LATE, EARLY)
    assert {row.plan.rule: row.plan.reason.code for row in rows} == {"early": "wanted", "late": "asked"}
