"""An organisation begins with an export that names no worker: who is prompted."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from cti.core.prompts import Stored
from tests.exports.conftest import NOW, SINCE, Begun
from tests.exports.place import place

NOON = datetime.fromisoformat(NOW)


def test_with_no_worker_named_all_goes_to_the_inbox_of_the_team(begun: Begun, prompts: list[Stored]) -> None:
    (mail,) = begun(SINCE).mails()
    assert mail["To"] == "north@example.org"
    sent = sum(row.sent_at is not None for row in prompts)
    covered = sum(row.covered_by is not None for row in prompts)
    assert f" {sent} " in mail["Subject"]
    body = mail.get_body(("plain",))
    assert body is not None and f"- {covered} " in body.get_content()


def test_a_mail_says_nothing_about_clients(begun: Begun, prompts: list[Stored]) -> None:
    (mail,) = begun(SINCE).mails()
    words = set(re.findall(r"\w+", mail.as_string()))
    assert words.isdisjoint({row.plan.client for row in prompts})


def test_a_mail_that_may_say_it_all_has_every_prompt_that_was_sent(samples: Path, tmp_path: Path) -> None:
    made = place(tmp_path / "x", samples / "hmis-fy2026", SINCE)
    made.set(r'^transport = "folder".*', 'transport = "folder"\ncontent = "full"')
    made.tick(NOW)
    (mail,) = made.mails()
    body = mail.get_body(("plain",))
    assert body is not None
    words = set(re.findall(r"\w+", body.get_content()))
    assert {row.plan.client for row in made.prompts() if row.sent_at is not None} <= words


def test_projects_may_have_teams_of_their_own(samples: Path, tmp_path: Path, prompts: list[Stored]) -> None:
    made = place(
        tmp_path / "x",
        samples / "hmis-fy2026",
        SINCE,
        'projects = { 1396 = { team = "south" }, 486 = { team = "south" } }',
        '\n[[teams]]\nid = "south"\ninbox = "south@example.org"\n',
    )
    made.tick(NOW)
    assert [mail["To"] for mail in made.mails()] == ["north@example.org", "south@example.org"]
    assert {row.plan.key for row in made.prompts() if row.final} == {
        row.plan.key for row in prompts if row.final
    }


def test_without_an_inbox_all_is_listed_as_unroutable_until_there_is_one(
    samples: Path, tmp_path: Path, prompts: list[Stored]
) -> None:
    made = place(tmp_path / "x", samples / "hmis-fy2026", SINCE)
    made.set(r'^team = "north" .*', "")
    assert made.tick(NOW)["messages"] == 0
    assert made.mails() == []
    due = {row.plan.key for row in prompts if row.final}
    listed = made.json("prompts", "--state", "unroutable")
    assert {row["key"] for row in listed} == due
    made.set(r'^type = "hmis-csv"', 'type = "hmis-csv"\nteam = "north"')
    assert made.tick(NOW)["sent"] == 1
    assert {row.plan.key for row in made.prompts() if row.final} == due
    assert made.json("prompts", "--state", "unroutable") == []


def test_the_next_tick_sends_nothing_twice(begun: Begun, tmp_path: Path) -> None:
    made = begun(SINCE).copied(tmp_path / "x")
    assert len(made.mails()) == 1
    again = made.tick("2022-09-30T16:00:00+02:00")
    assert not any(again[name] for name in ("created", "moved", "withdrawn", "revived", "messages", "sent"))
