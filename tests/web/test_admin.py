"""The administrator's page, and what monitoring asks."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from cti.engine import last_tick
from cti.engine.health import STILL
from tests.engine.house import House
from tests.web.browser import Browser, text_of
from tests.web.conftest import NOON


def last_pass(house: House) -> datetime:
    found = last_tick(house.system)
    assert found is not None
    return found


def browser_at(house: House, after: timedelta = timedelta(0)) -> Browser:
    """An administrator just after the last pass."""
    now = last_pass(house) + after
    return Browser(house, lambda: now).come_in("admin")


def test_a_service_that_does_well_says_so(house: House) -> None:
    browser = browser_at(house)
    page = text_of(browser.get("/admin"))
    assert "All is well." in page or "Alles gaat goed." in page
    assert browser.get("/health").json()["status"] == "ok"
    assert browser.get("/ready").json() == {"ready": True}


def test_without_a_pass_for_a_quarter_of_an_hour_it_stands_still(house: House) -> None:
    late = browser_at(house, STILL + timedelta(seconds=1))
    assert late.get("/health").status_code == 503
    assert late.get("/health").json()["status"] == "still"
    assert browser_at(house, STILL).get("/health").status_code == 200


def test_before_the_first_pass_it_is_not_ready(tmp_path_factory: pytest.TempPathFactory) -> None:
    house = House(tmp_path_factory.mktemp("new") / "house")
    browser = Browser(house, lambda: NOON)
    assert (browser.get("/ready").status_code, browser.get("/ready").json()) == (503, {"ready": False})
    assert browser.get("/health").json() == {"status": "still", "last_tick": None, "died": 0}


def test_a_field_that_could_not_be_read_is_shown_without_its_client_and_read_again_when_asked(
    house: House,
) -> None:
    house.moves_in("3-17", "r9", "spaceship", client="c9")
    house.tick("3-17", 13)
    browser = browser_at(house)
    page = text_of(browser.get("/admin"))
    assert "situation" in page and "s••••••••" in page
    assert "c9" not in page and "spaceship" not in page
    assert browser.get("/health").json()["status"] == "look"
    said = text_of(browser.post("/admin/read-again", follow=True))
    assert "registration" in said
    assert house.tick("3-17", 14).sources[0].quarantined == 1
    house.rows[-1] = {**house.rows[-1], "situation": "crisis-shelter"}
    house.moves_in("3-17", "r10", "street", client="c9")
    house.tick("3-17", 15)
    assert browser_at(house).get("/health").json()["status"] == "ok"
    said = text_of(browser_at(house).post("/admin/read-again", follow=True))
    assert "niets om opnieuw te lezen" in said


def test_the_figures_are_read_by_monitoring_and_name_no_client(house: House) -> None:
    house.web = 'metrics_token = "open sesame"'
    house.configure()
    browser = Browser(house, lambda: NOON)
    assert browser.get("/metrics").status_code == 404
    response = browser.client.get("/metrics", headers={"authorization": "Bearer open sesame"})
    found = {family.name: family for family in text_string_to_metric_families(response.text)}
    assert found["cti_messages"].samples[0].labels.keys() == {"state"}
    assert found["cti_last_tick_timestamp_seconds"].samples[0].value == last_pass(house).timestamp()
    assert {"c1", "c2", "c3"}.isdisjoint(response.text.split())
