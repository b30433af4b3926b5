"""A worker's day at the pages: on a phone between two visits, at a desk, without scripts, and without a mouse."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.browser.visit import DESK, PHONE, Device, Served

TITLE = "Teken samen wie er zijn"
DONE = "Netwerk in kaart gebracht"


@pytest.mark.parametrize("device", [PHONE, DESK], ids=["phone", "desk"])
def test_a_worker_comes_in_by_a_mail_answers_undoes_and_answers_again(served: Served, device: Device) -> None:
    before = len(served.house.mails())
    w1 = served.visit(device=device, scripts=False)
    w1.open("/prompts").fill("Je werkadres", "w1@example.org").press("Mail me een link")
    assert "Kijk in je mail" in w1.says
    served.until(lambda: len(served.house.mails()) > before)
    body = served.house.mails()[-1].get_body(("plain",))
    assert body is not None
    link = re.search(r"https?://\S+/login/\S+", body.get_content())
    assert link is not None
    w1.open(link[0]).press("Inloggen").press(TITLE).press(DONE)
    assert "Vastgelegd. Dank je wel." in w1.says and f"Beantwoord: {DONE}" in w1.says
    w1.press("Maak ongedaan")
    assert "Hoe ging het?" in w1.says
    w1.press(DONE).press("Mijn herinneringen")
    assert "Er wacht vandaag niets op je." in w1.says


@pytest.mark.parametrize("device", [PHONE, DESK], ids=["phone", "desk"])
def test_a_worker_snoozes_wakes_and_hands_over(served: Served, device: Device) -> None:
    w1 = served.visit("w1", device, scripts=False).press(TITLE)
    w1.unfold("Nu niet, of niet voor mij")
    with w1.page.expect_navigation():
        w1.page.locator("button[name=until]").first.click()
    w1.open("/prompts")
    assert "Er wacht vandaag niets op je." in w1.says
    w1.unfold("Later").press(TITLE)
    assert "Uitgesteld tot" in w1.says
    w1.press("Niet meer uitstellen").unfold("Nu niet, of niet voor mij")
    w1.choose("Draag het over aan een collega", "w2").press("Draag over")
    w2 = served.visit("w2", device, scripts=False)
    assert "Cliënt c1" in w2.says
    w2.press(TITLE)
    assert "w1 heeft dit overgedragen aan w2" in w2.says


def test_the_whole_way_is_walked_by_keyboard_and_what_has_the_focus_shows(served: Served) -> None:
    w1 = served.visit("w1", DESK)
    w1.tab_to("Naar de inhoud").enter(leads_on=False)
    w1.tab_to(TITLE).enter()
    w1.tab_to("Openers en tips").enter(leads_on=False)
    w1.tab_to(DONE).enter()
    assert f"Beantwoord: {DONE}" in w1.says
    w1.tab_to("Maak ongedaan").enter()
    w1.tab_to("Nu niet, of niet voor mij").enter(leads_on=False)
    w1.tab_to("Draag over")
    assert "Hoe ging het?" in w1.says


def test_what_was_answered_on_another_device_is_said_and_not_written_over_unseen(served: Served) -> None:
    phone, desk = served.visit("w1", PHONE).press(TITLE), served.visit("w1", DESK).press(TITLE)
    lead = served.visit("lead", DESK).open(phone.page.url)
    served.at += timedelta(minutes=1)
    phone.press(DONE)
    served.at += timedelta(minutes=1)
    for later in (lead, desk):
        later.press("Nog niet gelukt")
        assert "Er is niets vastgelegd" in later.says and f"Beantwoord: {DONE}" in later.says
