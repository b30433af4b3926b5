"""`cti source report`: what going live would bring, for people and for scripts."""

from __future__ import annotations

from pathlib import Path

import pytest

from cti.cli.session import Session
from tests.cli.terminal import Terminal
from tests.engine.house import House, when


@pytest.fixture(autouse=True)
def _a_day_in_march(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "now", staticmethod(lambda: when("3-24")))


@pytest.mark.parametrize(
    ("lang", "first", "weeks"),
    [
        ("en", "What was read. Nothing of it is kept, and nothing is sent.", "The first four weeks"),
        (
            "nl",
            "Wat er is gelezen. Er wordt niets van bewaard, en er gaat niets uit.",
            "De eerste vier weken",
        ),
    ],
)
def test_it_is_a_few_tables_that_name_no_client(
    cti: Terminal, house: House, lang: str, first: str, weeks: str
) -> None:
    house.moves_in("3-20", "s9", "bunk bed", client="c9")
    house.moves_in("3-20", "s8", "crisis-shelter", client="c8", worker="elsewhere")
    shown = cti.ok("--lang", lang, "source", "report")
    assert shown.startswith(first)
    assert weeks in shown
    assert "elsewhere (1)" in shown and "bunk bed" not in shown
    assert not any(f"c{number}" in shown for number in range(1, 10))
    assert [line for line in shown.splitlines() if len(line.rstrip()) > 200] == []


def test_scripts_get_one_document(cti: Terminal, house: House) -> None:
    found = cti("source", "report", "registration", "--json").json
    assert list(found) == [
        "sources",
        "pushed",
        "unread",
        "newest",
        "clients",
        "in_care",
        "situations",
        "reach",
        "late",
        "first_day",
        "weeks",
    ]
    assert (found["newest"], found["clients"], found["in_care"]) == ("2026-03-20", 3, 3)
    assert {one["who"]: one["prompts"] for one in found["weeks"]["receivers"]} == {"w1": 2, "w2": 1}


def test_it_makes_no_database(cti: Terminal, house: House) -> None:
    house.system.database.close()
    for file in house.folder.glob("cti.db*"):
        file.unlink()
    cti.ok("source", "report")
    assert list(house.folder.glob("cti.db*")) == []


def test_an_unknown_source_is_named_with_those_there_are(cti: Terminal, house: House) -> None:
    said = cti("source", "report", "registratoin")
    assert said.code == 2
    assert said.err.strip() == 'there is no source "registratoin"; there are registration'


def test_a_config_without_a_source_says_how_to_come_by_one(cti: Terminal, house: House) -> None:
    config = house.folder / "config.toml"
    text = config.read_text(encoding="utf-8")
    before, _, rest = text.partition("[[sources]]")
    config.write_text(before + "[[teams]]" + rest.partition("[[teams]]")[2], encoding="utf-8")
    said = cti("source", "report")
    assert said.code == 2
    assert "cti source probe" in said.err


def test_a_source_that_cannot_be_read_ends_it_with_one(cti: Terminal, house: House) -> None:
    config = house.folder / "config.toml"
    text = config.read_text(encoding="utf-8").replace('path = "export"', 'path = "nowhere"')
    config.write_text(text, encoding="utf-8")
    said = cti("source", "report")
    assert said.code == 1
    assert "nowhere" in said.err
    assert "No client was recognised" in said.out


def test_nothing_is_left_behind(
    cti: Terminal, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "aside"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    cti.ok("source", "report")
    assert list(place.iterdir()) == []
