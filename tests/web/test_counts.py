"""What the rules did, as managers see it: counted, drawn, to take along; and of fewer than five nothing."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cti.engine.answering import answer, not_relevant
from cti.engine.wording import texts_of
from cti.store.teams import Tally
from cti.web.counting import Words
from cti.web.views.deeds import PARTS, Counts, deeds_of
from tests.engine.house import House, simple_rule, when
from tests.web.browser import Browser, Pages, text_of
from tests.web.conftest import PEOPLE

TWELVE = [f"c{number:02}" for number in range(12)]


@pytest.fixture(scope="module")
def dozen(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Twelve clients are prompted on 16 March: ten are not relevant, six of them since someone else does it; two are done. A
    thirteenth became known when the time was over."""
    house = House(tmp_path_factory.mktemp("dozen") / "house", lead=PEOPLE)
    rule = simple_rule().replace('"Titel"', '"=2+3"')
    house.only_rule("intake", rule, call="Bel even")
    for name in TWELVE:
        house.moves_in("3-2", f"r-{name}", "crisis-shelter", client=name)
    house.ticks("3-16", "3-20")  # at most three a day
    system, now = house.system, when("3-20", 11)
    rulebook = Browser(house, lambda: now).site.rules().rulebook
    for row in house.stored():
        place = TWELVE.index(row.plan.client)
        if place >= 10:
            answer(system, rulebook, str(row.id), "done", now)
        else:
            not_relevant(system, rulebook, row.id, "elsewhere" if place < 6 else None, now)
    return house


def counts(house: House) -> Browser:
    return Pages(house, when("3-20", 12)).of("boss")


def test_each_step_is_counted_with_its_answers_and_the_reasons_for_them(dozen: House) -> None:
    said = text_of(counts(dozen).get("/counts"))
    assert "Bel even 10 gestuurd, 10 op tijd beantwoord" in said
    assert "< 5 × Gedaan" in said
    assert "10 × Niet (meer) van toepassing" in said
    assert "5 × Iemand anders doet dit" in said or "te weinig om de redenen te noemen" in said


def test_no_client_and_no_worker_is_on_it(dozen: House) -> None:
    page = counts(dozen).get("/counts").text
    assert {*TWELVE, "w1", "w2"}.isdisjoint(re.findall(r"[\w-]+", page))


def test_the_parts_of_a_bar_differ_in_their_pattern_and_stand_beside_it_in_words(dozen: House) -> None:
    page = counts(dozen).get("/counts").text
    assert re.findall(r'<pattern id="([^"]+)"', page) == [part for part in PARTS if part != "in_time"]
    for label in re.findall(r'class="deed" role="img" aria-label="([^"]+)"', page):
        assert label in text_of(counts(dozen).get("/counts"))
    assert "style=" not in page


def test_the_table_can_be_taken_along_and_no_title_becomes_a_formula(dozen: House) -> None:
    response = counts(dozen).get("/counts/rules.csv?weeks=52")
    assert "attachment" in response.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(response.text.removeprefix("\ufeff")), delimiter=";"))
    assert rows[0][:4] == ["regel", "stap", "gestuurd", "op tijd beantwoord"]
    assert rows[1] == ["'=2+3", "Bel even", "10", "10", "0", "0", "0", "0", "0", "0"]


def test_where_nothing_was_prompted_the_page_says_so(tmp_path: Path) -> None:
    house = House(tmp_path / "house", lead=PEOPLE)
    house.tick("3-2")
    assert "In die tijd was er niets aan de beurt" in text_of(counts(house).get("/counts"))


def test_what_became_known_when_its_time_was_over_is_counted_apart(tmp_path: Path) -> None:
    house = House(tmp_path / "house", lead=PEOPLE)
    house.only_rule("intake", simple_rule().replace('"8 weeks"', '"1 day"'), call="Bel even")
    house.tick("3-19")
    for number in range(6):
        house.moves_in("3-20", f"r{number}", "crisis-shelter", begin="3-2", client=f"c{number}")
    house.tick("3-20", 13)
    said = text_of(counts(house).get("/counts"))
    assert "Bel even 0 gestuurd; 5 te laat bekend" in said


def words(house: House) -> Words:
    site = counts(house).site
    rules = site.rules()
    return Words("nl", rules.rulebook, texts_of(site.system, rules), lambda row: "")


@pytest.fixture(scope="module")
def wording(dozen: House) -> Words:
    return words(dozen)


@given(parts=st.lists(st.integers(0, 30), min_size=5, max_size=5))
def test_no_count_below_five_is_told_and_a_bar_never_shows_more_than_the_words(
    wording: Words, parts: list[int]
) -> None:
    in_time, late, waiting, passed, needless = parts
    tally = Tally("intake", "call", sum(parts), in_time, late, waiting, passed, needless, 0)
    answered = parts[0] + parts[1]
    known = Counts(
        {("intake", "call"): tally},
        {(("intake", "call"), "done"): answered},
        {},
        {("intake", "call"): parts[2]},
    )
    step = deeds_of(known, wording)[0].steps[0] if sum(parts) or parts[2] else None
    if step is None:
        return
    told = [
        step.told,
        step.too_late,
        step.nobody,
        *(step.parts or {}).values(),
        *(one.count for one in step.given or ()),
    ]
    assert all(count == "< 5" or int(count) % 5 == 0 for count in told)
    assert [bar.part for bar in step.bars] == (
        [name for name, count in zip(PARTS, parts, strict=True) if count]
        if step.parts is not None
        else ["told"] * bool(sum(parts))
    )


def test_reasons_that_would_tell_of_one_person_are_not_told(wording: Words) -> None:
    name = ("intake", "call")
    known = Counts(
        {name: Tally(*name, 20, 20, 0, 0, 0, 0, 0)},
        {(name, "not-relevant"): 8, (name, "done"): 12},
        {(name, "not-relevant"): Counter({"over": 4, "wrong": 4})},
        {},
    )
    given = deeds_of(known, wording)[0].steps[0].given
    assert given is not None
    assert [(one.count, one.reasons) for one in given] == [("10", ()), ("10", None)]
