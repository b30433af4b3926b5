"""What a test expects is read against the people and the languages that there are."""

from __future__ import annotations

from pathlib import Path

from cti.rulebook.check import Checked, read_with_tests
from cti.rulebook.expected import Absence, Expectation
from cti.rulebook.tests_file import RuleTest
from tests.faults import said, write
from tests.rulebook.house import DESKS, FILES, WHOLE_WAY


def checked(folder: Path, test: str, *languages: str) -> Checked:
    write(folder, {**FILES, "rules/tests/whole-way.toml": test})
    return read_with_tests(folder / "rules", languages, folder / "templates", DESKS)


def whole_way(folder: Path) -> RuleTest:
    return checked(folder, WHOLE_WAY, "nl", "en").tests[-1]


def test_a_test_says_who_works_when_and_who_stands_in(tmp_path: Path) -> None:
    people = whole_way(tmp_path).people
    assert people is not None
    assert [(person.id, person.role, person.team) for person in people] == [
        ("w1", "worker", "north"),
        ("w2", "worker", "north"),
        ("lead", "team-lead", "north"),
    ]
    assert people[0].works == {0, 2}
    assert [away.deputy for away in people[0].away] == ["w2"]


def test_a_test_compares_the_kinds_that_it_expects(tmp_path: Path) -> None:
    test = whole_way(tmp_path)
    assert test.kinds == {"prompt", "reminder", "escalation"}
    assert test.absent == (Absence("crisis-intake", "map-network", None, "notice"),)


def test_words_may_be_expected_in_either_language(tmp_path: Path) -> None:
    expect = whole_way(tmp_path).expect
    assert expect is not None and isinstance(expect[0], Expectation)
    assert expect[0].words == (("nl", "is er sinds"),)
    assert expect[3].words == (("en", "map"), ("en", "is here since"))


def test_english_words_are_none_of_an_organisation_that_writes_no_english(tmp_path: Path) -> None:
    (problem,) = checked(tmp_path, WHOLE_WAY, "nl").problems
    assert said([problem], "en") == (
        "rules/tests/whole-way.toml:21: expect.text-en: the organisation has no texts in English"
    )
    assert problem.suggestion is not None
    assert "text-en" not in problem.suggestion


def test_nobody_is_called_unknown_while_an_id_cannot_be_read(tmp_path: Path) -> None:
    test = WHOLE_WAY.replace('{ id = "w2", team', "{ team").replace('person = "w2"', 'person = "w8"', 1)
    (problem,) = checked(tmp_path, test, "nl", "en").problems
    assert said([problem], "en") == "rules/tests/whole-way.toml:10: people.id is missing"


def test_without_people_the_workers_of_the_events_may_be_named(tmp_path: Path) -> None:
    test = (
        '[[tests]]\nname = "x"\nevents = [{ day = 2026-03-02, worker = "w7", team = "south" }]\n'
        'expect = [{ day = 2026-03-16, step = "crisis-intake/map-network", person = "WHO" }]\n'
    )
    for who in ("w7", "south", "intake"):
        assert checked(tmp_path, test.replace("WHO", who), "nl", "en").problems == ()
    (problem,) = checked(tmp_path, test.replace("WHO", "nobody"), "nl", "en").problems
    assert problem.message("en").endswith('there are "w7", "south", "intake"')
