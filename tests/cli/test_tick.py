from pathlib import Path

from tests.cli.terminal import Terminal
from tests.engine.house import House

KEYS = [
    "now", "read", "left_out", "quarantined", "transitions", "created", "moved", "withdrawn", "revived", "messages", "sent",
    "failed",
]  # fmt: skip


def test_a_pass_tells_what_was_read_planned_and_told(cti: Terminal, house: House) -> None:
    said = cti("tick", "--now", "2026-03-18T10:00")
    assert said.code == 0
    assert said.out == (
        "Wednesday 18 March 2026, 10:00\n"
        "  registration: 4 rows read, 8 changes in the journal\n"
        "  the rules in the folder are in force from now on\n"
        "  3 clients planned, 4 transitions; prompts: 3 new\n"
        "  2 messages made, 2 sent as files in outbox\n"
    )
    assert len(list(Path("outbox").glob("*.eml"))) == 2


def test_a_pass_that_takes_over_changed_rules_tells_that_their_tests_pass(
    cti: Terminal, house: House
) -> None:
    cti.ok("tick", "--now", "2026-03-18T10:00")
    Path("rules/tests").mkdir()
    Path("rules/tests/intake.toml").write_text(PASSES)
    rule = Path("rules/intake.toml")
    rule.write_text(rule.read_text().replace('due = "2 weeks"', 'due = "15 days"'))
    line = "the rules in the folder have passed their test, and are in force from now on"
    assert line in cti.ok("tick", "--now", "2026-03-18T11:00")


PASSES = """\
[[tests]]
name   = "A call fifteen days after intake"
events = [{ day = 2026-03-02, situation = "crisis-shelter" }]
expect = [{ day = 2026-03-17, rule = "intake", step = "call" }]
"""


def test_for_scripts_a_pass_has_these_keys_and_nothing_else_is_written(cti: Terminal, house: House) -> None:
    said = cti("tick", "--now", "2026-03-18T10:00:00+01:00", "--json")
    assert list(said.json) == KEYS
    assert said.json["now"] == "2026-03-18T09:00:00+00:00"
    assert {key: said.json[key] for key in ("read", "left_out", "quarantined", "created", "messages", "sent")} == {
        "read": 4, "left_out": 0, "quarantined": 0, "created": 3, "messages": 2, "sent": 2,
    }  # fmt: skip


def test_a_second_pass_at_the_same_time_changes_nothing(cti: Terminal, house: House) -> None:
    cti.ok("tick", "--now", "2026-03-18T10:00")
    again = cti("tick", "--now", "2026-03-18T10:00", "--json").json
    assert {again[key] for key in KEYS[1:]} == {0}


def test_a_rehearsal_never_goes_back(cti: Terminal, house: House) -> None:
    cti.ok("tick", "--now", "2026-03-18T10:00")
    said = cti("tick", "--now", "2026-03-17T10:00")
    assert said.code == 2
    assert said.err == (
        "--now 2026-03-17T10:00 lies before the last pass, which was at 2026-03-18T10:00:00+01:00\n"
    )


def test_a_rehearsal_sends_no_real_mail(cti: Terminal, house: House) -> None:
    config = Path("config.toml").read_text()
    smtp = 'transport = "smtp"\nhost = "smtp.example.org"\nsender = "cti@example.org"'
    Path("config.toml").write_text(config.replace('transport = "folder"', smtp))
    said = cti("tick", "--now", "2026-03-18T10:00")
    assert (said.code, said.err) == (2, '--now is for rehearsal: only with [mail] transport = "folder"\n')


def test_a_time_that_is_none_is_wrong_use(cti: Terminal, house: House) -> None:
    said = cti("tick", "--now", "yesterday")
    assert said.code == 2
    assert said.err.startswith("--now yesterday: not a time; a time is written as 2026-03-02T09:00")


def test_a_clock_far_ahead_waits_and_says_how_to_go_on(cti: Terminal, house: House) -> None:
    cti.ok("tick", "--now", "2026-03-18T10:00")
    said = cti("tick", "--now", "2026-06-18T10:00")
    assert said.code == 1
    assert "more than 14 days before" in said.err and "cti plan --apply --force" in said.err


def test_a_source_that_cannot_be_read_is_an_error_and_the_rest_goes_on(cti: Terminal, house: House) -> None:
    cti.ok("tick", "--now", "2026-03-18T10:00")
    Path("export").rename("elsewhere")
    said = cti("tick", "--now", "2026-03-18T11:00")
    assert said.code == 1
    assert "registration: could not be read" in said.out
    assert 'source "registration": there is no file or folder export' in said.err


def test_broken_rules_leave_the_last_good_ones_in_force_and_say_so(cti: Terminal, house: House) -> None:
    cti.ok("tick", "--now", "2026-03-18T10:00")
    rule = Path("rules/intake.toml")
    rule.write_text(rule.read_text().replace('to = "worker"', 'to = "wroker"'))
    said = cti("tick", "--now", "2026-03-18T11:00")
    assert said.code == 1
    assert "The rules in the folder were not taken over" in said.err
    assert "rules/intake.toml:" in said.err and '"wroker"' in said.err


def test_warnings_of_the_config_are_told_and_the_pass_goes_on(cti: Terminal, house: House) -> None:
    config = Path("config.toml")
    config.write_text(config.read_text().replace('inbox = "north@example.org"\n', ""))
    said = cti("tick", "--now", "2026-03-18T10:00")
    assert said.code == 0
    assert "warning: config.toml:" in said.err and "team north has no inbox" in said.err
