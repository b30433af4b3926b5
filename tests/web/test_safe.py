"""A link shows, a button acts: nothing that is only looked at changes anything; and each answer bears what keeps it safe."""

from __future__ import annotations

import re
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from cti.store import tables
from tests.engine.house import House
from tests.web.browser import BASE, Browser, Pages
from tests.web.conftest import NOON
from tests.web.test_permissions import MATRIX, WHO

TRAIL = {"audit"}
HEAD = "audit-head"
"""What is written when someone looks at something about a client."""


def everything(house: House) -> dict[str, list[tuple[object, ...]]]:
    with house.system.database.read() as tx:
        return {
            table.name: sorted((tuple(row) for row in tx.execute(select(table)) if row[0] != HEAD), key=repr)
            for table in tables.metadata.sorted_tables
            if table.name not in TRAIL
        }


@pytest.fixture(scope="module")
def everyone(settled_once: House) -> list[Browser]:
    """A browser for each kind of person, and one of nobody."""
    pages = Pages(settled_once, NOON)
    return [pages.of(who) for who in WHO.values()]


@pytest.mark.parametrize("address", [name for name in MATRIX if name.startswith("GET")])
def test_looking_changes_nothing(settled_once: House, everyone: list[Browser], address: str) -> None:
    before = everything(settled_once)
    for browser in everyone:
        browser.get(MATRIX[address].path)
        browser.client.head(MATRIX[address].path)
    assert everything(settled_once) == before


def test_a_scanner_that_opens_every_link_of_every_mail_changes_nothing(house: House) -> None:
    browser = Browser(house, lambda: NOON)
    browser.post("/login", address="w1@example.org")
    found = {link for mail in house.mails() for link in links_of(mail)}
    assert all(any(part in link for link in found) for part in ("/prompts/", "/login/"))
    before = everything(house)
    for link in sorted(found):
        for look in (browser.client.get, browser.client.head):
            assert look(link, follow_redirects=True).status_code == 200
    assert everything(house) == before
    assert browser.post(login_of(found)).status_code == 303, "the link still lets its reader in"


def links_of(mail: EmailMessage) -> set[str]:
    texts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    return {link.rstrip(".,)") for text in texts for link in re.findall(r"https?://[^\s\"<>]+", text)}


def login_of(found: set[str]) -> str:
    return next(link for link in found if "/login/" in link).removeprefix(BASE)


def test_each_answer_is_kept_from_scripts_frames_and_caches(settled_once: House) -> None:
    browser = Browser(settled_once, lambda: NOON)
    for path in ("/", "/login", "/nothing-here", "/prompts"):
        headers = browser.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "same-origin"


def test_cookies_are_for_the_pages_alone(settled_once: House) -> None:
    cookie = Browser(settled_once, lambda: NOON).get("/login").headers["set-cookie"]
    assert cookie.startswith("__Host-cti=")
    for wanted in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert wanted in cookie


def test_a_null_character_is_refused_before_a_database_is_asked(settled_once: House) -> None:
    auditor = Pages(settled_once, NOON).of("audit")
    assert auditor.get("/trail?person=%00").status_code == 404
    assert auditor.get("/explained/%00").status_code == 404
    assert auditor.post("/trail", client="c\x001").status_code == 404


def test_what_is_larger_than_any_form_is_refused(settled_once: House) -> None:
    browser = Browser(settled_once, lambda: NOON)
    assert browser.post("/login", address="x" * 100_000).status_code == 413


def test_a_page_that_fails_says_so_and_nothing_else(
    settled_once: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Pages(settled_once, NOON).of("w1")
    monkeypatch.setattr("cti.web.routes.prompts.mine", lambda *_: 1 / 0)
    response = browser.get("/prompts")
    assert response.status_code == 500
    assert "ZeroDivision" not in response.text
    assert response.headers["content-security-policy"].startswith("default-src 'none'")
