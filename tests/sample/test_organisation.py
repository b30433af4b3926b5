import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cti.sample.organisation import DIALECTS, Dialect, Organisation, make, write, write_export
from tests.sample.conftest import TODAY


def config(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "config.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_config_reads_the_export_beside_it(dialect: Dialect, tmp_path: Path) -> None:
    write(tmp_path, today=TODAY, dialect=dialect, clients=20)
    (source,) = config(tmp_path)["sources"]
    assert source["name"] == "registration" and source["path"] == "export"
    assert source["type"] == ("hmis-csv" if dialect.startswith("hmis") else "csv")
    assert source.get("mode") == (None if dialect.startswith("hmis") else dialect)
    assert any((tmp_path / "export").iterdir())


def test_the_config_knows_everybody_who_works_there(tmp_path: Path) -> None:
    organisation = write(tmp_path, today=TODAY, clients=200)
    read = config(tmp_path)
    people = {person["id"]: person for person in read["people"]}
    teams = {team["id"] for team in read["teams"]}
    assert teams == {"north", "east", "south", "west"}
    for team in teams:
        assert people[f"lead-{team}"]["role"] == "team-lead" and people[f"lead-{team}"]["team"] == team
    assert people["manager"]["role"] == "manager" and people["administrator"]["role"] == "administrator"
    for worker in organisation.truth.workers:
        person = people[worker.id]
        assert person["address"] == f"{worker.id}@example.org" and person["team"] in teams
        assert person["works"] == list(worker.works)
    assigned = {a.worker for client in organisation.truth.clients for a in client.assignments}
    assert assigned <= people.keys() and len(assigned) == 25


def test_absences_of_the_last_year_and_the_next_weeks_stand_in_the_config(tmp_path: Path) -> None:
    write(tmp_path, today=TODAY, clients=20)
    people = config(tmp_path)["people"]
    away = [absence for person in people for absence in person.get("away", ())]
    assert len(away) > 100
    assert all(absence["from"] <= absence["until"] for absence in away)
    assert min(absence["until"] for absence in away) >= date(2024, 12, 1)
    assert max(absence["from"] for absence in away) > TODAY
    ids = {person["id"] for person in people}
    assert {absence["deputy"] for absence in away} <= ids


def test_hmis_names_no_worker_so_each_project_with_stays_has_its_team(tmp_path: Path) -> None:
    write(tmp_path, today=TODAY, dialect="hmis-2026", clients=20)
    (source,) = config(tmp_path)["sources"]
    assert source["team"] == "north"
    assert len(source["projects"]) == 15
    assert {project["team"] for project in source["projects"].values()} == {"north", "east", "south", "west"}


def test_the_story_spans_the_three_years_up_to_today_and_some_weeks_more(organisation: Organisation) -> None:
    assert organisation.truth.start == date(2023, 1, 15)
    assert organisation.truth.start < TODAY < organisation.truth.end


def test_a_leap_day_has_its_years_too() -> None:
    assert make(1, date(2028, 2, 29), clients=5).truth.start == date(2025, 2, 28)


def test_an_unknown_dialect_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no dialect"):
        write_export(tmp_path / "export", make(1, TODAY, clients=5), "iwmo")  # type: ignore[arg-type]
    assert not (tmp_path / "export").exists()
