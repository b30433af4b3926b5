"""An organisation begins with an export that reaches back three years: what is prompted, and how late that is."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta

from cti.core.prompts import Stored, state
from tests.exports.conftest import NOW, SINCE, Begun
from tests.exports.place import ZONE, at

NOON = datetime.fromisoformat(NOW)
STALE = timedelta(weeks=6)


def test_only_moments_from_then_on_prompt(begun: Begun, prompts: list[Stored]) -> None:
    steps = begun(SINCE).transitions()
    assert len([day for *_, day in steps if day < SINCE]) > 4000
    assert {row.plan.day >= SINCE for row in prompts} == {True}
    assert {day_of(row.plan.wanted_at) >= SINCE for row in prompts if row.plan.wanted} == {True}


def test_each_intake_from_then_on_has_a_row_for_each_step(begun: Begun, prompts: list[Stored]) -> None:
    entered = {
        (client, day)
        for client, _, to, day in begun(SINCE).transitions()
        if to == "crisis-shelter" and day >= SINCE
    }
    for step in ("first-days", "map-network", "propose-conference"):
        rows = [row.plan for row in prompts if (row.plan.rule, row.plan.step) == ("crisis-intake", step)]
        assert {(plan.client, plan.day) for plan in rows} == entered
        assert len(rows) == len(entered)


def test_what_was_typed_in_late_is_due_when_it_was(prompts: list[Stored]) -> None:
    late = [row.plan for row in prompts if row.plan.wanted and before(row.plan.wanted_at, row.plan.known)]
    on_time = [row.plan for row in prompts if row.plan.wanted and row.plan not in late]
    assert len(late) > 50 and len(on_time) > 50
    assert {plan.due == plan.known for plan in late} == {True}
    assert {plan.due == plan.wanted_at for plan in on_time} == {True}


def test_what_is_due_and_still_of_use_is_sent_or_covered_and_all_else_is_not(prompts: list[Stored]) -> None:
    counts: Counter[str] = Counter()
    for row in prompts:
        due, until, found = row.plan.due, row.plan.until, state(row, NOON)
        counts[found] += 1
        if not row.plan.wanted:
            assert found in ("pending", "skipped", "withdrawn", "expired"), row
            assert not row.final, row
        elif due is None or due > NOON:
            assert found == "pending", row
        elif until is not None and until <= NOON:
            assert found == "expired", row
        else:
            assert found in ("sent", "covered"), row
    assert set(counts) == {"pending", "sent", "covered", "expired", "skipped", "withdrawn"}


def test_of_what_is_overdue_at_one_moment_only_the_latest_is_sent(prompts: list[Stored]) -> None:
    by_number = {row.id: row for row in prompts}
    covered = [row for row in prompts if row.covered_by is not None]
    assert covered
    for row in covered:
        assert row.covered_by is not None
        sent = by_number[row.covered_by]
        assert (sent.plan.rule, sent.plan.name) == (row.plan.rule, row.plan.name)
        assert before(row.plan.wanted_at, sent.plan.wanted_at)
        assert sent.sent_at == NOON and row.sent_at is None
    sent_moments = Counter((row.plan.rule, row.plan.name) for row in prompts if row.sent_at is not None)
    assert set(sent_moments.values()) == {1}


def test_the_first_days_after_an_intake_come_at_once_or_not_at_all(
    begun: Begun, prompts: list[Stored]
) -> None:
    """Reckoned apart from the planner: two working days after the intake, for two weeks, unless the client moved on."""
    moves: dict[str, list[date]] = {}
    known = {}
    for row in begun(SINCE).json("transitions"):
        day = date.fromisoformat(row["day"])
        moves.setdefault(row["client"], []).append(day)
        known[row["client"], day] = datetime.fromisoformat(row["known"])
    latest_sent = {
        row.plan.name: row.plan.step
        for row in prompts
        if row.plan.rule == "crisis-intake" and row.sent_at is not None
    }
    seen: Counter[str] = Counter()
    for row in prompts:
        plan = row.plan
        if (plan.rule, plan.step) != ("crisis-intake", "first-days"):
            continue
        wanted = working_days_later(plan.day, 2)
        due = max(nine(wanted), known[plan.client, plan.day])
        over = nine(wanted + timedelta(weeks=2))
        moved = [midnight(day) for day in moves[plan.client] if day > plan.day]
        if moved and min(moved) <= due and min(moved) < over:
            expected = "withdrawn"
        elif min([over, *moved]) <= NOON:
            expected = "expired"
        elif due > NOON:
            expected = "pending"
        else:
            expected = "sent" if latest_sent[plan.name] == "first-days" else "covered"
        assert state(row, NOON) == expected, (plan.client, plan.day)
        seen[expected] += 1
    assert set(seen) == {"withdrawn", "expired", "pending", "sent", "covered"}


def test_what_became_known_after_six_weeks_is_asked_about_once(begun: Begun) -> None:
    rows = begun(date(2022, 6, 1)).prompts()
    asked = {(row.plan.client, row.plan.day): row for row in rows if row.plan.rule == "still-current"}
    assert len(asked) >= 10
    assert len([row for row in rows if row.plan.rule == "still-current"]) == len(asked)
    for row in asked.values():
        assert day_of(row.plan.known) - row.plan.day > STALE
        assert state(row, NOON) == ("sent" if after(row.plan.until, NOON) else "expired")
    stale = [row.plan for row in rows if row.plan.reason.code == "stale"]
    assert {(plan.client, plan.day) for plan in stale} == set(asked)
    for plan in stale:
        assert before(plan.wanted_at, plan.known)
    for row in rows:
        late = row.plan.day and day_of(row.plan.known) - row.plan.day > STALE
        if late and row.plan.rule != "still-current" and row.plan.wanted:
            assert day_of(row.plan.wanted_at) >= day_of(row.plan.known), row


def working_days_later(day: date, amount: int) -> date:
    """No public holiday lies in these months."""
    while amount:
        day += timedelta(days=1)
        amount -= day.weekday() < 5
    return day


def nine(day: date) -> datetime:
    return at(f"{day} 09:00")


def midnight(day: date) -> datetime:
    return at(f"{day} {time.min}")


def day_of(moment: datetime | None) -> date:
    assert moment is not None
    return moment.astimezone(ZONE).date()


def before(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and one < other


def after(one: datetime | None, other: datetime) -> bool:
    return one is None or one > other
