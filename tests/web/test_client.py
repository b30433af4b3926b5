"""A client's page: how things stand, what waits and what is to come, and the time line with the same in words."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from cti.store import audit
from cti.store.clients import client_id
from tests.engine.house import House, when
from tests.web.browser import Browser, Pages, text_of
from tests.web.conftest import NOON
from tests.web.test_prompt import number


@pytest.fixture
def w1(pages: Pages) -> Browser:
    return pages.of("w1")


def words(page: str) -> list[str]:
    """The rows of the time line in words, the newest first."""
    body = page[page.index('id="words"') :]
    rows = re.findall(r"(?s)<tr[^>]*>(.*?)</tr>", body[: body.index("</table>")])[1:]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def test_it_says_where_the_client_stands_and_who_is_the_worker(w1: Browser) -> None:
    page = text_of(w1.get("/clients/1"))
    assert "Cliënt c1" in page
    assert "Situatie Crisisopvang, sinds maandag 2 maart" in page
    assert "Werker w1" in page


def test_what_waits_and_what_is_to_come_lead_to_their_prompts(w1: Browser, house: House) -> None:
    page = w1.get("/clients/1").text
    waits, comes = page.index('id="waits"'), page.index('id="comes"')
    link = f'href="/prompts/{number(house, "map-network")}"'
    assert link in page[waits:comes]
    assert f'href="/prompts/{number(house, "propose-conference")}"' in page[comes:]


def test_the_time_line_in_words_tells_the_newest_first(w1: Browser) -> None:
    rows = words(w1.get("/clients/1").text)
    today = rows.index("Vandaag Wat hierboven staat, komt nog.")
    assert any("Herinnering die nog komt" in row for row in rows[:today])
    assert "Teken samen wie er zijn" in rows[today + 1]
    assert "wacht op antwoord, tot en met" in rows[today + 1]
    assert rows[-1] == "maandag 2 maart Crisisopvang Verandering van situatie"


def test_what_is_drawn_is_what_stands_in_words(w1: Browser) -> None:
    page = w1.get("/clients/1").text
    drawing = page[page.index('<svg class="life" viewBox="0 0 320') : page.index("</svg>")]
    assert 'role="img" aria-labelledby="line" aria-describedby="words"' in drawing
    signs = len(re.findall(r'<text class="what', drawing))
    assert signs >= len(words(page)) - 1
    assert "style=" not in page
    assert ">Crisisopvang</text>" in drawing


def test_an_answer_stands_on_the_line_and_among_what_came_of_earlier_prompts(
    w1: Browser, house: House
) -> None:
    of = number(house, "map-network")
    w1.post(f"/prompts/{of}/answer", answer="mapped")
    page = w1.get("/clients/1")
    assert "Antwoord: Netwerk in kaart gebracht" in text_of(page)
    assert "Netwerk in kaart gebracht op di 17 mrt" in text_of(page)
    earlier = text_of(page)[text_of(page).index("Wat er van eerdere herinneringen kwam") :]
    assert "Teken samen wie er zijn" in earlier.split("Tijdlijn")[0]


def test_what_was_sent_and_never_answered_says_so(pages: Pages) -> None:
    pages.at = NOON + timedelta(days=90)
    page = text_of(pages.of("w1").get("/clients/1"))
    assert "niet beantwoord; er was tijd tot en met" in page


def test_a_long_life_is_drawn_from_the_last_year_on_and_whole_where_that_is_asked(house: House) -> None:
    house.moves_in("3-18", "old", "street", begin="2023-5-4", end="2023-6-5")
    house.moves_in("3-18", "older", "own-home", begin="2022-5-4", end="2023-5-4")
    house.tick("3-18")
    w1 = Pages(house, NOON + timedelta(days=1)).of("w1")
    short, whole = w1.get("/clients/1").text, w1.get("/clients/1?years=all").text
    assert "Op straat" not in short
    assert "?years=all#line" in short
    assert words(whole)[-1].startswith("woensdag 4 mei 2022 Eigen woning")
    assert "?years=all#line" not in whole


def test_its_address_and_title_hold_no_reference(w1: Browser) -> None:
    page = w1.get("/clients/1").text
    assert "<title>Een cliënt · Onderdak</title>" in page
    assert not re.search(r'(href|action)="[^"]*c1[^"]*"', page)


def test_who_saw_a_client_stands_in_the_trail(w1: Browser, house: House) -> None:
    w1.get("/clients/1")
    w1.site.trail.flush()
    with house.system.database.read() as tx:
        seen = audit.listing(tx)[0]
    assert (seen.what, seen.person, seen.ref) == ("saw-client", "w1", "c1")


def test_the_prompt_leads_to_its_client_for_whom_that_is_theirs(pages: Pages, house: House) -> None:
    of = number(house, "map-network")
    assert 'href="/clients/1"' in pages.of("w1").get(f"/prompts/{of}").text
    pages.of("w1").post(f"/prompts/{of}/hand-over", to="w2")
    assert 'href="/clients/1"' not in pages.of("w2").get(f"/prompts/{of}").text


@pytest.mark.parametrize("path", ["0", "99999", "-1", "x", "1.5", "9" * 30, "%F0%9F%8E%88", "1%00"])
def test_a_client_that_is_none_is_not_found(w1: Browser, path: str) -> None:
    assert w1.get(f"/clients/{path}").status_code == 404


def test_what_was_withdrawn_or_is_no_longer_needed_says_why(house: House) -> None:
    house.type_in("3-16", "f1", "c1", fact="network-mapped", value="2026-03-09", day="2026-03-10")
    house.moves_in("3-17", "other", "street", begin="2025-12-1", client="c2", worker="w2", end="2025-12-8")
    house.retract("3-17", "r2", "c2")
    house.tick("3-18")
    pages = Pages(house, NOON + timedelta(days=1))
    mapped = words(pages.of("w1").get("/clients/1").text)
    assert any("Herinnering zonder antwoord: niet meer nodig:" in row for row in mapped)
    deleted = words(pages.of("lead").get("/clients/2").text)
    assert any("Herinnering zonder antwoord: ingetrokken:" in row for row in deleted)


def test_the_phases_of_a_followed_time_are_drawn_those_to_come_too(house: House) -> None:
    house.moves_in("3-2", "r1", "own-home", client="c9")
    house.tick("3-18")
    with house.system.database.read() as tx:
        number = client_id(tx, "c9")
    said = text_of(Pages(house, when("7-1", 12)).of("w1").get(f"/clients/{number}")).lower()
    assert "fase: uitproberen" in said and "fase: overdragen" in said
    assert said.index("fase: overdragen") < said.index("fase: uitproberen") < said.index("fase: opbouwen")


def test_a_file_that_was_closed_says_so_and_takes_nothing_on_the_path(house: House) -> None:
    house.type_in("3-17", "gone", "c1", closed="2026-03-17")
    house.tick("3-18")
    page = Pages(house, NOON + timedelta(days=1)).of("w1").get("/clients/1")
    assert "het dossier werd gesloten op gisteren" in text_of(page)
    assert "gisteren Het dossier werd gesloten" in " ".join(words(page.text))
    assert 'id="path"' not in page.text


def test_a_band_for_each_situation_and_one_for_what_is_expected(w1: Browser) -> None:
    w1.post("/clients/1/expect", situation="own-home", day="2026-06-01")
    page = w1.get("/clients/1").text
    assert len(re.findall(r'<rect class="band', page)) == 2
    assert '<rect class="band odd ahead"' in page
