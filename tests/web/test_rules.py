"""The rules in force and those of before, as managers see them."""

from __future__ import annotations

import re

from cti.core.calendar import Calendar
from cti.workshop.draft import changed
from cti.workshop.telling import headline, tell, titles_of
from cti.workshop.timeline import example_day, timeline
from tests.engine.house import House
from tests.web.browser import Pages, text_of
from tests.web.conftest import NOON


def test_each_rule_in_force_is_listed_and_drawn_with_all_of_it_in_words_beside(settled_once: House) -> None:
    boss = Pages(settled_once, NOON).of("boss")
    page = boss.get("/rules").text
    rules = boss.site.rules()
    for rule in rules.rulebook.rules:
        assert f'href="/rules/show/{rule.id}"' in page
        shown = boss.get(f"/rules/show/{rule.id}")
        assert 'role="img"' in shown.text
        said = text_of(shown)
        line = timeline(rule, rules.rulebook, Calendar(), example_day(NOON.date()))
        told = tell("nl", line, rules.rulebook.vocabulary, titles_of(rules.files, "nl", ("nl", "en")))
        for step in told.steps:
            assert headline(step) in said
            assert all(line.text in said for line in step.lines)


def test_the_drawing_needs_no_style_or_script_of_its_own(settled_once: House) -> None:
    boss = Pages(settled_once, NOON).of("boss")
    for rule in boss.site.rules().rulebook.rules:
        page = boss.get(f"/rules/show/{rule.id}").text
        assert "style" not in re.sub(r'<link rel="stylesheet"[^>]*>', "", page)
        assert "<script" not in page


def test_a_rule_that_is_not_there_is_not_found(settled_once: House) -> None:
    assert Pages(settled_once, NOON).of("boss").get("/rules/show/nothing").status_code == 404


def test_the_history_tells_who_put_which_rules_in_force_and_what_they_changed(house: House) -> None:
    boss = Pages(house, NOON).of("boss")
    assert "Nummer 2" not in text_of(boss.get("/rules/history"))
    file = house.folder / "rules" / "crisis-intake.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('"3 weeks"', '"4 weeks"'), encoding="utf-8")
    house.tick("3-17", 11)
    said = text_of(boss.get("/rules/history"))
    assert "Nummer 2 geldt nu" in said
    assert "Veranderd ten opzichte van de vorige: crisis-intake." in said


def test_a_changed_text_is_a_change_of_its_rule() -> None:
    before = {"rules/a.toml": "1", "templates/prompts/a/x.nl.md": "1", "rules/vocabulary.toml": "1"}
    assert changed(before, before) == ()
    assert changed(before, before | {"templates/prompts/a/x.nl.md": "2"}) == ("a",)
    assert changed(before, {"rules/a.toml": "1", "rules/b.toml": "1"}) == ("a", "b", "vocabulary")


def test_no_client_is_named_on_any_page_about_the_rules(settled_once: House) -> None:
    boss = Pages(settled_once, NOON).of("boss")
    for path in ("/rules", "/rules/history", "/rules/show/crisis-intake"):
        assert {"c1", "c2", "c3"}.isdisjoint(re.findall(r"\w+", text_of(boss.get(path))))
