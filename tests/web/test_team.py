"""A team lead's page: what is stuck, who will be away with nobody standing in, and counts by step; and files to take along."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from cti.engine.absence import set_absence
from cti.store import audit
from tests.engine.house import House, simple_rule, when
from tests.web.browser import Pages, text_of
from tests.web.conftest import NOON, PEOPLE

ESCALATES = 'escalate = { after = "3 working days", to = "team-lead" }'


@pytest.fixture
def north(tmp_path: Path) -> House:
    """Three clients of north are prompted on 16 March, until 11 May; after three working days the lead is told."""
    house = House(tmp_path / "house", lead=PEOPLE)
    house.only_rule("intake", simple_rule(keys=ESCALATES), call="Bel even")
    for name, worker in (("c1", "w1"), ("c2", "w2"), ("c3", "w1")):
        house.moves_in("3-2", f"r-{name}", "crisis-shelter", client=name, worker=worker)
    house.moves_in("3-2", "r-s", "crisis-shelter", client="elsewhere", worker="s1", team="south")
    return house


def number(house: House, client: str) -> int:
    return next(row.id for row in house.stored() if row.plan.client == client)


def lead_at(house: House, day: str, who: str = "lead") -> Pages:
    pages = Pages(house, when(day, 12))
    pages.of(who)
    return pages


def table_of(pages: Pages, path: str) -> list[list[str]]:
    response = pages.of("lead").get(path)
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in response.headers["content-disposition"]
    return list(csv.reader(io.StringIO(response.text.removeprefix("\ufeff")), delimiter=";"))


def test_where_nothing_is_stuck_the_page_says_so(north: House) -> None:
    north.tick("3-16")
    page = text_of(lead_at(north, "3-17").of("lead").get("/team"))
    assert "Team north" in page
    assert "Niets: alles komt bij iemand aan" in page
    assert "3 gestuurd, 3 wacht nog" in page


def test_what_nobody_answers_is_found_and_can_be_opened(north: House) -> None:
    north.ticks("3-16", "3-19")
    pages = lead_at(north, "3-19")
    page = pages.of("lead").get("/team")
    assert "Hierop antwoordt niemand" in text_of(page)
    assert "Cliënt c2 · hier sinds vandaag" in text_of(page)
    assert "elsewhere" not in page.text
    assert f'href="/prompts/{number(north, "c2")}"' in page.text
    stuck = pages.of("lead").get(f"/prompts/{number(north, 'c2')}")
    assert "Bel even Het is voor w2." in text_of(stuck)
    assert "Het is voor" not in text_of(pages.of("w2").get(f"/prompts/{number(north, 'c2')}"))


def test_what_was_never_answered_is_listed_for_four_weeks_after_its_time(north: House) -> None:
    north.tick("3-16")
    assert "De tijd" not in text_of(lead_at(north, "5-8").of("lead").get("/team"))
    for day, listed in (("5-12", True), ("6-5", True), ("6-12", False)):
        page = text_of(lead_at(north, day).of("lead").get("/team"))
        assert ("Hiervan is de tijd voorbij" in page) is listed
        assert "3 gestuurd, 3 zonder antwoord" in page


def test_what_reaches_nobody_is_found(tmp_path: Path) -> None:
    house = House(tmp_path / "house", lead=PEOPLE)
    config = house.folder / "config.toml"
    text = config.read_text().replace('inbox = "north@example.org"', "", 1)
    config.write_text(text.replace('address = "w1@example.org"\n', "", 1))
    house.reopen()
    house.moves_in("3-2", "r1", "crisis-shelter", client="c1")
    for day in ("3-3", "3-17"):
        house.tick(day)
    page = text_of(Pages(house, NOON).of("lead").get("/team"))
    assert "Deze komen bij niemand aan" in page
    assert "Cliënt c1 · vanaf" in page
    assert "0 gestuurd, 1 bij niemand aangekomen" in page


def test_absences_that_nobody_stands_in_for_are_shown_for_the_days_without_anyone(north: House) -> None:
    north.tick("3-16")
    system, now = north.system, when("3-16")
    set_absence(system, "w1", date(2026, 3, 23), date(2026, 3, 27), None, now, "w1")
    set_absence(system, "w2", date(2026, 3, 25), date(2026, 4, 3), "w1", now, "w2")
    set_absence(system, "s1", date(2026, 3, 25), date(2026, 4, 3), None, now, "s1")
    page = text_of(lead_at(north, "3-17").of("lead").get("/team"))
    # w1 stands in for w2, and is away too until the 27th.
    assert "w1: maandag 23 maart tot en met vrijdag 27 maart" in page
    assert "w2: woensdag 25 maart tot en met vrijdag 27 maart" in page
    assert "s1" not in page
    set_absence(system, "w1", date(2026, 3, 23), date(2026, 3, 27), "lead", now, "w1")
    assert "Niemand in de komende vier weken." in text_of(lead_at(north, "3-17").of("lead").get("/team"))


def test_who_stands_in_for_another_lead_chooses_between_teams(north: House) -> None:
    lead = '[[people]]\nid = "south-lead"\nname = "south-lead"\naddress = "sl@example.org"\nrole = "team-lead"\nteam = "south"\n'
    north.lead = PEOPLE + lead
    north.configure()
    north.tick("3-16")
    pages = lead_at(north, "3-17")
    assert pages.of("lead").get("/team?team=south").status_code == 404
    set_absence(
        north.system,
        "south-lead",
        date(2026, 3, 17),
        date(2026, 3, 20),
        "lead",
        when("3-16"),
        "south-lead",
    )
    assert 'href="/team?team=south"' in pages.of("lead").get("/team").text
    south = text_of(pages.of("lead").get("/team?team=south"))
    assert "Team south" in south
    assert "1 gestuurd, 1 wacht nog" in south
    assert pages.of("lead").get(f"/prompts/{number(north, 'elsewhere')}").status_code == 200


def test_a_lead_without_a_team_is_told_so(north: House) -> None:
    north.lead = PEOPLE.replace('role = "manager"', 'role = "team-lead"')
    north.configure()
    north.tick("3-16")
    pages = lead_at(north, "3-17", "boss")
    assert "Je leidt geen team." in text_of(pages.of("boss").get("/team"))
    assert pages.of("boss").get("/team/answers.csv?first=2026-03-01&last=2026-03-31").status_code == 404
    assert pages.of("boss").get("/team/counts.csv").status_code == 200


def test_the_counts_are_taken_along_as_the_page_shows_them(north: House) -> None:
    north.tick("3-16")
    pages = lead_at(north, "3-17")
    pages.of("w1").post(f"/prompts/{number(north, 'c1')}/answer", answer="done")
    assert "3 gestuurd, 1 op tijd beantwoord, 2 wacht nog" in text_of(pages.of("lead").get("/team"))
    head, row = table_of(pages, "/team/counts.csv?weeks=4")
    assert head[:4] == ["regel", "stap", "gestuurd", "op tijd beantwoord"]
    assert row == ["Titel", "Bel even", "3", "1", "0", "2", "0", "0", "0"]
    assert len(table_of(lead_at(north, "4-20"), "/team/counts.csv?weeks=4")) == 1


def test_answers_of_the_teams_clients_are_taken_along_and_that_is_noted_of_each_client(north: House) -> None:
    north.tick("3-16")
    pages = lead_at(north, "3-17")
    pages.of("w1").post(f"/prompts/{number(north, 'c1')}/answer", answer="done")
    pages.of("s1").post(f"/prompts/{number(north, 'elsewhere')}/answer", answer="done")
    head, row = table_of(pages, "/team/answers.csv?team=north&first=2026-03-01&last=2026-03-31")
    assert dict(zip(head, row, strict=True)) == {
        "client": "c1",
        "prompt": str(number(north, "c1")),
        "rule": "intake",
        "step": "call",
        "answer": "done",
        "facts": "",
        "day": "2026-03-17",
        "by": "w1",
    }
    with north.system.database.read() as tx:
        noted = [(one.person, one.ref) for one in audit.listing(tx) if one.what == "took-answers"]
    assert noted == [("lead", "c1")]


def test_days_that_are_none_bring_no_file(north: House) -> None:
    north.tick("3-16")
    lead = lead_at(north, "3-17").of("lead")
    for days in (
        "",
        "first=2026-03-01",
        "first=x&last=y",
        "first=2026-03-31&last=2026-03-01",
        "first=1&last=2",
    ):
        assert lead.get(f"/team/answers.csv?{days}").status_code == 404


UPWARD = "Hierop heeft nog niemand geantwoord"


def test_what_was_escalated_stands_on_the_leads_own_list_until_it_is_answered(north: House) -> None:
    north.ticks("3-16", "3-19")
    pages = lead_at(north, "3-19")
    of = number(north, "c1")
    page = text_of(pages.of("lead").get("/prompts"))
    assert page.count("Bel even") == 3
    assert UPWARD in page
    assert UPWARD not in text_of(pages.of("w1").get("/prompts"))
    assert "Vandaag" in text_of(pages.of("w1").get("/prompts"))
    pages.of("w1").post(f"/prompts/{of}/snooze", until="2026-03-25")
    page = text_of(pages.of("lead").get("/prompts"))
    assert page.index("Later 1") < page.index("Cliënt c1 · uitgesteld tot")
    pages.of("w2").post(f"/prompts/{number(north, 'c2')}/answer", answer="done")
    pages.of("w1").post(f"/prompts/{number(north, 'c3')}/answer", answer="done")
    assert UPWARD not in text_of(pages.of("lead").get("/prompts"))


def test_while_the_lead_is_away_their_deputy_finds_what_was_escalated_and_can_open_it(north: House) -> None:
    north.ticks("3-16", "3-19")
    pages = lead_at(north, "3-20")
    of = number(north, "c1")
    assert pages.of("w2").get(f"/prompts/{of}").status_code == 404
    set_absence(north.system, "lead", date(2026, 3, 20), date(2026, 3, 23), "w2", when("3-19"), "lead")
    page = text_of(pages.of("w2").get("/prompts"))
    # Their own stands above, and not once more.
    assert page.count("Cliënt c2") == 1
    assert page.index("Cliënt c2") < page.index(UPWARD) < page.index("Cliënt c1")
    assert pages.of("w2").get(f"/prompts/{of}").status_code == 200
