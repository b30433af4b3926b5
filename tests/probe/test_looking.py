"""A registration is looked at and a mapping comes of it that reads it; what nobody can guess is asked."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from cti.probe.looking import Found, look
from cti.probe.written import config_text
from cti.problems import Problems
from cti.sample.organisation import write as write_sample
from tests import postgres
from tests.sources.build import context
from tests.sources.fhir.server import Fhir, served

HEADER = {
    "id": "Registratienr",
    "client": "Cliëntnummer",
    "recorded": "Vastgelegd op",
    "situation": "Voorziening",
    "begin": "Van",
    "end": "Tot",
    "destination": "Vertrokken naar",
    "worker": "Begeleider",
}
ROWS = [
    ("s1", "1042", "2026-03-03 10:15", "Crisisopvang", "02-03-2026", "", "", "w1"),
    ("s1", "1042", "2026-03-20 09:02", "Crisisopvang", "02-03-2026", "19-03-2026", "Eigen woning", "w1"),
    ("s2", "1043", "2026-03-21 09:02", "Beschermd wonen", "20-03-2026", "", "", "w2"),
    ("s3", "1044", "2026-03-22 09:02", "X17", "21-03-2026", "", "", "w2"),
]


def write(file: Path, header: Sequence[str], rows: Sequence[Sequence[str]], encoding: str = "cp1252") -> None:
    file.parent.mkdir(exist_ok=True)
    with file.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=";").writerows([header, *rows])


def mapping(found: Found) -> Mapping[str, object]:
    """The source as a config has it, and that it can be read as one."""
    [source] = tomllib.loads(config_text(found, "en"))["sources"]
    assert isinstance(source, dict)
    return source


def test_an_export_with_dutch_columns_gives_a_mapping_that_reads_it(tmp_path: Path) -> None:
    write(tmp_path / "export" / "reg.csv", list(HEADER.values()), ROWS)
    found = look("export", context(tmp_path))
    assert mapping(found) == {
        "name": "registration",
        "type": "csv",
        "path": "export",
        "dates": "dd-mm-yyyy",
        "columns": HEADER,
        "codes": {"situation": {"Beschermd wonen": "long-stay", "Crisisopvang": "crisis-shelter"},
                  "destination": {"Eigen woning": "own-home"}},
    }  # fmt: skip
    assert found.read is not None
    assert (found.read.rows, found.read.clients, found.read.workers) == (4, 2, 2)
    assert found.read.stays == {"crisis-shelter": 1, "long-stay": 1}
    assert sum(found.read.unread.values()) == 1
    assert '#X17 = ""    # rows: 1; which situation is this?' in config_text(found, "en")


def test_a_citizen_number_is_never_read(tmp_path: Path) -> None:
    rows = [(*row, "123456782") for row in ROWS]
    write(tmp_path / "reg.csv", [*HEADER.values(), "BSN"], rows)
    found = look("reg.csv", context(tmp_path))
    assert found.guess is not None
    assert found.guess.citizen == ("BSN",)
    assert "BSN" not in config_text(found, "en")


def test_the_number_of_a_client_is_never_that_of_a_registration(tmp_path: Path) -> None:
    write(tmp_path / "reg.csv", ["Client-ID", "Stay-ID", "Situation", "Begin"], [("c1", "s1", "CO", "")])
    found = look("reg.csv", context(tmp_path))
    assert mapping(found)["columns"] == {"id": "Stay-ID", "client": "Client-ID"}


def test_files_that_repeat_their_rows_are_snapshots(tmp_path: Path) -> None:
    header = ["id", "client", "situation", "begin"]
    for day in ("2026-03-01", "2026-03-02"):
        write(tmp_path / "export" / f"{day}.csv", header, [("s1", "c1", "own-home", "2026-01-01")])
    assert mapping(look("export", context(tmp_path)))["mode"] == "snapshots"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'reg.db'}"
        return
    if why := postgres.missing():
        pytest.skip(why)
    with postgres.postgres() as folder, postgres.postgres_database(folder) as address:
        yield address


def test_the_table_of_a_database_that_looks_like_it_is_found(url: str, tmp_path: Path) -> None:
    engine = create_engine(url)
    with engine.begin() as tx:
        tx.execute(text("CREATE TABLE gebruikers (id integer, naam varchar(20))"))
        columns = ", ".join(f'"{name}" varchar(20)' for name in HEADER.values())
        tx.execute(text(f"CREATE TABLE trajecten ({columns})"))
        places = ", ".join(f":c{n}" for n in range(len(HEADER)))
        for row in ROWS:
            tx.execute(
                text(f"INSERT INTO trajecten VALUES ({places})"), {f"c{n}": v for n, v in enumerate(row)}
            )
    engine.dispose()
    found = look(url, context(tmp_path))
    assert mapping(found)["query"] == "SELECT * FROM trajecten"
    assert mapping(found)["cursor"] == "Vastgelegd op"
    assert mapping(found)["columns"] == HEADER
    assert found.read is not None
    assert found.read.stays == {"crisis-shelter": 1, "long-stay": 1}


def test_the_sample_organisation_is_recognised_as_hmis(tmp_path: Path) -> None:
    write_sample(tmp_path / "house", today=date(2026, 3, 9), dialect="hmis-2026", clients=30)
    found = look("house/export", context(tmp_path))
    assert mapping(found) == {"name": "registration", "type": "hmis-csv", "path": "house/export"}
    assert found.read is not None
    assert found.read.stays.keys() >= {"crisis-shelter", "own-home"}


@pytest.mark.samples
def test_an_export_that_nobody_here_wrote_is_recognised(samples: Path) -> None:
    found = look(str(samples / "hmis-fy2026"), context(samples))
    assert found.kind == "hmis-csv"
    assert found.read is not None
    assert found.read.rows == 4_771


def test_a_fhir_server_is_recognised_by_its_address(tmp_path: Path) -> None:
    with served(Fhir()) as fhir:
        found = look(fhir.url, context(tmp_path))
    assert mapping(found) == {"name": "registration", "type": "fhir", "url": fhir.url}
    assert found.read is not None


def test_a_password_does_not_come_into_the_mapping(tmp_path: Path) -> None:
    found = Found("sql", {"url": "postgresql+psycopg://me:word@db.example.org/ecd", "query": "SELECT 1"})
    written = config_text(found, "en")
    assert "word" not in written.replace("password", "")
    assert 'url_file = "registration-url"' in written


@pytest.mark.parametrize("what", ["empty", "nowhere", "people.csv"])
def test_what_is_no_registration_is_said(tmp_path: Path, what: str) -> None:
    (tmp_path / "empty").mkdir()
    write(tmp_path / "people.csv", ["naam", "telefoon"], [("x", "1")])
    with pytest.raises(Problems) as error:
        look(what, context(tmp_path))
    assert len(error.value.problems) == 1


STAFF = (
    "Personeelsnummer",
    "BSN",
    "Naam",
    "E-mail werk",
    "Functie",
    "Afdeling",
    "Uit dienst",
    "Afwezig van",
    "Vervanger",
)
PEOPLE = [
    ("101", "1", "worker 1", "w1@example.org", "Begeleider", "north", "", "06-07-2026", "102"),
    ("102", "2", "worker 2", "w2@example.org", "Sr. begeleider", "north", "31-12-2025", "", ""),
    ("103", "3", "lead", "lead@example.org", "Teamleider", "south", "", "", ""),
    ("104", "4", "cook", "", "Kok", "south", "", "", ""),
]


def test_a_list_of_people_is_known_by_its_addresses(tmp_path: Path) -> None:
    write(tmp_path / "staff.csv", STAFF, PEOPLE)
    found = look("staff.csv", context(tmp_path))
    assert mapping(found) == {
        "name": "staff",
        "type": "people-csv",
        "path": "staff.csv",
        "dates": "dd-mm-yyyy",
        "columns": {
            "id": "Personeelsnummer",
            "name": "Naam",
            "address": "E-mail werk",
            "role": "Functie",
            "team": "Afdeling",
            "last_day": "Uit dienst",
            "away_from": "Afwezig van",
            "deputy": "Vervanger",
        },
        "codes": {
            "role": {"Begeleider": "worker", "Sr. begeleider": "worker", "Teamleider": "team-lead"},
            "team": {},
        },
    }
    text = config_text(found, "en")
    assert '#Kok = ""    # rows: 1; which role is this?' in text
    assert '#north = ""    # rows: 2; which team of the config is this?' in text
    assert found.read is not None
    assert (found.read.rows, found.read.workers, next(iter(found.read.unread))[0]) == (4, 2, "Functie")


def test_a_list_of_people_in_a_database_is_known_as_well(tmp_path: Path) -> None:
    with create_engine(f"sqlite:///{tmp_path}/hr.db").begin() as tx:
        tx.execute(text("CREATE TABLE medewerkers (login text, naam text, mail text)"))
        tx.execute(text("INSERT INTO medewerkers VALUES ('w1', 'worker 1', 'w1@example.org')"))
    found = look("hr.db", context(tmp_path))
    assert mapping(found) == {
        "name": "staff",
        "type": "people-sql",
        "url": "sqlite:///hr.db",
        "query": "SELECT * FROM medewerkers",
        "columns": {"id": "login", "name": "naam", "address": "mail"},
    }
    assert found.read is not None and found.read.workers == 1


def test_addresses_of_clients_are_no_list_of_people(tmp_path: Path) -> None:
    write(tmp_path / "clients.csv", ("Cliëntnummer", "Naam", "E-mail"), [("1042", "x", "x@example.org")])
    with pytest.raises(Problems, match="nothing here looks like a registration"):
        look("clients.csv", context(tmp_path))
