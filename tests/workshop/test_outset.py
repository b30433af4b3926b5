"""What going live would bring is told before anything is kept or sent, and it is what then happens."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from cti.core.prompts import state
from cti.engine.rulebooks import read
from cti.store import tables
from cti.workshop.outset import Outset, Place, Share, as_if_begun, outset
from tests.engine.house import House, simple_rule, when


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A registration of some weeks, of which cti has read nothing yet."""
    house = House(tmp_path / "house", floor=2)
    house.only_rule("intake", simple_rule(due="1 week"), call="Bel het netwerk")
    house.moves_in("3-2", "s1", "crisis-shelter", client="c1")
    house.moves_in("3-9", "s2", "crisis-shelter", begin="3-3", client="c2", worker="w2")
    house.moves_in("3-16", "s3", "crisis-shelter", client="c3", worker="elsewhere")
    house.moves_in("3-20", "s4", "at-risk", client="c4", worker="")
    house.type_in("3-20", "s5", client="c5", situation="bunk bed", begin="2026-03-20")
    house.type_in("3-23", "s1", client="c1", situation="crisis-shelter", begin="2026-03-02", end="2026-03-22")
    return house


def report(house: House, day: str = "3-24", since: str | None = None) -> Outset:
    rulebook = read(house.system).rulebook
    assert rulebook is not None
    if since is not None:
        words = replace(rulebook.vocabulary, since=date.fromisoformat(since))
        rulebook = replace(rulebook, vocabulary=words)
    return outset(house.system.config, rulebook, when(day))


def test_it_tells_what_is_recognised_and_what_could_not_be_read(house: House) -> None:
    found = report(house)
    assert (found.newest, found.clients, found.in_care) == (date(2026, 3, 23), 4, 3)
    assert found.places == {
        "at-risk": Place(1, 1),
        "crisis-shelter": Place(2, 3),
        "unknown": Place(1, 1),
    }
    [cause] = found.causes
    assert (cause.count, cause.first.field, cause.first.line) == (1, "situation", 6)
    [late] = [one for one in found.late if one.kind == "begin"]
    assert (late.count, late.worst) == (4, 6)


def test_it_tells_whom_prompts_would_reach(house: House) -> None:
    reach = report(house).reach
    assert (reach.worker, reach.strangers, reach.inbox, reach.nobody) == (1, {"elsewhere": 1}, 0, 1)


def test_who_is_on_a_list_of_people_is_reached(tmp_path: Path) -> None:
    more = '[[sources]]\nname = "staff"\ntype = "people-csv"\npath = "people.csv"\n'
    house = House(tmp_path / "house", lead=more)
    house.only_rule("intake", simple_rule(), call="Bel het netwerk")
    listed = "id,name,address,role,team\nw7,w7,w7@example.org,worker,north\n"
    (house.folder / "people.csv").write_text(listed, encoding="utf-8")
    house.moves_in("3-2", "s1", "crisis-shelter", worker="w7")
    house.moves_in("3-20", "s2", "crisis-shelter", worker="w7", client="c2")
    rulebook = read(house.system).rulebook
    assert rulebook is not None
    found = outset(house.system.config, rulebook, when("3-24"), "registration")
    assert (found.reach.worker, found.reach.strangers) == (2, {})
    assert found.weeks is not None
    assert {one.who: one.prompts for one in found.weeks.shares}["w7"] == 1


def test_nothing_is_kept_in_the_database_of_the_service_and_nothing_sent(house: House) -> None:
    report(house)
    with house.system.database.read() as tx:
        for table in tables.metadata.sorted_tables:
            if table.name not in ("alembic_version", "meta"):
                assert tx.execute(select(table).limit(1)).all() == [], table.name
    assert house.mails() == []


def test_the_first_day_is_the_one_that_comes(house: House) -> None:
    day = report(house).first_day
    house.tick("3-24")
    due = [row for row in house.stored() if state(row, when("3-24")) in ("sent", "unroutable")]
    assert (day.prompts, day.clients, day.held) == (len(due), 2, ())
    assert len(due) == 2


def test_what_waits_for_a_look_on_the_first_day_is_told(house: House) -> None:
    for number in range(6, 12):
        house.moves_in("3-10", f"s{number}", "crisis-shelter", client=f"c{number}")
    [held] = report(house).first_day.held
    [really] = house.tick("3-24").planning.held
    assert (
        (held.of, held.clients, held.limit) == (really.of, really.clients, really.limit) == ("intake", 8, 2)
    )


def test_the_first_weeks_are_those_up_to_the_newest_record_by_rules_that_begin_with_them(
    house: House,
) -> None:
    weeks = report(house, since="2026-03-24").weeks
    assert weeks is not None
    assert (weeks.first, weeks.last) == (date(2026, 2, 24), date(2026, 3, 23))
    shares = [
        Share("w1", "north", 0, 1, 1),
        Share("w2", "north", 0, 1, 1),
    ]
    assert list(weeks.shares[:2]) == shares
    assert (weeks.late, weeks.too_late, weeks.unroutable) == (0, 0, 1)


def test_what_was_due_before_goes_out_on_the_first_day_where_the_rules_began_earlier(house: House) -> None:
    house.moves_in("2-16", "s6", "crisis-shelter", client="c6")
    [mine, *_] = report(house, since="2026-03-01").weeks.shares  # type: ignore[union-attr]
    assert (mine.first_day, mine.prompts) == (1, 2)
    [mine, *_] = report(house, since="2026-03-24").weeks.shares  # type: ignore[union-attr]
    assert (mine.first_day, mine.prompts) == (0, 1)


def test_the_day_from_which_rules_count_moves_along(house: House) -> None:
    rulebook = read(house.system).rulebook
    assert rulebook is not None
    today, first = date(2026, 3, 24), date(2026, 2, 25)
    for since, moved in (
        (today + timedelta(days=9), first),
        (today, first),
        (today - timedelta(days=5), first - timedelta(days=5)),
        (date.min, date.min),
    ):
        words = replace(rulebook.vocabulary, since=since)
        assert as_if_begun(replace(rulebook, vocabulary=words), today, first).vocabulary.since == moved


def test_a_source_that_cannot_be_read_says_so_and_the_rest_is_told(tmp_path: Path) -> None:
    more = '[[sources]]\nname = "gone"\ntype = "csv"\npath = "nowhere"\n'
    house = House(tmp_path / "house", lead=more)
    house.moves_in("3-2", "s1", "crisis-shelter")
    found = report(house)
    assert [bool(source.problems) for source in found.sources] == [False, True]
    assert found.clients == 1


def test_what_is_pushed_is_not_read_beforehand(tmp_path: Path) -> None:
    more = f'[[sources]]\nname = "ecd"\ntype = "http"\ntoken = "{"x" * 40}"\n'
    house = House(tmp_path / "house", lead=more)
    house.moves_in("3-2", "s1", "crisis-shelter")
    assert report(house).pushed == ("ecd",)


def test_without_a_client_there_is_nothing_to_tell_of_prompts(tmp_path: Path) -> None:
    house = House(tmp_path / "house")
    (house.folder / "export" / "events.csv").write_text("id,client,situation,begin\n")
    found = report(house)
    assert (found.newest, found.clients, found.weeks) == (None, 0, None)
