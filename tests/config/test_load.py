from datetime import date, time
from pathlib import Path

import pytest

from cti.config import Config, load
from cti.core.people import Away
from cti.problems import Problems
from tests.config.sample import RIGHT, lay_out


def loaded(folder: Path, text: str = RIGHT, **environ: str) -> Config:
    return load(lay_out(folder, text), environ)


def test_paths_start_from_the_file_and_not_from_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path)
    config = load(Path(lay_out(tmp_path / "here", RIGHT).relative_to(tmp_path)), {})
    assert config.folder == tmp_path / "here"
    assert config.rules == tmp_path / "here" / "rules"
    assert config.templates == tmp_path / "here" / "templates"
    assert config.database == f"sqlite:///{tmp_path}/here/cti.db"
    assert config.mail.folder == f"{tmp_path}/here/outbox"


def test_the_smallest_config_is_an_empty_one(tmp_path: Path) -> None:
    config = loaded(tmp_path, "")
    assert (config.language, config.languages) == ("nl", ("nl", "en"))
    assert config.mail.transport == "folder"
    assert config.sources == ()
    assert (config.habits.cap, config.habits.digest_at) == (3, None)
    assert (config.limits.share, config.limits.floor, config.retention_months) == (0.1, 20, 6)
    assert [one.message("en") for one in config.warnings] == [
        "nobody has the role worker, so every prompt goes to a team's inbox"
    ]


def test_the_calendar_knows_closing_days_holidays_and_hours(tmp_path: Path) -> None:
    calendar = loaded(tmp_path).calendar
    assert calendar.timezone == "Europe/Amsterdam"
    assert not calendar.works(date(2026, 12, 24))  # the closing day
    assert not calendar.works(date(2026, 12, 25))  # Christmas
    assert calendar.works(date(2026, 12, 23))
    assert (calendar.opens, calendar.closes) == (time(9), time(17))


def test_people_teams_and_desks_are_the_staff(tmp_path: Path) -> None:
    staff = loaded(tmp_path).staff
    worker = staff.people["w1"]
    assert worker.works == frozenset({0, 1})
    assert worker.away == (Away(date(2026, 7, 6), date(2026, 7, 24), "w2"),)
    assert staff.people["lead-north"].role == "team-lead"
    assert staff.teams["north"].inbox == "north@example.org"
    assert staff.desks == {"intake": "intake@example.org"}


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    config = loaded(
        tmp_path,
        RIGHT.replace('language = "en"\n', ""),
        CTI_BASE_URL="https://other.example.org/",
        CTI_ORGANISATION__CAP="5",
        CTI_LANGUAGES='["nl"]',
        CTI_MAIL__PORT="2525",
        CTI_TEAMS__NORTH__INBOX="other@example.org",
    )
    assert config.base_url == "https://other.example.org"
    assert config.habits.cap == 5
    assert config.languages == ("nl",)
    assert config.mail.port_number == 2525
    assert config.staff.teams["north"].inbox == "other@example.org"


def test_a_folder_that_the_config_leaves_unsaid_is_named_all_the_same(tmp_path: Path) -> None:
    text = RIGHT.replace('rules = "rules"\n', "")
    file = lay_out(tmp_path, text)
    (tmp_path / "rules").rmdir()
    with pytest.raises(Problems, match='rules = "rules": there is no such folder'):
        load(file, {})


@pytest.mark.parametrize("brackets", ["[", "[" * 3000, "[" * 400 + "]" * 400])
def test_a_variable_with_brackets_that_are_no_list_is_taken_as_a_text(tmp_path: Path, brackets: str) -> None:
    with pytest.raises(Problems, match="CTI_LANGUAGES"):
        loaded(tmp_path, RIGHT, CTI_LANGUAGES=brackets)


def test_a_source_is_named_in_the_environment_by_its_name(tmp_path: Path) -> None:
    source = '[[sources]]\nname = "our-database"\ntype = "sql"\nurl = "sqlite:///a.db"\nquery = "SELECT 1"\n'
    config = loaded(tmp_path, RIGHT + source, CTI_SOURCES__OUR_DATABASE__URL="sqlite:///b.db")
    [options] = config.sources
    assert options.model_dump()["url"].get_secret_value() == "sqlite:///b.db"


def test_a_secret_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    text = RIGHT.replace("[mail]\n", '[mail]\nuser = "cti"\npassword_file = "secret"\n')
    config = load(lay_out(tmp_path, text, {"secret": b"hush\n"}), {})
    assert config.mail.password is not None
    assert config.mail.password.get_secret_value() == "hush"


def test_a_file_with_a_secret_may_be_named_in_the_environment(tmp_path: Path) -> None:
    text = RIGHT.replace("[mail]\n", '[mail]\nuser = "cti"\npassword = "old"\n')
    file = lay_out(tmp_path, text, {"secret": b"new"})
    config = load(file, {"CTI_MAIL__PASSWORD_FILE": str(tmp_path / "secret")})
    assert config.mail.password is not None
    assert config.mail.password.get_secret_value() == "new"


def test_a_database_from_a_file_is_never_shown(tmp_path: Path) -> None:
    text = RIGHT.replace('database = "sqlite:///cti.db"', 'database_file = "secret"')
    with pytest.raises(Problems) as raised:
        load(lay_out(tmp_path, text, {"secret": b"mysql://cti:hush@db/cti"}), {})
    [problem] = raised.value.problems
    assert problem.line == 1
    assert problem.message("en") == (
        'database_file = "secret": cti keeps its data in SQLite or PostgreSQL, not in mysql'
    )


def test_passwords_do_not_show_where_a_config_is_printed(tmp_path: Path) -> None:
    text = RIGHT.replace("[mail]\n", '[mail]\nuser = "cti"\npassword = "hush"\n')
    text = text.replace('"sqlite:///cti.db"', '"postgresql://cti:secret@db/cti"')
    config = load(lay_out(tmp_path, text), {})
    assert config.database == "postgresql+psycopg://cti:secret@db/cti"
    assert "hush" not in repr(config) and "secret" not in repr(config)


def test_other_variables_of_cti_are_no_settings(tmp_path: Path) -> None:
    assert loaded(tmp_path, CTI_LANG="nl", CTI_CONFIG="x", CTI_DEBUG="1").warnings == ()


@pytest.mark.parametrize("name", ["x" * 300, "a/" * 3000, "a\\u0000b"])
def test_a_path_that_no_system_has_is_not_there(tmp_path: Path, name: str) -> None:
    text = f'{RIGHT}\n[[sources]]\nname = "r"\ntype = "csv"\npath = "{name}"\n'
    [warning] = load(lay_out(tmp_path, text), {}).warnings
    assert "there is nothing at" in warning.message("en")
    with pytest.raises(Problems) as raised:
        load(lay_out(tmp_path, RIGHT.replace('rules = "rules"', f'rules = "{name}"')), {})
    assert "there is no such folder" in raised.value.problems[0].message("en")


def test_a_kind_of_source_that_is_no_word_is_told(tmp_path: Path) -> None:
    text = f'{RIGHT}\n[[sources]]\nname = "r"\ntype = {{ name = "csv" }}\n'
    with pytest.raises(Problems) as raised:
        load(lay_out(tmp_path, text), {})
    assert raised.value.problems[0].field == "type" or "type" in raised.value.problems[0].message("en")


def test_twelve_mistakes_in_one_list_are_all_told(tmp_path: Path) -> None:
    with pytest.raises(Problems) as refused:
        loaded(tmp_path, RIGHT.replace("[2026-12-24]", str(["next Sunday"] * 12)))
    assert str(refused.value).count("closing_days") == 12


def test_what_is_no_list_is_told(tmp_path: Path) -> None:
    with pytest.raises(Problems, match="teams = 3"):
        loaded(tmp_path, RIGHT.replace('[[teams]]\nid = "north"', 'teams = 3\n[x]\nid = "north"'))
