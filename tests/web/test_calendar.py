"""A person's calendar: an address that nobody can guess, and a file that two calendar programs take in alike."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

import pytest
from httpx2 import Response
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

from cti.engine.acting import hand_over, snooze
from cti.engine.answering import not_relevant, take_back
from cti.engine.housekeeping import keep_house
from cti.engine.rulebooks import standing
from cti.store import tables
from cti.store.erasure import erase
from cti.web.feeds import refresh
from tests.engine.house import House, when
from tests.web.browser import BASE, Browser, Pages, text_of
from tests.web.conftest import NOON


@dataclass(frozen=True)
class Seen:
    """What a calendar program makes of an entry."""

    day: date
    status: str
    sequence: int
    title: str
    changed: datetime


def by_icalendar(text: str) -> dict[str, Seen]:
    return {
        str(event["UID"]): Seen(
            event.decoded("DTSTART"),
            str(event["STATUS"]),
            int(str(event["SEQUENCE"])),
            str(event["SUMMARY"]),
            event.decoded("LAST-MODIFIED"),
        )
        for event in Calendar.from_ical(text).walk("VEVENT")
    }


def by_ical(text: str) -> dict[str, Seen]:
    found = {}
    for event in IcsCalendarStream.calendar_from_ics(text).events:
        assert isinstance(event.dtstart, date) and event.status is not None
        assert isinstance(event.last_modified, datetime)
        uid, title = str(event.uid), str(event.summary)
        found[uid] = Seen(event.dtstart, event.status.value, event.sequence or 0, title, event.last_modified)
    return found


def taken_in(response: Response) -> dict[int, Seen]:
    """The calendar as both programs read it, by prompt."""
    assert response.status_code == 200
    one, other = by_icalendar(response.text), by_ical(response.text)
    assert one == other
    return {int(uid.split(".")[0]): seen for uid, seen in one.items()}


def address_of(browser: Browser) -> str:
    found = re.search(r'id="where" value="([^"]+)"', browser.get("/me/calendar").text)
    assert found is not None
    return found[1].removeprefix(BASE)


@pytest.fixture
def w1(pages: Pages) -> Browser:
    browser = pages.of("w1")
    assert browser.post("/me/calendar").status_code == 303
    return browser


def look(house: House, w1: Browser, day: str, hour: int = 12) -> dict[int, Seen]:
    """What stands in the calendar after the service has looked at it then."""
    refresh(house.system, when(day, hour))
    return taken_in(w1.get(address_of(w1)))


def answers(house: House, number: int, at: datetime) -> None:
    rules = standing(house.system)
    assert rules is not None
    not_relevant(house.system, rules.rulebook, number, None, at, by="w1")


def test_what_waits_stands_on_its_day_and_says_nothing_about_anyone(house: House, w1: Browser) -> None:
    response = w1.get(address_of(w1))
    seen = taken_in(response)
    own = {row.id: row for row in house.stored() if row.plan.client == "c1" and row.plan.wanted}
    assert seen and seen.keys() <= own.keys()
    calendar = house.system.config.calendar
    for number, entry in seen.items():
        due = own[number].plan.due
        assert due is not None and entry.day == calendar.day(due)
        assert (entry.status, entry.sequence) == ("CONFIRMED", 0)
    assert {entry.title for entry in seen.values()} == {"Er wacht een herinnering op u"}
    for word in ("c1", "crisis", "opvang", "conferen"):
        assert word not in response.text.lower()
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"


def test_with_content_the_client_and_the_step_stand_in_it(house: House) -> None:
    house.web = 'calendar = "full"'
    house.configure()
    browser = Browser(house, lambda: NOON).come_in("w1")
    browser.post("/me/calendar")
    for entry in taken_in(browser.get(address_of(browser))).values():
        assert entry.title.startswith("c1: ") and len(entry.title) > len("c1: ")


def test_a_program_that_has_it_already_is_told_so(w1: Browser) -> None:
    where = address_of(w1)
    tag = w1.get(where).headers["etag"]
    again = w1.client.get(where, headers={"if-none-match": f'"other", W/{tag}'})
    assert (again.status_code, again.text, again.headers["etag"]) == (304, "", tag)
    assert w1.client.get(where, headers={"if-none-match": '"other"'}).status_code == 200


def test_putting_off_moves_the_entry_and_an_answer_takes_it_out(house: House, w1: Browser) -> None:
    number, before = next(iter(look(house, w1, "3-17").items()))
    snooze(house.system, number, date(2026, 3, 20), when("3-17", 13), "w1")
    moved = look(house, w1, "3-17", 14)[number]
    assert (moved.day, moved.sequence, moved.status) == (date(2026, 3, 20), 1, "CONFIRMED")
    assert before.changed < moved.changed == when("3-17", 14)
    answers(house, number, when("3-18"))
    assert number not in look(house, w1, "3-18")
    take_back(house.system, number, when("3-18", 9, 10), "w1")
    assert look(house, w1, "3-18", 13)[number].sequence > moved.sequence


def test_what_is_withdrawn_is_cancelled_for_a_while(house: House, w1: Browser) -> None:
    before = look(house, w1, "3-17")
    house.retract("3-18", "r1")
    house.tick("3-18")
    after = look(house, w1, "3-18")
    assert after.keys() == before.keys()
    assert {(entry.status, entry.sequence) for entry in after.values()} == {("CANCELLED", 1)}
    assert look(house, w1, "4-16") == after
    assert look(house, w1, "4-18") == {}


def test_what_is_handed_over_goes_to_the_colleagues_calendar(house: House, pages: Pages, w1: Browser) -> None:
    w2 = pages.of("w2")
    w2.post("/me/calendar")
    number = min(look(house, w1, "3-17"))
    assert number not in look(house, w2, "3-17")
    hand_over(house.system, number, "w2", when("3-17", 13), "w1")
    assert look(house, w1, "3-17", 14)[number].status == "CANCELLED"
    assert look(house, w2, "3-17", 14)[number].status == "CONFIRMED"


def test_looking_twice_finds_the_same_bytes_and_nothing_to_do(house: House, w1: Browser) -> None:
    where = address_of(w1)
    refresh(house.system, when("3-17", 12))
    before = w1.get(where).content
    assert refresh(house.system, when("3-17", 13)) == 0
    assert w1.get(where).content == before


def test_a_new_address_ends_the_old_one_and_the_end_ends_it(house: House, w1: Browser) -> None:
    old = address_of(w1)
    assert "Uw agenda heeft een nieuw adres." in text_of(w1.post("/me/calendar", follow=True))
    new = address_of(w1)
    assert new != old
    assert (w1.get(old).status_code, w1.get(new).status_code) == (404, 200)
    assert "Uw agenda is beëindigd." in text_of(w1.post("/me/calendar/end", follow=True))
    assert "U hebt hier geen agenda." in text_of(w1.post("/me/calendar/end", follow=True))
    assert w1.get(new).status_code == 404
    assert "where" not in w1.get("/me/calendar").text


def test_the_address_needs_no_login_and_is_no_ones_to_guess(pages: Pages, w1: Browser) -> None:
    where = address_of(w1)
    assert pages.nobody.get(where).status_code == 200
    token = where.removeprefix("/feed/").removesuffix(".ics")
    assert len(token) == 43
    changed = token[:-2] + ("AA" if token[-2:] != "AA" else "BB")
    for other in ("", "x", changed, token.upper(), "w1"):
        assert pages.nobody.get(f"/feed/{other}.ics").status_code == 404
    with pages.house.system.database.read() as tx:
        [row] = tx.execute(tables.feed.select())
    assert token not in repr(row), "who reads the table cannot read the calendar"


def test_who_leaves_or_no_longer_works_with_clients_has_no_calendar(house: House, w1: Browser) -> None:
    where = address_of(w1)
    file = house.folder / "config.toml"
    text = file.read_text()
    file.write_text(text.replace('id = "w1"\n', 'id = "w1"\nrole = "manager"\n'))
    house.reopen()
    assert Browser(house, lambda: NOON).get(where).status_code == 404
    file.write_text(text.replace('id = "w1"\n', 'id = "w7"\n'))
    house.reopen()
    assert Browser(house, lambda: NOON).get(where).status_code == 404
    keep_house(house.system, when("3-18", 3))
    with house.system.database.read() as tx:
        assert [tx.execute(table.select()).all() for table in (tables.feed, tables.feed_item)] == [[], []]


def test_of_an_erased_client_nothing_stays_in_a_calendar(house: House, w1: Browser) -> None:
    assert look(house, w1, "3-17")
    with house.system.database.write() as tx:
        erase(tx, "c1")
    assert taken_in(w1.get(address_of(w1))) == {}
