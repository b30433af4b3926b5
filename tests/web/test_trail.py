"""The auditor's page: who saw and did what, searched, taken along, and checked."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

import pytest
from httpx2 import Response
from sqlalchemy import text

from cti.engine.auditing import audit
from cti.store import audit as trail
from cti.store import meta
from cti.store.chain import HEAD
from cti.store.erasure import erase
from tests.engine.house import House, when
from tests.web.browser import Browser, Pages, text_of


@pytest.fixture
def noted(house: House) -> House:
    """w1 saw a prompt about c1 on 16 March, answered it on the 17th; s1 saw one about c3 on the 17th."""
    with house.system.database.write() as tx:
        tx.execute(text("DELETE FROM audit"))  # of those who looked at the house that this is a copy of
        meta.put(tx, HEAD, None)
        audit(tx, house.system, "w1", "saw-prompt", when("3-16", 10), 1, 1)
        audit(tx, house.system, "w1", "answered", when("3-17", 10), 1, 1)
        audit(tx, house.system, "s1", "saw-prompt", when("3-17", 11), 3, 3)
        audit(tx, house.system, None, "saw-trail", when("3-17", 11), None, None)
    return house


def rows(response: Response) -> list[str]:
    """The rows that a page shows about clients."""
    body = response.text.partition("<tbody>")[2].partition("</tbody>")[0]
    lines = (" ".join(text_of(Response(200, text=row)).split()) for row in body.split("</tr>"))
    return [line for line in lines if "herinnering" in line]


def what(found: list[str]) -> list[str]:
    return [line.rsplit(" ", 1)[0] for line in found]


def look(auditor: Browser, asked: Mapping[str, str]) -> Response:
    """Sends the form with these fields."""
    return auditor.client.post("/trail", data={"sign": auditor.sign, **asked})


SAW = "gisteren, 10:00 w1 werker zag een herinnering c1 1"
ANSWERED = "vandaag, 10:00 w1 werker beantwoordde een herinnering c1 1"
OTHER = "vandaag, 11:00 s1 werker zag een herinnering c3 3"


def test_an_auditor_comes_in_at_the_trail_and_reads_who_did_what(noted: House, pages: Pages) -> None:
    auditor = pages.of("audit")
    assert auditor.get("/").headers["location"] == "/trail"
    assert what(rows(auditor.get("/trail"))) == [OTHER, ANSWERED, SAW]


def test_a_client_is_looked_for_by_reference_that_stands_in_no_address(noted: House, pages: Pages) -> None:
    auditor = pages.of("audit")
    answer = auditor.post("/trail", client="c1", until="2026-03-16")
    assert answer.headers["location"] == "/trail?client=1&until=2026-03-16"
    page = auditor.get(answer.headers["location"])
    assert what(rows(page)) == [SAW]
    assert 'value="c1"' in page.text
    for where in (part.split('"')[0] for part in page.text.split('href="')[1:]):
        assert "c1" not in where


def test_rows_are_looked_for_by_person_and_by_days(noted: House, pages: Pages) -> None:
    auditor = pages.of("audit")

    def found(**asked: str) -> list[str]:
        return what(rows(auditor.get(look(auditor, asked).headers["location"])))

    assert found(person="s1") == [OTHER]
    assert found(since="2026-03-17") == [OTHER, ANSWERED]
    assert found(client="c1", person="w1", since="2026-03-17", until="2026-03-17") == [ANSWERED]
    assert "opdrachtregel" in auditor.get("/trail?person=-").text
    assert found(person="nobody") == []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"client": "nobody"}, "Hiermee is niemand bekend"),
        ({"since": "yesterday"}, "Schrijf een dag als"),
        ({"until": "9999-12-31"}, "Schrijf een dag als"),
        ({"since": "2026-03-02", "until": "2026-03-01"}, "De eerste dag komt na de laatste"),
    ],
)
def test_what_cannot_be_looked_for_is_said_beside_its_field(
    noted: House, pages: Pages, asked: dict[str, str], said: str
) -> None:
    answer = look(pages.of("audit"), asked)
    assert (answer.status_code, said in answer.text) == (400, True)
    for value in asked.values():
        assert f'value="{value}"' in answer.text


@pytest.mark.parametrize(
    "query", ["client=c1", "client=" + "9" * 30, "since=0001-01-01", "before=x", "until=x"]
)
def test_an_address_that_was_made_up_shows_nothing(noted: House, pages: Pages, query: str) -> None:
    assert pages.of("audit").get(f"/trail?{query}").status_code == 404


def test_looking_is_noted_with_the_client_that_was_looked_for(noted: House, pages: Pages) -> None:
    auditor = pages.of("audit")
    auditor.get("/trail?client=1")
    auditor.get("/trail.csv?client=3")
    auditor.site.trail.flush()
    with noted.system.database.read() as tx:
        took, saw = trail.listing(tx, limit=2)
    assert (saw.person, saw.role, saw.what, saw.client) == ("audit", "auditor", "saw-trail", 1)
    assert (took.what, took.client) == ("took-trail", 3)


def test_fifty_rows_stand_on_a_page_and_the_rest_behind_it(noted: House, pages: Pages) -> None:
    with noted.system.database.write() as tx:
        for minute in range(60):
            audit(tx, noted.system, "w2", "saw-prompt", when("3-17", 11).replace(minute=minute), 2, 2)
    auditor = pages.of("audit")
    first = auditor.get("/trail?person=w2")
    assert len(rows(first)) == 50
    older = first.text.partition('href="/trail?person=w2&amp;before=')[2].partition('"')[0]
    second = auditor.get(f"/trail?person=w2&before={older}")
    assert len(rows(second)) == 10
    assert set(rows(first)).isdisjoint(rows(second))
    assert "before" not in second.text


def test_the_file_holds_all_rows_and_no_formula(noted: House, pages: Pages) -> None:
    with noted.system.database.write() as tx:
        tx.execute(text("UPDATE client SET ref = '=1+1' WHERE id = 1"))
    answer = pages.of("audit").get("/trail.csv?person=w1")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    found = list(csv.DictReader(io.StringIO(answer.text, newline=""), delimiter=";"))
    assert [(row["what"], row["client"], row["client_number"]) for row in found] == [
        ("answered", "'=1+1", "1"),
        ("saw-prompt", "'=1+1", "1"),
    ]


def test_a_client_who_was_erased_is_a_number_that_leads_to_nobody(noted: House, pages: Pages) -> None:
    with noted.system.database.write() as tx:
        erase(tx, "c1")
    auditor = pages.of("audit")
    answer = auditor.post("/trail", client="#1")
    assert answer.headers["location"] == "/trail?client=1"
    assert what(rows(auditor.get("/trail?client=1")))[0] == ANSWERED.replace("c1", "#1 (gewist)")


def test_an_auditor_sees_whether_anything_was_touched(noted: House, pages: Pages) -> None:
    auditor = pages.of("audit")
    said = text_of(auditor.get("/trail/check"))
    assert "Nee: de keten is heel." in said
    assert "Om elders te noteren" in said
    with noted.system.database.write() as tx:
        tx.execute(text("UPDATE audit SET person = 'w2' WHERE what = 'answered'"))
    assert "De keten is gebroken" in text_of(auditor.get("/trail/check"))
