"""What dates say of critical time intervention after a move: judged when it can be, and unknown where nothing is registered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from cti.core.calendar import Calendar
from cti.core.events import Answer, Closed, Event, Expected, Fact, History, Record, RecordId, Stay, Version
from cti.core.rules import Delay, Enters, Phase, Rule, Rulebook
from cti.core.vocabulary import FactKind, Vocabulary
from cti.workshop.fidelity import MOVES, Item, Question, fidelity

MOVE = date(2026, 3, 2)
SITUATIONS = ("crisis-shelter", "own-home")
WORDS = Vocabulary(
    {name: {} for name in SITUATIONS}, {"network-mapped": FactKind("network-mapped", "date")}, {}
)
PHASES = tuple(Phase(f"phase-{n}", {}, Delay(3 * n, "months")) for n in (1, 2, 3))
HOME = Rule("own-home", {}, {}, Enters(("own-home",)), (), phases=PHASES)
RULES = Rulebook(WORDS, (HOME,))


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def moved(*more: tuple[Event, date], begin: date = MOVE, end: date | None = None) -> History:
    """Someone who came from shelter to a home of their own on that day; and what else was told, each on its day."""
    told: list[tuple[Event, date]] = [
        (Stay("crisis-shelter", begin - timedelta(days=90), begin), begin - timedelta(days=90)),
        (Stay("own-home", begin, end), begin),
        *more,
    ]
    records = [
        Record(RecordId("registration", f"r{number}"), (Version(event, at(day)),))
        for number, (event, day) in enumerate(told)
    ]
    return History("c1", tuple(records))


def said(history: History, today: date) -> dict[str, tuple[int, int]]:
    items = fidelity([history], RULES, Calendar(), today)
    return {item.question.phase or item.question.name: (item.known, item.yes) for item in items}


def mapped(day: date) -> tuple[Event, date]:
    return Fact("network-mapped", day, day), day


def test_a_question_is_judged_when_it_can_be_known() -> None:
    for months, judged in (
        (0, {"foreseen"}),
        (28, {"foreseen", "network"}),
        (92, {"foreseen", "network", "phase-1"}),
        (184, {"foreseen", "network", "phase-1", "phase-2"}),
        (275, {"foreseen", "network", "phase-1", "phase-2", "phase-3", "kept"}),
    ):
        found = said(moved(), MOVE + timedelta(days=months))
        assert {name for name, (known, _) in found.items() if known} == judged


def test_a_move_that_was_expected_before_its_day_was_foreseen() -> None:
    day = MOVE - timedelta(days=30)
    assert said(moved((Expected("own-home", MOVE), day)), MOVE)["foreseen"] == (1, 1)
    assert said(moved((Expected("own-home", MOVE), MOVE)), MOVE)["foreseen"] == (1, 0)
    assert said(moved((Expected("crisis-shelter", MOVE), day)), MOVE)["foreseen"] == (1, 0)


def test_work_with_the_network_counts_within_four_weeks_of_the_move() -> None:
    today = MOVE + timedelta(days=60)
    assert said(moved(mapped(MOVE)), today)["network"] == (1, 1)
    assert said(moved(mapped(MOVE + timedelta(days=27))), today)["network"] == (1, 1)
    assert said(moved(mapped(MOVE + timedelta(days=28))), today)["network"] == (1, 0)
    assert said(moved(mapped(MOVE - timedelta(days=1))), today)["network"] == (1, 0)


def test_a_phase_is_touched_by_an_answer_too() -> None:
    day = MOVE + timedelta(days=100)
    answered = Answer("own-home/first-week/x", "going-well", at(day))
    found = said(moved((answered, day)), MOVE + timedelta(days=300))
    assert (found["phase-1"], found["phase-2"], found["phase-3"]) == ((1, 0), (1, 1), (1, 0))


def test_who_moved_on_is_judged_up_to_then() -> None:
    found = said(moved(end=MOVE + timedelta(days=120)), MOVE + timedelta(days=400))
    assert [found[name][0] for name in ("phase-1", "phase-2", "phase-3", "kept")] == [1, 0, 0, 0]


def test_a_file_that_was_closed_early_was_not_kept_open() -> None:
    today = MOVE + timedelta(days=300)
    early, late = MOVE + timedelta(days=200), MOVE + timedelta(days=290)
    assert said(moved((Closed(early), early)), today)["kept"] == (1, 0)
    assert said(moved((Closed(late), late)), today)["kept"] == (1, 1)


def test_moves_of_long_ago_and_homes_that_nobody_moved_to_are_not_counted() -> None:
    assert said(moved(begin=MOVE), MOVE + MOVES + timedelta(days=1))["foreseen"] == (0, 0)
    stays = History("c1", (Record(RecordId("r", "1"), (Version(Stay("own-home", MOVE), at(MOVE)),)),))
    assert said(stays, MOVE)["foreseen"] == (0, 0)


def test_only_moves_that_a_rule_with_phases_follows_are_asked_about() -> None:
    other = replace(HOME, on=Enters(("own-home",), origins=("crisis-shelter",), origins_negated=True))
    off, bare = replace(HOME, off=True), replace(HOME, phases=())
    assert fidelity([moved()], Rulebook(WORDS, (off, bare)), Calendar(), MOVE) == ()
    [first, *_] = fidelity([moved()], Rulebook(WORDS, (other,)), Calendar(), MOVE)
    assert first == Item(Question("own-home", "foreseen"), 0, 0)


def test_phases_of_another_length_are_judged_when_they_are_over() -> None:
    short = replace(HOME, phases=(Phase("once", {}, Delay(2, "weeks")),))
    found = fidelity([moved()], Rulebook(WORDS, (short,)), Calendar(), MOVE + timedelta(weeks=2))
    assert [(item.question.name, item.known) for item in found] == [
        ("foreseen", 1),
        ("network", 0),
        ("phase", 1),
        ("kept", 1),
    ]
