"""An organisation begins with an export, and its limits are low: what waits, and what lets it through."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from cti.core.prompts import Planned, Stored, state
from tests.exports.conftest import NOW, SINCE
from tests.exports.place import Place, at, place

NOON = datetime.fromisoformat(NOW)


def test_what_is_over_a_limit_waits_with_its_numbers_until_someone_lets_it_through(
    samples: Path, tmp_path: Path, prompts: list[Stored]
) -> None:
    made = with_limits(tmp_path, samples, share=0.0001, floor=1)
    waits = waiting(made.run("tick", "--now", NOW)[1])
    assert set(waits) == {row.plan.rule for row in prompts if row.final}
    for rule, (clients, limit, _) in waits.items():
        assert clients == len({row.plan.client for row in prompts if row.final and row.plan.rule == rule})
        assert limit == 1
    assert made.mails() == [] and not any(row.final for row in made.prompts())
    assert waiting(made.run("plan", "--apply", "--force")[1]) == {}
    assert outcome(made.prompts()) == outcome(prompts)
    assert len(made.mails()) == 1
    assert made.tick(NOW)["messages"] == 0


def test_what_is_within_the_limit_does_not_wait_and_the_rest_comes_with_the_next_digest(
    samples: Path, tmp_path: Path, prompts: list[Stored]
) -> None:
    made = with_limits(tmp_path, samples, share=0.01, floor=5)
    waits = waiting(made.run("tick", "--now", NOW)[1])
    clients = {
        rule: {row.plan.client for row in prompts if row.final and row.plan.rule == rule}
        for rule in {row.plan.rule for row in prompts if row.final}
    }
    limit, open_now = next(iter(waits.values()))[1:]
    assert limit == -(-open_now // 100)
    assert set(waits) == {rule for rule, touched in clients.items() if len(touched) > limit} != set(clients)
    at_once = {row.plan.key for row in made.prompts() if row.final}
    assert at_once == {row.plan.key for row in prompts if row.final and row.plan.rule not in waits}
    made.run("plan", "--apply", "--force")
    assert len(made.mails()) == 1, "the inbox has had its digest of this day"
    inbox = made.mails()[0]["To"]
    made.tick("2022-10-03T10:00:00+02:00")
    assert sum(mail["To"] == inbox for mail in made.mails()) == 2, "and a lead has the counts of September"
    monday = at("2022-10-03 10:00")
    for row in made.prompts():
        if row.plan.wanted and row.plan.due is not None and row.plan.due <= monday:
            assert row.final == (row.plan.key in at_once or after(row.plan.until, monday)), row


def with_limits(folder: Path, samples: Path, share: float, floor: int) -> Place:
    limits = f"\n[limits]\nshare = {share}\nfloor = {floor}\n"
    return place(folder / "x", samples / "hmis-fy2026", SINCE, more=limits)


def waiting(said: str) -> dict[str, tuple[int, int, int]]:
    """Of each rule that waits: how many clients it would prompt about, how many it may, and how many are in care."""
    lines = re.findall(
        r"rule (\S+) would prompt about (\d+) clients at once \(the limit is (\d+), with (\d+) clients", said
    )
    return {rule: (int(clients), int(limit), int(open_now)) for rule, clients, limit, open_now in lines}


def outcome(rows: list[Stored]) -> dict[str, tuple[Planned, str]]:
    """Each prompt as planned, with its state."""
    return {row.plan.key: (row.plan, state(row, NOON)) for row in rows}


def after(one: datetime | None, other: datetime) -> bool:
    return one is None or one > other
