"""A person's own page: absence, language, what is sent when, ending all sessions; and a team's absences, set by its lead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from httpx2 import Response

from cti.store import absences, audit
from tests.engine.house import House, when
from tests.web.browser import Browser, Pages, text_of
from tests.web.conftest import NOON


def entered(house: House) -> list[tuple[str, date, date, str | None]]:
    with house.system.database.read() as tx:
        return [(one.person, one.first, one.last, one.deputy) for one in absences.listing(tx)]


def send(
    browser: Browser, at: str, fields: Mapping[str, str], deputy: str = "", person: str = ""
) -> Response:
    """Sends the form, and follows where it leads."""
    data = {"sign": browser.sign, "deputy": deputy, "person": person, **fields}
    return browser.client.post(at, data=data, follow_redirects=True)


MINE, TEAMS = "/me/absences", "/team/absences"
WEEK = {"first": "2026-03-23", "last": "2026-03-27"}
FIRST, LAST = date(2026, 3, 23), date(2026, 3, 27)


# --- absence ------------------------------------------------------------------------------------------------------------


def test_a_person_enters_their_absence_sees_it_and_takes_it_back(pages: Pages, house: House) -> None:
    w1 = pages.of("w1")
    said = text_of(send(w1, MINE, WEEK, "w2"))
    assert "Ingevuld." in said
    assert "maandag 23 maart tot en met vrijdag 27 maart w2 vervangt" in said
    assert entered(house) == [("w1", FIRST, LAST, "w2")]
    send(w1, MINE, WEEK, "w2")
    assert entered(house) == [("w1", FIRST, LAST, "w2")], "the same twice is one"
    assert "Teruggenomen." in text_of(w1.post("/me/absences/1/remove", follow=True))
    assert "was al teruggenomen" in text_of(w1.post("/me/absences/1/remove", follow=True))
    assert entered(house) == []


def test_a_last_day_that_is_left_empty_is_the_first(pages: Pages, house: House) -> None:
    pages.of("w1").post("/me/absences", first="2026-03-23", last="", deputy="")
    assert entered(house) == [("w1", FIRST, FIRST, None)]


@pytest.mark.parametrize(
    ("fields", "field", "why"),
    [
        ({"first": "", "last": ""}, "first", "Kies een dag."),
        ({"first": "2026-03-23", "last": "soon"}, "last", "Kies een dag."),
        ({"first": "2026-03-27", "last": "2026-03-23"}, "last", "De laatste dag ligt voor de eerste."),
        ({"first": "2026-03-02", "last": "2026-03-13"}, "last", "Deze afwezigheid is al voorbij."),
        ({"first": "2026-03-23", "last": "2062-03-27"}, "last", "Dit is meer dan een jaar"),
        ({"first": "2026-04-08", "last": "2026-04-20"}, "first", "W1 is al afwezig van maandag 6 april 2026"),
        ({**WEEK, "deputy": "w1"}, "deputy", "Niemand kan zichzelf vervangen."),
        ({**WEEK, "deputy": "s1"}, "deputy", "S1 werkt in een ander team"),
        ({**WEEK, "deputy": "boss"}, "deputy", "Boss is geen werker"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_what_was_filled_in_stays(
    pages: Pages, house: House, fields: dict[str, str], field: str, why: str
) -> None:
    w1 = pages.of("w1")
    w1.post("/me/absences", first="2026-04-06", last="2026-04-10")
    response = send(w1, MINE, fields)
    assert response.status_code == 400
    assert why in text_of(response)
    assert f'id="{field}.wrong"' in response.text
    assert f'aria-describedby="{field}.wrong"' in response.text
    assert f'value="{fields["first"]}"' in response.text
    assert len(entered(house)) == 1


def test_what_the_config_says_is_shown_and_cannot_be_taken_back(house: House) -> None:
    house.w1 = 'away = [{ from = 2026-03-16, until = 2026-03-20, deputy = "w2" }]'
    house.configure()
    page = Pages(house, NOON).of("w1").get("/me")
    assert "w2 vervangt · uit de config" in text_of(page)
    assert "/remove" not in page.text


def test_only_colleagues_of_the_team_can_be_chosen_to_stand_in(pages: Pages) -> None:
    page = pages.of("w1").get("/me").text
    assert '<option value="w2"' in page
    assert '<option value="lead"' in page
    for other in ("w1", "s1", "boss"):
        assert f'<option value="{other}"' not in page


def test_nobody_takes_back_what_is_anothers(pages: Pages, house: House) -> None:
    send(pages.of("w1"), MINE, WEEK)
    assert pages.of("w2").post("/me/absences/1/remove").status_code == 404
    assert pages.of("w1").post("/me/absences/x/remove").status_code == 404
    assert len(entered(house)) == 1


def test_what_is_open_is_with_the_deputy_while_a_worker_is_away(pages: Pages) -> None:
    assert pages.of("w2").get("/prompts/1").status_code == 404
    pages.of("w1").post("/me/absences", first="2026-03-17", last="2026-03-30", deputy="w2")
    assert "Cliënt c1" in text_of(pages.of("w2").get("/prompts"))
    assert "Jij vervangt w1, die er niet is." in text_of(pages.of("w2").get("/prompts/1"))
    pages.of("w1").post("/me/absences/1/remove")
    assert "Cliënt c1" not in text_of(pages.of("w2").get("/prompts"))
    assert pages.of("w2").get("/prompts/1").status_code == 404


def test_what_is_open_is_with_the_new_worker_once_the_registration_says_so(
    pages: Pages, house: House
) -> None:
    house.type_in("3-17", "x", client="c1", worker="w2", day="2026-03-17")
    house.tick("3-17", 13)
    pages.at = when("3-17", 14)
    assert "Cliënt c1" in text_of(pages.of("w2").get("/prompts"))
    assert "Jij staat geregistreerd als werker van deze cliënt" in text_of(pages.of("w2").get("/prompts/1"))
    assert "Cliënt c1" not in text_of(pages.of("w1").get("/prompts"))


# --- a team's absences ---------------------------------------------------------------------------------------------------


def test_a_lead_enters_absences_for_the_team_and_for_no_other(pages: Pages, house: House) -> None:
    lead = pages.of("lead")
    assert "Van team north is niemand afwezig" in text_of(lead.get("/team/absences"))
    said = text_of(send(lead, TEAMS, WEEK, "w2", "w1"))
    assert "w1: maandag 23 maart tot en met vrijdag 27 maart w2 vervangt" in said
    assert "maandag 23 maart" in text_of(pages.of("w1").get("/me"))
    for person in ("s1", "nobody", ""):
        response = send(lead, TEAMS, WEEK, person=person)
        assert response.status_code == 400
        assert 'id="person.wrong"' in response.text
    assert entered(house) == [("w1", FIRST, LAST, "w2")]
    lead.post("/team/absences/1/remove")
    assert entered(house) == []


def test_a_lead_takes_back_nothing_of_another_team(pages: Pages, house: House) -> None:
    send(pages.of("s1"), MINE, WEEK)
    assert "s1" not in text_of(pages.of("lead").get("/team/absences"))
    assert pages.of("lead").post("/team/absences/1/remove").status_code == 404
    assert len(entered(house)) == 1


# --- language, and what is sent -----------------------------------------------------------------------------------------


def test_the_language_that_was_chosen_is_that_of_every_browser_and_of_the_mail(house: House) -> None:
    pages = Pages(house, NOON)
    assert "Pages and mail are in this" in text_of(
        pages.of("w1").post("/me/language", lang="en", follow=True)
    )
    another = Browser(house, lambda: NOON).come_in("w1")
    assert "My prompts" in text_of(another.get("/prompts"))
    house.tick("3-24")
    mail = [one for one in house.mails() if one["To"] == "w1@example.org"][-1]
    assert "waiting for you" in mail["Subject"]
    assert "Kies een van de talen" in text_of(pages.of("w2").post("/me/language", lang="xx", follow=True))


def test_a_person_reads_what_they_are_sent_and_when(house: House) -> None:
    house.w1 = 'works = ["mon", "thu"]'
    house.configure()
    page = text_of(Pages(house, NOON).of("w1").get("/me"))
    assert "vanaf 09:00, op maandag, donderdag; niet op feestdagen" in page
    assert "Hoogstens 3 nieuwe herinneringen per dag" in page
    assert "tussen 09:00 en 17:00" in page
    assert "Naar w1@example.org." in page


def test_who_is_sent_no_prompts_finds_a_language_and_a_way_out(pages: Pages) -> None:
    page = text_of(pages.of("boss").get("/me"))
    assert "Mijn taal" in page
    assert "Overal uitloggen" in page
    assert "Wanneer ik er niet ben" not in page


# --- logging out everywhere ---------------------------------------------------------------------------------------------


def test_logging_out_everywhere_ends_each_session_of_the_person_and_nobody_elses(house: House) -> None:
    phone, desk, colleague = (Browser(house, lambda: NOON).come_in(who) for who in ("w1", "w1", "w2"))
    assert "overal uitgelogd" in text_of(desk.post("/me/log-out-everywhere", follow=True))
    for browser in (phone, desk):
        assert browser.get("/prompts").status_code == 303
    assert phone.post("/prompts/1/answer", answer="mapped").status_code == 303
    assert colleague.get("/prompts").status_code == 200
    assert phone.come_in("w1").get("/prompts").status_code == 200
    with house.system.database.read() as tx:
        assert [(one.person, one.what) for one in audit.listing(tx) if one.what == "went-out"] == [
            ("w1", "went-out")
        ]


def test_logging_out_ends_the_session_in_this_browser_alone(house: House) -> None:
    phone, desk = (Browser(house, lambda: NOON).come_in("w1") for _ in range(2))
    phone.post("/logout")
    assert desk.get("/prompts").status_code == 200
