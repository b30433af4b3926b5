"""iWmo messages through the whole engine: from intake to an own home, with what is corrected and taken back on the way."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cti.core.spells import spells
from cti.sources.iwmo.message import reference
from cti.store.clients import client_id
from cti.store.histories import histories
from tests.engine.house import House
from tests.sources.iwmo.messages import SECRET, Post, allocated, citizen, day, started, stopped

SOURCE = f"""
[[sources]]
name = "municipality"
type = "iwmo"
path = "messages"
secret = "{SECRET}"
team = "north"
"""
CLIENT = reference(SECRET, citizen(1))


class Municipality:
    """A house that a folder of messages is read into."""

    def __init__(self, folder: Path) -> None:
        self.house = House(folder)
        config = folder / "config.toml"
        config.write_text(config.read_text(encoding="utf-8") + SOURCE, encoding="utf-8")
        self.house.reopen()
        self.post = Post(folder / "messages")
        self.post.folder.mkdir()

    def steps(self) -> list[tuple[str | None, str, date]]:
        """The steps of the client's line."""
        with self.house.system.database.read() as tx:
            number = client_id(tx, CLIENT)
            assert number is not None
            ((_, history),) = histories(tx, [number])
        return [(spell.origin, spell.situation, spell.begin) for spell in spells(history.records, 14)]

    def sent(self, day: str) -> set[str]:
        """The rule and step of each prompt that was sent."""
        return {
            name for name, state in self.house.states(day).items() if state not in ("pending", "withdrawn")
        }


@pytest.fixture
def here(tmp_path: Path) -> Municipality:
    return Municipality(tmp_path / "house")


def test_from_intake_by_way_of_a_long_stay_to_an_own_home(here: Municipality) -> None:
    post, house = here.post, here.house
    post.send("301", "2026-01-05", allocated("16", "2026-01-05"))
    post.send("305", "2026-01-06", started("16", "2026-01-05"))
    house.ticks("1-6", "2-9", every=7)
    assert any(name.startswith("crisis-intake/") for name in here.sent("2-9"))
    assert {message["To"] for message in house.mails()} == {"north@example.org"}
    post.send("301", "2026-02-10", allocated("15", "2026-03-02", number=2, decided="2026-02-10"))
    house.ticks("2-10", "2-24", every=7)
    assert any(name.startswith("long-stay-expected/") for name in house.states("2-24"))
    post.send("307", "2026-03-06", stopped("16", "2026-01-05", "2026-03-01"))
    post.send("305", "2026-03-06", started("15", "2026-03-02", number=2))
    post.send("301", "2026-04-07", allocated("02", "2026-06-01", number=3, decided="2026-04-07"))
    house.ticks("3-9", "5-25", every=7)
    assert any(name.startswith("own-home-expected/") for name in here.sent("5-25"))
    post.send("307", "2026-06-04", stopped("15", "2026-03-02", "2026-05-31", number=2))
    post.send("305", "2026-06-04", started("02", "2026-06-01", number=3))
    house.ticks("6-5", "6-12", every=7)
    assert here.steps() == [
        (None, "crisis-shelter", day("1-5")),
        ("crisis-shelter", "long-stay", day("3-2")),
        ("long-stay", "own-home", day("6-1")),
    ]
    assert "own-home/first-week" in here.sent("6-12")


def test_a_corrected_start_prompts_nobody_twice_and_a_removed_one_nobody_any_more(here: Municipality) -> None:
    post, house = here.post, here.house
    post.send("305", "2026-03-03", started("16", "2026-03-02"))
    house.ticks("3-4", "3-9", every=5)
    before = here.sent("3-9")
    assert before
    post.send("305", "2026-03-10", started("16", "2026-03-02", status="3"), started("16", "2026-02-02"))
    house.tick("3-10")
    assert here.steps() == [(None, "crisis-shelter", day("2-2"))]
    assert len(house.states("3-10")) == len(house.stored()), "no step has two prompts"
    before = here.sent("3-10")
    post.send("305", "2026-03-12", started("16", "2026-02-02", status="3"))
    house.ticks("3-12", "4-12", every=10)
    assert here.steps() == []
    assert {state for name, state in house.states("4-12").items() if name not in before} <= {"withdrawn"}


def test_a_stop_that_is_removed_takes_the_move_back(here: Municipality) -> None:
    post, house = here.post, here.house
    post.send("305", "2026-02-03", started("15", "2026-02-02"))
    post.send("307", "2026-03-03", stopped("15", "2026-02-02", "2026-03-01"))
    house.tick("3-4")
    assert here.steps()[-1] == ("long-stay", "own-home", day("3-2"))
    assert "own-home/first-week" in house.states("3-4")
    post.send("307", "2026-03-05", stopped("15", "2026-02-02", "2026-03-01", status="3"))
    house.tick("3-6")
    assert here.steps() == [(None, "long-stay", day("2-2"))]
    left = {state for name, state in house.states("3-6").items() if name.startswith("own-home/")}
    assert left <= {"withdrawn"}


def test_a_stop_that_is_sent_late_is_known_since_it_was_sent(here: Municipality) -> None:
    post, house = here.post, here.house
    post.send("305", "2026-02-03", started("15", "2026-02-02"))
    house.ticks("2-4", "4-15", every=13)
    post.send("307", "2026-04-20", stopped("15", "2026-02-02", "2026-03-01"))
    house.tick("4-22")
    known = {row.plan.known.date() for row in house.stored() if row.plan.rule == "own-home"}
    assert known == {date(2026, 4, 19)}, "the first moment of 20 April in Amsterdam"


def test_who_died_is_prompted_about_no_more(here: Municipality) -> None:
    post, house = here.post, here.house
    post.send("305", "2026-03-03", started("16", "2026-03-02"))
    house.tick("3-4")
    post.send("307", "2026-03-10", stopped("16", "2026-03-02", "2026-03-09", "02"))
    house.tick("3-11")
    assert "pending" not in house.states("3-11").values()
