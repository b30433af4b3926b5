"""The vocabulary becomes what it says."""

from __future__ import annotations

from datetime import date

from cti.core.vocabulary import AnswerKind, FactKind, Vocabulary
from cti.problems import Problem
from cti.rulebook.vocabulary import read_vocabulary
from cti.tomlfile import TomlFile
from tests.rulebook.house import LANGUAGES, VOCABULARY


def read(text: str) -> Vocabulary:
    """The vocabulary in a text in which nothing is wrong."""
    found: list[Problem] = []
    lexicon = read_vocabulary(TomlFile.parse(text, "vocabulary.toml"), LANGUAGES, found)
    assert [problem.sentence("en") for problem in found] == []
    return lexicon.vocabulary


def test_limits_are_days() -> None:
    vocabulary = read(VOCABULARY)
    assert (vocabulary.gap, vocabulary.stale_days, vocabulary.since) == (14, 42, date(2026, 1, 1))


def test_limits_have_defaults() -> None:
    vocabulary = read(VOCABULARY.replace('gap   = "14 days"\nstale = "6 weeks"\n', ""))
    assert (vocabulary.gap, vocabulary.stale_days) == (14, 42)


def test_situations_have_their_labels() -> None:
    situations = read(VOCABULARY).situations
    assert list(situations) == ["street", "crisis-shelter", "own-home"]
    assert situations["street"] == {"nl": "op straat", "en": "on the street"}


def test_facts_have_type_values_and_lifetime() -> None:
    facts = read(VOCABULARY).facts
    assert facts["conference"] == FactKind(
        name="conference",
        type="choice",
        values={
            "agreed": {"nl": "ja", "en": "agreed"},
            "declined": {"nl": "nee", "en": "declined"},
            "held": {"nl": "gehouden", "en": "held"},
        },
        label={"nl": "conferentie", "en": "conference"},
        lasts_transition=True,
    )
    assert facts["review-date"].many
    assert [facts[name].type for name in ("network-mapped", "language-need", "children")] == [
        "date",
        "yes/no",
        "number",
    ]


def test_answers_stand_in_the_order_of_the_file() -> None:
    answers = read(VOCABULARY).answers
    assert list(answers["conference"]) == ["agreed", "declined"]
    assert answers["conference"]["declined"] == AnswerKind(
        name="declined",
        label={"nl": "Voorgesteld: nee", "en": "Proposed: no"},
        records={"conference": "declined"},
        asks=("declined-because",),
    )
    assert answers["mapped"]["mapped"].records == {"network-mapped": "today"}
    assert answers["mapped"]["mapped"].may == ("trust",)


def test_a_language_that_the_config_does_not_ask_for_may_stand_there() -> None:
    text = VOCABULARY.replace('en = "on the street" }', 'en = "on the street", de = "auf der Straße" }')
    assert read(text).situations["street"]["de"] == "auf der Straße"
