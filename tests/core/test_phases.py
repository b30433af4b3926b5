"""Phases follow one another from the day of an entry that their rule answers to."""

from __future__ import annotations

from datetime import date

from cti.core.calendar import Calendar
from cti.core.life import live
from cti.core.phases import followed, phases, rules_with_phases
from cti.core.rules import Delay, Enters, Phase, Rule, Rulebook
from tests.core.build import VOCABULARY, history, stay

HOME = Rule(
    "own-home",
    {},
    {},
    Enters(("own-home",), ("at-risk",), origins_negated=True),
    (),
    phases=(Phase("one", {}, Delay(3, "months")), Phase("two", {}, Delay(6, "months"))),
)


def test_each_phase_begins_where_the_one_before_it_ends_and_all_count_from_the_day_of_the_entry() -> None:
    found = [(one.phase.id, one.begin, one.end) for one in phases(HOME, date(2025, 11, 30), Calendar())]
    # The second month's end clips the first phase, and not the second.
    assert found == [
        ("one", date(2025, 11, 30), date(2026, 2, 28)),
        ("two", date(2026, 2, 28), date(2026, 5, 30)),
    ]


def test_an_entry_is_followed_only_where_the_rule_answers_to_it() -> None:
    lived = history(
        stay("1", "crisis-shelter", "1-5", "2-2"),
        stay("2", "own-home", "2-2", "4-6"),
        stay("3", "at-risk", "4-6", "6-1"),
        stay("4", "own-home", "6-1"),
    )
    life = live(lived, VOCABULARY, Calendar())
    assert [spell.begin for spell in followed(HOME, life)] == [date(2026, 2, 2)]


def test_a_rule_that_is_off_or_has_none_draws_no_phases() -> None:
    off = Rule("off", {}, {}, HOME.on, (), off=True, phases=HOME.phases)
    bare = Rule("bare", {}, {}, HOME.on, ())
    assert list(rules_with_phases(Rulebook(VOCABULARY, (off, HOME, bare)))) == [HOME]
