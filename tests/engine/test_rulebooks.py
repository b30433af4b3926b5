"""The rules folder is read whole, as it lay there at one time, whoever is writing in it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.engine.house import House, simple_rule

RULE = "rules/intake.toml"


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(tmp_path)
    made.only_rule("intake", simple_rule(due="2 weeks"), call="Bel even")
    made.tick("3-2")
    return made


def test_what_an_editor_leaves_beside_a_file_is_not_looked_at(house: House) -> None:
    (house.folder / "rules" / ".#intake.toml").symlink_to("someone@somewhere.4711")
    (house.folder / "rules" / ".intake.toml.swp").write_bytes(b"\0\xff")
    done = house.tick("3-3")
    assert (done.problems, done.adopted) == ((), None)


def test_a_file_that_is_gone_when_it_is_to_be_read_is_not_there(house: House) -> None:
    (house.folder / "rules" / "gone.toml").symlink_to("nowhere.toml")
    (house.folder / "templates" / "mail" / "gone.nl.md").symlink_to("nowhere.md")
    done = house.tick("3-3")
    assert (done.problems, done.adopted) == ((), None)


def test_a_folder_that_is_gone_leaves_the_last_good_rulebook(house: House) -> None:
    house.moves_in("3-2", "a", "crisis-shelter")
    (house.folder / "rules").rename(house.folder / "away")
    done = house.tick("3-16")
    assert [problem.sentence("en") for problem in done.problems] == [
        "the folder rules is not there",
        "rules/vocabulary.toml: the vocabulary is missing",
    ]
    assert len(house.mails()) == 1


def test_a_change_that_looks_the_same_from_outside_is_seen(house: House) -> None:
    """A file system keeps times in steps, so two changes of the same length can bear the same time."""
    file = house.folder / RULE
    before = file.stat()
    file.write_text(simple_rule(due="3 weeks"), encoding="utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_size == before.st_size
    assert house.tick("3-3").adopted is not None


def test_a_mail_text_that_looks_the_same_from_outside_is_seen(house: House) -> None:
    for number, client in enumerate(("c1", "c2")):
        house.moves_in(f"3-{2 + number}", f"s{number}", "crisis-shelter", client=client)
    file = house.folder / "templates" / "mail" / "digest.nl.md"
    file.write_text("# Wat er ligt\n\nVandaag.\n", encoding="utf-8")
    house.tick("3-16")
    before = file.stat()
    file.write_text("# Wat er ligt\n\nVandaan.\n", encoding="utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    house.tick("3-17")
    assert ["Vandaan" in mail.as_string() for mail in house.mails()] == [False, True]


def test_a_folder_that_someone_is_writing_in_waits_for_the_next_pass(house: House) -> None:
    """What is half written may be a rule by itself, with fewer steps."""
    file = house.folder / RULE
    whole = simple_rule(due="3 weeks")

    def finish() -> None:
        file.write_text(whole, encoding="utf-8")

    house.system = replace(house.system, pause=finish)
    file.write_text(whole[: len(whole) // 2], encoding="utf-8")
    half = house.tick("3-3")
    assert (half.problems, half.adopted) == ((), None)
    assert house.tick("3-3", 11).adopted is not None


def test_a_folder_that_nobody_writes_in_is_waited_for_only_where_it_changed(house: House) -> None:
    waited: list[str] = []
    house.system = replace(house.system, pause=lambda: waited.append("a moment"))
    house.tick("3-3")
    assert waited == []
    house.write_rule("intake", simple_rule(due="3 weeks"), call="Bel even")
    assert house.tick("3-4").adopted is not None
    assert waited == ["a moment"]


def test_a_folder_that_was_refused_is_judged_anew_when_the_config_is_another(house: House) -> None:
    house.write_rule("intake", simple_rule().replace('to = "worker"', 'to = "intake-desk"'), call="Bel even")
    assert house.tick("3-3").problems != ()
    assert house.tick("3-4").problems == (), "it is not looked at again, and said once"
    config = house.folder / "config.toml"
    config.write_text(config.read_text() + '\n[desks]\nintake-desk = "intake@example.org"\n')
    house.reopen()
    assert house.tick("3-5").adopted is not None
