from datetime import date, time

from cti.post.delivery import Habits
from tests.post.build import (
    MONDAY,
    at,
    days,
    lacking,
    letters,
    person,
    post,
    prompt,
    sent,
    staff,
    step,
    told,
    waiting,
    works_with,
)

W1, W2, NORTH = "w1@example.org", "w2@example.org", "north@example.org"


def test_a_due_prompt_goes_to_the_clients_worker_in_the_daily_message() -> None:
    made = post(prompt(1))
    assert letters(made) == {W1: [("prompt", 1)]}
    assert (made.deliveries[0].kind, made.deliveries[0].day) == ("digest", MONDAY)


def test_the_prompts_of_several_clients_go_in_one_message_the_oldest_first() -> None:
    late, early = prompt(1, "c1"), prompt(2, "c2", due=at("09:00", days(-3)))
    assert letters(post(late, early)) == {W1: [("prompt", 2), ("prompt", 1)]}


def test_the_message_waits_for_its_hour() -> None:
    made = post(prompt(1, due=at("09:00", days(-1))), now=at("08:59"))
    assert (letters(made), waiting(made)) == ({}, {1: "before-digest"})


def test_the_hour_of_the_message_can_be_set() -> None:
    habits = Habits(digest_at=time(7, 30))
    assert letters(post(prompt(1, due=at("09:00", days(-1))), now=at("07:30"), habits=habits)) == {
        W1: [("prompt", 1)]
    }


def test_a_machine_that_stood_still_all_day_sends_in_the_evening() -> None:
    assert letters(post(prompt(1), now=at("21:15"))) == {W1: [("prompt", 1)]}


def test_there_is_one_daily_message_a_day() -> None:
    made = post(prompt(1), now=at("14:00"), mailed=["W1@Example.org"])
    assert (letters(made), waiting(made)) == ({}, {1: "mailed"})


def test_nothing_is_sent_before_it_is_due_or_after_its_window() -> None:
    early = prompt(1, due=at("09:00", days(1)))
    over = prompt(2, due=at("09:00", days(-9)), until=at("09:00"))
    made = post(early, over)
    assert (letters(made), waiting(made), lacking(made)) == ({}, {}, {})


def test_what_is_not_wanted_answered_covered_or_in_the_outbox_is_not_told_again() -> None:
    made = post(
        prompt(1, code="condition"),
        prompt(2, answer="done"),
        prompt(3, covered_by=9),
        prompt(4),
        prompt(5, waits=True, code="waiting"),
        said=[told(4)],
    )
    assert (letters(made), waiting(made)) == ({}, {})


def test_a_snoozed_prompt_waits() -> None:
    assert waiting(post(prompt(1, snoozed_until=at("09:00", days(2))))) == {1: "snoozed"}


# --- the cap ----------------------------------------------------------------------------------------------------------


def test_the_cap_lets_the_oldest_through_and_moves_the_rest_on() -> None:
    five = [prompt(n, f"c{n}", due=at("09:00", days(-n))) for n in range(1, 6)]
    made = post(*five)
    assert letters(made) == {W1: [("prompt", 5), ("prompt", 4), ("prompt", 3)]}
    assert waiting(made) == {1: "cap", 2: "cap"}
    assert made.deliveries[0].left == 2


def test_the_next_day_brings_the_rest_while_their_window_holds() -> None:
    made = post(prompt(1), prompt(2, until=at("09:00", days(1))), now=at("09:00", days(1)))
    assert letters(made) == {W1: [("prompt", 1)]}


def test_urgent_prompts_stand_outside_the_cap() -> None:
    urgent = [prompt(n, f"c{n}", step="now") for n in range(1, 6)]
    made = post(*urgent, prompt(9), steps={"now": step(urgent=True)}, habits=Habits(cap=1))
    assert letters(made) == {W1: [("prompt", n) for n in (1, 2, 3, 4, 5, 9)]}
    assert made.deliveries[0].kind == "digest"


def test_a_teams_inbox_stands_outside_the_cap() -> None:
    made = post(*(prompt(n, f"c{n}", role="team") for n in range(1, 8)))
    assert [len(told) for told in letters(made).values()] == [7]


def test_reminders_and_notices_do_not_use_up_the_cap() -> None:
    old = [sent(n, f"c{n}", day=days(-14)) for n in range(1, 6)]
    made = post(
        *old,
        prompt(9, "c9"),
        steps=step(every=5),
        said=[told(n, day=days(-14)) for n in range(1, 6)],
        habits=Habits(cap=1),
    )
    assert letters(made) == {W1: [("prompt", 9), *(("reminder", n) for n in range(1, 6))]}


# --- urgent -----------------------------------------------------------------------------------------------------------


def test_an_urgent_prompt_goes_at_once_while_the_organisation_is_open() -> None:
    made = post(prompt(1, step="now"), steps={"now": step(urgent=True)}, now=at("16:59"), mailed=[W1])
    assert letters(made) == {W1: [("prompt", 1)]}
    assert made.deliveries[0].kind == "urgent"


def test_an_urgent_prompt_waits_outside_working_hours() -> None:
    steps = {"now": step(urgent=True)}
    for moment in (at("17:00"), at("08:59", days(1)), at("12:00", days(5)), at("12:00", date(2026, 4, 27))):
        assert waiting(post(prompt(1, step="now"), steps=steps, now=moment)) == {1: "outside-hours"}


def test_an_urgent_prompt_does_not_wait_for_the_workers_own_days() -> None:
    people = staff(person("w1", works=frozenset({1, 2})))
    made = post(prompt(1, step="now"), prompt(2), people=people, steps={"now": step(urgent=True)})
    assert (letters(made), waiting(made)) == ({W1: [("prompt", 1)]}, {2: "day-off"})


def test_urgent_and_other_prompts_that_go_together_go_in_one_message() -> None:
    made = post(prompt(1), prompt(2, "c2", step="now"), steps={"now": step(urgent=True)})
    assert letters(made) == {W1: [("prompt", 2), ("prompt", 1)]}


# --- days -------------------------------------------------------------------------------------------------------------


def test_the_daily_message_keeps_to_the_days_a_person_works() -> None:
    people = staff(person("w1", works=frozenset({1})))
    assert waiting(post(prompt(1), people=people)) == {1: "day-off"}
    assert letters(post(prompt(1), people=people, now=at("09:00", days(1)))) == {W1: [("prompt", 1)]}


def test_whoever_works_at_weekends_is_told_at_weekends() -> None:
    people = staff(person("w1", works=frozenset({5, 6})))
    assert letters(post(prompt(1), people=people, now=at("09:00", days(5)))) == {W1: [("prompt", 1)]}


def test_a_holiday_is_nobodys_working_day() -> None:
    kings_day = date(2026, 4, 27)
    people = staff(person("w1", works=frozenset({0})))
    assert waiting(post(prompt(1), people=people, now=at("09:00", kings_day))) == {1: "day-off"}


def test_a_teams_inbox_keeps_to_the_organisations_days() -> None:
    assert waiting(post(prompt(1, role="team"), now=at("09:00", days(5)))) == {1: "day-off"}


# --- one mailbox, one message -----------------------------------------------------------------------------------------


def test_roles_that_come_down_to_one_mailbox_share_a_message() -> None:
    people = staff(north="W1@example.org")
    made = post(prompt(1), prompt(2, "c2", role="team"), people=people)
    assert [(d.to.person and d.to.person.id, len(d.entries)) for d in made.deliveries] == [("w1", 2)]


def test_each_mailbox_gets_its_own_message() -> None:
    made = post(prompt(1, "c1"), prompt(2, "c2"), clients=works_with(c1="w1", c2="w2"))
    assert letters(made) == {W1: [("prompt", 1)], W2: [("prompt", 2)]}


# --- steps that are overdue together ----------------------------------------------------------------------------------


def test_of_steps_overdue_together_the_latest_is_told_and_names_the_others() -> None:
    first = prompt(1, step="a", name="m", wanted_at=at("09:00", days(-30)))
    second = prompt(2, step="b", name="m", wanted_at=at("09:00", days(-20)))
    third = prompt(3, step="c", name="m", wanted_at=at("09:00", days(-10)))
    made = post(third, first, second)
    assert letters(made) == {W1: [("prompt", 3)]}
    assert [covered.id for covered in made.deliveries[0].entries[0].covers] == [1, 2]
    assert [(i.prompt, i.kind, i.number) for i in made.deliveries[0].items] == [
        (3, "prompt", 0),
        (1, "covered", 3),
        (2, "covered", 3),
    ]


def test_steps_of_other_moments_rules_or_roles_do_not_cover_one_another() -> None:
    made = post(
        prompt(1, step="a", name="m", wanted_at=at("09:00", days(-3))),
        prompt(2, step="b", name="other"),
        prompt(3, step="b", name="m", rule="second"),
        prompt(4, step="b", name="m", role="team"),
    )
    assert letters(made) == {
        NORTH: [("prompt", 4)],
        W1: [("prompt", 1), ("prompt", 2), ("prompt", 3)],
    }


def test_steps_that_were_wanted_at_one_time_are_all_told() -> None:
    made = post(prompt(1, step="a", name="m"), prompt(2, step="b", name="m"))
    assert letters(made) == {W1: [("prompt", 1), ("prompt", 2)]}


def test_a_step_whose_window_is_over_is_not_covered() -> None:
    over = prompt(1, step="a", name="m", due=at("09:00", days(-9)), until=at("09:00", days(-1)))
    made = post(over, prompt(2, step="b", name="m"))
    assert made.deliveries[0].entries[0].covers == ()


def test_what_was_urgent_stays_urgent_when_a_later_step_speaks_for_it() -> None:
    first = prompt(1, step="now", name="m", wanted_at=at("09:00", days(-3)))
    made = post(first, prompt(2, step="b", name="m"), steps={"now": step(urgent=True)}, mailed=[W1])
    assert letters(made) == {W1: [("prompt", 2)]}


def test_what_waits_for_the_cap_takes_along_what_it_covers() -> None:
    pair = [prompt(1, step="a", name="m", wanted_at=at("09:00", days(-2))), prompt(2, step="b", name="m")]
    made = post(*pair, *(prompt(n, f"c{n}", due=at("08:00")) for n in (3, 4, 5)))
    assert waiting(made) == {1: "cap", 2: "cap"}


# --- threads ----------------------------------------------------------------------------------------------------------


def test_a_digest_with_a_notice_answers_the_mail_it_is_about() -> None:
    changed = sent(1, code="condition")
    made = post(changed, prompt(2), said=[told(1, day=days(-7)), told(1, "reminder", 1)], now=at("09:00"))
    delivery = made.deliveries[0]
    assert delivery.kind == "digest"
    assert delivery.in_reply_to == "<1-reminder-1@example.org>"
    assert delivery.references == ("<1-prompt-0@example.org>", "<1-reminder-1@example.org>")


def test_a_digest_with_nothing_but_news_answers_no_mail() -> None:
    made = post(sent(1, day=days(-14)), prompt(2), steps=step(every=5), said=[told(1, day=days(-14))])
    assert (made.deliveries[0].in_reply_to, made.deliveries[0].references) == (None, ())


def test_a_reminder_answers_the_earlier_mail_where_it_goes_to_the_same_mailbox() -> None:
    old, before = sent(1, day=days(-14)), told(1, day=days(-14))
    same = post(old, steps=step(every=5), said=[before])
    other = post(old, steps=step(every=5), said=[before], clients=works_with(c1="w2"))
    assert same.deliveries[0].in_reply_to == before.message_id
    assert (other.deliveries[0].to.address, other.deliveries[0].in_reply_to) == (W2, None)


def test_a_long_thread_keeps_its_last_mails() -> None:
    many = [sent(n, f"c{n}", code="condition") for n in range(1, 31)]
    references = post(*many, said=[told(n) for n in range(1, 31)]).deliveries[0].references
    assert len(references) == 20
    assert references[-1] == "<1-prompt-0@example.org>"
