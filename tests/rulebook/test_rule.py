"""A rule file becomes the rule that it says: everything that may stand in one, read into values of the core."""

from __future__ import annotations

from datetime import date, time

from cti.core.rules import (
    All,
    AnyOf,
    AtLeast,
    Changes,
    Condition,
    Delay,
    Entered,
    Enters,
    Escalate,
    Expects,
    Is,
    Later,
    Not,
    Older,
    On,
    Records,
    Remind,
    Rule,
    Situation,
    Step,
    Variant,
    Within,
)
from cti.problems import Problem
from cti.rulebook.context import Context
from cti.rulebook.rule import read_rule
from cti.rulebook.vocabulary import read_vocabulary
from cti.tomlfile import TomlFile
from tests.rulebook.house import DESKS, INTAKE, LANGUAGES, REVIEW, VOCABULARY


def read(text: str, stem: str) -> Rule:
    """The rule in a text in which nothing is wrong."""
    found: list[Problem] = []
    lexicon = read_vocabulary(TomlFile.parse(VOCABULARY, "vocabulary.toml"), LANGUAGES, found)
    rule = read_rule(TomlFile.parse(text, f"{stem}.toml"), stem, Context(lexicon, LANGUAGES, DESKS), found)
    assert [problem.sentence("en") for problem in found] == []
    assert rule is not None
    return rule


def on(text: str) -> On:
    """What a rule with this `on` answers to."""
    return read(
        REVIEW.replace('records = "review-date"', text).replace("1 week before", "1 week"), "review-date"
    ).on


def when(text: str) -> Condition | None:
    """The condition of a step with this `when`, `unless` or both."""
    return read(REVIEW + text, "review-date").steps[0].when


def test_a_whole_rule_is_read() -> None:
    rule = read(INTAKE, "crisis-intake")
    assert rule == Rule(
        id="crisis-intake",
        title={"nl": "Instroom in de crisisopvang", "en": "Intake into crisis shelter"},
        why={"nl": "Contacten raken nu kwijt.", "en": "Contacts fade now."},
        on=Enters(("crisis-shelter",), ("own-home",), origins_negated=True),
        since=date(2026, 1, 1),
        steps=(
            Step(
                id="map-network",
                due=Delay(14, "days"),
                at=time(9),
                to="worker",
                text="crisis-intake/map-network",
                when=Not(Within("network-mapped", Delay(6, "months"))),
                expires=Delay(6, "weeks"),
                answers="mapped",
                remind=Remind(Delay(5, "working days"), 2),
                escalate=Escalate(Delay(10, "working days"), "team-lead"),
                sources=("A10", "A11"),
                variants=(Variant(Is("language-need", (True,)), "crisis-intake/map-network-language"),),
            ),
            Step(
                id="propose",
                due=Delay(3, "weeks"),
                after="map-network",
                to="worker",
                text="crisis-intake/propose",
                later=Later(Is("trust", ("growing",)), Delay(2, "weeks")),
                when=All(
                    (
                        Is("conference", ("declined", "agreed"), negated=True),
                        AtLeast("children", 1),
                        Not(
                            AnyOf(
                                (
                                    Situation(("own-home",)),
                                    Entered("crisis-shelter", 3, Delay(12, "months")),
                                )
                            )
                        ),
                    )
                ),
                asks="conference",
                expires=Delay(6, "weeks"),
                answers="conference",
            ),
        ),
    )


def test_the_remaining_keys_of_a_step_are_read() -> None:
    step = read(REVIEW + 'was = ["before"]\n', "review-date").steps[0]
    assert (step.due, step.late, step.was) == (Delay(1, "weeks", before=True), "skip", ("before",))
    assert step.urgent and step.outlives


def test_each_kind_of_moment_is_read() -> None:
    assert on('enters = ["street", "own-home"]') == Enters(("street", "own-home"))
    assert on('enters = "own-home"\nfrom = "street"') == Enters(("own-home",), ("street",))
    assert on('expects = "own-home"') == Expects(("own-home",))
    assert on('records = "review-date"') == Records("review-date")
    assert on('records = { conference = "held" }') == Records("conference", ("held",))
    assert on('records = { conference = ["held", "agreed"] }') == Records("conference", ("held", "agreed"))
    assert on("records = { language-need = true }") == Records("language-need", (True,))
    assert on('changes = "worker"') == Changes()


def test_each_kind_of_condition_is_read() -> None:
    assert when('when = { trust = "yes" }') == Is("trust", ("yes",))
    assert when('when = { trust = ["yes", "growing"] }') == Is("trust", ("yes", "growing"))
    assert when('when = { trust = { not = "no" } }') == Is("trust", ("no",), negated=True)
    assert when('when = { language-need = "nee" }') == Is("language-need", (False,))
    assert when("when = { children = 2 }") == Is("children", (2,))
    assert when('when = { review-date = { older = "2 weeks" } }') == Older("review-date", Delay(2, "weeks"))
    assert when('when = { situation = { not = "street" } }') == Situation(("street",), negated=True)
    assert when('when = { entered = { situation = "street" } }') == Entered("street")


def test_what_stands_in_one_table_must_all_hold() -> None:
    within_and_older = 'when = { review-date = { within = "6 months", older = "2 weeks" } }'
    assert when(within_and_older) == All(
        (Within("review-date", Delay(6, "months")), Older("review-date", Delay(2, "weeks")))
    )


def test_unless_is_joined_with_when() -> None:
    assert when('when = { trust = "yes" }\nunless = { children = 0 }') == All(
        (Is("trust", ("yes",)), Not(Is("children", (0,))))
    )


def test_the_situation_that_is_unknown_need_not_be_declared() -> None:
    assert on('enters = "unknown"') == Enters(("unknown",))


def test_a_step_stands_behind_the_one_it_waits_for_wherever_it_is_written() -> None:
    header, *steps = INTAKE.split("[[steps]]")
    turned = "[[steps]]".join([header, f"{steps[1]}\n", steps[0]])
    assert [step.id for step in read(turned, "crisis-intake").steps] == ["map-network", "propose"]
