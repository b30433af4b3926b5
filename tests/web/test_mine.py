"""My prompts: what waits for someone is what the post would bring them, and an empty day looks like a good one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cti.core.people import Away, Staff
from cti.post.delivery import Recipient
from cti.post.routing import route
from cti.store import assignments, caseload, prompts
from cti.web.views.mine import whose_of
from tests.engine.house import House, simple_rule, when
from tests.web.browser import Pages, text_of
from tests.web.conftest import NOON, PEOPLE

TODAY = NOON.date()


def test_a_worker_finds_their_own_by_client(pages: Pages) -> None:
    page = text_of(pages.of("w1").get("/prompts"))
    assert "Vandaag Cliënt c1 Teken samen wie er zijn tot en met zondag 12 april" in page
    assert "c2" not in page


def test_what_must_be_done_before_opening_is_for_today_and_not_until_yesterday(pages: Pages) -> None:
    pages.at = when("4-13", 0, 10)
    number = next(
        row.id for row in pages.house.stored() if row.plan.client == "c1" and row.sent_at is not None
    )
    for page in ("/prompts", f"/prompts/{number}", "/clients"):
        text = text_of(pages.of("w1").get(page))
        assert "tot en met vandaag" in text and "gisteren" not in text, (page, text)


def test_an_empty_day_is_a_good_day(pages: Pages) -> None:
    assert "Er wacht vandaag niets op je. Dat is een goede dag." in text_of(pages.of("lead").get("/prompts"))


def test_what_was_answered_goes_below(pages: Pages, house: House) -> None:
    number = next(row.id for row in house.stored() if row.plan.step == "map-network")
    pages.of("w1").post(f"/prompts/{number}/answer", answer="mapped")
    page = text_of(pages.of("w1").get("/prompts"))
    assert page.index("Pas beantwoord 1") < page.index("Teken samen wie er zijn")


def test_before_the_first_pass_the_page_says_so(tmp_path: Path) -> None:
    page = Pages(House(tmp_path / "new"), NOON).of("w1").get("/prompts")
    assert page.status_code == 503
    assert "Nog niet begonnen" in text_of(page)


def test_an_urgent_one_comes_first_and_before_its_mail(tmp_path: Path) -> None:
    house = House(tmp_path / "house")
    house.only_rule("later", simple_rule("later", due="1 day"), call="Rustig aan")
    house.write_rule("sooner", simple_rule("sooner", due="2 days", keys="urgent = true"), call="Nu bellen")
    house.moves_in("3-2", "r1", "crisis-shelter", client="c1")
    house.moves_in("3-2", "r2", "crisis-shelter", client="c2")
    house.tick("3-3")
    page = text_of(Pages(house, when("3-4", 20)).of("w1").get("/prompts"))
    assert page.index("Met spoed Nu bellen") < page.index("Rustig aan")


def absent(staff: Staff, **deputies: str | None) -> Staff:
    """The staff with these people away today, each with a deputy or none."""
    away = {who: (Away(TODAY - timedelta(days=1), TODAY, deputy),) for who, deputy in deputies.items()}
    people = {who: replace(one, away=away.get(who, ())) for who, one in staff.people.items()}
    return replace(staff, people=people)


ABSENCES: list[dict[str, str | None]] = [
    {},
    {"w1": "w2"},
    {"w1": None},
    {"w1": "w2", "w2": "lead"},
    {"w1": "w2", "w2": None},
    {"w1": "w2", "w2": "w1"},
    {"lead": "w1"},
    {"lead": None, "w2": "s1"},
]


@pytest.mark.parametrize("away", ABSENCES, ids=str)
def test_the_list_is_what_the_post_would_bring(settled_once: House, away: dict[str, str | None]) -> None:
    """To those who are there; who is away and looks all the same finds their own too."""
    staff = absent(settled_once.system.config.staff, **away)
    until = NOON + timedelta(days=28)
    found: set[tuple[str, int]] = set()
    brought: set[tuple[str, int]] = set()
    with settled_once.system.database.read() as tx:
        open_rows = [
            row
            for row in prompts.listing(tx, NOON)
            if row.plan.wanted
            and not row.answer
            and row.covered_by is None
            and (row.sent_at or (row.plan.due and row.plan.due <= until))
            and (row.plan.until is None or row.plan.until > NOON)
        ]
        assigned = assignments.assigned(tx, {row.plan.client for row in open_rows}, TODAY)
        there = [person for person in staff.people.values() if person.id not in away]
        for person in there:
            whose = whose_of(person, staff, TODAY)
            found |= {
                (person.id, one.prompt.id) for one in caseload.open_prompts(tx, whose, TODAY, NOON, until)
            }
        for row in open_rows:
            to = route(row.plan.role, row, assigned[row.plan.client], staff, TODAY)
            assert isinstance(to, Recipient)
            for person in there:
                team = staff.teams.get(person.team or "")
                inbox = to.person is None and team is not None and to.address == team.inbox
                if (to.person is not None and to.person.id == person.id) or inbox:
                    brought.add((person.id, row.id))
    assert found == brought
    assert open_rows


def test_who_stands_in_may_open_what_they_stand_in_for(tmp_path: Path) -> None:
    away = 'away = [{ from = 2026-03-16, until = 2026-03-20, deputy = "w2" }]'
    house = House(tmp_path / "house", w1=away, lead=PEOPLE)
    house.moves_in("3-2", "r1", "crisis-shelter", client="c1")
    for day in ("3-3", "3-17"):
        house.tick(day)
    pages = Pages(house, NOON)
    assert "Cliënt c1" in text_of(pages.of("w2").get("/prompts"))
    assert "Jij vervangt w1, die er niet is." in text_of(pages.of("w2").get("/prompts/1"))
    assert pages.of("s1").get("/prompts/1").status_code == 404


def test_what_came_to_the_teams_inbox_is_the_teams(tmp_path: Path) -> None:
    house = House(tmp_path / "house", lead=PEOPLE)
    house.moves_in("3-2", "r1", "crisis-shelter", client="c1", worker="", team="north")
    for day in ("3-3", "3-17"):
        house.tick(day)
    pages = Pages(house, NOON)
    for who in ("w1", "w2", "lead"):
        assert "Voor het team" in text_of(pages.of(who).get("/prompts"))
    assert pages.of("w2").get("/prompts/1").status_code == 200
    assert "Voor het team" not in text_of(pages.of("s1").get("/prompts"))
    assert pages.of("s1").get("/prompts/1").status_code == 404
