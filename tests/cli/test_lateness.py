"""`cti lateness`: how late records reach us, for people and for scripts."""

from __future__ import annotations

import pytest

from tests.cli.terminal import Terminal
from tests.engine.house import House


@pytest.mark.parametrize(
    ("lang", "head"), [("en", "How late records reached us"), ("nl", "Hoe laat registraties")]
)
def test_it_is_a_table_that_names_nobody(cti: Terminal, house: House, lang: str, head: str) -> None:
    house.moves_in("3-25", "s7", "crisis-shelter", begin="3-5", client="c7")
    house.tick("4-10", 8)
    shown = cti.ok("--lang", lang, "lateness", "--from", "2026-03-01")
    assert shown.startswith(head)
    assert "intake/call" in shown
    assert "c7" not in shown and "w1" not in shown
    assert [line for line in shown.splitlines() if len(line.rstrip()) > 90] == []


def test_scripts_get_one_document(cti: Terminal, house: House) -> None:
    house.tick("4-10", 8)
    found = cti("lateness", "--from", "2026-03-01", "--json").json
    assert list(found) == ["first", "last", "records", "steps"]
    assert {entry["kind"] for entry in found["records"]} >= {"begin"}


def test_before_anything_came_it_says_so(cti: Terminal, house: House) -> None:
    shown = cti.ok("lateness")
    assert "Nothing came in of which it is known when it was recorded." in shown
    assert "No step suffered from it." in shown
