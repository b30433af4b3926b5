"""A folder of event rows: each row says all of its record, the same id again is a newer version."""

from datetime import date
from pathlib import Path

import pytest

from cti.core.events import Assignment, Closed, Expected, Fact, RecordId, Stay
from tests.sources.build import faults, notes, now_says, problems_of, read, said, touch, write

HEADER = (
    "id,client,recorded,retracted,situation,begin,end,destination,expected,expected_day,fact,value,day,"
    "worker,team,closed,closed_until"
)


def events(*rows: str) -> str:
    return "\n".join((HEADER, *rows)) + "\n"


def test_each_filled_column_says_what_the_row_is(tmp_path: Path) -> None:
    text = events(
        "s1,c1,2026-03-01T10:00:00,,crisis-shelter,2026-02-27,2026-03-05,own-home,,,,,,,,,",
        "e1,c1,2026-03-01T10:00:00,,,,,,own-home,2026-05-01,,,,,,,",
        "f1,c1,2026-03-01T10:00:00,,,,,,,,trust,growing,2026-02-28,,,,",
        "a1,c1,2026-03-01T10:00:00,,,,,,,,,,2026-02-27,w1,north,,",
        "x1,c1,2026-03-01T10:00:00,,,,,,,,,deceased,,,,2026-03-09,",
    )
    write(tmp_path / "export" / "events.csv", text)
    batch = read(tmp_path, "csv", path="export")
    assert now_says(batch.readings) == {
        "s1 stay": Stay("crisis-shelter", date(2026, 2, 27), date(2026, 3, 5), "own-home"),
        "e1 expected": Expected("own-home", date(2026, 5, 1)),
        "f1 fact": Fact("trust", "growing", date(2026, 2, 28)),
        "a1 assignment": Assignment(date(2026, 2, 27), "w1", "north"),
        "x1 closed": Closed(date(2026, 3, 9), "deceased"),
    }
    assert (batch.counts.read, batch.counts.quarantined, batch.counts.rows) == (5, 0, 5)
    assert batch.absent is None


def test_one_row_may_say_several_things(tmp_path: Path) -> None:
    write(tmp_path / "e.csv", events("s1,c1,2026-03-01,,crisis-shelter,2026-02-27,,,own-home,,,,,w1,,,"))
    assert now_says(read(tmp_path, "csv", path="e.csv").readings) == {
        "s1 stay": Stay("crisis-shelter", date(2026, 2, 27)),
        "s1 expected": Expected("own-home"),
        "s1 assignment": Assignment(date(2026, 2, 27), "w1"),
    }


def test_what_a_newer_row_no_longer_says_is_retracted(tmp_path: Path) -> None:
    text = events(
        "s1,c1,2026-03-01T10:00,,crisis-shelter,2026-02-27,,,own-home,,,,,,,,",
        "s1,c1,2026-03-02T10:00,,crisis-shelter,2026-02-27,,,,,,,,,,,",
    )
    write(tmp_path / "e.csv", text)
    batch = read(tmp_path, "csv", path="e.csv")
    assert said(batch, "s1", "expected") == [
        (Expected("own-home"), "2026-03-01T09:00:00+00:00"),
        (None, "2026-03-02T09:00:00+00:00"),
    ]


def test_a_retracted_row_retracts_all_its_parts(tmp_path: Path) -> None:
    write(tmp_path / "e.csv", events("s1,c1,2026-03-01,ja,crisis-shelter,2026-02-27,,,,,,,,,,,"))
    batch = read(tmp_path, "csv", path="e.csv")
    assert batch.unsaid is not None
    known = [RecordId("reg", "s1", part) for part in ("stay", "expected", "fact", "assignment", "closed")]
    said = [*batch.readings, *(reading for record in known for reading in batch.unsaid(record))]
    assert {reading.id for reading in said} == set(known)
    assert all(reading.event is None for reading in said)
    assert batch.unsaid(RecordId("reg", "s2", "stay")) == [], "of another record it says nothing"


def test_versions_stand_oldest_first_whatever_the_order_of_rows_and_files(tmp_path: Path) -> None:
    write(tmp_path / "2026-03-02.csv", events("s1,c1,2026-03-01T08:00,,street,2026-02-01,,,,,,,,,,,"))
    write(
        tmp_path / "2026-03-01.csv",
        events(
            "s1,c1,2026-03-03T08:00,,street,2026-02-03,,,,,,,,,,,",
            "s1,c1,2026-03-02T08:00,,street,2026-02-02,,,,,,,,,,,",
        ),
    )
    stays = said(read(tmp_path, "csv", path="."), "s1", "stay")
    assert [event.begin.day for event, _ in stays if isinstance(event, Stay)] == [1, 2, 3]


def test_columns_codes_and_days_are_mapped_by_the_config(tmp_path: Path) -> None:
    text = (
        "Trajectnummer;Clientnummer;Voorziening;Van;Tot;Naar;Vertrouwensband\r\n"
        'T1;"00123"; co ;1-3-2026;31-12-9999;;In opbouw\r\n'
        "T2;00124;ZW;01-02-2026;15-02-2026;CO;\r\n"
        "T3;00125;DAG;01-02-2026;;;\r\n"
    )
    write(tmp_path / "lijst.csv", text, encoding="cp1252")
    batch = read(
        tmp_path,
        "csv",
        path="lijst.csv",
        dates="dd-mm-yyyy",
        columns={
            "id": "trajectnummer",
            "client": "Clientnummer",
            "situation": "voorziening",
            "begin": "van",
            "end": "tot",
            "destination": "naar",
        },
        codes={
            "situation": {"CO": "crisis-shelter", "ZW": "own-home", "DAG": ""},
            "trust": {"in opbouw": "growing"},
        },
        facts={"trust": "Vertrouwensband"},
        mode="snapshots",
    )
    stays = {name: event for name, event in now_says(batch.readings).items() if isinstance(event, Stay)}
    assert stays == {
        "T1 stay": Stay("crisis-shelter", date(2026, 3, 1)),
        "T2 stay": Stay("own-home", date(2026, 2, 1), date(2026, 2, 15), "crisis-shelter"),
    }
    assert {reading.client for reading in batch.readings} == {"00123", "00124"}
    assert batch.counts.left_out == {"codes": 1}
    assert batch.counts.rows == 3


def test_a_code_that_is_not_mapped_costs_its_row_and_no_other(tmp_path: Path) -> None:
    text = events(
        "s1,c1,2026-03-01,,Noodbed,2026-02-27,,,,,,,,,,,",
        "s2,c2,2026-03-01,,street,2026-02-27,,,,,,,,,,,",
    )
    write(tmp_path / "e.csv", text)
    batch = read(tmp_path, "csv", path="e.csv")
    assert list(now_says(batch.readings)) == ["s2 stay"]
    assert faults(batch) == [
        "e.csv:2 s1 situation=N••••••: a code that the config does not map; add it under [sources.codes.situation]"
    ]
    assert (batch.counts.read, batch.counts.quarantined) == (1, 1)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("s1,c1,,,street,2026-02-27,2026-02-01,,,,,,,,,,", "end=2•••••••••: ends before it begins; correct"),
        ("s1,c1,,,street,27/2/2026,,,,,,,,,,,", "begin=2••••••••: not a day, or not written as"),
        ("s1,c1,,,street,9999-12-31,,,,,,,,,,,", "begin=9•••••••••: not a day"),
        ("s1,c1,,,street,,,,,,,,,,,,", "begin=: a stay without a begin"),
        ("s1,c1,,,,2026-02-27,,,,,,,,,,,", "situation=: a stay without a situation"),
        ("s1,c1,yesterday,,street,2026-02-27,,,,,,,,,,,", "recorded=y••••••••: not a moment"),
        ("s1,c1,,perhaps,,,,,,,,,,,,,", "retracted=p••••••: neither yes nor no"),
        ("s1,c1,,,,,,,,,mood,good,2026-02-27,,,,", "fact=m•••: not a fact of the vocabulary"),
        ("s1,c1,,,,,,,,,trust,great,2026-02-27,,,,", "value=g••••: a code that the config does not map"),
        (
            "s1,c1,,,,,,,,,children,two,2026-02-27,,,,",
            'value=t••: not what the fact "children" holds (number)',
        ),
        ("s1,c1,,,,,,,,,trust,,2026-02-27,,,,", "value=: a fact without a value"),
        ("s1,c1,,,,,,,,,trust,yes,,,,,", "day=: no day, and not when it was recorded either"),
        ("s1,c1,,,,,,,,,,,,w1,,,", "day=: no day, and not when it was recorded either"),
        ("s1,c1,,,,,,,,,,moved,,,,2026-03-01,", "value=m••••: a code that the config does not map"),
        ("s1,c1,,,,,,,,,,,,,,2026-03-01,2026-02-01", "closed_until=2•••••••••: ends before it begins"),
        ("s1,,,,street,2026-02-27,,,,,,,,,,,", "client=: the row has no client"),
        (",c1,,,street,2026-02-27,,,,,,,,,,,", "id=: the row has no id"),
        (",,,,Totaal,,,,,,,,,,,,", "client=: the row names no record and no client; is it a total?"),
    ],
)
def test_what_cannot_be_read_says_which_field_and_why(tmp_path: Path, row: str, said: str) -> None:
    write(tmp_path / "e.csv", events(row, "s9,c9,2026-03-01,,street,2026-02-27,,,,,,,,,,,"))
    batch = read(tmp_path, "csv", path="e.csv")
    (fault,) = faults(batch)
    assert said in fault
    assert list(now_says(batch.readings)) == ["s9 stay"]


def test_a_row_of_a_known_record_that_cannot_be_read_changes_nothing_of_it(tmp_path: Path) -> None:
    write(tmp_path / "e.csv", events("s1,c1,2026-03-01,,nowhere,2026-02-27,,,,,,,,,,,"))
    assert read(tmp_path, "csv", path="e.csv").readings == []


def test_only_new_and_changed_files_are_read(tmp_path: Path) -> None:
    first = write(tmp_path / "a.csv", events("s1,c1,2026-03-01,,street,2026-02-27,,,,,,,,,,,"))
    one = read(tmp_path, "csv", path=".")
    assert not read(tmp_path, "csv", one.state, path=".").changed

    write(tmp_path / "b.csv", events("s2,c2,2026-03-02,,street,2026-02-28,,,,,,,,,,,"))
    two = read(tmp_path, "csv", one.state, path=".")
    assert list(now_says(two.readings)) == ["s2 stay"]
    assert two.afresh == frozenset({"b.csv"})

    with first.open("a") as stream:
        stream.write("s3,c3,2026-03-03,,street,2026-03-01,,,,,,,,,,,\n")
    three = read(tmp_path, "csv", two.state, path=".")
    assert list(now_says(three.readings)) == ["s1 stay", "s3 stay"]

    touch(first, "2026-03-05")
    first.rename(tmp_path / "c.csv")
    assert not read(tmp_path, "csv", three.state, path=".").changed


def test_a_changed_mapping_reads_everything_again(tmp_path: Path) -> None:
    write(tmp_path / "e.csv", events("s1,c1,2026-03-01,,Noodbed,2026-02-27,,,,,,,,,,,"))
    one = read(tmp_path, "csv", path="e.csv")
    assert one.counts.quarantined == 1
    two = read(tmp_path, "csv", one.state, path="e.csv", codes={"situation": {"noodbed": "crisis-shelter"}})
    assert now_says(two.readings) == {"s1 stay": Stay("crisis-shelter", date(2026, 2, 27))}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found_out(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = "ID;Client;Situation;Begin;Fact;Value;Day\r\nés1;c1;street;2026-02-27;;;\r\n".replace(
        ";", delimiter
    )
    write(tmp_path / "e.csv", text, encoding=encoding)
    assert now_says(read(tmp_path, "csv", path="e.csv").readings) == {
        "és1 stay": Stay("street", date(2026, 2, 27))
    }


def test_a_line_that_names_the_delimiter_is_no_header(tmp_path: Path) -> None:
    write(tmp_path / "e.csv", "\ufeffsep=;\nid;client;situation;begin\ns1;c1;street;2026-02-27\n")
    assert list(now_says(read(tmp_path, "csv", path="e.csv").readings)) == ["s1 stay"]


def test_an_encoding_asked_for_by_name_is_insisted_on(tmp_path: Path) -> None:
    write(tmp_path / "e.csv", events("é,c1,,,street,2026-02-27,,,,,,,,,,,"), encoding="cp1252")
    batch = read(tmp_path, "csv", path="e.csv", encoding="utf-8")
    assert [problem.sentence("en") for problem in batch.problems] == [
        "e.csv:1: the file is not written in utf-8; set encoding of the source to what it is, or to auto"
    ]
    assert not batch.changed


def test_a_quote_left_open_costs_one_line(tmp_path: Path) -> None:
    rows = (
        's1,c1,2026-03-01,,street,2026-02-27,,,,,,,,"w1,,,',
        "s2,c2,2026-03-01,,street,2026-02-27,,,,,,,,,,,",
        '"s3",c3,2026-03-01,,street,2026-02-27,,,,,,,,,,,',
        's4,c4,2026-03-01,,street,2026-02-27,,,,,,,,"w,4",,,',
    )
    write(tmp_path / "e.csv", events(*rows))
    batch = read(tmp_path, "csv", path="e.csv")
    assert {name for name in now_says(batch.readings) if name.endswith("stay")} == {
        "s2 stay",
        "s3 stay",
        "s4 stay",
    }
    assert faults(batch) == [
        "e.csv:2  =: the line does not have the columns of the header; is a quote or a delimiter amiss?"
    ]


def test_a_note_over_several_lines_is_one_cell(tmp_path: Path) -> None:
    text = 'id,client,situation,begin,note\ns1,c1,street,2026-02-27,"first\nsecond, third"\ns2,c2,street,2026-02-27,\n'
    write(tmp_path / "e.csv", text)
    assert list(now_says(read(tmp_path, "csv", path="e.csv").readings)) == ["s1 stay", "s2 stay"]


def test_short_rows_have_empty_cells_and_long_ones_are_amiss(tmp_path: Path) -> None:
    rows = ("s1,c1,street,2026-02-27", "s2,c2,street,2026-02-27,,,", "s3,c3,st,reet,2026-02-27,2026-03-01")
    write(tmp_path / "e.csv", "\n".join(("id,client,situation,begin,end", *rows, "")))
    batch = read(tmp_path, "csv", path="e.csv")
    assert list(now_says(batch.readings)) == ["s1 stay", "s2 stay"]
    assert len(batch.quarantined) == 1


def test_a_file_that_is_still_being_written_is_waited_for(tmp_path: Path) -> None:
    whole = events(
        "s1,c1,2026-03-01,,street,2026-02-27,,,,,,,,,,,", "s2,c2,2026-03-01,,street,2026-02-27,,,,,,,,,,,"
    )
    write(tmp_path / "e.csv", whole[:-25], "2026-03-01")
    one = read(tmp_path, "csv", path=".")
    assert not one.changed
    assert notes(one) == ["e.csv is empty or not complete yet; it is read when it is"]
    write(tmp_path / "e.csv", whole, "2026-03-02")
    assert read(tmp_path, "csv", one.state, path=".").counts.read == 2


def test_a_file_that_stays_cut_off_is_read_at_the_second_look(tmp_path: Path) -> None:
    text = events("s1,c1,2026-03-01,,street,2026-02-27,,,,,,,,,,,", "s2,c2,2026-03-01,,stre").rstrip("\n")
    write(tmp_path / "e.csv", text, "2026-03-01")
    one = read(tmp_path, "csv", path=".")
    two = read(tmp_path, "csv", one.state, path=".")
    assert list(now_says(two.readings)) == ["s1 stay"]
    assert "situation=s•••" in faults(two)[0]


def test_a_file_without_a_last_line_end_is_complete_when_its_last_row_is(tmp_path: Path) -> None:
    write(tmp_path / "e.csv", events("s1,c1,2026-03-01,,street,2026-02-27,,,,,,,,,,,").rstrip("\n"))
    assert read(tmp_path, "csv", path=".").counts.read == 1


def test_an_empty_file_is_waited_for(tmp_path: Path) -> None:
    write(tmp_path / "e.csv", "")
    assert not read(tmp_path, "csv", path=".").changed


def test_a_missing_column_is_one_clear_problem(tmp_path: Path) -> None:
    write(tmp_path / "e.csv", "id,cliënt,situation,begin\ns1,c1,street,2026-02-27\n")
    write(tmp_path / "f.csv", events("s2,c2,2026-03-01,,street,2026-02-27,,,,,,,,,,,"))
    batch = read(tmp_path, "csv", path=".")
    assert [problem.sentence("en") for problem in batch.problems] == [
        'e.csv:1: the header has no column "client" (client); name it under [sources.columns]; did you mean "cliënt"?'
    ]
    assert list(now_says(batch.readings)) == ["s2 stay"]


def test_a_file_without_a_header_shows_nobodys_data(tmp_path: Path) -> None:
    write(tmp_path / "e.csv", "Jansen,123456782,street,2026-02-27\n")
    batch = read(tmp_path, "csv", path=".")
    assert len(batch.problems) == 2
    assert "Jansen" not in str(batch.problems) and "123456782" not in str(batch.problems)


def test_a_header_that_says_nothing_is_a_problem(tmp_path: Path) -> None:
    write(tmp_path / "e.csv", "id,client,naam\ns1,c1,x\n")
    (problem,) = read(tmp_path, "csv", path=".").problems
    assert problem.message("en").startswith("no column says anything about clients")


def test_a_path_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    assert problems_of(tmp_path, "csv", path="exprot") == ['source "reg": there is no file or folder exprot']


def test_an_empty_folder_is_no_problem_for_events(tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    assert not read(tmp_path, "csv", path="export").changed


def test_a_pattern_chooses_files_whatever_their_case(tmp_path: Path) -> None:
    row = "s{0},c{0},2026-03-01,,street,2026-02-27,,,,,,,,,,,"
    write(tmp_path / "MOVES.CSV", events(row.format(1)))
    write(tmp_path / "people.csv", "name\nx\n")
    write(tmp_path / ".moves.csv", events(row.format(2)))
    write(tmp_path / "~moves.csv", events(row.format(3)))
    assert list(now_says(read(tmp_path, "csv", path="mov*.csv").readings)) == ["s1 stay"]
    assert list(now_says(read(tmp_path, "csv", path=".", pattern="m*.csv").readings)) == ["s1 stay"]


def test_words_that_the_vocabulary_lacks_are_found_in_the_config(tmp_path: Path) -> None:
    write(tmp_path / "e.csv", events())
    assert problems_of(
        tmp_path,
        "csv",
        path=".",
        codes={"situation": {"CO": "crisis-shelt"}, "mood": {"a": "b"}, "trust": {"x": "grow"}},
        facts={"trst": "Vertrouwen"},
    ) == [
        'source "reg": code "CO" stands for "crisis-shelt", which the vocabulary lacks; did you mean "crisis-shelter"?',
        'source "reg": codes for "mood", which is neither a column nor a fact',
        'source "reg": code "x" stands for "grow", which the vocabulary lacks; did you mean "growing"?',
        'source "reg": fact "trst" is not in the vocabulary; did you mean "trust"?',
    ]


def test_the_sources_team_stands_where_the_registration_names_nobody(tmp_path: Path) -> None:
    write(tmp_path / "e.csv", "id,client,situation,begin\ns1,c1,street,2026-02-27\n")
    assert now_says(read(tmp_path, "csv", path=".", team="north").readings)["s1 assignment"] == Assignment(
        date(2026, 2, 27), None, "north"
    )


def test_a_worker_named_without_a_team_is_of_the_sources_team(tmp_path: Path) -> None:
    write(
        tmp_path / "e.csv",
        "id,client,situation,begin,worker\ns1,c1,street,2026-02-27,w1\ns2,c2,street,2026-02-27,\n",
    )
    says = now_says(read(tmp_path, "csv", path=".", team="north").readings)
    assert says["s1 assignment"] == Assignment(date(2026, 2, 27), "w1", "north")
    assert "s2 assignment" not in says


def test_further_columns_may_be_facts(tmp_path: Path) -> None:
    text = (
        "id,client,recorded,situation,begin,Kinderen,Tolk,Evaluatie\n"
        "s1,c1,2026-03-01T23:30:00+00:00,street,2026-02-27,3,ja,2026-05-01\n"
    )
    write(tmp_path / "e.csv", text)
    facts = {"children": "kinderen", "language-need": "Tolk", "review-date": "Evaluatie"}
    says = now_says(read(tmp_path, "csv", path=".", facts=facts).readings)
    assert says["s1 fact:children"] == Fact("children", 3, date(2026, 3, 2))
    assert says["s1 fact:language-need"] == Fact("language-need", True, date(2026, 3, 2))
    assert says["s1 fact:review-date"] == Fact("review-date", date(2026, 5, 1), date(2026, 3, 2))
