"""Facts over time: what held when, and which recordings are one."""

from __future__ import annotations

from datetime import datetime, timedelta

from cti.core.events import Answer, Fact, Record, RecordId, Value, Version
from cti.core.facts import Held, values_at
from cti.core.life import live
from tests.core.build import CALENDAR, VOCABULARY, answer, day, fact, history, local, noon, record, stay

MOVE = stay("a", "crisis-shelter", "3-2", "5-1", "long-stay")
PROMPT = "r/s/s:a:stay:entered"


def told(name: str, *records: Record) -> tuple[Held, ...]:
    return live(history(*records), VOCABULARY, CALENDAR).facts.get(name, ())


def value(name: str, at: datetime, *records: Record) -> Value | None:
    return values_at((name,), {name: told(name, *records)}, at)[name]


def begins(name: str, *records: Record) -> list[tuple[Value, str, bool]]:
    """Each value with the local day from which it held, and whether that is a change."""
    return [(h.value, CALENDAR.day(h.at).isoformat()[5:], h.new) for h in told(name, *records)]


def test_a_fact_holds_from_its_day_until_the_next() -> None:
    said = (fact("f", "trust", "growing", "3-2"), fact("g", "trust", "yes", "4-1"))
    assert value("trust", local("3-2", 0) - timedelta(seconds=1), *said) is None
    assert value("trust", local("3-2", 0), *said) == "growing"
    assert value("trust", local("4-1", 0) - timedelta(seconds=1), *said) == "growing"
    assert value("trust", local("4-1", 0), *said) == "yes"


def test_a_fact_holds_from_its_day_whenever_it_was_typed_in() -> None:
    assert value("trust", noon("3-5"), fact("f", "trust", "growing", "3-2", known="6-1")) == "growing"


def test_of_two_facts_about_one_day_the_one_recorded_last_holds() -> None:
    said = (fact("f", "trust", "yes", "3-2", known="3-9"), fact("g", "trust", "growing", "3-2", known="3-3"))
    assert value("trust", noon("3-20"), *said) == "yes"


def test_what_lasts_a_transition_is_unknown_after_the_next_one() -> None:
    said = (MOVE, fact("f", "conference", "declined", "3-10"))
    assert value("conference", local("5-1", 0) - timedelta(seconds=1), *said) == "declined"
    assert value("conference", local("5-1", 0), *said) is None


def test_other_facts_outlast_transitions() -> None:
    assert value("trust", noon("8-1"), MOVE, fact("f", "trust", "yes", "3-10")) == "yes"


def test_what_is_said_on_the_day_of_a_transition_is_said_after_it() -> None:
    assert value("conference", noon("5-20"), MOVE, fact("f", "conference", "agreed", "5-1")) == "agreed"


def test_coming_to_us_is_no_step_from_one_spell_to_the_next() -> None:
    """Whoever came to talk before the first stay keeps what was said."""
    assert value("conference", noon("3-20"), MOVE, fact("f", "conference", "agreed", "2-27")) == "agreed"


def test_a_retracted_recording_never_held() -> None:
    gone = record("f", (Fact("trust", "yes", day("3-2")), "3-2"), (None, "4-1"), part="fact")
    assert value("trust", noon("3-10"), gone) is None


def test_a_corrected_recording_says_what_its_latest_version_says() -> None:
    corrected = record(
        "f",
        (Fact("trust", "yes", day("3-2")), "3-2"),
        (Fact("trust", "no", day("3-4")), "4-1"),
        part="fact",
    )
    assert begins("trust", corrected) == [("no", "03-04", True)]


def test_a_correction_that_was_taken_back_leaves_what_was_known_since_when() -> None:
    said = Fact("trust", "yes", day("3-2"))
    back = record("f", (said, "3-2"), (Fact("trust", "no", day("3-2")), "3-20"), (said, "4-1"), part="fact")
    (held,) = told("trust", back)
    assert (held.value, held.said[0].known, held.said[0].live) == ("yes", noon("3-2"), True)


def test_a_repeat_is_no_change_and_one_within_a_gap_is_the_same_recording() -> None:
    said = [fact(ref, "trust", "yes", on) for ref, on in (("f", "3-2"), ("g", "3-16"), ("h", "6-1"))]
    assert begins("trust", *said) == [("yes", "03-02", True), ("yes", "06-01", False)]
    assert [len(held.said) for held in told("trust", *said)] == [2, 1]


def test_a_value_that_comes_back_is_a_change_however_soon() -> None:
    said = [
        fact("f", "trust", "yes", "3-2"),
        fact("g", "trust", "no", "3-4"),
        fact("h", "trust", "yes", "3-6"),
    ]
    assert [new for _, _, new in begins("trust", *said)] == [True, True, True]


def test_what_was_unknown_after_a_transition_and_is_said_again_is_a_change() -> None:
    said = (MOVE, fact("f", "conference", "agreed", "3-10"), fact("g", "conference", "agreed", "6-1"))
    assert begins("conference", *said) == [("agreed", "03-10", True), ("agreed", "06-01", True)]


def test_an_export_that_echoes_an_answer_does_not_outlive_the_transition() -> None:
    said = answer(PROMPT, "agreed", local("4-28", 15), conference="agreed")
    echo = fact("f", "conference", "agreed", "5-5")
    assert begins("conference", MOVE, said, echo) == [("agreed", "04-28", True)]
    assert value("conference", noon("5-6"), MOVE, said, echo) is None


def test_what_a_worker_answers_after_the_transition_is_said_anew() -> None:
    before = fact("f", "conference", "agreed", "4-28")
    said = answer("r/s/s:a:stay:ended", "agreed", local("5-7", 15), conference="agreed")
    assert begins("conference", MOVE, before, said) == [("agreed", "04-28", True), ("agreed", "05-07", True)]
    assert value("conference", noon("5-8"), MOVE, before, said) == "agreed"


def test_an_answer_to_what_the_registration_says_already_is_one_with_it() -> None:
    before = fact("f", "conference", "agreed", "3-10")
    said = answer(PROMPT, "agreed", local("3-12", 15), conference="agreed")
    assert begins("conference", MOVE, before, said) == [("agreed", "03-10", True)]


def test_an_answer_holds_from_the_moment_it_was_given() -> None:
    said = answer(PROMPT, "yes", local("3-20", 15), trust="yes")
    assert value("trust", local("3-20", 14, 59), said) is None
    assert value("trust", local("3-20", 15), said) == "yes"


def test_a_new_answer_takes_the_facts_of_the_earlier_one_along() -> None:
    first, second = local("3-20", 15), local("3-24", 10)
    changed = Record(
        RecordId("cti", PROMPT, "answer"),
        (
            Version(Answer(PROMPT, "agreed", first, (("conference", "agreed"), ("trust", "yes"))), first),
            Version(Answer(PROMPT, "declined", second, (("conference", "declined"),)), second),
        ),
    )
    assert value("conference", local("3-22"), changed) is None
    assert value("conference", local("3-25"), changed) == "declined"
    assert value("trust", local("3-25"), changed) is None


def test_an_answer_taken_back_takes_its_facts_along() -> None:
    at = local("3-20", 15)
    taken = Record(
        RecordId("cti", PROMPT, "answer"),
        (Version(Answer(PROMPT, "agreed", at, (("conference", "agreed"),)), at), Version(None, noon("3-22"))),
    )
    assert value("conference", local("3-21"), taken) is None


def test_each_recording_is_named_by_its_record_and_its_fact() -> None:
    (held,) = told("trust", fact("f", "trust", "yes", "3-2"))
    assert [said.name for said in held.said] == ["s:f:fact:trust"]
