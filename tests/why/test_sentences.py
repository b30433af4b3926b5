"""What is said of a prompt that somebody else gets, or that has to wait, and of those who have to wait for another."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from cti.engine.acting import hand_over
from cti.engine.recording import record_facts
from cti.engine.rulebooks import standing
from cti.why.telling import ToldStep, told
from tests.engine.house import House, simple_rule, when


def made(folder: Path, clients: int = 1, w1: str = "", organisation: str = "", floor: int = 20) -> House:
    """A house with one rule, whose clients came in on 2 March and are to be prompted about on the 16th."""
    house = House(folder / "h", w1=w1, organisation=organisation, floor=floor)
    house.only_rule("intake", simple_rule(), call="Bel even")
    for number in range(clients):
        house.moves_in("3-2", f"s{number}", "crisis-shelter", client=f"c{number}")
    house.tick("3-3")
    return house


def said(house: House, now: str, client: str = "c0", lang: str = "en") -> ToldStep:
    """What is said of the only step of the client, as things stand."""
    found = told(house.system, client, lang, when(now, 12))
    assert found is not None
    [step] = [step for rule in found.rules for moment in rule.moments for step in moment.steps]
    return step


def lines(step: ToldStep) -> dict[str, str]:
    return {line.code: line.text for line in step.lines}


def test_who_handed_it_over_to_whom(tmp_path: Path) -> None:
    house = made(tmp_path)
    [row] = house.stored()
    hand_over(house.system, row.id, "w2", when("3-4"), by="w1")
    step = said(house, "3-4")
    assert step.sentence == "comes on Mon 16 Mar, to w2"
    assert lines(step)["handed-over"] == "handed over to w2 on Wed 4 Mar by w1"
    assert lines(said(house, "3-4", lang="nl"))["handed-over"] == "op wo 4 mrt overgedragen aan w2 door w1"


def test_who_stands_in_while_the_worker_is_away(tmp_path: Path) -> None:
    away = 'away = [{ from = 2026-03-10, until = 2026-03-27, deputy = "w2" }]'
    step = said(made(tmp_path, w1=away), "3-4")
    assert step.sentence == "comes on Mon 16 Mar, to w2"
    assert lines(step)["stands-in"] == "w1 is away until Fri 27 Mar; w2 stands in"


def test_the_inbox_of_the_team_gets_it_where_nobody_stands_in(tmp_path: Path) -> None:
    step = said(made(tmp_path, w1="away = [{ from = 2026-03-10, until = 2026-03-27 }]"), "3-4")
    text = "w1 is away until Fri 27 Mar, without anyone who stands in; north@example.org gets it"
    assert lines(step)["stands-in"] == text


def test_a_full_mail_puts_it_off_to_the_next_day(tmp_path: Path) -> None:
    house = made(tmp_path, 3, organisation="cap = 2")
    house.tick("3-16")
    assert said(house, "3-16", "c1").sentence == "sent on Mon 16 Mar to w1"
    full = "the mail of Mon 16 Mar to w1 was full, with 2 other new prompts"
    assert said(house, "3-16", "c2").sentence == f"due since Mon 16 Mar; {full}; comes on Tue 17 Mar, to w1"
    house.tick("3-17")
    step = said(house, "3-17", "c2")
    assert step.sentence == "sent on Tue 17 Mar to w1"
    assert lines(step)["cap"] == full


def test_what_was_said_a_minute_ago_counts_from_the_next_pass_on(tmp_path: Path) -> None:
    house = House(tmp_path / "h")
    keys = 'when = { trust = "yes" }'
    house.only_rule("intake", simple_rule(due="same working day", keys=keys), call="Bel even")
    house.moves_in("3-2", "s0", "crisis-shelter", client="c0")
    house.tick("3-3")
    assert said(house, "3-3").sentence.startswith("not on Mon 2 Mar: missing")
    rules = standing(house.system)
    assert rules is not None
    record_facts(house.system, rules.rulebook, 1, {"trust": "yes"}, date(2026, 3, 2), when("3-3", 11), "w1")
    assert said(house, "3-3").sentence == "counts from the next pass on"
    house.tick("3-3", 12)
    assert said(house, "3-3").sentence != "counts from the next pass on"


def test_what_is_over_a_limit_waits_and_says_so(tmp_path: Path) -> None:
    house = made(tmp_path, 1, floor=2)
    for number in range(1, 7):
        house.moves_in("3-16", f"s{number}", "crisis-shelter", begin="3-2", client=f"c{number}")
    house.tick("3-16", 13)
    text = "due, but it waits: it touches more clients at once than the limits allow (cti plan shows it)"
    assert said(house, "3-16", "c3").sentence == text
    assert said(house, "3-16").sentence == "sent on Mon 16 Mar to w1", "what it does not touch goes on"
