"""Odd things typed into every form, query and address: whatever it is, no page breaks on it."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from tests.engine.house import House
from tests.web.browser import Browser, Pages
from tests.web.conftest import NOON
from tests.web.test_permissions import MATRIX, WHO

PARTS = [
    "2026-03-16",
    "0001-01-01",
    "9999-12-31",
    "-1",
    "0",
    "1",
    "99999999999999999999",
    "c1",
    "w1",
    "north",
    "mapped",
]
ODD = [
    "",
    "\0",
    "‮",
    "\ud7ff",
    "🙂",
    "ﬀ",
    "\r\n\r\n",
    "' OR 1=1",
    "{{7*7}}",
    "%00",
    "../../etc",
    "<b>",
    "1e309",
    "NaN",
    "٣",
    " ",
]
WORDS = st.sampled_from(PARTS) | st.sampled_from(ODD) | st.text(max_size=40) | st.integers().map(str)
TYPED = st.lists(WORDS, min_size=1, max_size=3).map("".join)

QUERIES = {
    "at",
    "years",
    "team",
    "weeks",
    "first",
    "last",
    "then",
    "page",
    "person",
    "client",
    "q",
    "months",
    "lang",
}
"""Names that addresses take behind the question mark, and some that none takes."""


def names_in(pages: Pages) -> set[str]:
    """The fields of the forms on all pages, each as one of those who may come there sees it."""
    found: set[str] = set()
    for address, row in MATRIX.items():
        if address.startswith("GET ") and not row.machine:
            who = WHO[min(row.may)]
            found |= set(re.findall(r'\bname="([^"]+)"', pages.of(who).get(row.path, follow=True).text))
    return found - {"sign", "viewport", "color-scheme"}


@pytest.fixture(scope="module")
def pages_to_break(settled_once: House, tmp_path_factory: pytest.TempPathFactory) -> Pages:
    return Pages(settled_once.copied(tmp_path_factory.mktemp("odd") / "house"), NOON)


@pytest.fixture(scope="module")
def names(pages_to_break: Pages) -> list[str]:
    return sorted(names_in(pages_to_break))


def addressed(template: str, data: DataObject) -> str:
    """An address of this form; at most one in two has something odd where a number or name belongs."""

    def fill(match: re.Match[str]) -> str:
        return quote(data.draw(st.sampled_from(["1", "2"]) | TYPED), safe="")

    return re.sub(r"{[^}]+}", fill, template)


def sent(browser: Browser, method: str, path: str, fields: Mapping[str, str]) -> int:
    if method == "GET":
        return browser.get(f"{path}?{urlencode(fields)}").status_code
    return browser.client.post(path, data={"sign": browser.sign, **fields}).status_code


@pytest.mark.parametrize("address", MATRIX)
@settings(max_examples=settings().max_examples // 5)
@given(data=st.data())
def test_nothing_that_is_typed_breaks_a_page(
    address: str, pages_to_break: Pages, names: list[str], data: DataObject
) -> None:
    method, template = address.split(" ", 1)
    path = addressed(template, data)
    named = st.sampled_from(sorted(QUERIES)) if method == "GET" else st.sampled_from(names)
    odd = st.text(string.ascii_letters + string.punctuation, min_size=1, max_size=12)
    fields = data.draw(st.dictionaries(named | odd, TYPED, max_size=6))
    row = MATRIX[address]
    may = {"nobody"} if row.ends else row.may - {"nobody"}
    who = WHO[data.draw(st.sampled_from(sorted(may) or ["nobody"]))]
    status = sent(pages_to_break.of(who), method, path, fields)
    assert status < 500 or (row.machine and status == 503), f"{method} {path} {fields}: {status}"
