"""Why a client's prompts come and why others do not, as a page: now, and as it was known on a day."""

from __future__ import annotations

from tests.engine.house import House
from tests.web.browser import Pages, text_of
from tests.web.conftest import NOON
from tests.web.test_prompt import number

HERE = "/clients/1/why"


def parts(page: str) -> dict[str, str]:
    """What stands under each heading."""
    found = {}
    for part in page.split("<h2>")[1:]:
        title, _, rest = part.partition("</h2>")
        found[title] = rest.split("<section")[0]
    return found


def test_what_comes_is_told_with_its_day_and_how_that_came_about(pages: Pages, house: House) -> None:
    page = pages.of("w1").get(HERE)
    coming = parts(page.text)["Komt nog"]
    assert "3 weken na ma 2 mrt is ma 23 mrt" in text_of(page)
    assert f'href="/prompts/{number(house, "propose-conference")}"' in coming
    assert "naar crisisopvang (registration r1)" in text_of(page)


def test_steps_are_called_by_their_titles(pages: Pages) -> None:
    page = text_of(pages.of("w1").get(HERE))
    assert "Teken samen wie er zijn" in page
    assert "map-network" not in page
    assert "propose-conference" not in page


def test_what_almost_came_stands_first(pages: Pages) -> None:
    w1 = pages.of("w1")
    w1.post("/clients/1/path", answer="conference.declined", facts={"declined-because": "privacy"})
    page = w1.get(HERE)
    found = parts(page.text)
    assert next(iter(found)) == "Bijna: op één na kloppen alle voorwaarden"
    assert "Samen met eigen mensen een plan?" in found["Bijna: op één na kloppen alle voorwaarden"]
    assert "“conferentie” is “cliënt zegt nee” sinds di 17 mrt (hier vastgelegd)" in text_of(page)


def test_a_day_before_is_told_as_it_was_known_then(pages: Pages) -> None:
    page = text_of(pages.of("w1").get(f"{HERE}?at=2026-03-16"))
    assert "Zoals het bekend was op gisteren." in page
    assert "Dit kwam op maandag 16 maart 2026: “Teken samen wie er zijn" in page
    page = text_of(pages.of("w1").get(f"{HERE}?at=2026-03-10"))
    assert "Voor deze cliënt kwam er niets op dinsdag 10 maart" in page


def test_a_day_that_is_none_or_still_to_come_is_told_beside_the_field(pages: Pages) -> None:
    for typed, says in (("2026-03-18", "Deze dag komt nog."), ("last week", "Dit is geen dag.")):
        page = pages.of("w1").get(f"{HERE}?at={typed}")
        assert page.status_code == 400
        assert says in text_of(page)
        assert f'value="{typed}"' in page.text
        assert "Komt nog" in page.text


def test_a_team_lead_finds_why_a_client_of_the_team_got_no_prompt(house: House) -> None:
    house.moves_in("3-17", "r9", "street", client="c9", begin="2025-12-1")
    house.tick("3-17", 11)
    lead = Pages(house, NOON).of("lead")
    found = lead.post("/clients", sought="c9").headers["location"]
    page = text_of(lead.get(f"{found}/why"))
    assert "Geen regel heeft een stap voor deze cliënt." in page
    assert "Regels waarvoor hier niets is" in page


def test_rules_that_are_silent_say_why(pages: Pages) -> None:
    silent = parts(pages.of("w1").get(HERE).text)["Regels waarvoor hier niets is"]
    assert "zoiets is niet gebeurd" in silent
