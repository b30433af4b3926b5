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
    w1.open(link[0]).page.locator("main form button").click()
    w1.press(TITLE).press(DONE)
    assert "Vastgelegd. Dank je wel." in w1.says and f"Beantwoord: {DONE}" in w1.says
    w1.press("Maak ongedaan")
    assert "Hoe ging het?" in w1.says
    w1.press(DONE).press("Mijn herinneringen")
    assert "Er wacht vandaag niets op je." in w1.says


@pytest.mark.parametrize("device", [PHONE, DESK], ids=["phone", "desk"])
def test_a_worker_snoozes_wakes_and_hands_over(served: Served, device: Device) -> None:
    w1 = served.visit("w1", device, scripts=False).press(TITLE)
    w1.unfold("Niet nu, of niet voor mij")
    w1.page.locator("button[name=until]").first.click()
    w1.open("/prompts")
    assert "Er wacht vandaag niets op je." in w1.says
    w1.unfold("Later").press(TITLE)
    assert "Uitgesteld tot" in w1.says
    w1.press("Niet meer uitstellen").unfold("Niet nu, of niet voor mij")
    w1.choose("Draag het over aan een collega", "w2").press("Draag over")
    w2 = served.visit("w2", device, scripts=False)
    assert "Cliënt c1" in w2.says
    w2.page.get_by_role("link", name=TITLE).first.click()
    assert "w1 heeft dit overgedragen aan w2" in w2.says


def test_the_whole_way_is_walked_by_keyboard_and_what_has_the_focus_shows(served: Served) -> None:
    w1 = served.visit("w1", DESK)
    w1.tab_to("Naar de inhoud").tab_to(TITLE).key("Enter")
    w1.tab_to("Openers en tips").key("Enter")
    w1.tab_to(DONE).key("Enter")
    assert f"Beantwoord: {DONE}" in w1.says
    w1.tab_to("Maak ongedaan").key("Enter")
    w1.tab_to("Niet nu, of niet voor mij").key("Enter")
    w1.tab_to("Draag over")
    assert "Hoe ging het?" in w1.says


def test_what_was_answered_on_another_device_is_shown_and_not_written_over(served: Served) -> None:
    phone, desk = served.visit("w1", PHONE).press(TITLE), served.visit("w1", DESK).press(TITLE)
    phone.press(DONE)
    served.at += timedelta(minutes=1)
    desk.press("Er is al een kaart")
    assert f"Beantwoord: {DONE}" in desk.says
    assert "Vastgelegd. Dank je wel." not in desk.says
