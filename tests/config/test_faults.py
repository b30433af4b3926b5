from pathlib import Path

import pytest

from cti.config import examine
from cti.problems import corrected
from tests.config.faults_database import DATABASE
from tests.config.faults_inward import INWARD
from tests.config.faults_login import LOGIN
from tests.config.faults_outward import OUTWARD
from tests.config.faults_senders import SENDERS
from tests.config.faults_webhooks import WEBHOOKS
from tests.config.sample import RIGHT, Fault, lay_out

FAULTS = [*DATABASE, *OUTWARD, *INWARD, *WEBHOOKS, *LOGIN, *SENDERS]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in which the test stands, so that messages name the config as someone there would."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_in_the_right_config_nothing_is_found(here: Path) -> None:
    lay_out(here, RIGHT)
    config, problems = examine(Path("config.toml"), {})
    assert config is not None
    assert problems == ()


def test_there_are_enough_faults_and_each_is_another() -> None:
    assert len(FAULTS) >= 60
    assert len({fault.id for fault in FAULTS}) == len(FAULTS)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_a_mistake_gets_one_clear_line_with_its_remedy(fault: Fault, here: Path) -> None:
    lay_out(here, fault.text, fault.files)
    config, problems = examine(Path("config.toml"), fault.environ)
    [found] = problems
    place = next(iter(fault.environ)) if fault.line is None else f"config.toml:{fault.line}"
    assert found.sentence("en") == f"{place}: {fault.english}".replace("{here}", here.as_posix())
    assert found.sentence("nl") == f"{place}: {fault.dutch}".replace("{here}", here.as_posix())
    assert found.level == ("warning" if fault.warning else "error")
    assert (config is not None) == fault.warning
    assert (found.suggestion is not None) == fault.mended


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.mended], ids=lambda fault: fault.id)
def test_writing_the_suggestion_removes_the_mistake(fault: Fault, here: Path) -> None:
    lay_out(here, fault.text, fault.files)
    _, [found] = examine(Path("config.toml"), fault.environ)
    assert found.line is not None and found.suggestion is not None
    lay_out(here, corrected(fault.text, found.line, found.suggestion), fault.files)
    config, after = examine(Path("config.toml"), fault.environ)
    assert config is not None, [one.sentence("en") for one in after]
    assert found.text not in [one.text for one in after]


def test_all_mistakes_of_a_file_are_said_at_once_by_line(here: Path) -> None:
    text = RIGHT
    for right, wrong in [
        ('rules = "rules"', 'ruls = "rules"'),
        ('"Europe/Amsterdam"', '"Amsterdam"'),
        ('host = "smtp.example.org"\n', ""),
        ("cap = 3", "cap = 0"),
        ('inbox = "north@example.org"', 'inbox = "north"'),
        ('deputy = "w2"', 'deputy = "w9"'),
    ]:
        assert right in text
        text = text.replace(right, wrong, 1)
    lay_out(here, text)
    config, problems = examine(Path("config.toml"), {})
    assert config is None
    assert [problem.field for problem in problems] == [
        "timezone", "ruls", "mail", "organisation.cap", "teams.0.inbox", "people.1.away.0.deputy",
    ]  # fmt: skip


def test_a_config_that_is_not_there_is_said_so(here: Path) -> None:
    config, [problem] = examine(Path("config.toml"), {})
    assert config is None
    assert problem.sentence("en") == "there is no config config.toml"


def test_a_secret_never_stands_in_a_message(here: Path) -> None:
    wrong = 'transport = "smtp"\npassword = 12345678\nuser = "cti"'
    lay_out(here, RIGHT.replace('transport = "smtp"', wrong))
    _, problems = examine(Path("config.toml"), {})
    assert [problem.sentence("en") for problem in problems] == [
        'config.toml:10: password = "…": a text is wanted, between quotes'
    ]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('"sqlite:///cti.db"', '"postgresql+psycopg2://cti:hush@db/cti"'),
        ('"sqlite:///cti.db"', '"mysql://cti:hush@db/cti"'),
        ('transport = "smtp"', 'transport = "smtp"\nuser = "cti"\npasword = "hush"'),
        ('transport = "smtp"', 'transport = "smtp"\nuser = "cti"\npassword = ["hush"]'),
    ],
)
def test_nothing_that_is_said_holds_a_password(right: str, wrong: str, here: Path) -> None:
    lay_out(here, RIGHT.replace(right, wrong))
    config, problems = examine(Path("config.toml"), {})
    assert config is None
    assert "hush" not in str([problem.data("en") for problem in problems])


def test_a_password_that_everyone_may_read_is_a_warning(here: Path) -> None:
    right = RIGHT.replace('transport = "smtp"', 'transport = "smtp"\nuser = "cti"\npassword = "x"')
    file = lay_out(here, right)
    file.chmod(0o644)
    config, [problem] = examine(Path("config.toml"), {})
    assert config is not None
    assert problem.sentence("en") == (
        "config.toml:11: the password stands in a file that everyone on this machine may read: "
        "run chmod 640 config.toml, or put it in a file of its own and name that as password_file"
    )


def test_a_password_file_that_everyone_may_read_is_a_warning(here: Path) -> None:
    right = RIGHT.replace('transport = "smtp"', 'transport = "smtp"\nuser = "cti"\npassword_file = "secret"')
    lay_out(here, right, {"secret": b"x"})
    (here / "secret").chmod(0o644)
    _, [problem] = examine(Path("config.toml"), {})
    assert problem.sentence("nl") == (
        'config.toml:11: password_file = "secret": iedereen op deze machine mag dit bestand lezen; voer chmod 640 secret uit'
    )


def test_deputies_who_stand_in_for_one_another_are_a_warning(here: Path) -> None:
    away = 'team = "north"\naway = [{ from = 2026-07-20, until = 2026-08-07, deputy = "w1" }]\n\n[limits]'
    lay_out(here, RIGHT.replace('team = "north"\n\n[limits]', away))
    config, [problem] = examine(Path("config.toml"), {})
    assert config is not None
    assert problem.sentence("en") == (
        "config.toml:40: w1, w2 stand in for one another while all of them are away; the team's inbox gets their prompts"
    )


def test_deputies_whose_absences_do_not_meet_are_no_problem(here: Path) -> None:
    away = 'team = "north"\naway = [{ from = 2026-08-20, until = 2026-08-27, deputy = "w1" }]\n\n[limits]'
    lay_out(here, RIGHT.replace('team = "north"\n\n[limits]', away))
    assert examine(Path("config.toml"), {})[1] == ()
