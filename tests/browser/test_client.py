"""A client's page in a real browser: a conference from the proposal to its review after nine months, and why nothing came."""

from __future__ import annotations

from tests.browser.visit import DESK, PHONE, Served, Visitor
from tests.engine.house import when


def at(served: Served, day: str) -> Visitor:
    """w1 on a phone without scripts, at the client's page, at noon of that day."""
    served.house.tick(day, force=True)
    served.at = when(day, 12)
    return served.visit("w1", PHONE, scripts=False).open("/clients/1")


def records(visitor: Visitor, choice: str, **fields: str) -> Visitor:
    """Records something on the path: the answer that begins so, with these fields."""
    if not visitor.page.locator(".path > details[open]").count():
        visitor.page.locator(".path > details > summary").click()
    visitor.unfold(choice)
    form = visitor.page.locator("details.answer[open]", has_text=choice).locator("form")
    for name, value in fields.items():
        field = form.locator(f'[name="fact.{name.replace("_", "-")}"]')
        if field.first.get_attribute("type") == "radio":
            field.and_(visitor.page.locator(f'[value="{value}"]')).check()
        else:
            field.fill(value)
    with visitor.page.expect_navigation():
        form.get_by_role("button", name="Leg dit vast").click()
    assert "Vastgelegd." in visitor.says
    return visitor


def test_a_conference_goes_from_the_proposal_to_its_review_after_nine_months(served: Served) -> None:
    w1 = at(served, "3-18")
    records(w1, "Voorgesteld: ja", requested_by="client")
    assert "Cliënt zegt ja" in w1.says
    records(w1, "De dag is bekend", conference_date="2026-05-11")
    assert "De dag van de conferentie is bekend" in w1.says
    w1 = records(at(served, "5-13"), "Gehouden; er is een plan", review_date="2026-08-11")
    assert "De kring bespreekt het plan" in w1.says
    w1 = at(served, "2027-2-12")
    w1.press("Negen maanden").press("Het loopt")
    assert "Beantwoord: Het loopt" in w1.says
    w1.open("/clients/1").unfold("De tijdlijn in woorden")
    assert "Antwoord: Het loopt" in w1.says


def test_a_slip_is_shown_where_it_was_typed_and_a_move_that_is_expected_is_undone(served: Served) -> None:
    w1 = served.visit("w1", PHONE).open("/clients/1").unfold("Een verhuizing die eraan komt")
    w1.choose("Waarheen?", "eigen woning").fill("Op welke dag?", "2206-06-01").press("Leg dit vast")
    assert "ligt in het jaar 2206" in w1.says
    assert w1.page.locator(":focus").get_attribute("name") == "day"
    w1.fill("Op welke dag?", "2026-06-01").press("Leg dit vast")
    assert "Eigen woning verwacht op ma 1 jun" in w1.says
    w1.press("Maak ongedaan")
    assert "Eigen woning verwacht" not in w1.says


def test_a_team_lead_finds_why_a_client_got_no_prompt(served: Served) -> None:
    lead = served.visit("lead", DESK, scripts=False).press("Mijn cliënten")
    lead.fill("Zoek op kenmerk", "c2").press("Zoek").press("Waarom wel, waarom niet")
    lead.fill("Hoe was het op een eerdere dag?", "2026-03-10").press("Tonen")
    assert "Voor deze cliënt kwam er niets op dinsdag 10 maart" in lead.says
    lead.page.locator("summary", has_text="Teken samen wie er zijn").click()
    assert "2 weken na ma 2 mrt is ma 16 mrt" in lead.says
