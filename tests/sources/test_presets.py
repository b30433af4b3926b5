"""Presets of `sql`: ready-made queries for databases of which the tables are published."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import create_engine

from cti.core.events import Event, Record, RecordId, Stay, Version
from cti.core.spells import spells
from cti.probe.looking import look
from cti.probe.written import config_text
from cti.sample.organisation import write as write_sample
from cti.sources.base import Batch
from cti.sources.presets import presets
from cti.sources.sql import Options
from tests import postgres
from tests.project import ROOT
from tests.sources.build import NOW, context, read
from tests.sources.hmis import CREATED_AT, LEFT, Hmis
from tests.sources.hmis_tables import load

TODAY = date(2026, 3, 9)
Steps = set[tuple[str, str | None, str, date]]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database that holds the sample's HMIS export, of which the files lie beside it."""
    write_sample(tmp_path, today=TODAY, dialect="hmis-2026", clients=150)
    if request.param == "sqlite":
        yield _loaded(f"sqlite:///{tmp_path / 'hmis.db'}", tmp_path / "export")
        return
    if why := postgres.missing():
        pytest.skip(why)
    with postgres.postgres() as server, postgres.postgres_database(server) as address:
        yield _loaded(address, tmp_path / "export")


def _loaded(url: str, export: Path) -> str:
    engine = create_engine(url)
    with engine.begin() as tx:
        load(tx, export)
    engine.dispose()
    return url


def steps(batch: Batch) -> Steps:
    """Every step of every line."""
    last = {reading.id: reading for reading in _readings(batch)}
    of_client: dict[str, list[Record]] = defaultdict(list)
    for reading in last.values():
        if isinstance(reading.event, Stay):
            record = RecordId("x", reading.id.ref, "stay")
            of_client[reading.client].append(Record(record, (Version(reading.event, NOW),)))
    return {
        (client, spell.origin, spell.situation, spell.begin)
        for client, records in of_client.items()
        for spell in spells(sorted(records, key=lambda record: record.id), 14)
    }


def _readings(batch: Batch) -> list[Any]:
    if batch.pieces is None:
        return list(batch.readings)
    return [reading for readings, _ in batch.pieces() for reading in readings]


def closed(batch: Batch) -> set[tuple[str, Event]]:
    last = {reading.id: reading for reading in _readings(batch)}
    return {
        (one.client, one.event) for key, one in last.items() if key.part == "closed" and one.event is not None
    }


def test_hmis_tables_say_the_same_as_the_files_they_came_from(url: str, tmp_path: Path) -> None:
    of_files = read(tmp_path, "hmis-csv", path="export", facts=[])
    of_tables = read(tmp_path, "sql", url=url, preset="hmis")
    assert of_tables.counts.quarantined == 0
    assert steps(of_tables) == steps(of_files)
    assert len(steps(of_files)) > 300
    assert closed(of_tables) == closed(of_files)
    assert len(closed(of_files)) > 0


def test_a_search_for_a_home_is_known_since_it_was_typed_in_and_over_on_leaving(tmp_path: Path) -> None:
    made = Hmis(tmp_path / "export").enrol(1, 13).enrol(2, 13, MoveInDate="2026-02-01")
    made.enrol(3, 13).leave(3).enrol(4, 13, DateDeleted=LEFT).write()
    batch = read(
        tmp_path, "sql", url=_loaded(f"sqlite:///{tmp_path / 'hmis.db'}", made.folder), preset="hmis"
    )
    searching = {one.id.ref: one.recorded for one in batch.readings if one.id.part == "expected"}
    assert {ref: at.isoformat() if at else None for ref, at in searching.items()} == {
        "e1": CREATED_AT,
        "e2": None,
    }


def test_odd_days_are_read_as_from_the_files(tmp_path: Path) -> None:
    made = Hmis(tmp_path / "export")
    made.enrol(1, 13, MoveInDate="2026-01-05").enrol(2, 13, MoveInDate="2026-03-09").leave(2, destination=410)
    made.enrol(3, 4, DateOfEngagement="2026-01-15").enrol(4, 4, DateOfEngagement="2026-03-09").leave(4)
    made.enrol(5, 4).enrol(6, 1).night(6, "2026-01-12").night(6, "2026-01-11").enrol(7, 1).leave(
        7, destination=116
    )
    made.enrol(8, 12).leave(8, destination=410, HousingAssessment=1).enrol(9, 12).leave(9, destination=30)
    made.enrol(10, 0, RelationshipToHoH=2).enrol(11, 6).enrol(12, 0).leave(12, destination=24)
    made.enrol(13, 0).leave(13, DateDeleted=LEFT).write()
    of_files = read(tmp_path, "hmis-csv", path="export", facts=[])
    url = _loaded(f"sqlite:///{tmp_path / 'hmis.db'}", made.folder)
    of_tables = read(tmp_path, "sql", url=url, preset="hmis")
    assert of_tables.counts.quarantined == 0
    assert steps(of_tables) == steps(of_files)
    assert closed(of_tables) == closed(of_files) != set()


def test_the_probe_knows_the_database_by_its_tables(url: str, tmp_path: Path) -> None:
    found = look(url, context(tmp_path))
    assert tomllib.loads(config_text(found, "en"))["sources"] == [
        {"name": "registration", "type": "sql", "url": url, "preset": "hmis"}
    ]
    assert found.read is not None
    assert found.read.stays.keys() == {"at-risk", "street", "crisis-shelter", "long-stay", "own-home"}


def test_what_the_config_says_itself_goes_before(tmp_path: Path) -> None:
    whole = Options.model_validate({"name": "x", "type": "sql", "url": "sqlite:///x.db", "preset": "hmis"})
    own = whole.model_validate(
        {
            "name": "x",
            "type": "sql",
            "url": "sqlite:///x.db",
            "preset": "hmis",
            "codes": {"situation": {"8": "street"}},
        }
    )
    assert own.codes["situation"] == whole.codes["situation"] | {"8": "street"}
    assert (own.query, own.codes["destination"]) == (whole.query, whole.codes["destination"])


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"preset": "hmsi"}, "{key} = {value}: there is no such preset; there are {presets}"),
        ({}, "Field required"),
    ],
)
def test_an_unknown_preset_and_a_lacking_query_are_said(settings: dict[str, str], said: str) -> None:
    with pytest.raises(ValidationError) as error:
        Options.model_validate({"name": "x", "type": "sql", "url": "sqlite:///x.db", **settings})
    assert [one["msg"] for one in error.value.errors()] == [said]


@pytest.mark.parametrize("name", presets())
def test_each_preset_is_documented(name: str) -> None:
    assert f"| `{name}` |" in (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
