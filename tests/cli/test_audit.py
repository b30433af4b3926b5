"""`cti audit list` and `cti audit verify`."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import text

from cti.engine.auditing import audit
from cti.store.erasure import erase
from tests.cli.terminal import Terminal
from tests.engine.house import House, when


@pytest.fixture
def noted(house: House) -> House:
    """w1 saw c1 on 16 March, answered a prompt about them on the 17th, and lead came in on the 18th."""
    house.tick("3-10")
    with house.system.database.write() as tx:
        audit(tx, house.system, "w1", "saw-prompt", when("3-16", 10), 1, 1)
        audit(tx, house.system, "w1", "answered", when("3-17", 10), 1, 1)
        audit(tx, house.system, "lead", "came-in", when("3-18", 10))
    return house


def test_who_did_what_is_told_newest_first_and_reading_it_is_noted(cti: Terminal, noted: House) -> None:
    heads, *lines = cti.ok("audit", "list").splitlines()
    assert heads.split() == ["row", "when", "who", "as", "what", "client", "prompt"]
    assert [" ".join(line.split()) for line in lines] == [
        "3 Wed 18 Mar 2026 10:00 lead team lead came in – –",
        "2 Tue 17 Mar 2026 10:00 w1 worker answered a prompt c1 1",
        "1 Mon 16 Mar 2026 10:00 w1 worker saw a prompt c1 1",
    ]
    newest = cti("audit", "list", "--json").json[0]
    assert (newest["row"], newest["person"], newest["what"]) == (4, "", "saw-trail")


def test_the_trail_is_narrowed_down(cti: Terminal, noted: House) -> None:
    def rows(*asked: str) -> list[int]:
        return [one["row"] for one in cti("audit", "list", "--json", *asked).json if one["row"] <= 3]

    assert rows("--client", "c1") == [2, 1]
    assert rows("--client", "#1", "--until", "2026-03-16") == [1]
    assert rows("--person", "lead") == [3]
    assert rows("--since", "2026-03-17", "--until", "2026-03-17") == [2]
    assert "--limit N shows more" in cti.ok("audit", "list", "--limit", "1")
    refused = cti("audit", "list", "--client", "nobody")
    assert (refused.code, refused.out) == (1, "")
    assert cti("audit", "list", "--json", "--csv").code == 2


def test_what_is_taken_along_is_read_by_any_reader_and_an_erased_client_is_a_number(
    cti: Terminal, noted: House
) -> None:
    with noted.system.database.write() as tx:
        erase(tx, "c1")
    rows = list(csv.DictReader(io.StringIO(cti.ok("audit", "list", "--csv", "--client", "#1"), newline="")))
    assert [(row["what"], row["client"], row["client_number"]) for row in rows] == [
        ("answered", "", "1"),
        ("saw-prompt", "", "1"),
    ]
    assert rows[0]["at"] == "2026-03-17T10:00:00+01:00"
    assert "#1 (gewist)" in cti.ok("--lang", "nl", "audit", "list", "--client", "#1")


def test_an_untouched_trail_is_whole_and_its_last_row_can_be_noted(cti: Terminal, noted: House) -> None:
    said = cti.ok("audit", "verify").splitlines()
    assert said[0] == "The chain is whole: 3 rows, from Mon 16 Mar 2026 10:00 to Wed 18 Mar 2026 10:00."
    last = said[2].removeprefix("Last row: ")
    assert last.startswith("3:")
    assert "Row 3 is as it was noted" in cti.ok("audit", "verify", "--noted", last)
    other = cti("audit", "verify", "--noted", f"3:{'0' * 32}")
    assert (other.code, "Row 3 is not as it was noted" in other.out) == (1, True)
    assert cti("audit", "verify", "--noted", "3").code == 2


def test_where_the_chain_breaks_is_told_with_its_day_in_both_languages(cti: Terminal, noted: House) -> None:
    with noted.system.database.write() as tx:
        tx.execute(text("UPDATE audit SET person = 'w2' WHERE id = 2"))
    said = cti("audit", "verify")
    assert said.code == 1
    assert said.out.splitlines()[:2] == [
        "The chain is broken in one place; a row was changed, put in or taken out:",
        "  row 2 of Tuesday 17 March 2026 does not follow from the row before it: one of the two was changed, or a row "
        "between them was put in or taken out",
    ]
    assert "rij 2 van dinsdag 17 maart 2026 volgt niet" in cti("--lang", "nl", "audit", "verify").out
    found = cti("audit", "verify", "--json")
    assert (found.code, found.json["whole"]) == (1, False)
    assert found.json["breaks"] == [{"kind": "row", "row": 2, "at": "2026-03-17T10:00:00+01:00"}]
    with noted.system.database.write() as tx:
        tx.execute(text("DELETE FROM audit"))
    assert "  all rows are gone" in cti("audit", "verify").out.splitlines()
