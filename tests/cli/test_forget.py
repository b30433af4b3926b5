"""`cti dossier` and `cti forget`: all that is held on a client, told and erased."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest

from cti.cli.dossier_words import IN_SENTENCES, Rows, Words
from cti.core.calendar import Calendar
from cti.core.vocabulary import Vocabulary
from cti.engine.locks import PLAN
from cti.store import linked
from tests.cli.terminal import Terminal
from tests.engine.house import House


@pytest.fixture
def told(cti: Terminal, house: House) -> House:
    """c1 was prompted about, and w1 answered."""
    house.ticks("3-10", "3-18")
    prompt = next(row for row in house.stored() if row.plan.client == "c1")
    cti.ok("answer", str(prompt.id), "done", "--by", "w1", "--note", "later this week")
    return house


class Person(io.StringIO):
    """Someone at a terminal who types this."""

    def isatty(self) -> bool:
        return True


def test_a_dossier_tells_in_sentences_what_is_held(cti: Terminal, told: House) -> None:
    said = cti.ok("dossier", "c1")
    assert said.startswith("All that is held on client c1, our number #1\n")
    for part in (
        "registration s1",
        "“crisis shelter” from 2 Mar 2026",
        "answered “done” to intake/call/",
        "note: later this week",
        "to w1 about prompt ",
        "Who saw or did what (1)",
        "w1 (worker): answered a prompt",
    ):
        assert part in said, said
    assert "c2" not in said
    again = cti.ok("--lang", "nl", "dossier", "c1")
    assert "opdrachtregel: las alles wat bekend is over een cliënt" in again


def test_each_table_that_may_tell_of_a_client_has_its_sentences() -> None:
    assert {table.name for table in linked.ABOUT} | {"source"} <= IN_SENTENCES


def test_what_has_no_sentences_of_its_own_is_named_all_the_same() -> None:
    words = Words("en", Vocabulary({}, {}, {}), Calendar())
    rows: Rows = {table.name: [] for table in linked.ABOUT} | {"source": [], "letters": [{"prompt_id": 1}]}
    assert list(words.sections(rows)) == [("Also held; --json has it", ["letters: 1"])]


def test_what_was_pushed_and_waits_is_told_as_it_was_sent() -> None:
    words = Words("en", Vocabulary({}, {}, {}), Calendar())
    row = {
        "source": "ecd",
        "kind": "stay",
        "received_at": datetime(2026, 3, 16, 9, tzinfo=UTC),
        "fields": {"situation": "CO"},
    }
    rows: Rows = {table.name: [] for table in linked.ABOUT} | {"source": [], "inbox": [row]}
    assert list(words.sections(rows)) == [
        (
            "Pushed to us and not read yet, or not to be read",
            ['ecd, Mon 16 Mar 2026 10:00: stay {"situation":"CO"}'],
        )
    ]


def test_a_dossier_as_json_has_every_row(cti: Terminal, told: House) -> None:
    found = cti("dossier", "c1", "--json").json
    assert (found["client"], found["number"], found["merged"], found["passed_to"]) == ("c1", 1, [], [])
    assert {name for name, rows in found["tables"].items() if rows} >= {
        "client",
        "record",
        "version",
        "prompt",
    }
    assert found["tables"]["version"][0]["event"][:2] == ["stay", "crisis-shelter"]
    assert cti("dossier", "nobody").code == 1


def test_forgetting_says_what_goes_and_what_stays_and_asks(
    cti: Terminal, told: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", Person("n\n"))
    said = cti("forget", "c1")
    assert (said.code, said.err) == (1, "nothing was erased\n")
    assert said.out.splitlines()[0] == "Client c1 will be erased, for good:"
    assert "1 row of the audit trail, with our own number #1" in said.out
    assert "All that is held" in cti.ok("dossier", "c1")
    monkeypatch.setattr("sys.stdin", Person("j\n"))
    assert "Gewist: c1 (#1)." in cti.ok("--lang", "nl", "forget", "c1")
    assert cti("dossier", "c1").code == 1


def test_where_nobody_can_be_asked_it_must_be_said_outright(
    cti: Terminal, told: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert cti("forget", "c1").code == 2
    done = cti("forget", "c1", "--yes", "--json").json
    assert (done["client"], done["number"], done["merged"]) == ("c1", 1, [])
    assert done["records"] > 0 and done["prompts"] > 0
    assert cti("forget", "c1", "--yes").code == 1
    entries = cti("audit", "list", "--client", "#1", "--json").json
    assert [entry["what"] for entry in entries] == ["erased", "answered"]
    assert cti.ok("audit", "verify").startswith("The chain is whole")


def test_nothing_is_forgotten_in_the_middle_of_a_pass(cti: Terminal, told: House) -> None:
    with told.system.database.lock(PLAN):
        assert cti("forget", "c1", "--yes").code == 1
    assert cti("dossier", "c1").code == 0
