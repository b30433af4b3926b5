"""The drawn time line: one file that needs nothing else, in which no text lies over another."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from cti.core.rules import Enters, Escalate, Is, Later, Remind, Rule, Rulebook, Step
from cti.rulebook.folder import Loaded, read_folder
from cti.workshop.chart import chart
from cti.workshop.fitting import fold, shortened, width
from cti.workshop.svg import DARK, LIGHT, WIDTH, draw
from cti.workshop.telling import as_text, tell, titles_of
from cti.workshop.timeline import timeline
from tests.core.build import CALENDAR, book, day, delay, enters, expects, rule, step

TOP = Path(__file__).parents[2]
MONDAY = day("3-2")
SVG = "{http://www.w3.org/2000/svg}"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def shipped() -> Loaded:
    return read_folder(TOP / "rules", ("nl", "en"), TOP / "templates", ())


def drawn(one: Rule, rulebook: Rulebook, lang: str = "en", titles: dict[str, str] | None = None) -> str:
    line = timeline(one, rulebook, CALENDAR, MONDAY)
    return draw(lang, line, tell(lang, line, rulebook.vocabulary, titles or {}))


def all_shipped(shipped: Loaded) -> Iterator[str]:
    assert shipped.rulebook is not None
    for lang in ("nl", "en"):
        titles = titles_of(shipped.files, lang, ("nl", "en"))
        for one in shipped.rulebook.rules:
            yield drawn(one, shipped.rulebook, lang, titles)


@dataclass(frozen=True)
class Box:
    text: str
    left: float
    right: float
    top: float
    bottom: float

    def overlaps(self, other: Box) -> bool:
        beside = self.right <= other.left or other.right <= self.left
        return not (beside or self.bottom <= other.top or other.bottom <= self.top)


def boxes(svg: str) -> list[Box]:
    """Where each text stands, at its widest."""
    found = []
    for text in ElementTree.fromstring(svg).iter(f"{SVG}text"):
        size, x, y = (float(text.attrib[name]) for name in ("font-size", "x", "y"))
        kind = text.attrib["class"].split()
        wide = width(text.text or "", size, "bold" in kind)
        if "code" in kind:
            wide = 0.64 * size * len(text.text or "")
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[text.get("text-anchor", "start")]
        found.append(Box(text.text or "", left, left + wide, y - 0.78 * size, y + 0.22 * size))
    return found


def faults(svg: str) -> list[str]:
    """Texts that lie over one another or outside the drawing."""
    texts = boxes(svg)
    height = float(ElementTree.fromstring(svg).attrib["height"])
    outside = [one.text for one in texts if one.left < 0 or one.right > WIDTH or one.bottom > height]
    return outside + [
        f"{one.text} | {other.text}" for one, other in combinations(texts, 2) if one.overlaps(other)
    ]


def busy(*steps: Step) -> Rule:
    return rule("rule", enters("crisis-shelter"), *steps)


def test_no_text_of_a_shipped_rule_lies_over_another(shipped: Loaded) -> None:
    assert [fault for svg in all_shipped(shipped) for fault in faults(svg)] == []


def test_nor_where_titles_are_long_and_much_happens_at_once() -> None:
    more: dict[str, Any] = {
        "later": Later(Is("trust", ("growing",)), delay(1, "weeks")),
        "expires": delay(10, "months"),
        "remind": Remind(delay(5, "working days"), 5),
        "escalate": Escalate(delay(10, "working days"), "a-desk-with-quite-a-long-name-of-its-own"),
    }
    steps = [step(f"step-{n}", n % 3, "a-desk-with-quite-a-long-name-of-its-own", **more) for n in range(15)]
    after = step("after", delay(2, "weeks"), after="step-0", expires=delay(2, "months"))
    one = busy(*steps, after, step("far", delay(9, "months")))
    titles = {entry.text: "A title without any end at all " * 6 + "x" * 200 for entry in one.steps}
    assert faults(drawn(one, book(one), titles=titles)) == []


@pytest.mark.parametrize("due", [0, 1, 30, 400, 3000])
def test_nor_wherever_the_moment_stands_on_the_axis(due: int) -> None:
    one = busy(step("call", due, expires=delay(1)))
    ahead = rule("rule", expects("own-home"), step("call", delay(due, before=True)), step("then", 3))
    assert [*faults(drawn(one, book(one))), *faults(drawn(ahead, book(ahead), "nl"))] == []


def test_it_needs_nothing_else(shipped: Loaded) -> None:
    for svg in all_shipped(shipped):
        root = ElementTree.fromstring(svg)
        assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
            "svg", "title", "desc", "style", "rect", "path", "circle", "text",
        }  # fmt: skip
        assert "url(" not in svg
        assert "@import" not in svg
        assert re.findall(r"https?://[^\s\"]+", svg) == ["http://www.w3.org/2000/svg"]


def test_who_cannot_see_it_is_told_all_of_it(shipped: Loaded) -> None:
    assert shipped.rulebook is not None
    one = shipped.rulebook.rule("crisis-intake")
    assert one is not None
    line = timeline(one, shipped.rulebook, CALENDAR, MONDAY)
    told = tell("en", line, shipped.rulebook.vocabulary, titles_of(shipped.files, "en", ("nl", "en")))
    root = ElementTree.fromstring(draw("en", line, told))
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert desc is not None
    assert (root.get("role"), root.get("lang")) == ("img", "en")
    assert (root.get("aria-labelledby"), root.get("aria-describedby")) == (title.get("id"), desc.get("id"))
    assert (title.text, desc.text) == (told.title, as_text(told))
    assert "Monday 16 March: “Draw together who is there”, to the worker" in as_text(told).splitlines()


def test_what_a_manager_writes_cannot_break_out_of_the_drawing() -> None:
    one = busy(step("call", 3))
    svg = drawn(one, book(one), titles={"rule/call": "</text><script>x</script> & more"})
    texts = "".join(element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text"))
    assert (
        "</text><script>x</script> & more" in texts.replace("x</script>&", "x</script> &")
        or "<script>" in texts
    )
    assert "<script" not in svg


def test_a_step_without_a_day_is_named_without_a_bar() -> None:
    never = rule("rule", Enters(("unknown",), ("unknown",)), step("call", 3))
    assert [row.bars for row in chart(timeline(never, book(never), CALENDAR, MONDAY)).rows] == [()]
    assert faults(drawn(never, book(never))) == []


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_each_text_stands_out_from_its_ground(colours: dict[str, str]) -> None:
    """WCAG 2.2, 1.4.3: 4.5 to 1."""
    paper = luminance(colours["paper"])
    for name in ("ink", "muted", "due", "later", "unanswered", "reminder", "escalation"):
        bright, dark = sorted((paper, luminance(colours[name])), reverse=True)
        assert (bright + 0.05) / (dark + 0.05) >= 4.5, name


def test_a_text_is_folded_where_the_room_ends() -> None:
    assert fold("one two three", width("one two", 10), 10) == ["one two", "three"]
    assert fold("", 100, 10) == [""]
    broken = fold("x" * 50, width("x" * 20, 10) + 1, 10)
    assert [len(line) for line in broken] == [20, 20, 10]
    [short] = shortened("one two three four", width("one two", 10), 10, 1)
    assert short.startswith("one t") and short.endswith("…")


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
def test_no_text_is_wider_in_a_browser_than_reckoned(shipped: Loaded, tmp_path: Path) -> None:
    assert CHROMIUM is not None
    script = (
        "<script>document.title='';const wide=[...document.querySelectorAll('text')].map(t=>t.getBBox().width);"
        "document.body.innerHTML='<pre>'+JSON.stringify(wide)+'</pre>'</script>"
    )
    svgs = list(all_shipped(shipped))
    page = tmp_path / "page.html"
    page.write_text(
        f'<!doctype html><meta charset="utf-8"><body>{"".join(svgs)}{script}</body>', encoding="utf-8"
    )
    shown = subprocess.run(
        [CHROMIUM, *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", page.as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    ).stdout
    match = re.search(r"<pre>\[([^\]]*)\]</pre>", shown)
    assert match is not None
    measured = [float(number) for number in match[1].split(",")]
    reckoned = [box for svg in svgs for box in boxes(svg)]
    assert len(measured) == len(reckoned)
    too_wide = [
        (box.text, wide)
        for box, wide in zip(reckoned, measured, strict=True)
        if wide > box.right - box.left + 1
    ]
    assert too_wide == []
