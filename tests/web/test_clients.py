"""Clients of mine: whom each reader finds there, what comes next, and the search that leaves no reference in an address."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.engine.house import House
from tests.web.browser import Pages, text_of
from tests.web.conftest import NOON, PEOPLE
from tests.web.test_prompt import number


def test_a_worker_finds_their_own_clients_and_what_waits(pages: Pages) -> None:
    page = text_of(pages.of("w1").get("/clients"))
    assert "Wacht op antwoord c1 Crisisopvang Teken samen wie er zijn" in page
    assert "c2" not in page
    assert "c3" not in page


def test_a_team_lead_finds_the_teams_clients_with_their_workers(pages: Pages) -> None:
    page = text_of(pages.of("lead").get("/clients"))
    assert "c1 Crisisopvang · w1" in page
    assert "c2 Crisisopvang · w2" in page
    assert "c3" not in page


def test_who_stands_in_for_a_colleague_finds_their_clients(house: House) -> None:
    house.w1 = 'away = [{ from = 2026-03-16, until = 2026-03-20, deputy = "w2" }]'
    config = house.folder / "config.toml"
    config.write_text(
        config.read_text().replace('address = "w1@example.org"', f'address = "w1@example.org"\n{house.w1}')
    )
    house.reopen()
    page = text_of(Pages(house, NOON).of("w2").get("/clients"))
    assert "c1 Crisisopvang · w1" in page
    assert "c2 Crisisopvang " in page


def test_after_the_answer_the_client_moves_to_those_for_whom_something_is_to_come(
    pages: Pages, house: House
) -> None:
    w1 = pages.of("w1")
    w1.post(f"/prompts/{number(house, 'map-network')}/answer", answer="mapped")
    page = text_of(w1.get("/clients"))
    assert "Wacht op antwoord" not in page
    assert "Er komt nog iets c1" in page


def test_where_nothing_is_open_any_more_the_client_is_folded_away(house: House) -> None:
    house.type_in("3-17", "gone", "c1", closed="2026-03-17")
    house.tick("3-18")
    page = text_of(Pages(house, NOON + timedelta(days=1)).of("w1").get("/clients"))
    assert "Gesloten, vertrokken of onbekend 1 c1" in page


def test_who_has_no_clients_is_told_so_kindly(house: House) -> None:
    house.moves_in("3-17", "r1", "crisis-shelter", begin="3-2", client="c1", worker="w2")
    house.tick("3-18")
    page = text_of(Pages(house, NOON + timedelta(days=1)).of("w1").get("/clients"))
    assert "Je hebt hier nog geen cliënten." in page


def test_the_search_goes_straight_to_the_one_that_fits(pages: Pages) -> None:
    lead = pages.of("lead")
    response = lead.post("/clients", sought=" C2 ")
    assert response.status_code == 303
    assert response.headers["location"] == "/clients/2"


def test_the_search_shows_all_that_fit_and_says_when_none_does(pages: Pages) -> None:
    lead = pages.of("lead")
    page = text_of(lead.post("/clients", sought="c"))
    assert "2 cliënten gevonden." in page
    none = lead.post("/clients", sought="c3")
    assert "Geen van je cliënten heeft zo’n kenmerk." in text_of(none)
    assert 'value="c3"' in none.text


def test_the_menu_leads_there(pages: Pages) -> None:
    assert 'href="/clients" aria-current="page"' in pages.of("w1").get("/clients").text
    assert 'href="/clients"' not in pages.of("boss").get("/", follow=True).text


def test_who_has_very_many_clients_is_shown_the_same_list(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = pages.of("lead")
    every = text_of(lead.get("/clients"))
    monkeypatch.setattr("cti.web.views.clients.MANY", 0)
    assert text_of(lead.get("/clients")) == every
    monkeypatch.setattr("cti.web.views.clients.MOST", 1)
    page = text_of(lead.get("/clients"))
    assert "c1 Crisisopvang" in page and "c2" not in page


def test_who_has_very_many_clients_is_shown_no_fewer_for_those_of_other_teams(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(tmp_path / "house", lead=PEOPLE)
    house.moves_in("3-2", "r1", "crisis-shelter", client="c1", worker="s1", team="south")
    house.moves_in("3-2", "r2", "crisis-shelter", client="c2")
    for day in ("3-3", "3-17"):
        house.tick(day)
    monkeypatch.setattr("cti.web.views.clients.MANY", 0)
    monkeypatch.setattr("cti.web.views.clients.MOST", 1)
    page = text_of(Pages(house, NOON).of("lead").get("/clients"))
    assert "c2 Crisisopvang" in page and "c1" not in page
