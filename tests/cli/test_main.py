"""What all commands share: options, languages, exit codes, and no traceback for what a person can mend."""

import subprocess
import sys
from pathlib import Path

import pytest

from cti import __version__
from cti.cli.main import in_front
from cti.engine.locks import PLAN
from tests.cli.terminal import Terminal
from tests.engine.house import House


def test_without_a_command_the_help_is_shown(cti: Terminal) -> None:
    said = cti()
    assert said.code == 2
    assert "cti demo        makes a sample organisation" in said.out + said.err


def test_the_help_lists_the_commands_in_the_order_in_which_one_meets_them(cti: Terminal) -> None:
    shown = cti.ok("--help")
    places = [
        shown.index(f"\n  {name} ") for name in ("demo", "init", "check", "run", "tick", "transitions", "db")
    ]
    assert places == sorted(places)


def test_the_version_is_the_packages(cti: Terminal) -> None:
    assert cti.ok("--version") == f"cti {__version__}\n"


@pytest.mark.parametrize(
    "words", [("chek",), ("tick", "--nwo"), ("answer",), ("prompts", "--client"), ("--lang", "fr", "tick")]
)
def test_wrong_use_ends_with_2(cti: Terminal, words: tuple[str, ...]) -> None:
    said = cti(*words)
    assert said.code == 2
    assert said.out == ""
    assert "Traceback" not in said.err


def test_a_misspelt_command_is_guessed(cti: Terminal) -> None:
    assert "Did you mean 'check'?" in cti("chek").err


def test_without_a_config_it_says_how_to_make_one(cti: Terminal) -> None:
    said = cti("tick")
    assert said.code == 1
    assert said.err == (
        "error: there is no config config.toml; make one with: cti init DIR (then cd DIR), or name one with: cti -c FILE\n"
    )


def test_output_is_in_the_language_asked_for(cti: Terminal) -> None:
    assert cti("--lang", "nl", "tick").err.startswith(
        "fout: er is geen configuratie config.toml; maak er een met: cti init"
    )


def test_output_is_in_the_language_of_the_terminal(cti: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "nl_NL.UTF-8")
    monkeypatch.delenv("LC_ALL")
    monkeypatch.delenv("LC_MESSAGES")
    assert cti("tick").err.startswith("fout:")


def test_the_programs_own_options_may_stand_behind_the_command(cti: Terminal) -> None:
    said = cti("tick", "-c", "other.toml", "--lang", "nl")
    assert "er is geen configuratie other.toml" in said.err


@pytest.mark.parametrize(
    ("words", "sorted_out"),
    [
        (["tick", "-c", "x"], ["-c", "x", "tick"]),
        (["tick", "--config=x", "--lang=nl"], ["--config=x", "--lang=nl", "tick"]),
        (["answer", "1", "yes", "--", "-c", "x"], ["answer", "1", "yes", "--", "-c", "x"]),
        (["tick", "-c"], ["-c", "tick"]),
        ([], []),
    ],
)
def test_options_are_sorted_out_before_the_command(words: list[str], sorted_out: list[str]) -> None:
    assert in_front(words) == sorted_out


def test_the_environment_names_the_config(
    cti: Terminal, house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CTI_CONFIG", "house/config.toml")
    assert "No transitions yet" in cti.ok("transitions")


def test_a_broken_config_is_told_whole_and_without_a_traceback(cti: Terminal, house: House) -> None:
    config = Path("config.toml")
    text = config.read_text().replace('transport = "folder"', 'transport = "fodler"')
    config.write_text(text.replace("floor = 20", "flor = 20"))
    said = cti("prompts", "--json")
    assert said.code == 1
    assert said.out == ""
    assert [
        line.split(": ", 2)[2] if line.startswith("error") else line for line in said.err.splitlines()
    ] == [
        'transport = "fodler": not one of smtp, folder; did you mean "folder"?',
        '    write  transport = "folder"',
        '[limits] has no key "flor"; did you mean "floor"?',
        "    write  floor = 20",
    ]


def test_a_fault_of_the_program_tells_the_place_and_nothing_about_people(cti: Terminal, house: House) -> None:
    # A directory where the database should be is something that the store says in its own words; a broken table is not.
    with house.system.database.write() as tx:
        tx.exec_driver_sql("UPDATE meta SET value = 'c1 is not JSON'")
        tx.exec_driver_sql("INSERT INTO meta (key, value) VALUES ('last-tick', 'c1 is not JSON')")
    said = cti("tick")
    assert said.code == 1
    assert said.err.startswith("this is a fault in cti itself: JSONDecodeError at json/decoder.py:")
    assert "c1" not in said.err and "Traceback" not in said.err


def test_a_second_pass_at_the_same_time_is_refused(cti: Terminal, house: House) -> None:
    with house.system.database.lock(PLAN) as mine:
        assert mine
        said = cti("tick", "--now", "2026-03-16T10:00")
    assert (said.code, said.out) == (1, "")
    assert said.err == "another cti is in the middle of a pass over this database; try again shortly\n"


def test_an_old_schema_is_refused_with_the_command_that_upgrades_it(cti: Terminal, house: House) -> None:
    with house.system.database.write() as tx:
        tx.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    said = cti("tick")
    assert said.code == 1
    assert "is of an older cti" in said.err and "cti db upgrade" in said.err


def test_a_reader_who_has_seen_enough_is_no_error(house: House) -> None:
    house.tick("3-16")
    command = f"{sys.executable} -m cti transitions --json | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command], cwd=house.folder, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "[", "")
