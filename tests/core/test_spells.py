"""Spells: gaps absorbed, runs joined, and the names they answer to."""

from __future__ import annotations

from cti.core.events import Record, Stay
from cti.core.spells import Spell, spells
from tests.core.build import day, noon, record, stay

GAP = 14


def told(*records: Record) -> list[str]:
    return [spell.situation for spell in spells(records, GAP)]


def only(*records: Record) -> Spell:
    (spell,) = spells(records, GAP)
    return spell


def test_a_gap_of_two_weeks_between_two_stays_in_one_situation_is_absorbed() -> None:
    assert told(stay("a", "crisis-shelter", "3-1", "3-10"), stay("b", "crisis-shelter", "3-24")) == [
        "crisis-shelter"
    ]


def test_a_gap_of_a_day_more_makes_a_new_spell() -> None:
    assert told(stay("a", "crisis-shelter", "3-1", "3-10"), stay("b", "crisis-shelter", "3-25")) == [
        "crisis-shelter",
        "unknown",
        "crisis-shelter",
    ]


def test_a_short_absence_with_a_destination_is_absorbed_too() -> None:
    assert told(
        stay("a", "crisis-shelter", "3-1", "3-10", "own-home"), stay("b", "crisis-shelter", "3-12")
    ) == ["crisis-shelter"]


def test_a_gap_between_two_different_situations_stays() -> None:
    assert told(stay("a", "crisis-shelter", "3-1", "3-10"), stay("b", "long-stay", "3-12")) == [
        "crisis-shelter",
        "unknown",
        "long-stay",
    ]


def test_a_stay_elsewhere_in_between_is_no_gap() -> None:
    assert told(
        stay("a", "crisis-shelter", "3-1", "3-10"),
        stay("b", "street", "3-10", "3-12"),
        stay("c", "crisis-shelter", "3-12"),
    ) == ["crisis-shelter", "street", "crisis-shelter"]


def test_a_threat_that_ends_with_the_home_kept_is_no_move_out() -> None:
    assert told(stay("a", "at-risk", "3-1", "4-1", "kept-home")) == ["at-risk", "kept-home"]


def test_a_home_known_by_destination_and_then_registered_is_one_spell_named_by_the_exit() -> None:
    last = spells((stay("a", "long-stay", "3-1", "4-1", "own-home"), stay("b", "own-home", "4-20")), GAP)[-1]
    assert (last.situation, last.begin, last.name) == ("own-home", day("4-1"), "s:a:stay:ended")
    assert last.names == ("s:a:stay:ended", "s:b:stay:entered")


def test_gaps_are_absorbed_one_after_another() -> None:
    assert told(
        stay("a", "street", "3-1", "3-5"), stay("b", "street", "3-15", "3-20"), stay("c", "street", "4-1")
    ) == ["street"]


def test_a_record_that_heads_a_spell_later_gives_its_name_and_the_spell_answers_to_both() -> None:
    spell = only(stay("b", "street", "3-10"), stay("a", "street", "3-1", known="4-1"))
    assert spell.name == "s:a:stay:entered"
    assert spell.names == ("s:a:stay:entered", "s:b:stay:entered")
    assert spell.known == noon("3-10")


def test_a_retyped_record_leaves_its_name_with_the_spell() -> None:
    gone = record("a", (Stay("street", day("3-1")), "3-1"), (None, "3-5"))
    assert only(gone, stay("b", "street", "3-2", known="3-5")).names == (
        "s:a:stay:entered",
        "s:b:stay:entered",
    )


def test_a_record_retracted_longer_than_a_gap_before_is_another_moment() -> None:
    gone = record("a", (Stay("street", day("3-1")), "3-1"), (None, "3-5"))
    assert only(gone, stay("b", "street", "3-16")).names == ("s:b:stay:entered",)


def test_a_return_to_an_open_stay_is_named_by_the_end_of_the_interruption() -> None:
    back = spells((stay("a", "long-stay", "3-1"), stay("b", "institution", "5-1", "6-1", "street")), GAP)[-1]
    assert (back.situation, back.name, back.known) == ("long-stay", "s:b:stay:ended", noon("6-1"))


def test_a_spell_is_known_when_the_first_version_that_says_it_was_recorded() -> None:
    corrected = record(
        "a",
        (Stay("crisis-shelter", day("3-1")), "3-2"),
        (Stay("crisis-shelter", day("3-1"), day("4-1")), "4-3"),
        (Stay("crisis-shelter", day("3-1"), day("4-1"), "own-home"), "4-20"),
    )
    first, home = spells((corrected,), GAP)
    assert (first.known, home.known) == (noon("3-2"), noon("4-20"))


def test_a_return_answers_to_the_end_of_the_interruption_however_it_is_told() -> None:
    open_all_along = (stay("a", "long-stay", "3-1"), stay("i", "institution", "5-1", "6-1"))
    gone = record("i", (Stay("institution", day("5-1"), day("6-1")), "6-1"), (None, "6-9"))
    cut = (
        stay("a", "long-stay", "3-1", "5-1"),
        gone,
        stay("j", "institution", "5-2", "6-2", known="6-9"),
        stay("b", "long-stay", "6-4", known="6-9"),
    )
    assert spells(open_all_along, GAP)[-1].name == "s:i:stay:ended"
    assert spells(cut, GAP)[-1].name == "s:b:stay:entered"
    assert set(spells(cut, GAP)[-1].names) == {"s:b:stay:entered", "s:i:stay:ended", "s:j:stay:ended"}


def test_a_spell_does_not_answer_to_ends_of_long_before() -> None:
    last = spells((stay("a", "street", "3-1", "4-1"), stay("b", "long-stay", "4-20")), GAP)[-1]
    assert last.names == ("s:b:stay:entered",)


def test_the_ends_that_led_to_a_spell_do_not_say_when_it_was_known() -> None:
    late = spells((stay("a", "street", "3-1", "4-1"), stay("b", "long-stay", "4-1", known="5-1")), GAP)[-1]
    assert late.known == noon("5-1")


def test_a_return_is_known_since_its_interruption_was_said_to_end_wherever_it_was_said_to_lead() -> None:
    away = record(
        "i",
        (Stay("institution", day("5-1"), day("6-1")), "6-2"),
        (Stay("institution", day("5-1"), day("6-1"), "street"), "8-3"),
    )
    assert spells((stay("a", "long-stay", "3-1"), away), GAP)[-1].known == noon("6-2")


def test_a_spell_is_known_since_the_first_version_that_said_its_situation_there_and_back() -> None:
    back = record(
        "a",
        (Stay("crisis-shelter", day("3-1")), "3-2"),
        (Stay("street", day("3-1")), "4-1"),
        (Stay("crisis-shelter", day("3-1")), "5-1"),
    )
    assert only(back).known == noon("3-2")
    turned = record("a", (Stay("street", day("3-1")), "3-2"), (Stay("crisis-shelter", day("3-1")), "5-1"))
    assert only(turned).known == noon("5-1")


def test_a_gap_in_which_the_client_was_said_to_be_somewhere_else_twice_is_one_gap() -> None:
    assert told(
        stay("a", "crisis-shelter", "3-1", "3-5", "street"),
        stay("z", "institution", "3-8", "3-8", "with-others"),
        stay("b", "crisis-shelter", "3-19"),
    ) == ["crisis-shelter"]
    assert told(
        stay("a", "crisis-shelter", "3-1", "3-5", "street"),
        stay("z", "institution", "3-8", "3-8", "with-others"),
        stay("b", "crisis-shelter", "3-20"),
    ) == ["crisis-shelter", "street", "with-others", "crisis-shelter"]
