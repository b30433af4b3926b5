"""A manager at the pages: has a draft looked through and adopts it, puts earlier rules back, and looks at what the rules did."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from cti.store import rulebooks
from cti.workshop import findings, outlook
from cti.workshop.looking import look_through, simulate_draft
from cti.workshop.outlook import work_out
from tests.browser.test_everyone import barriers, unfold
from tests.browser.visit import DESK, PHONE, SMALL, Device, Served, Visitor
from tests.web.conftest import NOON
from tests.web.test_draft import MOVED, TEST, begin, write_draft


def in_force(served: Served) -> int | None:
    with served.house.system.database.read() as tx:
        return rulebooks.number_in_force(tx)


def looked(served: Served) -> bool:
    with served.house.system.database.read() as tx:
        found = findings.found(tx)
    return found is not None and found.stage == "checked"


def shuts_nobody_out(boss: Visitor) -> None:
    unfold(boss)
    assert barriers(boss) == [], boss.page.url
    assert boss.page.evaluate("document.documentElement.scrollWidth") <= SMALL["viewport"]["width"], (
        boss.page.url
    )


@pytest.mark.parametrize("device", [PHONE, DESK], ids=["phone", "desk"])
def test_a_manager_adopts_a_draft_and_puts_the_old_rules_back(served: Served, device: Device) -> None:
    write_draft(served.house, MOVED)
    boss = served.visit("boss", device, scripts=False).press("Regels").press("Concept")
    boss.press("Laat het concept nakijken")
    assert "Wordt nagekeken" in boss.says or looked(served)
    served.until(lambda: looked(served))
    boss.open("/rules/draft").press("Invoeren")
    assert "Instroom in de crisisopvang" in boss.says and in_force(served) == 1
    for scheme in ("light", "dark"):
        shuts_nobody_out(served.visit("boss", SMALL, color_scheme=scheme).open(urlsplit(boss.page.url).path))
    boss.press("Concept invoeren")
    assert "Het concept geldt vanaf nu, als nummer 2." in boss.says
    boss.press("Geschiedenis").press("Terugzetten")
    for scheme in ("light", "dark"):
        shuts_nobody_out(served.visit("boss", SMALL, color_scheme=scheme).open(urlsplit(boss.page.url).path))
    boss.press("Terugzetten")
    assert "De regels van nummer 1 gelden weer" in boss.says and in_force(served) == 3


def test_a_manager_looks_at_a_rule_and_at_the_figures_by_keyboard(served: Served) -> None:
    boss = served.visit("boss", DESK).open("/rules")
    boss.tab_to("Instroom in de crisisopvang").enter()
    assert boss.page.locator("svg.timeline").is_visible()
    assert "Teken samen wie er zijn" in boss.says
    boss.tab_to("Cijfers").enter()
    boss.tab_to("een jaar").enter()
    assert "gestuurd" in boss.says


def test_what_was_worked_out_shuts_nobody_out_and_fits_the_narrowest_phone(served: Served) -> None:
    house = served.house
    rules = write_draft(house, MOVED, ("[[steps.variants]]", "[[steps.variants]]"))
    (rules / "tests").mkdir()
    (rules / "tests" / "crisis-intake.toml").write_text(TEST, encoding="utf-8")
    begin(house)
    look_through(house.system)
    with house.system.database.write() as tx:
        found = findings.found(tx)
        assert found is not None
        findings.begin(tx, findings.again(found, "simulating", NOON, "boss"))
        outlook.begin(tx, NOON, "boss")
    simulate_draft(house.system)
    work_out(house.system)
    for scheme in ("light", "dark"):
        boss = served.visit("boss", SMALL, color_scheme=scheme)
        for path in (
            "/rules/draft",
            "/rules/draft/simulated",
            "/counts",
            "/counts/late",
            "/counts/cti",
            "/rules/history",
        ):
            shuts_nobody_out(boss.open(path))
