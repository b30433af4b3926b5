"""`cti check`, `cti rules check` and `cti rules test`: everything that is wrong, at once."""

import shutil
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal
from tests.engine.house import House, simple_rule

KEYS = ["level", "file", "line", "rule", "step", "field", "message", "suggestion", "further"]


def test_a_check_looks_into_everything(cti: Terminal, house: House) -> None:
    shown = cti.ok("check").splitlines()
    assert shown[:5] == [
        "✔ config: config.toml",
        "✔ rules: 1 rule, 1 step, 0 tests",
        f"✔ database: {house.folder}/cti.db",
        "✔ source registration: 4 rows can be read, 0 left out by a setting, 0 cannot",
        "✔ mail: into the folder outbox",
    ]


def test_a_check_for_scripts_lists_problems_with_these_keys(cti: Terminal, house: House) -> None:
    found = cti("check", "--json").json
    mail = [problem for problem in found if problem["field"] == "mail.transport"]
    assert [list(problem) for problem in found] == [KEYS] * len(found)
    assert (mail[0]["level"], mail[0]["file"]) == ("warning", "config.toml")
    assert Path("config.toml").read_text().splitlines()[mail[0]["line"] - 1] == 'transport = "folder"'


def test_problems_of_config_rules_and_source_stand_side_by_side(cti: Terminal, house: House) -> None:
    config = Path("config.toml")
    mapped = 'path = "export"\ncodes = { situation = { CO = "crisis-sheltr" } }'
    config.write_text(config.read_text().replace('path = "export"', mapped))
    rule = Path("rules/intake.toml")
    rule.write_text(rule.read_text().replace('expires = "8 weeks"', 'expires = "8 weks"'))
    said = cti("check", "--json")
    assert said.code == 1
    errors = [problem for problem in said.json if problem["level"] == "error"]
    assert [(problem["file"], problem["field"]) for problem in errors] == [("rules/intake.toml", "expires")]
    rule.write_text(rule.read_text().replace('expires = "8 weks"', 'expires = "8 weeks"'))
    [error] = [problem for problem in cti("check", "--json").json if problem["level"] == "error"]
    assert (error["file"], error["field"]) == ("config.toml", "sources.0.codes.situation.CO")
    assert error["suggestion"] == 'codes = { situation = { CO = "crisis-shelter" } }'


def test_a_check_changes_nothing(cti: Terminal, house: House) -> None:
    before = sorted((path.name, path.stat().st_mtime_ns) for path in house.folder.rglob("*.toml"))
    cti.ok("check")
    assert sorted((path.name, path.stat().st_mtime_ns) for path in house.folder.rglob("*.toml")) == before
    assert not list(Path("outbox").glob("*.eml"))


def test_that_changed_rules_are_not_taken_over_is_shown_with_what_only_the_service_can_know(
    cti: Terminal, house: House
) -> None:
    for number in range(25):
        house.moves_in("3-4", f"n{number}", "street", client=f"n{number}")
    house.tick("3-10")
    house.write_rule("outreach", simple_rule("outreach", "visit", "1 day", "street"), visit="Ga langs")
    house.tick("3-11")
    said = cti("check")
    assert said.code == 1
    rules, limit, *_ = [line for line in said.out.splitlines() if "not taken over" in line or "error" in line]
    assert [rules, limit] == [
        "warning: the changed rules are not taken over since Wednesday 11 March 2026, 10:00; rulebook 1 holds",
        'error: rule "outreach": would prompt about 25 clients at once, which is over the limit of 20',
    ]
    Path("rules/outreach.toml").unlink()
    assert "not taken over" not in cti.ok("check"), "what lies there now was not looked at yet"


def test_a_mail_server_that_does_not_answer_is_an_error(cti: Terminal, house: House) -> None:
    config = Path("config.toml")
    smtp = 'transport = "smtp"\nhost = "127.0.0.1"\nport = 1\nsecurity = "none"\nsender = "cti@example.org"'
    config.write_text(config.read_text().replace('transport = "folder"', smtp))
    said = cti("check", "--json")
    assert said.code == 1
    [error] = [problem for problem in said.json if problem["level"] == "error"]
    assert error["field"] == "mail.host"
    assert error["message"].startswith("the mail server 127.0.0.1 cannot be used: ")


def test_a_config_that_is_not_there_is_a_finding(cti: Terminal) -> None:
    said = cti("check", "--json")
    assert said.code == 1
    assert [problem["level"] for problem in said.json] == ["error"]


def test_a_rules_folder_can_be_checked_without_a_config(
    cti: Terminal, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("config.toml").unlink()
    assert "Can be used: 1 rule, 1 step, 0 tests." in cti.ok("rules", "check", "rules")


def test_a_rules_folder_with_errors_ends_with_1(cti: Terminal, house: House) -> None:
    rule = Path("rules/intake.toml")
    rule.write_text(rule.read_text().replace('due = "2 weeks"', 'due = "2 weks"'))
    said = cti("rules", "check")
    assert said.code == 1
    assert (
        'rules/intake.toml:11: step "call": due = "2 weks": not a delay; did you mean "2 weeks"?' in said.out
    )
    assert '    write  due = "2 weeks"' in said.out
    assert (
        said.out.splitlines()[-1] == "1 error, 1 warning"
    )  # the text of the only step is Dutch in both languages
    assert [list(problem) for problem in cti("rules", "check", "--json").json] == [KEYS, KEYS]


def test_what_is_to_be_written_elsewhere_is_shown_with_its_place(cti: Terminal, house: House) -> None:
    rule = Path("rules/intake.toml")
    written = rule.read_text().replace('enters = "crisis-shelter"', 'enters = "hotel"\nsince  = 2026-03-01')
    rule.write_text(written.replace('to = "worker"', 'to = "worker"\ntext = "intake/second-look"'))
    shown = [line.rstrip() for line in cti("rules", "check").out.splitlines()]
    assert shown[1:] == EVERYWHERE.strip("\n").splitlines()
    further = [edit for problem in cti("rules", "check", "--json").json for edit in problem["further"]]
    assert [edit["how"] for edit in further] == ["below", "below", "new", "new"]


def test_a_line_that_is_only_to_go_is_no_line_to_write(cti: Terminal, house: House) -> None:
    rule = Path("rules/intake.toml")
    rule.write_text(rule.read_text().replace('to = "worker"', 'to = "worker"\nblue = 3'))
    assert "    leave out  # blue = 3" in cti("rules", "check").out.splitlines()


EVERYWHERE = """
    none of these? Then write in rules/vocabulary.toml, below line 33:
           [situations.hotel]
           label = { nl = "hotel", en = "hotel" }
error: rules/intake.toml:8: "since" belongs to the rule itself: move it up, above line 6
    take line 8 away
    write in rules/intake.toml, below line 2:
           since  = 2026-03-01
error: rules/intake.toml:14: step "call": text = "intake/second-look": there is no templates/prompts/intake/second-look.nl.md
    make the file templates/prompts/intake/second-look.nl.md:
           # Second look

           Daarom
    make the file templates/prompts/intake/second-look.en.md:
           # Second look

           Because
3 errors
"""


def test_a_folder_that_is_not_there_is_wrong_use(cti: Terminal) -> None:
    said = cti("rules", "check", "nowhere")
    assert (said.code, said.err) == (2, "there is no folder nowhere\n")


TEST = """
[[tests]]
name   = "Two weeks after the intake"
rule   = "intake"
events = [{ day = 2026-03-02, situation = "crisis-shelter" }]
expect = [{ day = DAY, step = "call", to = "worker" }]
"""


def test_the_rules_own_tests_pass_or_show_what_happened(cti: Terminal, house: House) -> None:
    assert "No tests yet" in cti.ok("rules", "test")
    Path("rules/tests").mkdir()
    Path("rules/tests/intake.toml").write_text(TEST.replace("DAY", "2026-03-16"))
    assert cti.ok("rules", "test") == "1 test passes\n"
    assert "✓ rules/tests/intake.toml:2: Two weeks after the intake" in cti.ok("rules", "test", "--all")
    Path("rules/tests/intake.toml").write_text(TEST.replace("DAY", "2026-03-17"))
    said = cti("rules", "test")
    assert said.code == 1
    assert said.out.splitlines()[0] == "✗ rules/tests/intake.toml:2: Two weeks after the intake"
    assert "Mon 16 Mar 2026  call" in said.out
    assert said.out.splitlines()[-1] == "1 of 1 tests fails"
    [outcome] = cti("rules", "test", "--json").json
    assert (outcome["name"], outcome["passed"]) == ("Two weeks after the intake", False)
    assert "fails; cti rules test shows it" in cti("check").out


def test_a_test_is_called_as_its_reader_speaks(cti: Terminal, house: House) -> None:
    names = '{ nl = "Na twee weken", en = "After two weeks" }'
    Path("rules/tests").mkdir()
    Path("rules/tests/intake.toml").write_text(
        TEST.replace('"Two weeks after the intake"', names).replace("DAY", "2026-03-17")
    )
    for lang, name in (("nl", "Na twee weken"), ("en", "After two weeks")):
        assert cti("rules", "test", "--lang", lang).out.splitlines()[0].endswith(f"toml:2: {name}")
        assert name in cti("check", "--lang", lang).out
    assert cti("rules", "test", "--lang", "nl", "--json").json[0]["name"] == "Na twee weken"


def test_tests_wait_until_the_rules_can_be_read(cti: Terminal, house: House) -> None:
    rule = Path("rules/intake.toml")
    rule.write_text(rule.read_text().replace('to = "worker"', 'to = "wroker"'))
    said = cti("rules", "test", "--json")
    assert (said.code, said.out) == (1, "")
    assert "These errors come first; then the tests can run." in said.err


def test_new_days_are_written_into_the_tests_of_the_folder_that_is_meant(cti: Terminal, house: House) -> None:
    shutil.copytree("rules", "draft/rules")
    shutil.copytree("templates", "draft/templates")
    test = Path("draft/rules/tests/intake.toml")
    test.parent.mkdir()
    test.write_text(TEST.replace("DAY", "2026-03-10").replace("\n", "\r\n"), newline="")
    said = cti("rules", "test", "draft/rules", "--mend")
    assert (said.code, said.out) == (0, "1 test passes\n")
    assert said.err == "draft/rules/tests/intake.toml:6: call: Tue 10 Mar 2026 → Mon 16 Mar 2026\n"
    assert test.read_bytes() == TEST.replace("DAY", "2026-03-16").replace("\n", "\r\n").encode()
    assert cti("rules", "test", "draft/rules", "--mend").err == ""


def test_a_folder_that_is_named_is_named_in_messages_as_well(cti: Terminal, house: House) -> None:
    shutil.copytree("rules", "draft/rules")
    Path("draft/rules/intake.toml").write_text("id = 5")
    said = cti("rules", "check", "draft/rules")
    assert said.code == 1
    assert "draft/rules/intake.toml:1: " in said.out
