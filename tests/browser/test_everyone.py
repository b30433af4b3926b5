"""Every page for everyone: no barrier that axe knows, no wider than the narrowest phone, in both languages, light and dark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser

from cti.web.views.cases import CROWD
from tests.browser.visit import DESK, SMALL, Device, Served, Visitor
from tests.engine.house import House, when
from tests.node import packages
from tests.web.conftest import NOON
from tests.web.test_cases import crowded
from tests.web.test_permissions import MATRIX, WHO, Row

STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LANGUAGES = ("nl", "en")
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def shown() -> Iterator[tuple[str, Row]]:
    """The addresses of pages that people look at, each with its row. (Files are taken along, not looked at.)"""
    for name, row in MATRIX.items():
        file = row.path.startswith(("/static", "/favicon")) or name.endswith(".csv")
        if name.startswith("GET ") and not row.machine and not file:
            yield name.removeprefix("GET "), row


PAGES = dict(shown())


class Lookers:
    """Someone of those who may come to a page, in a browser that is kept: beginning one takes longer than looking."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self._kept: dict[tuple[str | None, bool], Visitor] = {}

    def at(self, row: Row, device: Device, scripts: bool = True) -> Visitor:
        """At the page, with the screen of that device."""
        first = next((WHO[one] for one in WHO if one in row.may and WHO[one] is not None), None)
        who = None if row.path.startswith("/login") else first
        if (who, scripts) not in self._kept:
            self._kept[who, scripts] = self.served.visit(who, DESK, scripts)
        visitor = self._kept[who, scripts]
        visitor.page.set_viewport_size(device["viewport"])
        visitor.page.goto(row.path)
        return visitor


@pytest.fixture(scope="module")
def lookers(
    settled_house: House, chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lookers]:
    """In one house, which nobody acts in."""
    served = Served(settled_house.copied(tmp_path_factory.mktemp("everyone") / "house"), chromium, NOON)
    yield Lookers(served)
    served.stop()


@cache
def axe() -> str:
    return Path(packages() / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def barriers(visitor: Visitor) -> list[str]:
    """What axe finds against WCAG 2.2 AA on the page that is open, each with the place."""
    if not visitor.page.evaluate("'axe' in window"):
        visitor.page.evaluate(axe())
    found: Mapping[str, Any] = visitor.page.evaluate(
        "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", STANDARD
    )
    return [
        f"{kind['id']}: {node['html'][:200]} – {node['failureSummary']}"
        for kind in found["violations"]
        for node in kind["nodes"]
    ]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shuts_nobody_out_and_fits_the_narrowest_phone(name: str, lookers: Lookers) -> None:
    shuts_nobody_out(lookers.at(PAGES[name], SMALL))


def test_a_full_page_shuts_nobody_out_either(chromium: Browser, tmp_path: Path) -> None:
    served = Served(crowded(tmp_path / "house", CROWD), chromium, when("6-15", 12))
    for who, path in (("boss", "/counts/cases"), ("boss", "/counts?weeks=52"), ("lead", "/team")):
        visitor = served.visit(who, SMALL)
        visitor.page.goto(path)
        assert visitor.page.locator("main li").count() > 0, f"{path} is empty"
        shuts_nobody_out(visitor)
    served.stop()


def shuts_nobody_out(visitor: Visitor) -> None:
    """The page that is open, on a small phone, in both languages, light and dark."""
    at = visitor.page.url
    for language in LANGUAGES:
        visitor.page.goto(at)
        with visitor.page.expect_navigation():
            visitor.page.locator(f"footer button[value={language}]").click()
        unfold(visitor)
        assert visitor.page.locator("html").get_attribute("lang") == language
        for scheme in SCHEMES:
            visitor.page.emulate_media(color_scheme=scheme)
            assert barriers(visitor) == [], f"{at} in {language}, {scheme}"
        width = visitor.page.evaluate("document.documentElement.scrollWidth")
        assert width <= 320, f"{at} in {language} is {width} pixels wide"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_without_scripts_and_is_walked_by_keyboard(name: str, lookers: Lookers) -> None:
    row = PAGES[name]
    plain = lookers.at(row, DESK, scripts=False).page
    assert plain.locator("h1").first.is_visible()
    assert plain.locator("script").count() == 0

    keys = lookers.at(row, DESK)
    unfold(keys)
    wanted = keys.page.evaluate(REACHABLE)
    reached: dict[str, bool] = {}
    for _ in range(wanted + STOPS * keys.page.locator("input[type=date]").count() + 5):
        keys.page.keyboard.press("Tab")
        place, shows = keys.page.evaluate(FOCUSED)
        if place is not None:
            reached[place] = shows or reached.get(place, False)
    unseen = [place for place, shows in reached.items() if not shows]
    assert unseen == [], f"{row.path}: nothing shows that these have the focus"
    assert len(reached) >= wanted, f"{row.path}: the keyboard reaches {len(reached)} of {wanted}"


STOPS = 3
"""How often the keyboard stops in a field for a day after its first stop, where a ring of its own shows in the field."""

REACHABLE = """() => {
    const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')];
    const seen = all.filter(one => one.checkVisibility({visibilityProperty: true}));
    seen.forEach((one, place) => { one.dataset.place = place; });
    const groups = new Set(seen.filter(one => one.type === 'radio').map(one => one.form?.action + one.name));
    return seen.filter(one => one.type !== 'radio').length + groups.size;
}"""
"""How many things there are to reach: of round buttons that belong together, the keyboard stops at one."""

FOCUSED = """() => {
    const one = document.activeElement;
    const style = getComputedStyle(one);
    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    return [one.dataset.place ?? null, ring];
}"""


def unfold(visitor: Visitor) -> None:
    """Opens all that is folded, so that it is looked at too."""
    visitor.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")


def test_the_search_for_barriers_finds_one(lookers: Lookers) -> None:
    visitor = lookers.at(PAGES["/login"], DESK)
    visitor.page.evaluate("document.querySelector('label').remove()")
    assert any(line.startswith("label:") for line in barriers(visitor))
