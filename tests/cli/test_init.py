import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.terminal import Terminal


def test_a_newcomer_lays_out_checks_and_ticks(
    cti: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shown = cti.ok("init", "shelter")
    assert "shelter is ready:" in shown and "cd shelter && cti check && cti tick" in shown
    monkeypatch.chdir(tmp_path / "shelter")
    check = cti.ok("check")
    assert "database: not there yet; the first pass makes it" in check
    assert "mail goes into the folder outbox as files; nobody is sent anything" in check
    assert "1 warning" in check
    assert not Path("cti.db").exists()
    ticked = cti.ok("tick")
    assert "registration: nothing new" in ticked
    assert "the rules in the folder are in force from now on" in ticked
    assert "no client is known yet: put an export of your registration where a source reads it" in ticked
    assert Path("cti.db").exists()


def test_today_is_the_day_from_which_rules_prompt(cti: Terminal) -> None:
    cti.ok("init", "shelter")
    vocabulary = Path("shelter/rules/vocabulary.toml").read_text()
    today = datetime.now(UTC).astimezone().date().isoformat()
    assert re.findall(r"^since *= *(\S+)", vocabulary, re.MULTILINE) == [today]


def test_nothing_is_overwritten(cti: Terminal) -> None:
    Path("shelter").mkdir()
    Path("shelter/config.toml").write_text("mine")
    said = cti("init", "shelter")
    assert said.code == 1
    assert said.err == (
        "shelter has config.toml already; nothing was written. Name another folder, or move that away\n"
    )
    assert [file.name for file in Path("shelter").iterdir()] == ["config.toml"]
    assert Path("shelter/config.toml").read_text() == "mine"


def test_a_folder_with_other_things_in_it_is_used(cti: Terminal) -> None:
    Path("shelter/export").mkdir(parents=True)
    Path("shelter/export/events.csv").write_text("id,client\n")
    cti.ok("init", "shelter")
    assert Path("shelter/export/events.csv").read_text() == "id,client\n"


def test_a_file_is_no_folder(cti: Terminal) -> None:
    Path("shelter").write_text("")
    said = cti("init", "shelter")
    assert (said.code, said.err) == (1, "shelter is a file; name a folder\n")
