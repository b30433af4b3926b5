"""Prompts that were told, and are with someone else now."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from cti.core.messages import Told
from cti.core.people import Staff
from cti.core.prompts import Reason, Stored
from cti.post.delivery import Agenda
from tests.post.build import (
    CALENDAR,
    at,
    away,
    days,
    letters,
    person,
    post,
    sent,
    staff,
    step,
    told,
    works_with,
)

W1, W2, NORTH = "w1@example.org", "w2@example.org", "north@example.org"
TO_W2 = works_with(c1="w2")


def handed(to: str | None = "w2", by: str = "w1", times: int = 1, **more: object) -> Stored:
    made = sent(handed_to=to, handed_by=by, handed_at=at("14:00"), handed_times=times)
    plan = {key: more.pop(key) for key in ("until", "reason") if key in more}
    return replace(made, plan=made.plan._replace(**plan), **more)  # type: ignore[arg-type]


def on(
    day: date,
    prompt: Stored,
    *said: Told,
    people: Staff | None = None,
    clients: object = None,
    every: int | None = None,
    after: int | None = None,
) -> Agenda:
    """The agenda at nine on that day, w1 having been told of the prompt on Monday the 16th."""
    return post(
        prompt,
        said=[told(), *said],
        now=at("09:00", day),
        people=people,
        clients=clients or works_with(c1="w1"),  # type: ignore[arg-type]
        steps=step(every=every, after=after),
    )


TUESDAY = days(1)
LEAD = {"l1@example.org": [("escalation", 1)]}

# --- a colleague hands it over ------------------------------------------------------------------------------------------


def test_a_colleague_is_told_once_what_was_handed_over() -> None:
    assert letters(on(TUESDAY, handed())) == {W2: [("handed", 1)]}
    assert letters(on(days(2), handed(), told(1, "handed", 1, day=TUESDAY, person="w2"))) == {}


def test_what_is_handed_over_comes_in_the_digest_of_the_colleague_as_new() -> None:
    [delivery] = on(TUESDAY, handed()).deliveries
    assert (delivery.kind, delivery.in_reply_to) == ("digest", None)


def test_who_has_it_now_gets_the_reminders_counted_from_then() -> None:
    had = told(1, "handed", 1, day=days(2), person="w2")
    assert letters(on(days(8), handed(), had, every=5)) == {}
    assert letters(on(days(9), handed(), had, every=5)) == {W2: [("reminder", 1)]}


def test_an_escalation_goes_to_the_team_lead_all_the_same_and_is_counted_from_then() -> None:
    had = told(1, "handed", 1, day=TUESDAY, person="w2")
    assert letters(on(days(7), handed(), had, after=5)) == {}
    assert letters(on(days(8), handed(), had, after=5)) == LEAD


def test_what_passed_on_by_itself_is_escalated_in_its_time_and_not_before_its_reader_had_a_day() -> None:
    early = told(1, "passed", 1, day=TUESDAY, person="w2")
    assert letters(on(days(4), sent(), early, clients=TO_W2, after=5)) == {}
    assert letters(on(days(7), sent(), early, clients=TO_W2, after=5)) == LEAD
    assert letters(on(days(7), sent(), clients=TO_W2, after=5)) == {W2: [("passed", 1)]}
    late = told(1, "passed", 1, day=days(7), person="w2")
    assert letters(on(days(7), sent(), late, clients=TO_W2, after=5)) == {}
    assert letters(on(days(8), sent(), late, clients=TO_W2, after=5)) == LEAD


def test_who_hears_that_it_is_theirs_is_not_reminded_in_the_same_breath() -> None:
    assert letters(on(days(7), handed(), every=5)) == {W2: [("handed", 1)]}


def test_what_comes_back_is_told_to_whom_it_comes_back_to_unless_they_took_it() -> None:
    had = told(1, "handed", 1, day=TUESDAY, person="w2")
    assert letters(on(days(2), handed(to=None, by="w2", times=2), had)) == {W1: [("handed", 1)]}
    assert letters(on(days(2), handed(to=None, by="w1", times=2), had)) == {}


def test_nothing_is_told_of_what_was_taken_back_before_the_colleague_heard_of_it() -> None:
    assert letters(on(TUESDAY, handed(to=None, by="w1", times=2))) == {}


def test_a_colleague_who_is_away_has_a_deputy_and_one_who_left_has_it_no_more() -> None:
    people = staff(person("w2", away=away("w3", TUESDAY, days(2))))
    assert letters(on(TUESDAY, handed(), people=people)) == {"w3@example.org": [("handed", 1)]}
    gone = Staff({k: v for k, v in staff().people.items() if k != "w2"}, staff().teams, {})
    assert letters(on(TUESDAY, handed(), people=gone)) == {}


def test_a_notice_goes_to_whom_it_was_handed() -> None:
    off = handed(reason=Reason("condition"))
    had = told(1, "handed", 1, day=TUESDAY, person="w2")
    assert letters(on(days(2), off, had)) == {W2: [("notice", 1)]}


@pytest.mark.parametrize(
    "prompt",
    [
        handed(answer="done"),
        handed(until=at("08:00", TUESDAY)),
        handed(snoozed_until=at("09:00", days(4))),
        handed(reason=Reason("condition"), told_standing="condition"),
    ],
)
def test_nothing_is_passed_on_that_asks_nothing_today(prompt: Stored) -> None:
    assert letters(on(TUESDAY, prompt)) == {}


def test_it_waits_for_the_daily_message_and_is_known_to_wait() -> None:
    early = post(handed(), said=[told()], now=at("08:00", TUESDAY), clients=works_with(c1="w1"))
    assert (letters(early), early.passing) == ({}, (1,))
    assert on(TUESDAY, handed()).passing == ()


# --- it passes on by itself ---------------------------------------------------------------------------------------------


def test_another_worker_is_told_of_what_is_open_once() -> None:
    assert letters(on(TUESDAY, sent(), clients=TO_W2)) == {W2: [("passed", 1)]}
    had = told(1, "passed", 1, day=TUESDAY, person="w2")
    assert letters(on(days(2), sent(), had, clients=TO_W2)) == {}


def test_whoever_knew_of_it_before_is_not_told_again() -> None:
    had = told(1, "passed", 1, day=TUESDAY, person="w2")
    assert letters(on(days(2), sent(), had)) == {}
    reminded = told(1, "reminder", 1, day=TUESDAY, person="w2")
    assert letters(on(days(2), sent(), reminded, clients=TO_W2)) == {}


FOR_GOOD: datetime | None = None


@pytest.mark.parametrize(
    ("last", "until", "told_of"),
    [
        (days(1), FOR_GOOD, {}),
        (days(6), FOR_GOOD, {}),
        (days(7), FOR_GOOD, {W2: [("passed", 1)]}),
        (days(3), CALENDAR.at(days(4)), {}),
        (days(3), CALENDAR.at(days(3)), {W2: [("passed", 1)]}),
    ],
)
def test_a_deputy_is_told_of_what_is_open_in_a_long_absence_or_if_its_time_ends_in_it(
    last: date, until: datetime | None, told_of: dict[str, object]
) -> None:
    people = staff(person("w1", away=away("w2", TUESDAY, last)))
    assert letters(on(TUESDAY, sent(until=until), people=people)) == told_of


def test_without_a_deputy_the_team_is_told() -> None:
    people = staff(person("w1", away=away(None, TUESDAY, days(30))))
    assert letters(on(TUESDAY, sent(), people=people)) == {NORTH: [("passed", 1)]}


def test_nothing_is_passed_on_before_it_was_sent() -> None:
    waits = sent(sent_at=None)
    assert letters(on(TUESDAY, waits, clients=TO_W2)) == {}
