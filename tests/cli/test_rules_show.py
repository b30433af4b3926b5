"""`cti rules show`: a rule drawn and in sentences, in the terminal, as a picture and for scripts."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.cells import cell_len

from cti.cli.timeline_drawn import drawn
from cti.core.rules import Is, Later
from cti.workshop.chart import chart
from cti.workshop.telling import tell
from cti.workshop.timeline import timeline
from tests.cli.terminal import Terminal
from tests.core.build import CALENDAR, book, day, delay, enters, rule, step

RULES = str(Path(__file__).parents[2] / "rules")


def test_a_rule_is_drawn_and_told(cti: Terminal) -> None:
    shown = cti.ok("rules", "show", "worker-change", "--rules", RULES, "--on", "2026-03-02").splitlines()
    assert shown[:8] == [
        "Another worker takes over  (worker-change)",
        "What you know of the people around the client would otherwise leave with you.",
        "Another worker takes over; for example on Monday 2 March 2026 →",
        "",
        "                               2 Mar    9 Mar     16 Mar   23 Mar    30 Mar",
        "1  Pass on what you know       │●━━━━━━━━━○━━━━━━━━▲━━━━━━━━━━━━━━━━━━━",
        "2  Ask after what is there al… │        ●━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━",
        "   │ the day it is about   ● comes   ━ open   ○ reminder   ▲ escalation",
    ]
    assert "1  Tuesday 3 March: “Pass on what you know”, to the worker of before" in shown
    assert "   Unless “handover of the network discussed on” is at most 6 weeks ago" in shown


def test_the_same_in_dutch(cti: Terminal) -> None:
    shown = cti.ok("rules", "show", "worker-change", "--rules", RULES, "--on", "2026-03-02", "--lang", "nl")
    assert "1  Dinsdag 3 maart: “Geef door wat jij weet”, aan de vorige werker" in shown.splitlines()


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_without_a_terminal_each_line_fits_eighty_columns(cti: Terminal, lang: str) -> None:
    for one in sorted(path.stem for path in Path(RULES).glob("*.toml") if path.stem != "vocabulary"):
        shown = cti.ok("rules", "show", one, "--rules", RULES, "--lang", lang)
        assert [line for line in shown.splitlines() if cell_len(line) > 80] == []
        assert "\x1b" not in shown


@pytest.mark.parametrize("width", [40, 60, 80, 110])
def test_a_drawing_fits_its_width(width: int) -> None:
    steps = [
        step(
            f"step-{n}",
            n * 40,
            later=Later(Is("trust", ("growing",)), delay(1, "weeks")),
            expires=delay(6, "weeks"),
        )
        for n in range(4)
    ]
    one = rule("rule", enters("street"), *steps)
    line = timeline(one, book(one), CALENDAR, day("3-2"))
    told = tell("en", line, book(one).vocabulary, {entry.text: "A very long title " * 5 for entry in steps})
    rows = list(drawn("en", chart(line), told, width))
    assert [row.plain for row in rows if cell_len(row.plain) > width] == []
    assert sum("●" in row.plain for row in rows) == 5  # four steps and the legend


def test_a_picture_goes_into_a_file(cti: Terminal, tmp_path: Path) -> None:
    said = cti("rules", "show", "crisis-intake", "--rules", RULES, "--svg", "intake.svg")
    assert (said.code, said.out, said.err) == (0, "", "The time line stands in intake.svg.\n")
    root = ElementTree.fromstring((tmp_path / "intake.svg").read_text(encoding="utf-8"))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"


def test_for_scripts_there_is_one_document(cti: Terminal) -> None:
    shown = cti("rules", "show", "crisis-intake", "--rules", RULES, "--on", "2026-03-02", "--json").json
    assert (shown["rule"], shown["day"], shown["off"]) == ("crisis-intake", "2026-03-02", False)
    step = next(step for step in shown["steps"] if step["step"] == "map-network")
    assert step["comes"] == {"due": "2026-03-16", "until": "2026-04-13", "standing": "wanted"}
    assert step["later"] == {"due": "2026-03-23", "until": "2026-04-20", "standing": "wanted"}
    assert (step["to"], step["reminders"], step["escalation"]) == ("worker", ["2026-03-23"], None)
    assert step["sentences"][0] == "Monday 16 March: “Draw together who is there”, to the worker"


def test_without_a_rule_all_are_shown_a_line_each(cti: Terminal) -> None:
    shown = cti.ok("rules", "show", "--rules", RULES).splitlines()
    ids = sorted(path.stem for path in Path(RULES).glob("*.toml") if path.stem != "vocabulary")
    assert [line.split()[0] for line in shown] == ["rule", *ids, "One"]
    assert "Home after a clinic (off)" in next(line for line in shown if line.startswith("clinic-discharge"))
    data = cti("rules", "show", "--rules", RULES, "--json").json
    assert [entry["rule"] for entry in data] == ids
    assert data[0]["steps"] == ["first-weeks", "propose-conference"]


def test_a_rule_that_is_not_there_is_asked_back(cti: Terminal) -> None:
    said = cti("rules", "show", "crisis-intak", "--rules", RULES)
    assert (said.code, said.out) == (1, "")
    assert said.err == 'error: there is no rule "crisis-intak"; did you mean "crisis-intake"?\n'


def test_a_day_that_is_none_is_wrong_use(cti: Terminal) -> None:
    said = cti("rules", "show", "crisis-intake", "--rules", RULES, "--on", "march")
    assert said.code == 2
    assert "--on march: not a day" in said.err


def test_rules_with_errors_are_not_shown(cti: Terminal, tmp_path: Path) -> None:
    folder = tmp_path / "draft"
    folder.mkdir()
    (folder / "vocabulary.toml").write_text("gap = 3\n")
    said = cti("rules", "show", "--rules", "draft")
    assert (said.code, said.out) == (1, "")
    assert said.err.splitlines()[-1] == "These errors come first; then the rules can be shown."
