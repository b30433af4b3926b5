"""A list of people is the result of a query that only reads."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from cti.core.people import Away, Person
from cti.sources.people.sql import Options
from tests.sources.build import faults, problems_of, read

QUERY = """SELECT m.nr AS id, m.naam AS name, m.mail AS address, m.team, a.van AS away_from, a.tot AS away_until
           FROM medewerkers m LEFT JOIN verlof a ON a.nr = m.nr WHERE m.mail LIKE '%:example' OR 1 = 1 ORDER BY m.nr"""


@pytest.fixture
def staff(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "hr.db") as db:
        db.executescript(
            """CREATE TABLE medewerkers (nr integer, naam text, mail text, team text);
               CREATE TABLE verlof (nr integer, van date, tot date);
               INSERT INTO medewerkers VALUES (101, 'worker 1', 'w1@example.org', 'north'), (102, 'worker 2', 'nobody', NULL);
               INSERT INTO verlof VALUES (101, '2026-04-01', '2026-04-07'), (101, '2026-07-01', '2026-07-14');"""
        )
    db.close()
    return tmp_path


def test_a_join_of_people_and_their_leave_is_a_list(staff: Path) -> None:
    batch = read(staff, "people-sql", url="sqlite:///hr.db", query=QUERY)
    assert batch.people is not None
    assert batch.people.people == (
        Person("101", "worker 1", "w1@example.org", "worker", "north"),
        Person("102", "worker 2", None),
    )
    assert batch.people.away["101"] == (
        Away(date(2026, 4, 1), date(2026, 4, 7)),
        Away(date(2026, 7, 1), date(2026, 7, 14)),
    )
    assert faults(batch) == ["reg:None 102 address=n•••••: not a mail address"]


def test_a_database_that_is_not_there_and_a_query_that_fails_say_so(tmp_path: Path, staff: Path) -> None:
    [why] = problems_of(tmp_path, "people-sql", url="sqlite:///no.db", query=QUERY)
    assert "there is no file or folder" in why
    [why] = problems_of(staff, "people-sql", url="sqlite:///hr.db", query="SELECT * FROM people")
    assert why == 'source "reg": the database says: no such table: people'


def test_a_query_that_does_more_than_read_is_refused() -> None:
    with pytest.raises(ValidationError):
        Options(name="reg", type="people-sql", url="sqlite:///hr.db", query="DELETE FROM medewerkers")  # type: ignore[arg-type]
