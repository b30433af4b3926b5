"""Former names are remembered longer than the rules that mention them."""

from __future__ import annotations

from dataclasses import replace

from cti.core.former import Renaming, with_former_names
from cti.core.reconcile import StepKey, renamed_steps
from cti.core.rules import Rule, Rulebook
from tests.core.build import book, enters, rule, step


def named(rule_id: str, *steps: str, was: tuple[str, ...] = ()) -> Rule:
    made = rule(rule_id, enters("crisis-shelter"), *(step(each, 14) for each in steps))
    return replace(made, was=was)


def renamings(*pairs: tuple[str, str]) -> list[Renaming]:
    """ "a/s", "b/s": the step s of rule a came to be that of rule b."""
    return [(key(was), key(now)) for was, now in pairs]


def key(path: str) -> StepKey:
    rule_id, step_id = path.split("/")
    return rule_id, step_id


def former(rulebook: Rulebook, *pairs: tuple[str, str]) -> dict[str, str]:
    """From each former name to the present one."""
    known = with_former_names(rulebook, renamings(*pairs))
    assert known.digest == rulebook.digest
    return {"/".join(was): "/".join(now) for was, now in renamed_steps(known).items()}


def test_without_a_renaming_nothing_is_added() -> None:
    rulebook = book(named("a", "s"))
    assert with_former_names(rulebook, ()) is rulebook
    assert former(rulebook, ("x/s", "y/s")) == {}


def test_a_name_that_is_no_longer_mentioned_is_known() -> None:
    assert former(book(named("b", "s")), ("a/s", "b/s")) == {"a/s": "b/s"}


def test_a_name_that_came_later_is_known_to_the_rule_that_is_called_as_before() -> None:
    assert former(book(named("a", "s")), ("a/s", "b/s")) == {"b/s": "a/s"}


def test_names_are_followed_from_one_to_the_next() -> None:
    steps = ("a/s", "b/s"), ("b/s", "b/t"), ("b/t", "c/t")
    for path in ("a/s", "b/s", "b/t", "c/t"):
        rule_id, step_id = key(path)
        found = former(book(named(rule_id, step_id)), *steps)
        assert {"a/s", "b/s", "b/t", "c/t"} - {path} <= found.keys()
        assert set(found.values()) == {path}


def test_a_name_that_is_in_use_belongs_to_what_is_called_so_now() -> None:
    assert former(book(named("a", "s"), named("b", "s")), ("a/s", "b/s")) == {}
    assert former(book(named("a", "s", "t")), ("a/s", "a/t")) == {}


def test_a_name_that_could_be_of_two_steps_is_of_neither() -> None:
    assert former(book(named("b", "s"), named("c", "s")), ("a/s", "b/s"), ("a/s", "c/s")) == {}


def test_what_the_rulebook_itself_says_comes_first() -> None:
    rulebook = book(named("b", "s"), named("c", "s", was=("a",)))
    assert former(rulebook, ("a/s", "b/s")) == {"a/s": "c/s"}
