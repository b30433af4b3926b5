from datetime import datetime

import pytest

from cti.core.messages import Told
from cti.core.prompts import Stored
from cti.core.rules import Step
from cti.post.follow import follow_ups, look_again, turned
from tests.post.build import (
    CALENDAR,
    MONDAY,
    at,
    away,
    days,
    letters,
    person,
    post,
    prompt,
    sent,
    staff,
    step,
    told,
    works_with,
)

W1 = "w1@example.org"
TUESDAY = days(1)


def told_on(day: int, *more: Told, steps: Step, **columns: object) -> list[str]:
    """What follows on the prompt that was sent that Monday, so many days later."""
    earlier = [told(1), *more]
    made = follow_ups(sent(1, **columns), steps, earlier, staff(), CALENDAR, at("09:00", days(day)))  # type: ignore[arg-type]
    return [f"{entry.kind} {entry.number}" for entry in made]


# --- reminders --------------------------------------------------------------------------------------------------------


def test_a_reminder_comes_so_many_working_days_after_the_sending() -> None:
    assert told_on(4, steps=step(every=5)) == []
    assert told_on(7, steps=step(every=5)) == ["reminder 1"]


def test_the_next_one_comes_as_long_after_that_and_then_no_more() -> None:
    first, second = told(1, "reminder", 1, day=days(7)), told(1, "reminder", 2, day=days(14))
    assert told_on(13, first, steps=step(every=5)) == []
    assert told_on(14, first, steps=step(every=5)) == ["reminder 2"]
    assert told_on(60, first, second, steps=step(every=5)) == []


def test_after_an_outage_reminders_do_not_come_on_top_of_one_another() -> None:
    late = told(1, "reminder", 1, day=days(30))
    assert told_on(31, late, steps=step(every=5)) == []


def test_working_days_are_those_of_the_person_who_was_told() -> None:
    part_time = staff(person("w1", works=frozenset({0, 1})))
    fifth = days(15)  # Tuesday, Monday, Tuesday, Monday, Tuesday
    for day, expected in ((days(8), ()), (fifth, ("reminder",))):
        made = follow_ups(sent(1), step(every=5), [told(1)], part_time, CALENDAR, at("09:00", day))
        assert tuple(entry.kind for entry in made) == expected


def test_a_delay_in_weeks_ends_on_a_working_day() -> None:
    assert told_on(7, steps=step(every=1, unit="weeks")) == ["reminder 1"]
    assert told_on(6, steps=step(every=5, unit="days")) == []  # day 5 is a Saturday
    assert told_on(7, steps=step(every=5, unit="days")) == ["reminder 1"]


@pytest.mark.parametrize(
    "ended",
    [
        {"answer": "done"},
        {"until": at("09:00", days(7))},
        {"code": "gone", "told_standing": "gone"},
        {"covered_by": 4},
        {"snoozed_until": at("09:00", days(9))},
    ],
    ids=["answer", "end of the window", "withdrawal", "another's message", "snooze"],
)
def test_an_answer_a_closed_window_or_a_withdrawal_ends_reminders_and_escalations(
    ended: dict[str, object],
) -> None:
    assert told_on(8, steps=step(every=5, after=5), **ended) == []


def test_a_snooze_moves_the_next_reminder_to_its_end() -> None:
    snoozed = {"snoozed_until": at("00:00", days(10))}
    assert told_on(9, steps=step(every=5), **snoozed) == []
    assert told_on(10, steps=step(every=5), **snoozed) == ["reminder 1"]
    then = told(1, "reminder", 1, day=days(10))
    assert told_on(16, then, steps=step(every=5), **snoozed) == []
    assert told_on(17, then, steps=step(every=5), **snoozed) == ["reminder 2"]


def test_a_short_snooze_brings_the_reminder_sooner() -> None:
    assert told_on(2, steps=step(every=5), snoozed_until=at("00:00", days(2))) == ["reminder 1"]


def test_a_prompt_that_moved_on_is_not_reminded_of_before_its_new_day() -> None:
    moved = {"due": at("09:00", days(20)), "told_due": days(20), "sent_at": at("09:00")}
    assert told_on(14, steps=step(every=5), **moved) == []
    assert told_on(20, steps=step(every=5), **moved) == ["reminder 1"]


def test_a_prompt_that_moved_to_later_that_day_is_not_reminded_of_that_morning() -> None:
    moved = {"due": at("14:00", days(7)), "told_due": days(7), "sent_at": at("09:00")}
    assert told_on(7, steps=step(every=5), **moved) == []


def test_a_notice_counts_as_having_heard_of_the_prompt() -> None:
    heard = told(1, "notice", 1, day=days(6))
    assert told_on(7, heard, steps=step(every=5)) == []
    assert told_on(11, heard, steps=step(every=5)) == ["reminder 1"]


def test_a_rule_that_is_gone_reminds_of_nothing() -> None:
    assert follow_ups(sent(1), None, [told(1)], staff(), CALENDAR, at("09:00", days(30))) == ()


def test_a_reminder_goes_to_whoever_has_the_role_now() -> None:
    made = post(
        sent(1, day=days(-7)),
        steps=step(every=5),
        said=[told(1, day=days(-7))],
        people=staff(person("w1", away=away("w2"))),
    )
    assert letters(made) == {"w2@example.org": [("reminder", 1)]}
    assert made.deliveries[0].kind == "reminder"


def test_reminders_keep_to_the_recipients_days_and_to_one_message_a_day() -> None:
    old, before = sent(1, day=days(-7)), told(1, day=days(-7))
    off = staff(person("w1", works=frozenset({2})))
    assert letters(post(old, steps=step(every=1), said=[before], people=off)) == {}
    assert letters(post(old, steps=step(every=5), said=[before], mailed=[W1])) == {}


# --- escalations ------------------------------------------------------------------------------------------------------


def test_an_escalation_goes_once_to_its_role() -> None:
    old, before = sent(1, day=days(-14)), told(1, day=days(-14))
    made = post(old, steps=step(after=10), said=[before])
    assert letters(made) == {"l1@example.org": [("escalation", 1)]}
    assert made.deliveries[0].kind == "escalation"
    passed_on = told(1, "escalation", 1, person="l1")
    assert letters(post(old, steps=step(after=10), said=[before, passed_on])) == {}


def test_it_counts_working_days_from_the_sending() -> None:
    assert told_on(11, steps=step(after=10)) == []
    assert told_on(14, steps=step(after=10)) == ["escalation 1"]


def test_a_snooze_is_no_reason_to_escalate() -> None:
    snoozed = {"snoozed_until": at("00:00", days(11))}
    assert told_on(15, steps=step(after=3), **snoozed) == []
    assert told_on(16, steps=step(after=3), **snoozed) == ["escalation 1"]


def test_whoever_has_the_prompt_is_not_told_that_it_was_passed_on() -> None:
    before = told(1, day=days(-14), person="l1")
    made = post(sent(1, day=days(-14), role="team-lead"), steps=step(after=10), said=[before])
    assert letters(made) == {}


def test_an_escalation_that_nobody_can_receive_is_shown() -> None:
    made = post(
        sent(1, day=days(-14)),
        steps=step(after=10),
        said=[told(1, day=days(-14), person="w3")],
        clients=works_with(c1="w3"),
    )
    assert [(u.prompt, u.kind, u.role, u.lack) for u in made.unroutable] == [
        (1, "escalation", "team-lead", "no-team-lead")
    ]


# --- notices ----------------------------------------------------------------------------------------------------------


def test_a_told_prompt_that_is_no_longer_wanted_makes_a_notice() -> None:
    assert turned(sent(1, code="condition"), CALENDAR, at("09:00")) == "withdrawn"
    assert turned(sent(1, code="waiting", waits=True), CALENDAR, at("09:00")) == "withdrawn"


def test_a_told_prompt_with_another_day_makes_a_notice() -> None:
    later = sent(1, due=at("09:00", days(9)), sent_at=at("09:00"), told_due=MONDAY)
    assert turned(later, CALENDAR, at("09:00", TUESDAY)) == "moved"


def test_another_hour_of_the_same_day_makes_none() -> None:
    assert turned(sent(1, due=at("14:00"), told_due=MONDAY), CALENDAR, at("15:00")) is None


def test_a_prompt_that_is_wanted_again_makes_a_notice() -> None:
    again = sent(1, told_standing="gone")
    assert turned(again, CALENDAR, at("09:00", TUESDAY)) == "reinstated"


@pytest.mark.parametrize(
    "quiet",
    [
        prompt(1, code="condition"),
        sent(1),
        sent(1, code="gone", told_standing="condition"),
        sent(1, told_standing="gone", until=at("08:00")),
        sent(1, code="condition", told_standing=None),
    ],
    ids=["never sent", "as told", "off for another reason", "wanted again too late", "nothing told"],
)
def test_nothing_else_makes_a_notice(quiet: Stored) -> None:
    assert turned(quiet, CALENDAR, at("09:00")) is None


def test_an_answered_prompt_makes_no_notice() -> None:
    assert told_on(1, steps=step(), code="condition", answer="done") == []


def test_a_notice_is_numbered_by_what_was_told_before() -> None:
    assert told_on(1, told(1, "notice", 1), steps=step(), code="condition") == ["notice 2"]


def test_a_notice_stands_in_for_the_reminder_of_that_day() -> None:
    moved = {"due": at("09:00", TUESDAY), "sent_at": at("09:00"), "told_due": MONDAY}
    assert told_on(14, steps=step(every=1, after=1), **moved) == ["notice 1"]


def test_a_notice_goes_to_whoever_was_told() -> None:
    off = sent(1, code="condition")
    made = post(off, said=[told(1, person="w2")])
    assert letters(made) == {"w2@example.org": [("notice", 1)]}
    assert made.deliveries[0].kind == "notice"
    in_the_inbox = post(off, said=[told(1, person=None, address="North@example.org")])
    assert letters(in_the_inbox) == {"north@example.org": [("notice", 1)]}


def test_a_notice_does_not_go_to_someone_who_is_away_or_has_left() -> None:
    off, people = sent(1, code="condition"), staff(person("w2", away=away()))
    assert letters(post(off, said=[told(1, person="w2")], people=people)) == {W1: [("notice", 1)]}
    assert letters(post(off, said=[told(1, person="w9")])) == {W1: [("notice", 1)]}


def test_a_prompt_that_is_needed_again_is_told_to_whoever_can_act_on_it() -> None:
    made = post(sent(1, told_standing="gone"), said=[told(1, person="w2")])
    assert letters(made) == {W1: [("passed", 1)]}
    again = post(sent(1, told_standing="gone"), said=[told(1), told(1, "notice", 1)])
    assert letters(again) == {W1: [("notice", 1)]}


# --- when to look again -----------------------------------------------------------------------------------------------


def look(options: Step | None, *more: Told, day: int = 0, **columns: object) -> datetime | None:
    who = sent(1, **columns)  # type: ignore[arg-type]
    return look_again(who, options, [told(1), *more], staff(), CALENDAR, at("09:00", days(day)))


def test_the_next_look_is_due_with_the_first_of_reminder_and_escalation() -> None:
    assert look(step(every=5, after=10)) == at("00:00", days(7))
    assert look(step(every=20, after=10)) == at("00:00", days(14))


def test_where_nothing_can_follow_nobody_need_look_again() -> None:
    assert look(step(every=5, times=1), told(1, "reminder", 1)) is None
    assert look(step()) is None
    assert look(None) is None
    assert look_again(prompt(1), step(every=5), [], staff(), CALENDAR, at("09:00")) is None
    assert look(step(every=5), answer="done") is None
    assert look(step(every=5), code="condition") is None


def test_a_window_that_closes_before_the_reminder_ends_the_looking() -> None:
    assert look(step(every=5), until=at("00:00", days(7))) is None
    assert look(step(every=5), until=at("09:00", days(7))) == at("00:00", days(7))
    assert look(step(every=5), until=at("09:00", days(9)), day=9) is None
