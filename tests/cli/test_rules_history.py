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
    first = cti.ok("rules", "history").splitlines()[1]
    assert "in force" in first and f" {listed[0]['digest'][:8]} " in first
    assert [one["steps"] for one in listed] == [1, 1]


def test_earlier_rules_hold_again_and_until_a_file_changes(cti: Terminal, house: House) -> None:
    cti.ok("tick", "--now", "2026-03-10T10:00")
    change_rule("3 weeks")
    cti.ok("tick", "--now", "2026-03-11T10:00")
    said = cti.ok("rules", "restore", "1").splitlines()
    assert said[0] == "The rules of number 1 are in force again, from now on as number 3."
    assert said[1] == "  3 clients planned, 4 transitions; prompts: 2 moved, 1 revived"
    assert {prompt["due"][:10] for prompt in cti("prompts", "--json").json} == {
        "2026-03-16",
        "2026-03-17",
        "2026-03-18",
    }
    change_rule("4 weeks")
    cti.ok("tick", "--now", "2026-03-13T10:00")
    assert cti("rules", "history", "--json").json[0]["number"] == 4


def test_what_is_over_a_limit_is_put_back_by_force_only(cti: Terminal, house: House) -> None:
    for number in range(25):
        house.moves_in("3-4", f"n{number}", "crisis-shelter", client=f"n{number}")
    house.tick("3-10")
    text = Path("rules/intake.toml").read_text()
    Path("rules/intake.toml").write_text(text.replace("[on]", "off = true\n[on]"))
    house.tick("3-11", force=True)
    cti.ok("tick", "--now", "2026-03-20T10:00")
    refused = cti("--lang", "nl", "rules", "restore", "1")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.splitlines() == [
        'fout: regel "intake": zou in één keer over 27 cliënten herinneren; dat is meer dan de grens van 20',
        "Er is niets gewijzigd. Toch doen: cti rules restore 1 --force",
    ]
    done = cti("rules", "restore", "1", "--force", "--json")
    assert done.code == 0
    assert (done.json["restored"], done.json["number"], done.json["created"]) == (1, 3, 28)
    assert "cti rules restore" in cti("rules", "history", "--json").json[0]["by"]


def test_what_cannot_be_put_back_is_said_and_changes_nothing(cti: Terminal, house: House) -> None:
    assert "No rules were in force yet" in cti.ok("rules", "history")
    house.tick("3-10")
    already, unknown = cti("rules", "restore", "1"), cti("rules", "restore", "7")
    assert (already.code, unknown.code) == (1, 1)
    assert "in force already, as number 1" in already.err
    assert "there is no rulebook 7" in unknown.err
    assert len(cti("rules", "history", "--json").json) == 1
