"""A worker and a prompt: read, answered, taken back, put off, handed over; twice, too late, from two devices."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cti.core.events import Answer
from cti.core.prompts import Stored
from cti.store import audit, clients, prompts
from cti.store.histories import histories
from tests.engine.house import House
from tests.web.browser import Browser, Pages, text_of
from tests.web.conftest import NOON


@pytest.fixture
def w1(pages: Pages) -> Browser:
    return pages.of("w1")


def number(house: House, step: str, client: str = "c1") -> int:
    return next(row.id for row in house.stored() if (row.plan.step, row.plan.client) == (step, client))


def row(house: House, of: int) -> Stored:
    with house.system.database.read() as tx:
        found = prompts.by_id(tx, of)
    assert found is not None
    return found


def facts(house: House, client: str = "c1") -> dict[str, object]:
    """What was recorded about a client by answers."""
    with house.system.database.read() as tx:
        number = clients.client_id(tx, client)
        assert number is not None
        [(_, history)] = histories(tx, [number])
    answers = [record.event for record in history.records if isinstance(record.event, Answer)]
    return {name: value for answer in answers for name, value in answer.facts}


def test_a_prompt_shows_one_step_why_and_its_answers(w1: Browser, house: House) -> None:
    page = text_of(w1.get(f"/prompts/{number(house, 'map-network')}"))
    assert "Cliënt c1" in page
    assert "Teken samen wie er zijn" in page
    assert "Eén stap: pak pen en papier" in page
    assert "Wat er gebeurde: naar crisisopvang, maandag 2 maart." in page
    assert "Aan de beurt op maandag 16 maart 2026, en actueel tot" in page
    assert "Jij staat geregistreerd als werker van deze cliënt." in page
    assert "Nog niet gelukt" in page


def test_its_title_in_the_browser_tells_nothing(w1: Browser, house: House) -> None:
    page = w1.get(f"/prompts/{number(house, 'map-network')}").text
    assert "<title>Een herinnering · Onderdak</title>" in page


def test_the_client_is_a_press_away_in_the_registration(house: House) -> None:
    config = house.folder / "config.toml"
    url = '[web]\nclient_url = "https://files.example.org/c/{client}"'
    config.write_text(config.read_text().replace("[web]", url))
    house.reopen()
    page = Pages(house, NOON).of("w1").get(f"/prompts/{number(house, 'map-network')}").text
    assert 'href="https://files.example.org/c/c1"' in page


def test_one_press_answers_and_what_follows_is_planned_at_once(w1: Browser, house: House) -> None:
    of = number(house, "map-network")
    said = text_of(w1.post(f"/prompts/{of}/answer", answer="mapped", follow=True))
    assert "Vastgelegd. Dank je wel." in said
    assert "Beantwoord: " in said
    assert row(house, of).answer == "mapped"
    assert row(house, of).answered_by == "w1"
    assert facts(house)["network-mapped"] == NOON.date()


def test_the_same_answer_twice_is_harmless_and_said(w1: Browser, house: House) -> None:
    of = number(house, "map-network")
    w1.post(f"/prompts/{of}/answer", answer="mapped")
    said = text_of(w1.post(f"/prompts/{of}/answer", answer="mapped", follow=True))
    assert "Dit was al vastgelegd. Er is niets veranderd." in said


def test_what_someone_answered_meanwhile_is_not_replaced_unseen(pages: Pages, house: House) -> None:
    of = number(house, "map-network")
    lead, w1 = pages.of("lead"), pages.of("w1")
    seen = NOON.isoformat()
    pages.at = NOON + timedelta(minutes=5)
    lead.post(f"/prompts/{of}/answer", answer="mapped", seen=pages.at.isoformat())
    pages.at = NOON + timedelta(minutes=6)
    said = text_of(w1.post(f"/prompts/{of}/answer", answer="not-yet", seen=seen, follow=True))
    assert "Er is niets vastgelegd: het staat er anders voor" in said
    assert row(house, of).answer == "mapped"
    # Who has seen it may think otherwise.
    said = text_of(w1.post(f"/prompts/{of}/answer", answer="not-yet", seen=pages.at.isoformat(), follow=True))
    assert "Vastgelegd, in plaats van het eerdere antwoord." in said


def test_a_prompt_that_was_withdrawn_meanwhile_takes_no_answer_and_says_so(
    pages: Pages, house: House
) -> None:
    of = number(house, "map-network")
    house.retract("3-17", "r1")
    house.tick("3-18")
    pages.at = NOON + timedelta(days=1)
    said = text_of(pages.of("w1").post(f"/prompts/{of}/answer", answer="mapped", follow=True))
    assert "Er is niets vastgelegd" in said
    assert row(house, of).answer is None


def test_an_answer_that_asks_something_back_wants_it_filled_in(w1: Browser, house: House) -> None:
    of = number(house, "map-network")
    wrong = w1.post(f"/prompts/{of}/answer", answer="existing")
    assert wrong.status_code == 400
    assert "Vul dit in." in text_of(wrong)
    wrong = w1.post(f"/prompts/{of}/answer", answer="existing", facts={"network-mapped": "last week"})
    assert "Dit is geen dag." in text_of(wrong)
    assert 'value="last week"' in wrong.text
    assert row(house, of).answer is None
    w1.post(f"/prompts/{of}/answer", answer="existing", facts={"network-mapped": "2026-03-05"})
    assert str(facts(house)["network-mapped"]) == "2026-03-05"


def test_something_can_be_added_to_an_answer(w1: Browser, house: House) -> None:
    of = number(house, "map-network")
    w1.post(f"/prompts/{of}/answer", answer="mapped")
    page = w1.get(f"/prompts/{of}")
    assert "Wil je er iets bij vastleggen?" in text_of(page)
    w1.post(f"/prompts/{of}/answer", answer="mapped", facts={"network": "small", "overasked": "no"})
    assert (facts(house)["network"], facts(house)["overasked"]) == ("small", False)
    assert 'value="small" checked' in w1.get(f"/prompts/{of}").text


def test_an_answer_that_is_none_of_its_own_records_nothing(w1: Browser, house: House) -> None:
    of = number(house, "map-network")
    said = text_of(w1.post(f"/prompts/{of}/answer", answer="agreed", follow=True))
    assert "Kies een van de antwoorden." in said
    assert row(house, of).answer is None


def test_an_answer_is_taken_back_for_a_while(pages: Pages, house: House) -> None:
    of = number(house, "map-network")
    w1 = pages.of("w1")
    w1.post(f"/prompts/{of}/answer", answer="mapped")
    said = text_of(w1.post(f"/prompts/{of}/take-back", follow=True))
    assert "Teruggenomen" in said
    assert row(house, of).answer is None
    assert "network-mapped" not in facts(house)
    said = text_of(w1.post(f"/prompts/{of}/take-back", follow=True))
    assert "Er is geen antwoord om terug te nemen." in said
    w1.post(f"/prompts/{of}/answer", answer="mapped", follow=True)
    pages.at = NOON + timedelta(minutes=31)
    assert "take-back" not in w1.get(f"/prompts/{of}").text
    assert "te lang geleden" in text_of(w1.post(f"/prompts/{of}/take-back", follow=True))
    assert row(house, of).answer == "mapped"


def test_what_does_not_apply_is_said_with_its_reason(w1: Browser, house: House) -> None:
    of = number(house, "map-network")
    w1.post(f"/prompts/{of}/answer", answer="not-relevant", reason="elsewhere")
    assert row(house, of).answer == "not-relevant"
    said = text_of(w1.post(f"/prompts/{of}/answer", answer="not-relevant", reason="because", follow=True))
    assert "Dat kan niet" in said


def test_a_prompt_is_put_off_and_no_longer(w1: Browser, house: House) -> None:
    of = number(house, "map-network")
    said = text_of(w1.post(f"/prompts/{of}/snooze", until="2026-03-20", follow=True))
    assert "Uitgesteld tot vrijdag 20 maart." in said
    assert "uitgesteld tot vrijdag 20 maart" in text_of(w1.get("/prompts"))
    w1.post(f"/prompts/{of}/wake")
    assert row(house, of).snoozed_until is None
    for day in ("", "monday", "2026-03-17", "2027-01-01"):
        w1.post(f"/prompts/{of}/snooze", until=day)
        assert row(house, of).snoozed_until is None


def test_a_prompt_is_handed_to_a_colleague_who_then_has_it(pages: Pages, house: House) -> None:
    of = number(house, "map-network")
    w1, w2 = pages.of("w1"), pages.of("w2")
    assert w2.get(f"/prompts/{of}").status_code == 404
    said = text_of(w1.post(f"/prompts/{of}/hand-over", to="w2", follow=True))
    assert "w1 heeft dit overgedragen aan w2." in said
    assert f"/prompts/{of}" in w2.get("/prompts").text
    assert f"/prompts/{of}" not in w1.get("/prompts").text
    assert "w1 heeft het aan jou overgedragen." in text_of(w2.get(f"/prompts/{of}"))
    w2.post(f"/prompts/{of}/hand-back")
    assert w2.get(f"/prompts/{of}").status_code == 404
    assert f"/prompts/{of}" in w1.get("/prompts").text


def test_it_is_handed_to_nobody_else_than_those_who_work_with_clients(w1: Browser, house: House) -> None:
    of = number(house, "map-network")
    for who in ("boss", "nobody", ""):
        assert "Dat kan niet" in text_of(w1.post(f"/prompts/{of}/hand-over", to=who, follow=True))
    assert row(house, of).handed_to is None


def test_who_saw_a_prompt_stands_in_the_trail(w1: Browser, house: House) -> None:
    of = number(house, "map-network")
    w1.get(f"/prompts/{of}")
    w1.site.trail.flush()
    with house.system.database.read() as tx:
        seen = audit.listing(tx)[0]
    assert (seen.what, seen.person, seen.ref, seen.prompt) == ("saw-prompt", "w1", "c1", of)


def test_what_a_conference_is_stands_one_press_away(w1: Browser, house: House) -> None:
    house.tick("3-24")
    of = number(house, "propose-conference")
    assert "/explained/conference" in w1.get(f"/prompts/{of}").text
    assert "regio@example.org" in text_of(w1.get("/explained/conference"))
    assert w1.get("/explained/nothing").status_code == 404
    assert w1.get("/explained/..%2Fmail%2Fdigest").status_code == 404


@pytest.mark.parametrize("path", ["0", "99999", "-1", "x", "1.5", "9" * 30, "%F0%9F%8E%88", "1%00"])
def test_a_prompt_that_is_none_is_not_found(w1: Browser, path: str) -> None:
    assert w1.get(f"/prompts/{path}").status_code == 404
    assert w1.post(f"/prompts/{path}/answer", answer="mapped").status_code == 404
