"""`cti rules simulate`: a draft next to the rules in force, for people, for scripts, and as a page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from cti.cli.bars import drawn
from cti.cli.simulated import EXAMPLES, KINDS, examples
from cti.workshop.compare import Difference
from tests.cli.terminal import Terminal
from tests.engine.house import House, simple_rule


@pytest.fixture
def ticked(house: House) -> House:
    """The house on 10 April, with a draft that calls a week later and goes to the street as well."""
    house.moves_in("3-10", "s7", "street", client="c7")
    house.tick("4-10", 8)
    copytree("rules", "draft")
    Path("draft/intake.toml").write_text(simple_rule(due="3 weeks"))
    Path("draft/outreach.toml").write_text(
        simple_rule("outreach", "visit", "1 week", "street", keys='text = "intake/call"')
    )
    return house


def test_a_draft_is_shown_next_to_the_rules_in_force(cti: Terminal, ticked: House) -> None:
    shown = cti.ok("rules", "simulate", "--rules", "draft", "--from", "2026-03-01").splitlines()
    assert shown[:2] == [
        "What the draft would have told, next to the rules in force",
        "1 Mar 2026 – 10 Apr 2026, with what was known on each day",
    ]
    assert ["prompts", "told", "3", "3", "–"] in [line.split() for line in shown]
    assert ["call", "3", "2", "−1", "–", "–"] in [line.split() for line in shown]
    assert ["visit", "0", "1", "+1", "–", "–"] in [line.split() for line in shown]
    at = shown.index("Differences")
    assert [line.strip() for line in shown[at + 1 : at + 3]] == [
        "intake/call                                     1 removed, 2 moved",
        "outreach/visit                                  1 added",
    ]
    assert [line.split() for line in shown[shown.index("One by one") + 1 :]] == [
        ["client", "step", "day"],
        ["added", "c7", "outreach/visit", "17", "Mar", "2026"],
        ["removed", "c3", "intake/call", "18", "Mar", "2026"],
        ["moved", "c1", "intake/call", "16", "Mar", "2026", "→", "23", "Mar", "2026"],
        ["moved", "c2", "intake/call", "17", "Mar", "2026", "→", "24", "Mar", "2026"],
    ]


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_the_report_fits_eighty_columns(cti: Terminal, ticked: House, lang: str) -> None:
    shown = cti.ok("--lang", lang, "rules", "simulate", "--rules", "draft")
    assert [line for line in shown.splitlines() if len(line.rstrip()) > 80] == []


def test_the_rules_in_force_by_themselves_have_one_column(cti: Terminal, ticked: House) -> None:
    shown = cti.ok("rules", "simulate", "--from", "2026-03-01")
    assert shown.startswith("What the rules in force would have told")
    assert ["prompts", "told", "3"] in [line.split() for line in shown.splitlines()]
    assert "draft" not in shown and "Differences" not in shown


def test_a_draft_that_changes_nothing_for_anyone_says_so(cti: Terminal, ticked: House) -> None:
    Path("draft/outreach.toml").unlink()
    Path("draft/intake.toml").write_text(simple_rule().replace("Because", "For this reason"))
    Path("draft/intake.toml").write_text(simple_rule(keys='remind = { every = "5 working days", times = 1 }'))
    shown = cti.ok("rules", "simulate", "--rules", "draft")
    assert "No difference: nobody would have been told anything else, or on another day." in shown


def test_what_lies_before_since_is_said_and_can_be_replayed_all_the_same(
    cti: Terminal, ticked: House
) -> None:
    shown = cti.ok("rules", "simulate", "--rules", "draft")
    assert "What happened before 1 Jan 2026 prompts nobody (since, in the vocabulary)." in shown
    assert "--since 2025-04-10" in shown
    again = cti.ok("rules", "simulate", "--rules", "draft", "--since", "2025-04-10")
    assert "As if all rules had counted from 10 Apr 2025 on." in again
    assert "in the vocabulary" not in again


def test_scripts_get_one_document_with_all_differences(cti: Terminal, ticked: House) -> None:
    found = cti("rules", "simulate", "--rules", "draft", "--from", "2026-03-01", "--json").json
    assert (found["first"], found["last"]) == ("2026-03-01", "2026-04-10")
    assert found["prompts"] == {"before": 3, "after": 3}
    assert found["weeks"][3] == {"week": "2026-03-16", "before": 3, "after": 1}
    assert found["differences"][0] == {
        "kind": "moved",
        "client": "c1",
        "rule": "intake",
        "step": "call",
        "before": "2026-03-16",
        "after": "2026-03-23",
        "knock_on": False,
    }
    assert len(found["differences"]) == 4


def test_a_page_is_written_beside_the_report_and_names_no_client(cti: Terminal, ticked: House) -> None:
    said = cti(
        "rules", "simulate", "--rules", "draft", "--html", "page.html", "--since", "2026-03-01", "--json"
    )
    assert (said.code, said.err) == (0, "The page stands in page.html.\n")
    assert said.json["prompts"]
    page = Path("page.html").read_text(encoding="utf-8")
    assert "As if all rules had counted from Sunday 1 March 2026 on." in page
    assert "c1" not in page.split("</style>")[1]


def test_a_draft_with_errors_is_told_what_is_wrong_with_it(cti: Terminal, ticked: House) -> None:
    Path("draft/intake.toml").write_text(simple_rule(due="3 weks"))
    said = cti("rules", "simulate", "--rules", "draft", "--json")
    assert (said.code, said.out) == (1, "")
    assert 'draft/intake.toml:11: step "call": due = "3 weks"' in said.err


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--rules", "nowhere"], "there is no folder nowhere"),
        (["--from", "March"], "--from March: not a day"),
        (
            ["--from", "2026-05-01"],
            "--from 2026-05-01 lies after the last day that can be replayed, 2026-04-10",
        ),
        (["--html", "nowhere/page.html"], "there is no folder nowhere"),
    ],
)
def test_wrong_use_is_told_at_once(cti: Terminal, ticked: House, options: list[str], told: str) -> None:
    said = cti("rules", "simulate", *options)
    assert said.code == 2
    assert said.err.startswith(told)


def test_a_day_that_is_still_to_come_is_not_replayed(cti: Terminal, ticked: House) -> None:
    assert cti("rules", "simulate", "--to", "2027-01-01", "--json").json["last"] == "2026-04-10"


def test_before_anything_was_read_there_is_nothing_to_tell(cti: Terminal, house: House) -> None:
    shown = cti.ok("rules", "simulate")
    assert ["prompts", "told", "0"] in [line.split() for line in shown.splitlines()]


def test_simulating_changes_nothing(cti: Terminal, ticked: House) -> None:
    before = ticked.stored()
    cti.ok("rules", "simulate", "--rules", "draft")
    assert ticked.stored() == before


def differing(kind: str, step: str, count: int) -> Iterator[Difference]:
    for number in range(count):
        yield Difference(kind, f"c{number}", "rule", step, date(2026, 3, 2), date(2026, 3, 3))


def test_examples_show_each_kind_and_each_step_before_they_show_more_of_one() -> None:
    all_of_them = [*differing("moved", "a", 50), *differing("moved", "b", 1), *differing("added", "a", 3)]
    some = examples(all_of_them)
    assert len(some) == EXAMPLES
    assert [entry.kind for entry in some] == ["added"] * 3 + ["moved"] * 7
    assert {entry.step for entry in some if entry.kind == "moved"} == {"a", "b"}
    assert set(KINDS) == {"added", "removed", "moved", "re-addressed"}


# --- the small chart --------------------------------------------------------------------------------------------------


def weeks(*counts: int) -> dict[date, int]:
    return {date.fromordinal(date(2026, 3, 2).toordinal() + 7 * number): n for number, n in enumerate(counts)}


def test_a_bar_is_as_high_as_its_count_and_the_smallest_is_seen() -> None:
    assert list(drawn("en", weeks(4, 0, 1, 2), 4, height=2)) == [
        "    4│███",
        "     │███     ▄▄▄ ███",
        "     └────────────────",
        "      Mar",
    ]


@pytest.mark.parametrize("count", [1, 5, 20, 53, 60, 75, 120, 400])
def test_a_chart_of_any_length_keeps_within_its_width(count: int) -> None:
    lines = list(drawn("nl", weeks(*range(count)), count))
    assert all(len(line) <= 80 for line in lines)


def test_months_are_named_where_there_is_room_for_them() -> None:
    *_, names = drawn("nl", weeks(*[1] * 9), 1)
    assert names.split() == ["mrt", "apr"]
