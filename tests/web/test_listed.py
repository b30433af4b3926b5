"""People who come from a list log in, set their absence and are seen by their lead as those of the config; until they leave."""

from __future__ import annotations

from pathlib import Path

import pytest

from cti.web import links
from tests.engine.house import House
from tests.engine.test_listing import FIRST, LIST, write
from tests.web.browser import Pages, text_of
from tests.web.conftest import NOON, PEOPLE


@pytest.fixture
def house(tmp_path: Path) -> House:
    """w1 and w2 stand in the config, n1 and n2 in a list. Client c1 is n1's; both have a prompt that waits."""
    made = House(tmp_path / "house", web=LIST, lead=PEOPLE)
    write(made, f"{FIRST[0]},2026-03-23,2026-03-27,n2", FIRST[1])
    made.moves_in("3-2", "r1", "crisis-shelter", client="c1", worker="n1")
    for day in ("3-3", "3-16", "3-17"):
        made.tick(day)
    return made


@pytest.fixture
def pages(house: House) -> Pages:
    return Pages(house, NOON)


def gone(house: House) -> None:
    write(house, FIRST[1])
    house.tick("3-17", 11)


def test_someone_of_a_list_sees_their_prompts_and_answers_them(pages: Pages) -> None:
    n1 = pages.of("n1")
    assert "c1" in text_of(n1.get("/prompts"))
    assert n1.get("/prompts/1").status_code == 200
    assert pages.of("w1").get("/prompts/1").status_code in (403, 404)


def test_an_absence_of_the_list_is_shown_and_can_only_be_changed_there(pages: Pages) -> None:
    said = text_of(pages.of("n1").get("/me"))
    assert "23 March" in said and "new two" in said
    assert "/me/absences/" not in pages.of("n1").get("/me").text.replace('action="/me/absences"', "")


def test_an_absence_can_be_entered_beside_the_list(pages: Pages) -> None:
    said = pages.of("n1").post(
        "/me/absences", follow=True, first="2026-04-06", last="2026-04-10", deputy="n2"
    )
    assert "6 April" in text_of(said)


def test_the_lead_sees_people_of_the_list_and_sets_their_absences(pages: Pages) -> None:
    lead = pages.of("lead")
    assert "new one" in text_of(lead.get("/team/absences"))
    said = lead.post(
        "/team/absences", follow=True, person="n2", first="2026-04-06", last="2026-04-10", deputy="w1"
    )
    assert "new two" in text_of(said)


def test_who_leaves_the_list_is_out_at_once_and_the_lead_sees_what_was_theirs(
    house: House, pages: Pages
) -> None:
    n1 = pages.of("n1")
    assert n1.get("/prompts").status_code == 200
    gone(house)
    assert n1.get("/prompts").status_code == 303, "as someone who never came in"
    assert pages.of("lead").get("/prompts/1").status_code == 200
    assert pages.of("lead").get("/team").status_code == 200


def test_a_link_of_someone_who_left_opens_nothing(house: House, pages: Pages) -> None:
    site = pages.nobody.site
    link = links.made(site, site.staff.people["n1"], "/", NOON)
    gone(house)
    assert pages.nobody.get(link.removeprefix("https://prompts.example.org")).status_code != 200


def test_the_administrator_sees_how_old_the_list_is_and_what_waits(house: House, pages: Pages) -> None:
    rows = [f"p{n},person {n},p{n}@example.org,,north" for n in range(9)]
    write(house, *FIRST, *rows)
    house.tick("3-17", 11)
    write(house, *FIRST, "p0,person 0,p0@example.org,boss,north")
    house.tick("3-17", 12)
    said = text_of(pages.of("admin").get("/admin"))
    assert "staff" in said
    assert "mensen weg uit een lijst van staff" in said, said
    assert "b•••" in said and "boss" not in said.split()


def test_a_list_cannot_take_the_way_in_from_someone_of_the_config(house: House, pages: Pages) -> None:
    write(house, *FIRST, "n3,new three,BOSS@example.org,,north")
    house.tick("3-17", 11)
    site = pages.nobody.site
    assert [one.id for one in site.owners("boss@example.org")] == ["boss"]
    assert [one.id for one in site.owners("N1@example.org")] == ["n1"]
    assert site.owners("nobody@example.org") == []
