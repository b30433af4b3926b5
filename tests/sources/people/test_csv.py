"""A list of people is a file: who works here, for whom, in which language, and who is away."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from cti.core.people import Away, Person
from cti.sources import source_module
from cti.sources.base import Batch, Context, PeopleRead, State
from tests.sources.build import HOME, NOW, WORDS, faults, notes, problems_of, read, touch, write

DUTCH: dict[str, Any] = {
    "columns": {
        "id": "Personeelsnummer",
        "name": "Naam",
        "address": "E-mail werk",
        "role": "Functie",
        "team": "Team",
        "language": "Taal",
        "works": "Werkdagen",
        "last_day": "Uit dienst",
        "away_from": "Afwezig van",
        "away_until": "Afwezig t/m",
        "deputy": "Vervanger",
    },
    "codes": {
        "role": {"Begeleider": "worker", "TL": "team-lead", "Stagiair": ""},
        "team": {"Team Noord": "north"},
        "language": {"Engels": "en"},
    },
    "dates": "dd-mm-yyyy",
}
HEADER = "id,name,address,role,team,language,works,active,last_day,away_from,away_until,deputy"


def look(
    folder: Path, *rows: str, header: str = HEADER, state: State | None = None, **settings: Any
) -> Batch:
    write(folder / "people.csv", "\n".join((header, *rows)) + "\n")
    return read(folder, "people-csv", state, path="people.csv", **settings)


def people(batch: Batch) -> PeopleRead:
    assert batch.people is not None
    return batch.people


def test_a_row_is_a_person(tmp_path: Path) -> None:
    batch = look(tmp_path, "w1,worker 1,w1@example.org,team-lead,north,en-GB,ma di do,ja,,,,")
    [person] = people(batch).people
    assert person == Person(
        "w1", "worker 1", "w1@example.org", "team-lead", "north", "en", frozenset((0, 1, 3))
    )
    assert (batch.counts.read, batch.counts.rows, faults(batch)) == (1, 1, [])


def test_what_a_list_does_not_say_is_as_in_the_config(tmp_path: Path) -> None:
    batch = look(tmp_path, "w1,worker 1,", "w2,worker 2,w2@example.org", header="id,name,address")
    assert people(batch).people == (
        Person("w1", "worker 1", None),
        Person("w2", "worker 2", "w2@example.org"),
    )


def test_a_list_for_one_team_need_not_name_it(tmp_path: Path) -> None:
    batch = look(tmp_path, "w1,worker 1,w1@example.org", header="id,name,address", team="north")
    assert people(batch).people[0].team == "north"


def test_columns_and_codes_are_mapped(tmp_path: Path) -> None:
    header = ";".join(DUTCH["columns"].values())
    rows = (
        "101;Begeleider één;w1@example.org;Begeleider;Team Noord;Engels;ma, wo;;1-4-2026;7-4-2026;102",
        "102;Teamleider;lead@example.org;tl;Team Noord;nl;;31-12-9999;;;",
        "103;Stagiair;s@example.org;Stagiair;Team Noord;;;;;;",
        "104;Oud;old@example.org;Begeleider;Team Noord;;;9-3-2026;;;",
        "105;Laatste dag;last@example.org;Begeleider;Team Noord;;;10-3-2026;;;",
    )
    write(tmp_path / "people.csv", "\r\n".join((header, *rows)), encoding="cp1252")
    touch(tmp_path / "people.csv", "2026-03-09")
    first = read(tmp_path, "people-csv", path="people.csv", **DUTCH)
    assert notes(first) == ["people.csv is empty or not complete yet; it is read when it is"]
    batch = read(tmp_path, "people-csv", first.state, path="people.csv", **DUTCH)
    assert [(one.id, one.name, one.role, one.team, one.language) for one in people(batch).people] == [
        ("101", "Begeleider één", "worker", "north", "en"),
        ("102", "Teamleider", "team-lead", "north", "nl"),
        ("105", "Laatste dag", "worker", "north", None),
    ]
    assert people(batch).away == {"101": (Away(date(2026, 4, 1), date(2026, 4, 7), "102"),)}
    assert dict(batch.counts.left_out) == {"codes": 1, "last_day": 1}


def test_several_absences_are_several_rows_of_one_person(tmp_path: Path) -> None:
    batch = look(
        tmp_path,
        "w1,worker 1,w1@example.org,,north,,,,,2026-07-06,2026-07-24,w2",
        "w1,worker 1,w1@example.org,,north,,,,,2026-04-06,,",
    )
    assert len(people(batch).people) == 1
    assert people(batch).away["w1"] == (
        # Nobody says until when.
        Away(date(2026, 4, 6), date(2027, 12, 31)),
        Away(date(2026, 7, 6), date(2026, 7, 24), "w2"),
    )


def test_an_absence_that_begins_years_ahead_and_has_no_end_is_taken(tmp_path: Path) -> None:
    batch = look(tmp_path, "w1,worker 1,w1@example.org,,north,,,,,2029-04-06,,")
    assert people(batch).away["w1"] == (Away(date(2029, 4, 6), date(2030, 12, 31)),)
    assert faults(batch) == []


def test_a_list_without_addresses_tells_of_absences_alone(tmp_path: Path) -> None:
    header = "id,name,away_from,away_until,deputy"
    batch = look(tmp_path, "w1,worker 1,2026-04-01,2026-04-07,w2", header=header)
    assert people(batch).people == ()
    assert people(batch).away == {"w1": (Away(date(2026, 4, 1), date(2026, 4, 7), "w2"),)}
    assert people(look(tmp_path, header=header)).whole, "that nobody is away is no broken export"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (
            "w9,,w9@example.org,,,,,,,,,",
            "w9 name=: a person without a name, or with one that cannot be read; mend it in the list",
        ),
        (
            "w9,x,w9@example.org,boss,,,,,,,,",
            "w9 role=b•••: not a role, nor a code under [sources.codes.role]; the roles are worker, team-lead, manager, "
            "administrator, auditor",
        ),
        ("w9,x,w9@example.org,,,,,maybe,,,,", "w9 active=m••••: neither yes nor no"),
        (",x,x@example.org,,,,,,,,,", " id=: the row has no id, or one that cannot be read"),
        (
            '"w9,x,x@example.org',
            " =: the line does not have the columns of the header; is a quote or a delimiter amiss?",
        ),
    ],
)
def test_a_row_that_cannot_be_read_stops_none_of_the_others(tmp_path: Path, row: str, fault: str) -> None:
    batch = look(tmp_path, row, "w2,worker 2,w2@example.org,,,,,,,,,")
    assert faults(batch) == [f"people.csv:2 {fault}"]
    assert [one.id for one in people(batch).people] == ["w2"]
    assert people(batch).doubtful == ({"w9"} if fault.startswith("w9") else set())
    # Whose row it is, nobody can tell: so nobody is gone.
    assert people(batch).whole == fault.startswith("w9")
    assert (batch.counts.read, batch.counts.quarantined) == (1, 1)


@pytest.mark.parametrize(
    ("row", "fault", "left"),
    [
        ("w1,x,mail me,,,,,,,,,", "address=m••••••: not a mail address", Person("w1", "x", None)),
        (
            "w1,x,,,west,,,,,,,",
            "team=w•••: not a team of the config, nor a code under [sources.codes.team]",
            Person("w1", "x", None),
        ),
        (
            "w1,x,,,,Frans!,,,,,,",
            "language=F•••••: not the code of a language, nor a code under [sources.codes.language]",
            Person("w1", "x", None),
        ),
        (
            "w1,x,,,,,weekend,,,,,",
            "works=w••••••: not weekdays, such as ma, di, do or mon, tue, thu",
            Person("w1", "x", None),
        ),
        (
            "w1,x,,,,,,,,2026-04-07,2026-04-01,",
            "away_until=2•••••••••: the absence ends before it begins",
            Person("w1", "x", None),
        ),
        (
            "w1,x,,,,,,,,soon,,",
            "away_from=s•••: not a day, or not written as the config says (dates)",
            Person("w1", "x", None),
        ),
    ],
)
def test_a_cell_that_cannot_be_read_costs_nothing_else_of_the_row(
    tmp_path: Path, row: str, fault: str, left: Person
) -> None:
    write(tmp_path / "people.csv", f"{HEADER}\n{row}\n")
    module = source_module("people-csv")
    options = module.Options.model_validate({"name": "reg", "type": "people-csv", "path": "people.csv"})
    batch = module.read(options, {}, Context(WORDS, HOME, NOW, tmp_path, teams=("north",)))
    assert faults(batch) == [f"people.csv:2 w1 {fault}"]
    assert people(batch) == PeopleRead((left,), {}, frozenset(("w1",)))


def test_a_language_in_which_nobody_is_written_to_is_none(tmp_path: Path) -> None:
    batch = look(tmp_path, "w1,x,,,,fr,,,,,,")
    assert (people(batch).people[0].language, faults(batch)) == (None, [])


def test_of_rows_that_contradict_one_another_the_first_holds(tmp_path: Path) -> None:
    batch = look(tmp_path, "w1,worker 1,,,,,,,,,,", "w1,worker one,,,,,,,,,,")
    assert people(batch).people == (Person("w1", "worker 1", None),)
    reason = "another row says otherwise of the same id; the first one holds"
    assert faults(batch) == [f"people.csv:3 w1 id=w•: {reason}"]


def test_a_total_at_the_end_keeps_nobody_from_leaving(tmp_path: Path) -> None:
    assert people(look(tmp_path, "w1,worker 1,,,,,,,,,,", ",,1 person,,,,,,,,,")).whole


def test_a_list_without_anybody_takes_nobody_for_gone(tmp_path: Path) -> None:
    assert not people(look(tmp_path)).whole


def test_of_a_folder_the_newest_list_is_read_and_never_an_older_one_after_it(tmp_path: Path) -> None:
    write(tmp_path / "people" / "people-2026-03-01.csv", "id,name,address\nw1,old,\n")
    write(tmp_path / "people" / "people-2026-03-08.csv", "id,name,address\nw2,new,\n")
    batch = read(tmp_path, "people-csv", path="people")
    assert [one.id for one in people(batch).people] == ["w2"]
    (tmp_path / "people" / "people-2026-03-08.csv").unlink()
    later = read(tmp_path, "people-csv", batch.state, path="people")
    assert (later.people, later.state) == (None, batch.state)
    [why] = notes(later)
    assert why == "people-2026-03-01.csv is older than the last list that was read; it is left unread"


def test_a_list_that_is_not_there_or_has_no_columns_to_go_by_says_so(tmp_path: Path) -> None:
    assert problems_of(tmp_path, "people-csv", path="people.csv") == [
        'source "reg": there is no list of people at people.csv'
    ]
    write(tmp_path / "people.csv", "nr,naam,mail\n1,x,\n")
    assert problems_of(tmp_path, "people-csv", path="people.csv", columns={"id": "nr", "name": "Naam"}) == [
        'people.csv:1: the header has no column "address" (address); name it under [sources.columns]'
    ]


@pytest.mark.parametrize(
    "settings",
    [
        {"columns": {"id": "BSN"}},
        {"columns": {"client": "Client"}},
        {"codes": {"role": {"TL": "leader"}}},
        {"codes": {"name": {"x": "y"}}},
    ],
)
def test_a_mapping_that_means_nothing_is_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        source_module("people-csv").Options.model_validate(
            {"name": "reg", "type": "people-csv", "path": "x"} | settings
        )


def test_a_file_of_something_else_is_not_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cti.sources.people.rows.MOST", 2)
    write(tmp_path / "people.csv", "id,name,address\n1,x,\n2,y,\n3,z,\n")
    assert problems_of(tmp_path, "people-csv", path="people.csv") == [
        "people.csv: more than 2 rows: this is no list of those who work here"
    ]
