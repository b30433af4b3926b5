"""Where a question stands and what may be said next, by rules and words of any field: here, whether someone wants a mentor."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from cti.core.events import Closed, Fact, History, Record, RecordId, Stay, Value, Version
from cti.core.life import live
from cti.core.paths import Path, facts_on_paths, paths, questions
from cti.core.rules import Condition, Delay, Enters, Is, On, Records, Rule, Rulebook, Step
from cti.core.vocabulary import AnswerKind, FactKind, Vocabulary
from tests.core.build import CALENDAR, day, noon


def answers(**kinds: AnswerKind) -> Mapping[str, AnswerKind]:
    return kinds


def kind(name: str, *asks: str, may: tuple[str, ...] = (), **records: Value) -> AnswerKind:
    return AnswerKind(name, {}, {fact.replace("_", "-"): value for fact, value in records.items()}, asks, may)


VOCABULARY = Vocabulary(
    situations={"inside": {}, "outside": {}},
    facts={
        "mentor": FactKind("mentor", "choice", {"yes": {}, "no": {}, "met": {}}, lasts_transition=True),
        "meeting": FactKind("meeting", "date"),
        "debts": FactKind("debts", "yes/no"),
    },
    answers={
        "mentor": answers(
            yes=kind("yes", may=("meeting",), mentor="yes"), no=kind("no", mentor="no"), later=kind("later")
        ),
        "match": answers(found=kind("found", "meeting"), stop=kind("stop", mentor="no")),
        "ready": answers(moved=kind("moved", "meeting")),
        "met": answers(met=kind("met", may=("debts",), mentor="met"), moved=kind("moved", "meeting")),
        "money": answers(solved=kind("solved", debts=False)),
    },
)
YES = Is("mentor", ("yes",))


def rule(id: str, on: On, *steps: Step, off: bool = False) -> Rule:
    return Rule(id, {}, {}, on, steps, off=off)


def step(
    id: str, answers: str, before: bool = False, when: Condition | None = None, asks: str | None = None
) -> Step:
    due = Delay(7, "days", before=before)
    return Step(id, due, "worker", "t", when=when, asks=asks, answers=answers, outlives=True)


RULES = Rulebook(
    VOCABULARY,
    (
        rule("leaving", Enters(("outside",)), step("ask", "mentor", asks="whether"), step("chat", "money")),
        rule("matching", Records("mentor", ("yes",)), step("look", "match", when=YES)),
        rule(
            "meeting",
            Records("meeting"),
            step("before", "ready", before=True, when=YES),
            step("after", "met", when=YES),
        ),
        rule("debts", Records("debts", (True,)), step("talk", "money")),
        rule("never", Records("mentor", ("no",)), step("nag", "mentor"), off=True),
    ),
)


def record(name: str, *versions: tuple[object, str]) -> Record:
    return Record(RecordId("s", name, ""), tuple(Version(event, noon(known)) for event, known in versions))  # type: ignore[arg-type]


def path(now: str, *said: tuple[str, str, Value], more: tuple[Record, ...] = ()) -> Path:
    """Where the question stands at noon, for someone who came outside on 2 March, after these facts: day, fact, value."""
    records = [
        record("a", (Stay("outside", day("3-2")), "3-2")),
        *(record(f"f{n}", (Fact(fact, value, day(on)), on)) for n, (on, fact, value) in enumerate(said)),
        *more,
    ]
    history = History("c", tuple(sorted(records, key=lambda one: one.id)))
    [found] = paths(live(history, VOCABULARY, CALENDAR), RULES, CALENDAR, noon(now))
    return found


def may_be_said(found: Path) -> list[str]:
    return [f"{choice.set}.{choice.kind.name}" for choice in found.choices]


def legs(found: Path) -> list[tuple[str, date]]:
    return [(leg.rule, leg.day) for leg in found.legs]


def test_a_question_is_what_steps_ask_and_their_answers_record_for_a_transition() -> None:
    assert questions(RULES) == {"mentor": ("mentor",)}


def test_what_the_path_is_about_is_said_along_it_and_not_by_itself() -> None:
    assert facts_on_paths(RULES) == {"mentor", "meeting"}, (
        "debts may be told along the way, and stand by themselves"
    )


def test_before_anything_was_said_its_answers_may_be() -> None:
    found = path("3-5")
    assert (found.said, found.said_on, legs(found)) == (None, None, [])
    assert may_be_said(found) == ["mentor.yes", "mentor.no"], "an answer that records nothing is for a prompt"


def test_after_a_yes_the_rule_that_answers_to_it_says_what_comes() -> None:
    found = path("3-5", ("3-4", "mentor", "yes"))
    assert (found.said, found.said_on, legs(found)) == ("yes", day("3-4"), [("matching", day("3-4"))])
    assert may_be_said(found) == ["match.found", "match.stop"]


def test_a_day_is_prepared_until_it_comes_and_asked_after_from_then_on() -> None:
    said = (("3-4", "mentor", "yes"), ("3-5", "meeting", day("3-20")))
    assert may_be_said(path("3-19", *said)) == ["ready.moved", "match.found", "match.stop"]
    assert may_be_said(path("3-20", *said)) == ["met.met", "met.moved", "match.found", "match.stop"]
    assert legs(path("3-20", *said))[-1] == ("meeting", day("3-20"))


def test_a_no_ends_the_path_and_may_be_thought_over() -> None:
    found = path("3-9", ("3-4", "mentor", "yes"), ("3-5", "meeting", day("3-20")), ("3-9", "mentor", "no"))
    assert (found.said, legs(found)) == ("no", [])
    assert may_be_said(found) == ["mentor.yes", "mentor.no"]


def test_a_fact_beside_the_question_is_no_part_of_its_path() -> None:
    assert legs(path("3-9", ("3-4", "debts", True))) == []


def test_the_next_transition_puts_the_question_anew() -> None:
    moved = record("b", (Stay("inside", day("3-10")), "3-10"))
    found = path("3-11", ("3-4", "mentor", "yes"), ("3-5", "meeting", day("3-20")), more=(moved,))
    assert (found.said, may_be_said(found)) == (None, ["mentor.yes", "mentor.no"])


def test_nothing_is_said_of_a_closed_file() -> None:
    records = (record("a", (Stay("outside", day("3-2")), "3-2")), record("x", (Closed(day("3-4")), "3-4")))
    life = live(History("c", records), VOCABULARY, CALENDAR)
    assert paths(life, RULES, CALENDAR, noon("3-5")) == ()


@pytest.mark.parametrize("now", ["3-3", "3-4"])
def test_what_is_recorded_later_is_not_known_yet(now: str) -> None:
    assert legs(path(now, ("3-5", "mentor", "yes"))) == []
