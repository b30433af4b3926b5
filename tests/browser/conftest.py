"""A Chromium for all tests of a process, and a house whose pages it visits."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.visit import Served
from tests.engine.house import House
from tests.web.conftest import NOON, settled

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """A Chromium without windows. It has no sandbox, since that asks for rights that a build machine does not give.

    It goes with the last of these tests: as long as it is there, an event loop runs, and whatever begins one of its own fails.
    """
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def settled_house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return settled(tmp_path_factory.mktemp("browser") / "house")


@pytest.fixture
def served(settled_house: House, chromium: Browser, tmp_path: Path) -> Iterator[Served]:
    """The house of tests/web/conftest.py, to visit and to act in."""
    served = Served(settled_house.copied(tmp_path / "house"), chromium, NOON)
    yield served
    served.stop()
