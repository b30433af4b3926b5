"""What people do about a prompt: put it off, hand it over, say that it is not relevant, and take all of that back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from cti.core.prompts import Stored
from cti.engine import acting
from cti.engine.absence import remove_absence, set_absence
from cti.engine.acting import Outcome, Said, hand_back, hand_over, snooze, wake
from cti.engine.answering import REASONS, UNDO, answer, answers_for, not_relevant, take_back
from cti.engine.rulebooks import in_force
from cti.problems import Problems
from cti.store import audit
from tests.engine.house import House, simple_rule, when

REMIND = 'remind = { every = "5 working days", times = 2 }\nescalate = { after = "8 working days", to = "team-lead" }'


@pytest.fixture
def house(tmp_path: Path) -> House:
    """An intake on 2 March, prompted on 16 March until 11 May; reminded after five working days, escalated after eight."""
    made = House(tmp_path)
    made.only_rule("intake", simple_rule(keys=REMIND), call="Bel even")
    made.moves_in("3-2", "a", "crisis-shelter")
    return made


def prompt(house: House) -> Stored:
    [row] = house.stored()
    return row


def days(house: House, *those: str) -> None:
    """A tick on each of these days."""
    for day in those:
        house.tick(day)


def mails(house: House) -> list[tuple[str, str]]:
    """Who was mailed on which day."""
    return [
        (str(mail["To"]).partition("@")[0], datetime.strptime(str(mail["Date"]), "%a, %d %b %Y %H:%M:%S %z").strftime("%-m-%-d"))
        for mail in house.mails()
    ]  # fmt: skip


def say(
    house: House,
    word: str,
    day: str,
    by: str | None = "w1",
    hour: int = 14,
    seen_at: datetime | None = None,
) -> Outcome:
    rulebook = in_force(house.system, when(day), "test").rulebook
    number, now = str(prompt(house).id), when(day, hour)
    return answer(house.system, rulebook, number, word, now, by=by, seen_at=seen_at)


def refused(wrong: pytest.ExceptionInfo[Problems]) -> list[str]:
    return [problem.sentence("en") for problem in wrong.value.problems]


# --- putting it off -----------------------------------------------------------------------------------------------------


def test_a_snooze_moves_the_reminder_and_the_escalation_and_not_the_deadline(house: House) -> None:
    house.tick("3-16")
    until = prompt(house).plan.until
    done = snooze(house.system, prompt(house).id, date(2026, 4, 8), when("3-18"), "w1")
    assert (done.kind, done.state, done.prompt.snoozed_until) == ("done", "sent", when("4-8"))
    days(house, "3-18", "3-24", "3-31", "4-7", "4-8", "4-14", "4-15", "4-17", "4-20", "4-28")
    assert mails(house) == [("w1", "3-16"), ("w1", "4-8"), ("w1", "4-15"), ("lead", "4-20")]
    assert prompt(house).plan.until == until


def test_a_prompt_that_was_not_told_yet_is_told_when_its_snooze_ends(house: House) -> None:
    house.tick("3-3")
    snooze(house.system, prompt(house).id, date(2026, 3, 20), when("3-4"), "w1")
    days(house, "3-16", "3-19", "3-20", "3-23")
    assert mails(house) == [("w1", "3-20")]


def test_a_snooze_that_is_taken_back_brings_the_reminder_when_it_would_have_come(house: House) -> None:
    house.tick("3-16")
    snooze(house.system, prompt(house).id, date(2026, 4, 8), when("3-18"), "w1")
    house.tick("3-18")
    assert wake(house.system, prompt(house).id, when("3-19"), "w1").kind == "done"
    days(house, "3-19", "3-20", "3-23", "3-24")
    assert mails(house) == [("w1", "3-16"), ("w1", "3-23")]


def test_snoozing_twice_and_waking_twice_change_nothing(house: House) -> None:
    house.tick("3-16")
    number = prompt(house).id
    kinds = [
        snooze(house.system, number, date(2026, 4, 8), when("3-18"), "w1").kind,
        snooze(house.system, number, date(2026, 4, 8), when("3-18"), "w1").kind,
        wake(house.system, number, when("3-18"), "w1").kind,
        wake(house.system, number, when("3-18"), "w1").kind,
    ]
    assert kinds == ["done", "already", "done", "already"]


@pytest.mark.parametrize(
    ("until", "why"),
    [
        (date(2026, 3, 18), "choose a day after today"),
        (date(2026, 5, 11), "this prompt's time ends on Monday 11 May 2026: choose a day before that"),
    ],
)
def test_a_snooze_ends_after_today_and_before_the_deadline(house: House, until: date, why: str) -> None:
    house.tick("3-16")
    with pytest.raises(Problems) as wrong:
        snooze(house.system, prompt(house).id, until, when("3-18"), "w1")
    assert refused(wrong) == [why]


def test_what_is_answered_or_withdrawn_can_no_longer_be_put_off_or_handed_over(house: House) -> None:
    house.tick("3-16")
    say(house, "done", "3-17")
    number = prompt(house).id
    late = snooze(house.system, number, date(2026, 3, 25), when("3-18"), "w1")
    assert (late.kind, late.state, late.before) == (
        "too-late",
        "answered",
        Said("done", when("3-17", 14), "w1"),
    )
    assert hand_over(house.system, number, "w2", when("3-18"), "w1").kind == "too-late"
    assert hand_back(house.system, number, when("3-18"), "w1").kind == "too-late"
    house.retract("3-18", "a")
    take_back(house.system, number, when("3-17", 14, 20), "w1")
    house.tick("3-18")
    assert snooze(house.system, number, date(2026, 3, 25), when("3-18"), "w1").state == "withdrawn"


def test_what_had_its_time_can_no_longer_be_put_off(house: House) -> None:
    house.tick("3-16")
    late = snooze(house.system, prompt(house).id, date(2026, 6, 1), when("5-11"), "w1")
    assert (late.kind, late.state) == ("too-late", "expired")


def test_a_prompt_that_is_not_there_is_said_to_be_so(house: House) -> None:
    with pytest.raises(Problems) as wrong:
        snooze(house.system, 999, date(2026, 3, 25), when("3-18"), "w1")
    assert refused(wrong) == ["there is no prompt 999; cti prompts lists them"]


def test_what_a_person_decided_outlives_the_cache_of_the_plan(house: House) -> None:
    house.tick("3-3")
    snooze(house.system, prompt(house).id, date(2026, 3, 20), when("3-4"), "w1")
    before = prompt(house)
    house.forget_unsent()
    house.tick("3-5")
    assert prompt(house) == before


# --- answering ----------------------------------------------------------------------------------------------------------


def test_the_same_answer_twice_on_a_day_is_one_and_a_later_one_replaces_it(house: House) -> None:
    house.tick("3-16")
    first = say(house, "not-yet", "3-17")
    assert (first.kind, first.before, first.prompt.answered_by) == ("done", None, "w1")
    assert say(house, "not-yet", "3-17", by="w2", hour=15).kind == "already"
    then = say(house, "done", "3-19", by="w2")
    assert (then.kind, then.before) == ("replaced", Said("not-yet", when("3-17", 14), "w1"))
    assert then.prompt.answered_by == "w2"


def test_an_answer_does_not_replace_one_that_its_giver_has_not_seen(house: House) -> None:
    house.tick("3-16")
    say(house, "done", "3-17", by="w1", hour=14)
    late = say(house, "not-yet", "3-17", by="w2", hour=15, seen_at=when("3-17", 13))
    assert (late.kind, late.before) == ("too-late", Said("done", when("3-17", 14), "w1"))
    assert (late.prompt.answer, prompt(house).answer) == ("done", "done")
    assert say(house, "not-yet", "3-17", by="w2", hour=15, seen_at=when("3-17", 15)).kind == "replaced"


def test_an_answer_to_what_was_withdrawn_meanwhile_records_nothing_and_says_so(house: House) -> None:
    house.tick("3-16")
    house.retract("3-17", "a")
    house.tick("3-17")
    late = say(house, "done", "3-18")
    assert (late.kind, late.state, late.prompt.answer) == ("too-late", "withdrawn", None)


def test_an_answer_to_what_became_unnecessary_meanwhile_is_kept(house: House) -> None:
    house.tick("3-16")
    house.moves_in("3-17", "b", "long-stay", begin="3-10")
    house.tick("3-17")
    late = say(house, "done", "3-18")
    assert (late.kind, late.state, late.prompt.answer) == ("done", "settled", "done")


def test_every_prompt_takes_that_it_is_not_relevant(house: House) -> None:
    house.tick("3-16")
    rulebook = in_force(house.system, when("3-16"), "test").rulebook
    assert list(answers_for(rulebook, prompt(house)))[-1] == "not-relevant"
    done = not_relevant(house.system, rulebook, prompt(house).id, "elsewhere", when("3-17"), "w1")
    assert (done.kind, done.prompt.answer) == ("done", "not-relevant")
    days(house, "3-17", "3-23", "3-30", "4-10")
    assert mails(house) == [("w1", "3-16")]
    with pytest.raises(Problems) as wrong:
        not_relevant(house.system, rulebook, prompt(house).id, "elsewere", when("3-17"), "w1")
    assert refused(wrong) == [
        f'"elsewere" is no reason; it is one of: {", ".join(REASONS)}; did you mean "elsewhere"?'
    ]


# --- taking an answer back ----------------------------------------------------------------------------------------------


def test_an_answer_is_taken_back_for_half_an_hour_and_the_prompt_goes_on(house: House) -> None:
    house.tick("3-16")
    answered = when("3-17", 14)
    say(house, "done", "3-17")
    late = take_back(house.system, prompt(house).id, answered + UNDO + timedelta(seconds=1), "w1")
    assert (late.kind, late.before, prompt(house).answer) == (
        "too-late",
        Said("done", answered, "w1"),
        "done",
    )
    done = take_back(house.system, prompt(house).id, answered + UNDO, "w1")
    assert (done.kind, done.prompt.answer, done.prompt.answered_by) == ("done", None, None)
    assert take_back(house.system, prompt(house).id, answered + UNDO, "w1").kind == "already"
    days(house, "3-17", "3-20", "3-23", "3-24")
    assert mails(house) == [("w1", "3-16"), ("w1", "3-23")]


def test_taking_back_an_answer_brings_back_the_one_that_it_replaced_and_no_older_one(house: House) -> None:
    house.tick("3-16")
    say(house, "not-yet", "3-17", hour=14)
    say(house, "done", "3-17", by="w2", hour=15)
    number = prompt(house).id
    done = take_back(house.system, number, when("3-17", 15, 5), "w2")
    assert (done.prompt.answer, done.prompt.answered_by) == ("not-yet", "w1")
    assert take_back(house.system, number, when("3-17", 15, 6), "w1").kind == "too-late"
    say(house, "done", "3-18", hour=9)
    assert take_back(house.system, number, when("3-18", 9, 5), "w1").prompt.answer == "not-yet"


def test_the_first_answer_can_be_taken_back_after_a_second_one_was(house: House) -> None:
    house.tick("3-16")
    say(house, "not-yet", "3-17", hour=14)
    number = prompt(house).id
    say(house, "not-needed", "3-17", hour=15)
    take_back(house.system, number, when("3-17", 15, 1), "w1")
    acting.snooze(house.system, number, date(2026, 3, 25), when("3-17", 15), "w1")
    rulebook = in_force(house.system, when("3-17"), "test").rulebook
    answer(house.system, rulebook, str(number), "not-yet", when("3-17", 15, 5))
    assert prompt(house).answer == "not-yet"
    assert take_back(house.system, number, when("3-17", 14, 20), "w1").prompt.answer is None


# --- handing it over ----------------------------------------------------------------------------------------------------


def test_a_prompt_that_was_not_told_yet_goes_to_whom_it_was_handed(house: House) -> None:
    house.tick("3-3")
    done = hand_over(house.system, prompt(house).id, "w2", when("3-4"), "w1")
    assert (done.kind, done.prompt.handed_to, done.prompt.handed_by) == ("done", "w2", "w1")
    assert hand_over(house.system, prompt(house).id, "w2", when("3-4"), "w1").kind == "already"
    days(house, "3-15", "3-16", "3-20", "3-23", "3-24")
    assert mails(house) == [("w2", "3-16"), ("w2", "3-23")]


@pytest.mark.parametrize(
    ("to", "why"),
    [
        ("w3", 'there is nobody called w3; did you mean "w1"?'),
        ("boss", "boss is no worker and no team lead, so prompts cannot go there"),
        ("silent", "silent has no mail address, so prompts cannot go there"),
    ],
)
def test_a_prompt_goes_only_to_someone_who_may_have_it_and_can_be_told(
    tmp_path: Path, to: str, why: str
) -> None:
    others = '[[people]]\nid = "boss"\nname = "boss"\naddress = "b@example.org"\nrole = "manager"\n'
    house = House(tmp_path, lead=f'{others}[[people]]\nid = "silent"\nname = "silent"\nteam = "north"')
    house.only_rule("intake", simple_rule(), call="Bel even")
    house.moves_in("3-2", "a", "crisis-shelter")
    house.tick("3-3")
    with pytest.raises(Problems) as wrong:
        hand_over(house.system, prompt(house).id, to, when("3-4"), "w1")
    assert refused(wrong) == [why]


def test_a_prompt_that_was_told_is_told_to_the_colleague_once_and_reminded_there(house: House) -> None:
    house.tick("3-16")
    hand_over(house.system, prompt(house).id, "w2", when("3-16", 15), "w1")
    days(house, "3-17", "3-18", "3-24", "3-27")
    assert mails(house) == [("w1", "3-16"), ("w2", "3-17"), ("w2", "3-24"), ("lead", "3-27")]
    body = house.mails()[1].get_body(("plain",))
    assert body is not None
    assert "Dit was eerst voor een collega, en is nu voor jou." in body.get_content()


def test_what_was_handed_over_and_taken_back_before_anyone_heard_of_it_is_told_to_nobody(
    house: House,
) -> None:
    house.tick("3-16")
    number = prompt(house).id
    hand_over(house.system, number, "w2", when("3-16", 15), "w1")
    assert hand_back(house.system, number, when("3-16", 16), "w1").kind == "done"
    assert hand_back(house.system, number, when("3-16", 16), "w1").kind == "already"
    days(house, "3-17", "3-23")
    assert mails(house) == [("w1", "3-16"), ("w1", "3-23")]


def test_a_prompt_that_a_colleague_gives_back_is_told_to_the_worker_again(house: House) -> None:
    house.tick("3-16")
    number = prompt(house).id
    hand_over(house.system, number, "w2", when("3-16", 15), "w1")
    house.tick("3-17")
    # To hand it to the one whose it is by itself is to give it back.
    done = hand_over(house.system, number, "w1", when("3-17", 15), "w2")
    assert (done.kind, done.prompt.handed_to, done.prompt.handed_times) == ("done", None, 2)
    days(house, "3-18", "3-19")
    assert mails(house) == [("w1", "3-16"), ("w2", "3-17"), ("w1", "3-18")]


def test_a_snooze_ends_when_the_prompt_changes_hands(house: House) -> None:
    house.tick("3-16")
    snooze(house.system, prompt(house).id, date(2026, 4, 8), when("3-16", 15), "w1")
    assert (
        hand_over(house.system, prompt(house).id, "w2", when("3-16", 15), "w1").prompt.snoozed_until is None
    )
    house.tick("3-17")
    assert mails(house) == [("w1", "3-16"), ("w2", "3-17")]


def test_every_act_stands_in_the_audit_trail_once(house: House) -> None:
    house.tick("3-16")
    number, now = prompt(house).id, when("3-17")
    for _ in range(2):
        snooze(house.system, number, date(2026, 4, 8), now, "w1")
    for _ in range(2):
        wake(house.system, number, now, "w1")
    for _ in range(2):
        hand_over(house.system, number, "w2", now, "w1")
    for _ in range(2):
        hand_back(house.system, number, now, "lead")
    say(house, "done", "3-17", by=None)
    take_back(house.system, number, when("3-17", 14, 5), "w1")
    made = set_absence(house.system, "w1", date(2026, 3, 19), date(2026, 4, 3), "w2", now, "lead")
    remove_absence(house.system, made.id, now, "w1")
    with house.system.database.read() as tx:
        found = [
            (entry.what, entry.person, entry.role, entry.ref, entry.prompt) for entry in audit.listing(tx)
        ]
    assert found[::-1] == [
        ("snoozed", "w1", "worker", "c1", number),
        ("woken", "w1", "worker", "c1", number),
        ("handed-over", "w1", "worker", "c1", number),
        ("handed-back", "lead", "team-lead", "c1", number),
        ("answered", "", "", "c1", number),
        ("took-back", "w1", "worker", "c1", number),
        ("away", "lead", "team-lead", None, None),
        ("not-away", "w1", "worker", None, None),
    ]
