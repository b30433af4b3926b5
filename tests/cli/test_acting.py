"""`cti answer`, `plan`, `db`: acting, and looking before one acts."""

import sqlite3
from pathlib import Path

from tests.cli.terminal import Terminal
from tests.engine.house import House


def test_an_answer_counts_from_the_next_pass_on(cti: Terminal, house: House) -> None:
    cti.ok("tick", "--now", "2026-03-18T10:00")
    said = cti("answer", "1", "done", "--by", "w1", "--note", "gebeld")
    assert said.code == 0
    assert said.out.startswith("Recorded for prompt 1 (intake/call): ")
    [prompt] = [one for one in cti("prompts", "--json").json if one["state"] == "answered"]
    assert prompt["client"] == "c1"


def test_a_prompt_can_be_named_by_its_key(cti: Terminal, house: House) -> None:
    cti.ok("tick", "--now", "2026-03-18T10:00")
    cti.ok("answer", "intake/call/registration:s2:stay:entered", "done")


def test_an_answer_that_the_prompt_does_not_take_says_which_it_takes(cti: Terminal, house: House) -> None:
    cti.ok("tick", "--now", "2026-03-18T10:00")
    said = cti("answer", "1", "doen")
    assert said.code == 1
    assert '"doen" is no answer to this prompt; it takes: ' in said.err
    assert 'did you mean "done"?' in said.err


def test_a_prompt_that_is_not_there_is_no_traceback(cti: Terminal, house: House) -> None:
    said = cti("answer", "999", "done")
    assert (said.code, said.err) == (1, "error: there is no prompt 999; cti prompts lists them\n")


def test_a_fact_has_a_name_and_a_value(cti: Terminal, house: House) -> None:
    said = cti("answer", "1", "done", "--fact", "trust")
    assert (said.code, said.err) == (2, "--fact trust: a fact is given as NAME=VALUE\n")


def test_an_answer_is_by_someone_of_the_config(cti: Terminal, house: House) -> None:
    said = cti("answer", "1", "done", "--by", "w77")
    assert (said.code, said.err) == (2, "--by w77: there is nobody with this id\n")


def test_a_plan_shows_what_other_rules_would_change_and_changes_nothing(cti: Terminal, house: House) -> None:
    cti.ok("tick", "--now", "2026-03-10T10:00")
    assert cti.ok("plan") == "Nothing would change: the prompts are what the rules say.\n"
    rule = Path("rules/intake.toml")
    rule.write_text(rule.read_text().replace('due = "2 weeks"', 'due = "3 weeks"'))
    found = cti("plan", "--json").json
    assert list(found) == [
        "now",
        "new_rules",
        "created",
        "moved",
        "withdrawn",
        "revived",
        "readdressed",
        "rules",
        "changes",
        "waiting",
        "refused",
    ]
    # c3 moves on before three weeks have passed.
    assert (found["new_rules"], found["moved"], found["withdrawn"], found["created"]) == (True, 2, 1, 0)
    assert list(found["changes"][0]) == [
        "change", "waits", "key", "client", "rule", "step", "role", "due", "until", "reason", "told", "was_due", "was_role",
    ]  # fmt: skip
    assert [(change["change"], change["client"], change["due"]) for change in found["changes"]] == [
        ("move", "c1", "2026-03-23T09:00:00+01:00"),
        ("move", "c2", "2026-03-24T09:00:00+01:00"),
        ("withdraw", "c3", "2026-03-25T09:00:00+01:00"),
    ]
    shown = cti.ok("plan")
    assert "prompts: 2 moved, 1 withdrawn" in shown
    assert "These rules are not those in force" in shown
    assert {prompt["due"] for prompt in cti("prompts", "--json").json} == {
        "2026-03-16T09:00:00+01:00", "2026-03-17T09:00:00+01:00", "2026-03-18T09:00:00+01:00",
    }  # fmt: skip


def test_what_is_over_a_limit_waits_with_its_numbers_until_it_is_forced(cti: Terminal, house: House) -> None:
    config = Path("config.toml")
    config.write_text(config.read_text().replace("floor = 20", "floor = 1"))
    first = cti("tick", "--now", "2026-03-18T10:00")
    assert first.code == 0
    assert "prompts: no change" in first.out
    assert first.err.splitlines() == [
        "  waits: rule intake would prompt about 3 clients at once (the limit is 1, with 3 clients in care)",
        "  Is this right? Then: cti plan --apply --force. Else mend the source or the rule; all else went on.",
    ]
    looked = cti("plan", "--json").json
    assert looked["waiting"] == [{"kind": "due", "of": "intake", "clients": 3, "limit": 1, "open": 3}]
    assert [change["waits"] for change in looked["changes"]] == [True] * 3
    assert "new (waits)" in cti.ok("plan")
    # The pass that lets it through goes on at the time of the rehearsal, not at that of the clock.
    forced = cti.ok("plan", "--apply", "--force")
    assert "Wednesday 18 March 2026, 10:00" in forced and "prompts: 3 new" in forced and "2 sent" in forced


def test_force_without_apply_is_wrong_use(cti: Terminal, house: House) -> None:
    said = cti("plan", "--force")
    assert (said.code, said.err) == (2, "--force lets through what waits, so it needs --apply\n")


def test_rules_that_cannot_be_used_are_told_instead_of_a_plan(cti: Terminal, house: House) -> None:
    Path("rules/intake.toml").write_text('id = "intake"')
    said = cti("plan")
    assert said.code == 1
    assert "rules/intake.toml" in said.err


def test_a_backup_is_a_whole_database(cti: Terminal, house: House) -> None:
    cti.ok("tick", "--now", "2026-03-18T10:00")
    assert "copy.db holds a copy of" in cti.ok("db", "backup", "copy.db")
    copy = sqlite3.connect("copy.db")
    try:
        assert copy.execute("SELECT count(*) FROM client").fetchone() == (3,)
    finally:
        copy.close()


def test_a_backup_overwrites_nothing(cti: Terminal, house: House) -> None:
    Path("copy.db").write_text("mine")
    said = cti("db", "backup", "copy.db")
    assert said.code == 1
    assert "is there already; name a new file" in said.err
    assert Path("copy.db").read_text() == "mine"


def test_an_upgrade_makes_the_tables_and_can_be_repeated(cti: Terminal) -> None:
    cti.ok("init", "shelter")
    for _ in range(2):
        assert "cti.db is up to date." in cti.ok("-c", "shelter/config.toml", "db", "upgrade")
