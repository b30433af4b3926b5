"""Every page for everyone: no barrier that axe knows, no wider than the narrowest phone, in both languages, light and dark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.visit import DESK, SMALL, Served, Visitor
from tests.engine.house import House
from tests.node import packages
from tests.web.conftest import NOON
from tests.web.test_permissions import MATRIX, WHO, Row

STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LANGUAGES = ("nl", "en")


def shown() -> Iterator[tuple[str, Row]]:
    """The addresses of pages that people look at, each with its row. (Files are taken along, not looked at.)"""
    for name, row in MATRIX.items():
        file = row.path.startswith(("/static", "/favicon")) or name.endswith(".csv")
        if name.startswith("GET ") and not row.machine and not file:
            yield name.removeprefix("GET "), row


PAGES = dict(shown())


@pytest.fixture(scope="module")
def house_for_all(
    settled_house: House, chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """One house for what only looks."""
    served = Served(settled_house.copied(tmp_path_factory.mktemp("everyone") / "house"), chromium, NOON)
    yield served
    served.stop()


@cache
def axe() -> str:
    return Path(packages() / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def barriers(visitor: Visitor) -> list[str]:
    """What axe finds against WCAG 2.2 AA on the page that is open, each with the place."""
    visitor.page.evaluate(axe())
    found: Mapping[str, Any] = visitor.page.evaluate(
        "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", STANDARD
    )
    return [
        f"{kind['id']}: {node['html'][:200]} – {node['failureSummary']}"
        for kind in found["violations"]
        for node in kind["nodes"]
    ]


def looker(served: Served, row: Row, **more: Any) -> Visitor:
    """Someone of those who may come there."""
    who = next((WHO[one] for one in WHO if one in row.may and WHO[one] is not None), None)
    return served.visit(None if row.path.startswith("/login") else who, **more)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shuts_nobody_out_and_fits_the_narrowest_phone(name: str, house_for_all: Served) -> None:
    row = PAGES[name]
    for scheme in ("light", "dark"):
        visitor = looker(house_for_all, row, device=SMALL, color_scheme=scheme)
        for language in LANGUAGES:
            visitor.page.goto(row.path)
            if not visitor.page.url.startswith("http"):
                continue
            visitor.page.locator(f"footer button[value={language}]").click()
            unfold(visitor)
            assert visitor.page.locator("html").get_attribute("lang") == language
            assert barriers(visitor) == [], f"{row.path} in {language}, {scheme}"
            width = visitor.page.evaluate("document.documentElement.scrollWidth")
            assert width <= 320, f"{row.path} in {language} is {width} pixels wide"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_without_scripts_and_is_walked_by_keyboard(name: str, house_for_all: Served) -> None:
    row = PAGES[name]
    plain = looker(house_for_all, row, device=DESK, scripts=False)
    plain.page.goto(row.path)
    assert plain.page.locator("h1").first.is_visible()
    assert plain.page.locator("script").count() == 0
    plain.leave()

    keys = looker(house_for_all, row, device=DESK)
    keys.page.goto(row.path)
    unfold(keys)
    wanted = keys.page.evaluate(REACHABLE)
    reached = set()
    for _ in range(wanted + 5):
        keys.page.keyboard.press("Tab")
        place, shows = keys.page.evaluate(FOCUSED)
        assert place is None or shows, f"{row.path}: nothing shows that this has the focus: {place}"
        reached.add(place)
    assert len(reached - {None}) >= wanted, f"{row.path}: the keyboard reaches {len(reached)} of {wanted}"
    keys.leave()


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


def test_the_search_for_barriers_finds_one(house_for_all: Served) -> None:
    visitor = house_for_all.visit(device=DESK)
    visitor.open("/login").page.evaluate("document.querySelector('label').remove()")
    assert any(line.startswith("label:") for line in barriers(visitor))
