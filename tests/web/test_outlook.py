"""Figures that are worked out when someone asks: lateness, and critical time by dates."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

from cti.workshop import outlook
from cti.workshop.fidelity import Item, Name, Question
from cti.workshop.findings import LOST
from cti.workshop.lateness import Late, Lateness, Suffering
from cti.workshop.outlook import Outlook, outlook_of, work_out
from tests.engine.house import House
from tests.web.browser import Pages, text_of
from tests.web.conftest import NOON

LATE = Lateness(
    date(2025, 3, 17),
    date(2026, 3, 17),
    (
        Late("registration", "north", "begin", 12, 2.5, 9, 40, 3),
        Late("registration", "south", "end", 4, 77.0, 88, 99, 3),
    ),
    (Suffering(("crisis-intake", "map-network"), 20, 5, 2),),
)


def item(name: Name, known: int, yes: int) -> Item:
    return Item(Question("own-home", name), known, yes)


def put(house: House, *items: Item) -> Pages:
    with house.system.database.write() as tx:
        outlook.keep(tx, outlook_of(Outlook(NOON, "boss"), LATE, items))
    return Pages(house, NOON)


def test_they_are_worked_out_when_asked_for_beside_the_service(house: House) -> None:
    boss = Pages(house, NOON).of("boss")
    assert "worden uitgerekend als je erom vraagt" in text_of(boss.get("/counts/late"))
    with house.system.database.write() as tx:
        assert outlook.begin(tx, NOON, "boss")
    assert "Wordt uitgerekend sinds 12:00" in text_of(boss.get("/counts/cti"))
    assert "worden al uitgerekend" in text_of(boss.post("/counts/work-out", follow=True, back="/counts/cti"))
    work_out(house.system)
    assert "Uitgerekend vandaag, 12:00." in text_of(boss.get("/counts/late"))
    assert "Werd de verhuizing van tevoren verwacht?" in text_of(boss.get("/counts/cti"))


def test_a_work_that_was_lost_can_be_begun_anew(house: House) -> None:
    with house.system.database.write() as tx:
        assert outlook.begin(tx, NOON, "boss")
        assert not outlook.begin(tx, NOON, "boss")
        assert outlook.begin(tx, NOON + LOST, "boss")


def test_of_fewer_than_five_records_no_days_are_told(house: House) -> None:
    said = text_of(put(house).of("boss").get("/counts/late"))
    assert "north verblijf begonnen 10 2,5 9" in said
    assert "south verblijf geëindigd < 5" in said
    assert not {"77", "88", "99", "40"} & set(re.findall(r"\d+", said))
    assert "20 5 < 5" in said


def test_the_table_of_lateness_can_be_taken_along(house: House) -> None:
    text = put(house).of("boss").get("/counts/late.csv").text.removeprefix("\ufeff")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[1:] == [
        ["registration", "north", "verblijf begonnen", "10", "2,5", "9"],
        ["registration", "south", "verblijf geëindigd", "< 5", "", ""],
    ]


def test_answers_about_moves_are_told_where_they_tell_of_nobody(house: House) -> None:
    said = text_of(put(house, item("foreseen", 100, 60), item("network", 8, 4)).of("boss").get("/counts/cti"))
    assert "Van 100 verhuizingen: 60 ja, 40 nee of niet bekend." in said
    assert "Van 10 verhuizingen; te weinig om te zeggen van hoeveel." in said
    assert "ziet er hier uit als werk dat niet is gedaan" in said


def test_no_client_is_on_them(house: House) -> None:
    with house.system.database.write() as tx:
        outlook.begin(tx, NOON, "boss")
    work_out(house.system)
    for path in ("/counts/late", "/counts/cti", "/counts/late.csv"):
        assert {"c1", "c2", "c3"}.isdisjoint(
            re.findall(r"\w+", text_of(Pages(house, NOON).of("boss").get(path)))
        )
