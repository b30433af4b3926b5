"""What a worker enters on a client's page without a prompt: a move, facts, what was said on the conference's path; and back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.engine.house import House, when
from tests.web.browser import Browser, Pages, text_of
from tests.web.conftest import NOON
from tests.web.test_client import words
from tests.web.test_prompt import number

HERE = "/clients/1"


@pytest.fixture
def w1(pages: Pages) -> Browser:
    return pages.of("w1")


def press_undo(browser: Browser, page: str) -> str:
    """Presses the button beside what was said once."""
    found = re.search(r'action="(/clients/1/undo[^"]*)"', page)
    assert found is not None
    return text_of(browser.post(found[1].replace("&amp;", "&"), follow=True))


# --- an expected move ---------------------------------------------------------------------------------------------------


def test_an_expected_move_brings_its_prompts_and_stands_on_the_line(w1: Browser) -> None:
    page = w1.post(f"{HERE}/expect", situation="own-home", day="2026-06-01", follow=True)
    assert "Vastgelegd. Wat eruit volgt, staat bij “Wat er nog komt”." in text_of(page)
    assert "maandag 1 juni Eigen woning verwacht" in words(page.text)[0]
    assert "Eigen woning verwacht op ma 1 jun" in text_of(page)
    comes = page.text[page.text.index('id="comes"') : page.text.index('id="path"')]
    assert comes.count("/prompts/") > 1


def test_another_day_moves_it_and_the_same_again_changes_nothing(w1: Browser) -> None:
    w1.post(f"{HERE}/expect", situation="own-home", day="2026-06-01")
    page = text_of(w1.post(f"{HERE}/expect", situation="own-home", day="2026-06-01", follow=True))
    assert "Dit was al vastgelegd." in page
    moved = w1.post(f"{HERE}/expect", situation="own-home", day="2026-07-01", follow=True)
    assert words(moved.text)[0].startswith("woensdag 1 juli")
    assert moved.text.count("/take-out") == 1


@pytest.mark.parametrize(
    ("situation", "day", "says"),
    [
        ("own-home", "2026-03-16", "Deze dag is voorbij"),
        ("own-home", "2206-06-01", "ligt in het jaar 2206: klopt dat?"),
        ("own-home", "soon", "Dit is geen dag."),
        ("", "2026-06-01", "Kies waarheen."),
        ("crisis-shelter", "2026-06-01", "Volgens de registratie is de cliënt daar al."),
    ],
)
def test_a_move_that_cannot_be_is_told_beside_its_field_and_nothing_typed_is_lost(
    w1: Browser, situation: str, day: str, says: str
) -> None:
    page = w1.post(f"{HERE}/expect", situation=situation, day=day)
    assert page.status_code == 400
    assert says in text_of(page)
    assert 'aria-invalid="true"' in page.text
    assert f'name="day" type="date" value="{day}"' in page.text
    assert "/take-out" not in page.text


# --- facts --------------------------------------------------------------------------------------------------------------


def test_a_fact_is_shown_with_its_value_its_day_and_where_it_is_from(w1: Browser, house: House) -> None:
    w1.post(f"/prompts/{number(house, 'map-network')}/answer", answer="mapped", facts={"network": "small"})
    page = text_of(w1.get(HERE))
    assert "Netwerk klein sinds di 17 mrt, antwoord op “Teken samen wie er zijn" in page
    w1.post(f"{HERE}/fact", name="trust", facts={"trust": "growing"}, day="2026-03-10")
    page = text_of(w1.get(HERE))
    assert "Vertrouwensband in opbouw sinds di 10 mrt, hier vastgelegd" in page


def test_what_a_source_says_of_a_fact_is_shown_as_that_sources(house: House) -> None:
    house.type_in("3-16", "f1", "c1", fact="trust", value="yes", day="2026-03-16")
    house.tick("3-17", 11)
    page = text_of(Pages(house, NOON).of("w1").get(HERE))
    assert "Vertrouwensband ja sinds ma 16 mrt, uit registration" in page


def test_a_fact_moves_what_is_to_come_at_once(w1: Browser, house: House) -> None:
    before = words(w1.get(HERE).text)[0]
    page = w1.post(f"{HERE}/fact", name="trust", facts={"trust": "growing"}, follow=True)
    assert words(page.text)[0] != before, "where trust is growing, the proposal comes later"


@pytest.mark.parametrize(
    ("name", "value", "day", "says"),
    [
        ("trust", "", "2026-03-10", "Vul dit in."),
        ("trust", "sure", "2026-03-10", "Kies een van deze."),
        ("trust", "yes", "2026-03-18", "Wat pas op een latere dag geldt, is nu nog niet bekend."),
        ("trust", "yes", "1026-03-10", "ligt in het jaar 1026"),
        ("trust", "yes", "yesterday", "Dit is geen dag."),
        ("network-mapped", "2026-03-18", "2026-03-17", "deze dag komt nog"),
        ("network-mapped", "0026-03-18", "2026-03-17", "ligt in het jaar 26"),
    ],
)
def test_a_fact_that_cannot_be_is_told_beside_its_field(
    w1: Browser, name: str, value: str, day: str, says: str
) -> None:
    page = w1.post(f"{HERE}/fact", name=name, day=day, facts={name: value})
    assert page.status_code == 400
    assert says.casefold() in text_of(page).casefold()
    assert page.text.count("autofocus") >= 1, "the browser shows the field that is to be mended"
    assert "/take-out" not in page.text


def test_a_fact_of_the_path_or_of_no_vocabulary_is_not_taken(w1: Browser) -> None:
    for name in ("conference", "shoe-size", ""):
        page = text_of(w1.post(f"{HERE}/fact", name=name, facts={name: "agreed"}, follow=True))
        assert "Dit kan hier niet gezegd worden." in page


# --- back ---------------------------------------------------------------------------------------------------------------


def test_what_was_entered_a_moment_ago_is_undone_and_what_stood_before_stands_again(
    pages: Pages,
) -> None:
    w1 = pages.of("w1")
    w1.post(f"{HERE}/fact", name="trust", facts={"trust": "growing"})
    pages.at = NOON + timedelta(minutes=5)
    page = w1.post(f"{HERE}/fact", name="trust", facts={"trust": "yes"}, follow=True)
    assert "Vertrouwensband ja" in text_of(page)
    pages.at = NOON + timedelta(minutes=6)
    assert "Ongedaan gemaakt." in press_undo(w1, page.text)
    assert "Vertrouwensband in opbouw" in text_of(w1.get(HERE))
    assert "Het stond hier niet meer." in press_undo(w1, page.text), "once more changes nothing"
    assert "Vertrouwensband in opbouw" in text_of(w1.get(HERE))


def test_what_was_entered_by_mistake_is_taken_out_later_too(pages: Pages) -> None:
    w1 = pages.of("w1")
    w1.post(f"{HERE}/expect", situation="own-home", day="2026-06-01")
    pages.at = NOON + timedelta(hours=6)
    page = w1.get(HERE).text
    ref = re.search(r'name="ref" value="([^"]+)"', page)
    assert ref is not None
    said = text_of(w1.post(f"{HERE}/take-out", ref=ref[1], follow=True))
    assert "Weggehaald." in said
    assert "Hier vastgelegd zonder herinnering" not in said
    assert "Het stond hier niet meer." in text_of(w1.post(f"{HERE}/take-out", ref=ref[1], follow=True))


def test_nothing_of_another_client_is_taken_out(pages: Pages) -> None:
    pages.of("w2").post("/clients/2/fact", name="trust", facts={"trust": "yes"})
    w1 = pages.of("w1")
    assert "Het stond hier niet meer." in text_of(w1.post(f"{HERE}/take-out", ref="2/fact/1", follow=True))
    for query in ("at=1&ref=2/fact/1", "at=x", "at=99999999999999999999999", ""):
        assert "Het stond hier niet meer." in text_of(w1.post(f"{HERE}/undo?{query}", follow=True))
    assert "Vertrouwensband ja" in text_of(pages.of("w2").get("/clients/2"))


# --- the path of the conference -----------------------------------------------------------------------------------------


def path_of(browser: Browser) -> str:
    """What the page says of the conference."""
    page = browser.get(HERE).text
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.index('id="path"') : page.index('id="line"')]).split())


def test_a_conference_goes_from_the_proposal_to_its_review_dates_without_a_prompt(
    pages: Pages, house: House
) -> None:
    w1 = pages.of("w1")
    assert "is hier nog niets over gezegd" in path_of(w1)
    w1.post(f"{HERE}/path", answer="conference.agreed", facts={"requested-by": "client"})
    assert "Cliënt zegt ja vandaag" in path_of(w1)
    assert "De dag is bekend" in path_of(w1)
    page = w1.post(
        f"{HERE}/path", answer="requested.day-known", facts={"conference-date": "2026-05-11"}, follow=True
    )
    assert "De dag van de conferentie is bekend" in path_of(w1)
    assert any("Dag van de conferentie ma 11 mei" in row for row in words(page.text))
    planned = words(page.text)
    page = w1.post(
        f"{HERE}/path", answer="planned.moved", facts={"conference-date": "2026-05-18"}, follow=True
    )
    assert any("Dag van de conferentie ma 18 mei" in row for row in words(page.text))
    assert not any("ma 11 mei" in row for row in words(page.text))
    days = [row.split(" Herinnering")[0] for row in words(page.text) if "die nog komt" in row]
    assert days != [row.split(" Herinnering")[0] for row in planned if "die nog komt" in row]
    for day in ("3-27", "4-6", "4-16", "4-26", "5-6", "5-16", "5-20"):
        house.tick(day)
    w1 = Pages(house, when("5-20", 12)).of("w1")
    w1.post(f"{HERE}/path", answer="held.plan", facts={"review-date": "2026-08-18"})
    assert "Gehouden vandaag De kring bespreekt het plan" in path_of(w1)
    assert any("plan bespreekt di 18 aug" in row for row in words(w1.get(HERE).text))


def test_a_no_is_respected_and_asks_nothing_further(w1: Browser) -> None:
    w1.post(f"{HERE}/path", answer="conference.declined", facts={"declined-because": "privacy"})
    path = path_of(w1)
    assert "Cliënt zegt nee vandaag" in path
    assert "Tot dan vraagt niemand er opnieuw naar." in path
    assert "Er is toch iets anders gezegd" in path
    assert 'class="fold" open' not in w1.get(HERE).text
    assert not any("voorstel" in row for row in words(w1.get(HERE).text) if "die nog komt" in row)


def test_what_is_asked_back_on_the_path_stands_beside_its_field(w1: Browser) -> None:
    page = w1.post(f"{HERE}/path", answer="conference.not-now", facts={"ask-again": "2206-01-01"})
    assert page.status_code == 400
    assert "ligt in het jaar 2206" in text_of(page)
    assert 'value="2206-01-01"' in page.text
    page = w1.post(f"{HERE}/path", answer="conference.declined", day="never")
    assert page.status_code == 400
    assert "Vul dit in." in text_of(page)
    assert 'value="never"' in page.text
    page = w1.post(
        f"{HERE}/path", answer="conference.declined", day="2026-03-18", facts={"declined-because": "shame"}
    )
    assert "is nu nog niet bekend." in text_of(page)
    assert "is hier nog niets over gezegd" in path_of(w1)


def test_what_cannot_be_said_now_is_not_recorded_and_told(w1: Browser) -> None:
    said = text_of(w1.post(f"{HERE}/path", answer="held.no-plan", follow=True))
    assert "Dat kan niet:" in said
    assert "Dit kan hier niet gezegd worden." in text_of(w1.post(f"{HERE}/path", answer="x.y", follow=True))
    assert "is hier nog niets over gezegd" in path_of(w1)


def test_a_prompt_about_the_conference_shows_where_that_stands(w1: Browser, house: House) -> None:
    house.tick("3-24")
    of = number(house, "propose-conference")
    assert 'href="/clients/1#path"' in w1.get(f"/prompts/{of}").text
    assert "#path" not in w1.get(f"/prompts/{number(house, 'map-network')}").text
    w1.post(f"/prompts/{of}/answer", answer="agreed", facts={"requested-by": "client"})
    assert "Cliënt zegt ja" in text_of(w1.get(f"/prompts/{of}"))
