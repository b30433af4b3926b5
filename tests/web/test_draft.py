"""A manager has a draft looked through, simulated and adopted, and puts earlier rules back; all by buttons."""

from __future__ import annotations

import re
import shutil
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from cti.engine.locks import PLAN
from cti.store import rulebooks
from cti.workshop import findings
from cti.workshop.draft import see_draft
from cti.workshop.findings import LOST, Findings
from cti.workshop.looking import look_through, simulate_draft
from tests.engine.house import House, when
from tests.web.browser import BASE, Browser, Pages, text_of
from tests.web.conftest import NOON

MOVED = ('"2 weeks"', '"3 weeks"')
TEST = """
[[tests]]
name = "the map comes after two weeks"
events = [{ day = 2026-03-02, situation = "crisis-shelter" }]
expect = [{ day = 2026-03-16, step = "crisis-intake/map-network" }]
until = 2026-03-17
"""


def write_draft(house: House, *changes: tuple[str, str]) -> Path:
    """A draft with these changes in the rule about crisis shelter; its folder of rules."""
    rules = house.folder / "draft" / "rules"
    if not rules.is_dir():
        shutil.copytree(house.folder / "rules", rules)
    file = rules / "crisis-intake.toml"
    text = file.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    file.write_text(text, encoding="utf-8")
    return rules


def looked_through(house: House, *changes: tuple[str, str]) -> Browser:
    """A manager whose draft, with these changes, was looked through."""
    write_draft(house, *changes)
    begin(house)
    look_through(house.system)
    return Pages(house, NOON).of("boss")


def begin(house: House) -> None:
    seen = see_draft(house.system.config)
    assert seen is not None
    with house.system.database.write() as tx:
        assert findings.begin(tx, Findings(seen.digest, NOON, "boss"))


def digest(house: House) -> str:
    with house.system.database.read() as tx:
        found = findings.found(tx)
    assert found is not None
    return found.digest


def in_force(house: House) -> tuple[int, str]:
    with house.system.database.read() as tx:
        found = rulebooks.in_force(tx)
    assert found is not None
    return found.number, found.by


def test_without_a_draft_the_page_says_how_to_make_one(house: House) -> None:
    boss = Pages(house, NOON).of("boss")
    assert "Er is geen concept. Maak een map draft" in text_of(boss.get("/rules/draft"))
    assert "geen concept om na te kijken" in text_of(boss.post("/rules/draft/look", follow=True))


def test_from_a_draft_to_rules_in_force_by_buttons_alone(house: House) -> None:
    write_draft(house, MOVED)
    boss = Pages(house, NOON).of("boss")
    assert "nog niet nagekeken" in text_of(boss.get("/rules/draft"))
    boss.post("/rules/draft/look")
    boss.site.bench.wait()  # the work is done in a process of its own
    said = text_of(boss.get("/rules/draft"))
    assert "klopt en kan worden ingevoerd" in said
    assert "Anders dan de regels die nu gelden: crisis-intake." in said
    assert "Instroom in de crisisopvang" in said.partition("Wat invoeren nu zou veranderen")[2]
    asked = boss.get("/rules/draft/adopt")
    assert f'name="digest" value="{digest(house)}"' in asked.text
    assert in_force(house)[0] == 1, "a link only shows"
    said = text_of(boss.post("/rules/draft/adopt", follow=True, digest=digest(house)))
    assert "Het concept geldt vanaf nu, als nummer 2." in said
    assert in_force(house) == (2, "boss")
    assert "Dit concept geldt nu." in text_of(boss.get("/rules/draft"))
    assert "ingesteld door boss" in text_of(boss.get("/rules"))
    assert house.tick("3-17", 13).adopted is None, (
        "the folder of the rules was not touched, so it does not count"
    )
    assert in_force(house)[0] == 2


def test_adopting_twice_is_harmless_and_says_so(house: House) -> None:
    boss = looked_through(house, MOVED)
    boss.post("/rules/draft/adopt", digest=digest(house))
    said = text_of(boss.post("/rules/draft/adopt", follow=True, digest=digest(house)))
    assert "deze regels gelden al" in said
    assert in_force(house)[0] == 2


def test_an_error_is_shown_with_its_file_line_and_remedy_and_keeps_the_draft_out(house: House) -> None:
    boss = looked_through(house, ('"2 weeks"', '"2 weaks"'))
    page = boss.get("/rules/draft")
    said = text_of(page)
    assert re.search(r"draft/rules/crisis-intake\.toml:\d+", said)
    assert 'due = "2 weeks"' in re.sub(r"\s+", " ", said)
    assert "heeft fouten" in said and "/rules/draft/adopt" not in page.text
    boss.post("/rules/draft/adopt", digest=digest(house))
    assert in_force(house)[0] == 1


def test_a_failing_test_is_shown_as_a_calendar_and_keeps_the_draft_out(house: House) -> None:
    rules = write_draft(house, MOVED)
    (rules / "tests").mkdir()
    (rules / "tests" / "crisis-intake.toml").write_text(TEST, encoding="utf-8")
    boss = looked_through(house)
    said = text_of(boss.get("/rules/draft"))
    assert "Een test van het concept mislukt" in said
    assert "the map comes after two weeks" in said and "ma 16 mrt 2026 crisis-intake/map-network" in said
    assert "mislukt" in text_of(boss.post("/rules/draft/adopt", follow=True, digest=digest(house)))
    assert in_force(house)[0] == 1


def test_a_draft_that_changed_since_it_was_looked_through_is_not_adopted(house: House) -> None:
    boss = looked_through(house, MOVED)
    write_draft(house, ('"3 weeks"', '"4 weeks"'))
    assert "veranderd nadat het was nagekeken" in text_of(boss.get("/rules/draft"))
    said = text_of(boss.post("/rules/draft/adopt", follow=True, digest=digest(house)))
    assert "Daarom is het niet ingevoerd" in said
    assert in_force(house)[0] == 1


@pytest.fixture
def strict(house: House) -> House:
    """A house where a change may touch one client at a time."""
    house.floor = 0
    house.configure()
    return house


AT_ONCE = ('"3 weeks"', '"2 weeks"')


def test_what_is_over_the_limit_is_adopted_only_where_that_is_ticked(strict: House) -> None:
    boss = looked_through(strict, AT_ONCE)
    assert 'name="force"' in boss.get("/rules/draft/adopt").text
    refused = boss.post("/rules/draft/adopt", digest=digest(strict))
    assert refused.status_code == 409
    assert "boven de grens" in text_of(refused) or "over een grens" in text_of(refused)
    assert in_force(strict)[0] == 1
    boss.post("/rules/draft/adopt", digest=digest(strict), force="yes")
    assert in_force(strict) == (2, "boss")
    assert strict.tick("3-17", 13).held == (), "what it changes has gone through"


def test_while_a_pass_is_made_nothing_is_adopted_and_the_page_says_so(house: House) -> None:
    boss = looked_through(house, MOVED)
    with house.system.database.lock(PLAN):
        said = text_of(boss.post("/rules/draft/adopt", follow=True, digest=digest(house)))
    assert "Er loopt op dit moment een ronde" in said
    assert in_force(house)[0] == 1


def test_a_draft_is_looked_through_once_at_a_time_and_a_lost_work_is_begun_anew(house: House) -> None:
    write_draft(house, MOVED)
    begin(house)
    boss = Pages(house, NOON).of("boss")
    assert "Wordt nagekeken sinds 12:00" in text_of(boss.get("/rules/draft"))
    assert "wordt al nagekeken" in text_of(boss.post("/rules/draft/look", follow=True))
    later = Pages(house, NOON + LOST + timedelta(minutes=1)).of("boss")
    assert "niet gelukt" in text_of(later.get("/rules/draft"))


def test_a_work_that_is_stopped_or_fails_is_not_under_way_any_more(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    boss = Pages(house, NOON).of("boss")
    for stop in (SystemExit(1), ValueError("broken")):

        def stopped(*_: object, stop: BaseException = stop) -> None:
            raise stop

        monkeypatch.setattr("cti.workshop.looking.read_draft", stopped)
        write_draft(house)
        begin(house)
        with suppress(SystemExit):
            look_through(house.system)
        assert "Het nakijken is niet gelukt." in text_of(boss.get("/rules/draft"))


def test_a_simulation_is_shown_and_can_be_taken_along_and_names_nobody(house: House) -> None:
    boss = looked_through(house, MOVED)
    with house.system.database.write() as tx:
        found = findings.found(tx)
        assert found is not None
        assert findings.begin(tx, findings.again(found, "simulating", NOON, "boss"))
    simulate_draft(house.system)
    assert "klopt en kan worden ingevoerd" in text_of(boss.get("/rules/draft")), "what was found is kept"
    shown = boss.get("/rules/draft/simulated")
    assert "Wat het concept anders maakt" in text_of(shown)
    assert "<style" not in shown.text and ' style="' not in shown.text
    taken = boss.get("/rules/draft/simulated.html")
    assert taken.headers["content-disposition"].startswith("attachment")
    assert "<style>" in taken.text and "Wat het concept anders maakt" in taken.text
    for page in (shown, taken):
        assert {"c1", "c2", "c3"}.isdisjoint(re.findall(r"\w+", page.text))


def test_an_auditor_sees_the_draft_and_has_no_button(house: House) -> None:
    looked_through(house, MOVED)
    page = Pages(house, NOON).of("audit").get("/rules/draft").text
    assert "Anders dan de regels" in page
    assert 'action="/rules/draft' not in page and "/rules/draft/adopt" not in page


def test_earlier_rules_are_put_back_by_a_button_after_a_question(house: House) -> None:
    boss = looked_through(house, MOVED)
    boss.post("/rules/draft/adopt", digest=digest(house))
    assert 'href="/rules/history/1"' in boss.get("/rules/history").text
    assert "Nummer 1 terugzetten?" in text_of(boss.get("/rules/history/1"))
    assert in_force(house)[0] == 2
    said = text_of(boss.post("/rules/history/1/restore", follow=True))
    assert "De regels van nummer 1 gelden weer, voortaan als nummer 3." in said
    assert "gelden al" in text_of(boss.post("/rules/history/1/restore", follow=True))
    assert in_force(house) == (3, "boss")
    assert boss.get("/rules/history/99").status_code == 404


def test_rules_that_would_go_over_a_limit_are_put_back_only_where_that_is_ticked(strict: House) -> None:
    looked_through(strict, ('id    = "crisis-intake"', 'id    = "crisis-intake"\noff = true'))
    boss = Pages(strict, when("3-24", 12)).of("boss")
    boss.post("/rules/draft/adopt", digest=digest(strict), force="yes")
    assert in_force(strict)[0] == 2
    refused = boss.post("/rules/history/1/restore")
    assert refused.status_code == 409 and 'name="force"' in refused.text
    assert in_force(strict)[0] == 2
    boss.post("/rules/history/1/restore", force="yes")
    assert in_force(strict)[0] == 3


def test_pages_about_a_draft_lead_to_pages_of_ours_only(house: House) -> None:
    boss = looked_through(house, MOVED)
    for path in ("/rules/draft", "/rules/draft/adopt", "/rules/history"):
        links = re.findall(r'(?:href|action)="([^"]+)"', boss.get(path).text)
        assert all(link.startswith(("/", "#")) for link in links), BASE
