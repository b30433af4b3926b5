"""`cti rules history` and `cti rules restore`."""

from __future__ import annotations

from pathlib import Path

from tests.cli.terminal import Terminal
from tests.engine.house import House, simple_rule


def change_rule(due: str) -> None:
    Path("rules/intake.toml").write_text(simple_rule(due=due))


def test_each_rulebook_that_was_in_force_is_listed_the_newest_first(cti: Terminal, house: House) -> None:
    house.tick("3-10")
    change_rule("3 weeks")
    house.tick("3-11")
    listed = cti("rules", "history", "--json").json
    assert [(one["number"], one["rules"], one["prompts"], one["in_force"]) for one in listed] == [
        (2, 1, 3, True),
        (1, 1, 0, False),
    ]
    assert listed[0]["since"].startswith("2026-03-11T")
    assert "in force" in cti.ok("rules", "history").splitlines()[1]


def test_earlier_rules_hold_again_and_until_a_file_changes(cti: Terminal, house: House) -> None:
    cti.ok("tick", "--now", "2026-03-10T10:00")
    change_rule("3 weeks")
    cti.ok("tick", "--now", "2026-03-11T10:00")
    assert "number 1 are in force again, from now on as number 3" in cti.ok("rules", "restore", "1")
    cti.ok("tick", "--now", "2026-03-12T10:00")
    assert {prompt["due"][:10] for prompt in cti("prompts", "--json").json} == {
        "2026-03-16",
        "2026-03-17",
        "2026-03-18",
    }
    change_rule("4 weeks")
    cti.ok("tick", "--now", "2026-03-13T10:00")
    assert cti("rules", "history", "--json").json[0]["number"] == 4


def test_what_cannot_be_put_back_is_said_and_changes_nothing(cti: Terminal, house: House) -> None:
    assert "No rules were in force yet" in cti.ok("rules", "history")
    house.tick("3-10")
    already, unknown = cti("rules", "restore", "1"), cti("rules", "restore", "7")
    assert (already.code, unknown.code) == (1, 1)
    assert "in force already, as number 1" in already.err
    assert "there is no rulebook 7" in unknown.err
    assert len(cti("rules", "history", "--json").json) == 1
