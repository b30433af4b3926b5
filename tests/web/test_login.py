"""Coming in: a link by mail, once, for a while, for whoever works here."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cti.engine import tick
from cti.store import audit, tables
from cti.web import links
from cti.web.session import Session
from tests.engine.house import House, when
from tests.web.browser import BASE, Browser, Pages, text_of
from tests.web.conftest import NOON


@pytest.fixture
def browser(house: House) -> Browser:
    return Browser(house, lambda: NOON)


def mailed_link(house: House) -> str:
    body = house.mails()[-1].get_body(("plain",))
    assert body is not None
    found = re.search(rf"{BASE}(/login/\S+)", body.get_content())
    assert found is not None
    return found[1]


def mails_to(house: House, address: str) -> int:
    return sum("log" in str(mail["Subject"]) and mail["To"] == address for mail in house.mails())


def test_a_link_is_mailed_at_once_and_a_press_lets_in(house: House, browser: Browser) -> None:
    page = browser.post("/login", address=" W1@example.org ", then="/prompts/1")
    assert "Kijk in je mail" in text_of(page)
    link = mailed_link(house)
    assert "Hallo, w1" in text_of(browser.get(link))
    inside = browser.post(link)
    assert (inside.status_code, inside.headers["location"]) == (303, "/prompts/1")
    assert browser.get("/prompts/1").status_code == 200


def test_it_is_mailed_outside_working_hours_too_and_in_the_readers_language(house: House) -> None:
    house.w1 = 'language = "en"'
    house.configure()
    browser = Browser(house, lambda: when("3-21", 23))
    browser.post("/login", address="w1@example.org")
    assert house.mails()[-1]["Subject"] == "Your link to log in"


def test_its_words_are_not_kept_once_it_is_sent(house: House, browser: Browser) -> None:
    browser.post("/login", address="w1@example.org")
    with house.system.database.read() as tx:
        kinds = select(tables.message.c.kind).join(
            tables.message_body, tables.message_body.c.id == tables.message.c.id
        )
        assert "login" not in set(tx.scalars(kinds))


def test_a_mail_of_the_day_still_comes_after_a_login(house: House, browser: Browser) -> None:
    house.moves_in("3-17", "r9", "own-home", client="c1")
    browser.post("/login", address="w1@example.org")
    before = len(house.mails())
    house.ticks("3-18", "3-25")
    assert len(house.mails()) > before


def test_a_link_does_not_wait_for_other_mail(house: House) -> None:
    house.moves_in("3-2", "r9", "crisis-shelter", client="c9")
    at = when("3-18")
    assert tick(house.system, at, stopping=lambda: True).posting.messages
    before = len(house.mails())
    Browser(house, lambda: at).post("/login", address="w1@example.org")
    assert len(house.mails()) == before + 1 and mails_to(house, "w1@example.org") == 1


def test_opening_a_link_uses_nothing_up(house: House, browser: Browser) -> None:
    browser.post("/login", address="w1@example.org")
    link = mailed_link(house)
    for _ in range(3):
        assert Browser(house, lambda: NOON).get(link).status_code == 200
    assert browser.post(link).status_code == 303


def test_a_link_works_once(house: House, browser: Browser) -> None:
    browser.post("/login", address="w1@example.org")
    link = mailed_link(house)
    browser.post(link)
    other = Browser(house, lambda: NOON)
    assert "werkt niet meer" in text_of(other.get(link))
    assert other.post(link).status_code == 410
    # Who pressed twice is in already, and goes on.
    assert browser.post(link).status_code == 303


def test_a_link_works_for_a_quarter_of_an_hour(house: House, browser: Browser) -> None:
    browser.post("/login", address="w1@example.org")
    late = Browser(house, lambda: NOON + timedelta(minutes=16))
    assert late.get(mailed_link(house)).status_code == 410
    assert late.post(mailed_link(house)).status_code == 410


def test_a_link_that_was_altered_is_none(house: House, browser: Browser) -> None:
    browser.post("/login", address="w1@example.org")
    assert browser.get(mailed_link(house)[:-2] + "xx").status_code == 410
    assert browser.get("/login/nothing").status_code == 410


def test_the_answer_is_the_same_for_an_address_that_nobody_has(house: House, browser: Browser) -> None:
    known = browser.post("/login", address="w1@example.org")
    mails = len(house.mails())
    unknown = browser.post("/login", address="stranger@example.org")
    assert (unknown.status_code, unknown.text) == (known.status_code, known.text)
    assert len(house.mails()) == mails


def test_what_is_no_address_is_said_to_be_none(browser: Browser) -> None:
    page = browser.post("/login", address="w1")
    assert page.status_code == 400
    assert "geen mailadres" in text_of(page)


def test_one_address_is_sent_few_links_at_a_time_and_says_no_other_thing(
    house: House, browser: Browser
) -> None:
    answers = {browser.post("/login", address="w1@example.org").text for _ in range(7)}
    assert len(answers) == 1
    assert mails_to(house, "w1@example.org") == links.FOR_ADDRESS
    later = Browser(house, lambda: NOON + links.LASTS + timedelta(seconds=1))
    later.post("/login", address="w1@example.org")
    assert mails_to(house, "w1@example.org") == links.FOR_ADDRESS + 1


def test_one_place_may_ask_so_often_whatever_the_addresses(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "FROM_PLACE", 3)
    codes = [browser.post("/login", address=f"x{n}@example.org").status_code for n in range(4)]
    assert codes == [200, 200, 200, 429]


def test_what_was_asked_is_noted_without_names_and_forgotten_after_a_day(house: House) -> None:
    Browser(house, lambda: NOON).post("/login", address="stranger@example.org")
    Browser(house, lambda: NOON + timedelta(days=2)).post("/login", address="w1@example.org")
    with house.system.database.read() as tx:
        [row] = tx.execute(select(tables.login)).mappings().all()
    assert row["person"] == "w1"
    assert b"example" not in row["address"] + row["place"] + row["link"]


@pytest.mark.parametrize(
    "then", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere", "prompts"]
)
def test_a_link_leads_nowhere_else(house: House, browser: Browser, then: str) -> None:
    browser.post("/login", address="w1@example.org", then=then)
    assert browser.post(mailed_link(house)).headers["location"] == "/"


def test_who_comes_in_stands_in_the_trail(house: House, browser: Browser) -> None:
    # The house may have been copied from one where others came in before.
    with house.system.database.read() as tx:
        before = len(audit.listing(tx))
    browser.come_in("w1")
    with house.system.database.read() as tx:
        newest, *others = audit.listing(tx)
    assert (newest.person, newest.what, len(others)) == ("w1", "came-in", before)


def test_who_goes_out_is_out(house: House, browser: Browser) -> None:
    browser.come_in("w1")
    assert browser.get("/prompts").status_code == 200
    assert "uitgelogd" in text_of(browser.post("/logout", follow=True))
    assert browser.get("/prompts").status_code == 303


def test_a_session_ends_after_its_hours(house: House) -> None:
    pages = Pages(house, NOON)
    browser = pages.of("w1")
    pages.at = NOON + timedelta(hours=11, minutes=59)
    assert browser.get("/prompts").status_code == 200
    pages.at = NOON + timedelta(hours=12, minutes=1)
    assert browser.get("/prompts").status_code == 303


@pytest.mark.parametrize(
    ("before", "after"),
    [('id = "w1"', 'id = "w9"'), ('name = "w1"', 'name = "w1"\nrole = "manager"')],
    ids=["left", "another role"],
)
def test_a_session_ends_when_the_person_leaves_or_has_another_role(
    house: House, before: str, after: str
) -> None:
    browser = Browser(house, lambda: NOON).come_in("w1")
    config = house.folder / "config.toml"
    config.write_text(config.read_text().replace(before, after))
    house.reopen()
    restarted = Browser(house, lambda: NOON)
    restarted.client.cookies = browser.client.cookies
    assert restarted.get("/prompts").status_code == 303


def test_a_restart_logs_nobody_out(house: House) -> None:
    browser = Browser(house, lambda: NOON).come_in("w1")
    house.reopen()
    restarted = Browser(house, lambda: NOON)
    restarted.client.cookies = browser.client.cookies
    assert restarted.get("/prompts").status_code == 200


def test_a_session_of_another_key_is_none(house: House) -> None:
    browser = Browser(house, lambda: NOON).come_in("w1")
    with house.system.database.write() as tx:
        key = tables.meta.c.key == "web-key"
        tx.execute(update(tables.meta).where(key).values(value='"' + "0" * 64 + '"'))
    other = Browser(house, lambda: NOON)
    other.client.cookies = browser.client.cookies
    assert other.get("/prompts").status_code == 303


def test_each_session_has_a_sign_of_its_own() -> None:
    assert Session.new().sign != Session.new().sign


def test_coming_in_changes_the_sign(browser: Browser) -> None:
    before = browser.sign
    browser.come_in("w1")
    assert before not in browser.get("/prompts").text
