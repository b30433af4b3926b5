"""What workers said, as rows to take along."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from cti.csvtext import csv_text
from cti.engine.answering import answer, not_relevant, take_back
from cti.engine.recording import expect, record_facts
from cti.engine.rulebooks import standing
from cti.engine.taking_along import COLUMNS, answer_rows
from tests.engine.house import House, simple_rule, when


def test_answers_and_facts_are_taken_along_by_day_and_what_was_taken_back_is_not(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.only_rule("intake", simple_rule().replace('"done"', '"mapped"'), call="Bel even")
    for number in range(4):
        house.moves_in("3-2", f"a{number}", "crisis-shelter", client=f"={number}")
    house.tick("3-3")
    rules = standing(house.system)
    assert rules is not None
    one, two, three, _ = (row.id for row in house.stored())

    def say(
        number: int, word: str, day: str, by: str | None = "w1", facts: dict[str, str] | None = None
    ) -> None:
        answer(house.system, rules.rulebook, str(number), word, when(day, 14), facts, by=by)

    say(one, "not-yet", "3-16")
    say(one, "existing", "3-17", facts={"network-mapped": "2026-02-01", "trusted-contact": "yes"})
    say(two, "mapped", "3-17", by=None)
    not_relevant(house.system, rules.rulebook, three, "over", when("3-18"), "w2")
    take_back(house.system, three, when("3-18", 9, 5), "w2")
    record_facts(house.system, rules.rulebook, 4, {"trust": "no"}, date(2026, 3, 10), when("3-18"), "w1")
    expect(house.system, rules.rulebook, 4, "own-home", None, when("3-18"), "w1")

    def taken(first: date, last: date, *clients: int) -> str:
        with house.system.database.read() as tx:
            return csv_text(COLUMNS, answer_rows(tx, house.system, first, last, clients or None))

    head = "client,prompt,rule,step,answer,facts,day,by\r\n"
    answers = (
        f"'=0,{one},intake,call,existing,network-mapped=2026-02-01; trusted-contact=yes,2026-03-17,w1\r\n"
        f"'=1,{two},intake,call,mapped,network-mapped=2026-03-17,2026-03-17,\r\n"
    )
    fact = "'=3,,,,,trust=no,2026-03-10,\r\n"
    assert taken(date(2026, 3, 1), date(2026, 3, 31)) == head + answers + fact
    assert taken(date(2026, 3, 17), date(2026, 3, 17)) == head + answers
    assert taken(date(2026, 3, 1), date(2026, 3, 31), 4) == head + fact
