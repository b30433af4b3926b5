"""What holds for any prompts, people and moment."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cti.core.events import Assignment
from cti.core.messages import Told
from cti.core.people import Away, Person, Staff, Team
from cti.core.prompts import STANDINGS, Stored
from cti.core.rules import Step
from cti.post.agenda import agenda, is_due
from cti.post.days import calendar_of
from cti.post.delivery import Agenda, Habits
from cti.post.routing import is_away
from tests.post.build import CALENDAR, at, days, prompt, step, told

WHO = ("w1", "w2", "w3", "l1")
ROLES = ("worker", "previous-worker", "team-lead", "team", "housing", "nowhere")
STEPS = {"plain": step(), "now": step(urgent=True), "chased": step(every=1, after=2)}
HOURS = st.integers(-24 * 30, 24 * 30)

moments = HOURS.map(lambda hours: datetime(2026, 3, 16, 9, 15, tzinfo=UTC) + timedelta(hours=hours))
absences = st.builds(
    lambda first, length, deputy: Away(days(first), days(first + length), deputy),
    st.integers(-20, 20),
    st.integers(0, 30),
    st.sampled_from([None, *WHO, "gone"]),
)


@st.composite
def people(draw: st.DrawFn) -> Staff:
    members = {
        who: Person(
            who,
            who,
            draw(st.sampled_from([f"{who}@example.org", f"{who}@example.org", "shared@example.org", None])),
            role="team-lead" if who == "l1" else "worker",
            team=draw(st.sampled_from(["north", "south", None])),
            works=frozenset(draw(st.sets(st.integers(0, 6), max_size=4))),
            away=tuple(draw(st.lists(absences, max_size=2))),
        )
        for who in WHO
    }
    inboxes = st.sampled_from([None, "north@example.org", "w1@example.org"])
    teams = {team: Team(team, draw(inboxes)) for team in ("north", "south")}
    return Staff(members, teams, {"housing": "housing@example.org"})


@st.composite
def prompts(draw: st.DrawFn, number: int) -> Stored:
    due = draw(st.none() | moments)
    was_sent = draw(st.booleans())
    code = draw(st.sampled_from(["wanted"] * 4 + list(STANDINGS)))
    return prompt(
        number,
        draw(st.sampled_from(["c1", "c2", "c3"])),
        step=draw(st.sampled_from(sorted(STEPS))),
        name=draw(st.sampled_from(["m1", "m2", "m3"])),
        due=due,
        waits=due is None,
        until=draw(st.none() | moments),
        wanted_at=draw(st.none() | moments),
        role=draw(st.sampled_from(ROLES)),
        worker=draw(st.sampled_from([None, "w2", "gone"])),
        code=code,
        sent_at=draw(moments) if was_sent else None,
        told_standing=draw(st.sampled_from(["wanted", "gone"])) if was_sent else None,
        told_due=days(draw(st.integers(-9, 9))) if was_sent else None,
        answer=draw(st.sampled_from([None, None, None, "done"])),
        snoozed_until=draw(st.none() | st.none() | moments),
    )


@st.composite
def mornings(draw: st.DrawFn) -> tuple[list[Stored], Staff, dict[str, Assignment], Habits, datetime, Agenda]:
    stored = [draw(prompts(number)) for number in range(1, draw(st.integers(0, 8)) + 1)]
    staff, now = draw(people()), draw(moments)
    habits = Habits(cap=draw(st.integers(1, 3)))
    whose = st.builds(
        Assignment,
        st.just(days(0)),
        st.sampled_from([None, *WHO, "gone"]),
        st.sampled_from([None, "north", "south"]),
    )
    assigned = {client: draw(whose) for client in draw(st.sets(st.sampled_from(["c1", "c2", "c3"])))}
    said: dict[int, list[Told]] = {
        one.id: [told(one.id, person=draw(st.sampled_from(["w1", "gone", None])), address="w1@example.org")]
        for one in stored
        if one.sent_at is not None
    }
    mailed = draw(st.sets(st.sampled_from(["w1@example.org", "shared@example.org", "north@example.org"])))

    def step_of(rule: str, step_id: str) -> Step | None:
        return STEPS.get(step_id)

    made = agenda(
        stored,
        staff=staff,
        calendar=CALENDAR,
        habits=habits,
        assigned=assigned,
        step=step_of,
        told=said,
        mailed=mailed,
        now=now,
    )
    daily = [d.to.mailbox for d in made.deliveries if d.kind != "urgent"]
    assert not {box for box in daily if box in mailed}, "a second daily message"
    return stored, staff, assigned, habits, now, made


@given(mornings())
def test_each_due_prompt_is_told_waits_with_a_reason_or_is_shown_as_unroutable(
    morning: tuple[list[Stored], Staff, dict[str, Assignment], Habits, datetime, Agenda],
) -> None:
    stored, _, _, _, now, made = morning
    told_of = [i.prompt for d in made.deliveries for i in d.items if i.kind in ("prompt", "covered")]
    waits = [deferred.prompt for deferred in made.deferred]
    lost = [u.prompt for u in made.unroutable if u.kind == "prompt"]
    assert Counter(told_of + waits + lost) == Counter(one.id for one in stored if is_due(one, now))


@given(mornings())
def test_nobody_gets_more_new_prompts_than_the_cap_unless_they_are_urgent(
    morning: tuple[list[Stored], Staff, dict[str, Assignment], Habits, datetime, Agenda],
) -> None:
    _, staff, _, habits, _, made = morning
    inboxes = {team.inbox for team in staff.teams.values()} | set(staff.desks.values())
    for delivery in made.deliveries:
        if delivery.to.person is not None and delivery.to.address not in inboxes:
            new = [entry for entry in delivery.entries if entry.kind == "prompt" and not entry.urgent]
            assert len(new) <= habits.cap


@given(mornings())
def test_nobody_is_mailed_who_is_away_or_has_no_address_or_does_not_work_that_day(
    morning: tuple[list[Stored], Staff, dict[str, Assignment], Habits, datetime, Agenda],
) -> None:
    _, staff, _, _, now, made = morning
    today = CALENDAR.day(now)
    inboxes = {team.inbox for team in staff.teams.values()}
    for delivery in made.deliveries:
        assert delivery.to.address
        who = delivery.to.person
        if who is None:
            continue
        assert not is_away(who, today)
        if delivery.kind != "urgent" and delivery.to.address not in inboxes:
            mates = [p for p in staff.people.values() if p.address == delivery.to.address]
            assert any(calendar_of(mate, CALENDAR).works(today) for mate in mates)


@given(mornings())
def test_a_mailbox_gets_at_most_one_message_and_nothing_is_said_twice(
    morning: tuple[list[Stored], Staff, dict[str, Assignment], Habits, datetime, Agenda],
) -> None:
    made = morning[-1]
    boxes = [delivery.to.mailbox for delivery in made.deliveries]
    assert len(boxes) == len(set(boxes))
    items = [item for delivery in made.deliveries for item in delivery.items]
    assert len(items) == len({(item.prompt, item.kind, item.number) for item in items})
    assert all(delivery.entries for delivery in made.deliveries)


@given(mornings())
def test_daily_messages_keep_to_their_hour_and_urgent_ones_to_working_hours(
    morning: tuple[list[Stored], Staff, dict[str, Assignment], Habits, datetime, Agenda],
) -> None:
    *_, now, made = morning
    local = CALENDAR.local(now)
    for delivery in made.deliveries:
        if delivery.kind == "urgent":
            assert CALENDAR.works(local.date()) and CALENDAR.opens <= local.time() < CALENDAR.closes
        else:
            assert now >= at("09:00", local.date())


@given(mornings())
def test_nothing_follows_an_answer_and_no_one_is_chased_outside_the_window(
    morning: tuple[list[Stored], Staff, dict[str, Assignment], Habits, datetime, Agenda],
) -> None:
    *_, now, made = morning
    for delivery in made.deliveries:
        for entry in delivery.entries:
            plan = entry.prompt.plan
            assert entry.prompt.answer is None
            if entry.kind != "notice":
                assert plan.wanted and plan.due is not None and plan.due <= now
                assert plan.until is None or now < plan.until
                assert entry.prompt.snoozed_until is None or entry.prompt.snoozed_until <= now
