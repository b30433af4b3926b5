"""A team lead at the pages: finds what is stuck, and sees to it; enters that someone of the team is away."""

from __future__ import annotations

import pytest

from tests.browser.visit import DESK, PHONE, Device, Served
from tests.engine.house import when

TITLE = "Teken samen wie er zijn"


@pytest.mark.parametrize("device", [PHONE, DESK], ids=["phone", "desk"])
def test_a_team_lead_finds_what_is_stuck_sees_with_whom_and_answers_it(
    served: Served, device: Device
) -> None:
    served.at = when("4-14", 12)
    lead = served.visit("lead", device, scripts=False).press("Mijn team")
    assert "Hiervan is de tijd voorbij" in lead.says
    lead.press(TITLE)
    assert "Cliënt c1" in lead.says and "Het is voor w1." in lead.says
    lead.press("Netwerk in kaart gebracht").press("Mijn team")
    assert "Cliënt c2" in lead.says and "Cliënt c1" not in lead.says


def test_a_team_lead_enters_an_absence_and_takes_it_back_by_keyboard(served: Served) -> None:
    lead = served.visit("lead", DESK).press("Mijn team")
    lead.tab_to("Afwezigheid van het team").enter()
    lead.choose("Wie", "w1").fill("Eerste dag", "2026-03-23").fill("Laatste dag", "2026-03-20")
    lead.choose("Wie vervangt", "w2").tab_to("Invullen").enter()
    assert "De laatste dag ligt voor de eerste." in lead.says
    lead.fill("Laatste dag", "2026-03-27").tab_to("Invullen").enter()
    assert "w1: maandag 23 maart tot en met vrijdag 27 maart w2 vervangt" in lead.says
    lead.tab_to("Terugnemen").enter()
    assert "Van team north is niemand afwezig, nu of later." in lead.says
