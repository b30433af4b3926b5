"""A rulebook compiled: which rules answer to which moments."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from cti.core.events import Record
from cti.core.life import live
from cti.core.program import compile_rulebook
from cti.core.rules import Changes, Enters, Is, Later, On, Rule, Variant
from tests.core.build import (
    CALENDAR,
    VOCABULARY,
    book,
    day,
    delay,
    enters,
    expected,
    expects,
    fact,
    history,
    records,
    rule,
    stay,
    step,
    worker,
)

MOVES = (
    stay("a", "street", "1-5", "3-2"),
    stay("b", "crisis-shelter", "3-2", "5-4", "own-home"),
    expected("e", "own-home", "5-4", "4-1"),
    fact("f", "trust", "growing", "3-5"),
    fact("g", "trust", "yes", "4-6"),
    worker("w", "w1", "1-5"),
    worker("x", "w2", "4-1"),
)


def answered(on: On, *told: Record) -> list[str]:
    """The days of the moments that a rule with this `on` answers to."""
    rules = (rule("r", on, step("s", 1)),)
    program = compile_rulebook(book(*rules), CALENDAR)
    moments = live(history(*(told or MOVES)), VOCABULARY, CALENDAR).moments
    return [str(moment.day)[5:] for moment in moments if program.answering(moment)]


def test_a_rule_answers_to_entering_one_of_its_situations() -> None:
    assert answered(enters("crisis-shelter")) == ["03-02"]
    assert answered(enters("crisis-shelter", "street")) == ["01-05", "03-02"]


def test_entering_may_be_narrowed_by_where_the_client_came_from() -> None:
    assert answered(Enters(("crisis-shelter", "own-home"), ("street",))) == ["03-02"]
    assert answered(Enters(("crisis-shelter", "own-home"), ("street",), origins_negated=True)) == ["05-04"]


def test_the_first_situation_comes_from_nowhere() -> None:
    assert answered(Enters(("street",), ("unknown",))) == []
    assert answered(Enters(("street",), ("own-home",), origins_negated=True)) == ["01-05"]


def test_a_rule_answers_to_what_is_expected_recorded_or_changed() -> None:
    assert answered(expects("own-home")) == ["05-04"]
    assert answered(records("trust")) == ["03-05", "04-06"]
    assert answered(records("trust", "yes")) == ["04-06"]
    assert answered(Changes()) == ["04-01"]


def test_a_rule_that_is_off_answers_to_nothing() -> None:
    off = replace(rule("r", enters("crisis-shelter"), step("s", 1)), off=True)
    assert compile_rulebook(book(off), CALENDAR).by_moment == {}


def since_of(*rules: Rule) -> list[date]:
    program = compile_rulebook(book(*rules), CALENDAR)
    return [compiled.since for found in program.by_moment.values() for compiled in found]


def test_the_vocabularys_since_holds_where_a_rule_has_none() -> None:
    one = rule("r", enters("street"), step("s", 1))
    assert since_of(one) == [VOCABULARY.since]
    assert since_of(replace(one, since=day("3-1"))) == [day("3-1")]


def test_a_step_knows_the_facts_that_it_looks_at() -> None:
    one = step(
        "s",
        1,
        when=Is("trust", ("yes",)),
        later=Later(Is("conference", ("agreed",)), delay(1)),
        variants=(Variant(Is("trust", ("no",)), "x"), Variant(Is("children", (3,)), "y")),
    )
    program = compile_rulebook(book(rule("r", enters("street"), one)), CALENDAR)
    ((compiled,),) = program.by_moment.values()
    assert compiled.steps[0].facts == ("trust", "conference", "children")
