"""A finding says where, what, and what was meant, in the reader's language."""

import pytest

from cti.problems import Problem, Problems, closest, corrected, problem

DELAY = problem(
    "{field} = {value}: not a delay",
    file="rules/crisis-intake.toml",
    line=14,
    rule="crisis-intake",
    step="map-network",
    field="due",
    suggestion='due     = "3 working days"',
    value='"3 worknig days"',
    guess="3 working days",
)


def test_a_sentence_names_file_line_step_and_field_and_asks_what_was_meant() -> None:
    assert DELAY.sentence("en") == (
        'rules/crisis-intake.toml:14: step "map-network": '
        'due = "3 worknig days": not a delay; did you mean "3 working days"?'
    )


def test_a_sentence_is_said_in_dutch() -> None:
    assert DELAY.sentence("nl").startswith('rules/crisis-intake.toml:14: stap "map-network": due = ')
    assert DELAY.sentence("nl").endswith('bedoelde u "3 working days"?')


def test_a_message_leaves_the_place_out() -> None:
    assert DELAY.message("en") == 'due = "3 worknig days": not a delay; did you mean "3 working days"?'


def test_nothing_is_asked_where_nothing_is_near() -> None:
    assert problem("{field}: unknown", field="x", guess=None).message("en") == "x: unknown"


def test_a_text_that_asks_by_itself_asks_once() -> None:
    found = problem("did you mean {guess}?", guess="due")
    assert found.message("en") == 'did you mean "due"?'


def test_a_guess_that_is_no_text_stands_without_quotes() -> None:
    assert problem("too many", guess=3).message("en") == "too many; did you mean 3?"


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ({}, "wrong"),
        ({"file": "config.toml"}, "config.toml: wrong"),
        ({"file": "config.toml", "line": 3}, "config.toml:3: wrong"),
        ({"file": "rules/a.toml", "line": 3, "rule": "a"}, "rules/a.toml:3: wrong"),
        (
            {"file": "templates/prompts/a/s.nl.md", "line": 1, "rule": "a"},
            "templates/prompts/a/s.nl.md:1: wrong",
        ),
        ({"file": "rules/vocabulary.toml", "rule": "a"}, 'rules/vocabulary.toml: rule "a": wrong'),
        ({"rule": "a", "step": "s"}, 'rule "a": step "s": wrong'),
    ],
)
def test_the_place_is_said_as_far_as_it_is_known(place: dict[str, str], sentence: str) -> None:
    assert Problem("error", "wrong", **place).sentence("en") == sentence  # type: ignore[arg-type]


def test_scripts_read_nine_keys() -> None:
    assert DELAY.data("en") == {
        "level": "error",
        "file": "rules/crisis-intake.toml",
        "line": 14,
        "rule": "crisis-intake",
        "step": "map-network",
        "field": "due",
        "message": 'due = "3 worknig days": not a delay; did you mean "3 working days"?',
        "suggestion": 'due     = "3 working days"',
        "further": [],
    }
    assert set(problem("wrong", level="warning").data("nl")) == set(DELAY.data("nl"))


def test_equal_problems_are_one_in_a_set() -> None:
    assert len({DELAY, problem("x", a=1), problem("x", a=1)}) == 2


def test_an_error_carries_all_problems_and_says_them_all() -> None:
    error = Problems([DELAY, problem("second")])
    assert error.problems == (DELAY, problem("second"))
    assert str(error) == f"{DELAY.sentence('en')}\nsecond"


KEYS = [
    "due",
    "unless",
    "expires",
    "map-network",
    "crisis-shelter",
    "long-stay",
    "remind",
    "to",
    "3 working days",
]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("due", "due"),
        ("Due", "due"),
        ("map_network", "map-network"),
        ("Map Network", "map-network"),
        ("unles", "unless"),
        ("unlesss", "unless"),
        ("uneless", "unless"),
        ("exipres", "expires"),
        ("reminder", "remind"),
        ("3 worknig days", "3 working days"),
        ("crisis-sheltr", "crisis-shelter"),
        ("shelter", "crisis-shelter"),
        ("long-stays", "long-stay"),
        ("ot", "to"),
        ("by", None),
        ("weather", None),
        ("", None),
    ],
)
def test_a_misspelt_word_finds_its_nearest(word: str, meant: str | None) -> None:
    assert closest(word, KEYS) == meant


def test_of_two_that_are_as_near_the_first_named_is_meant() -> None:
    assert closest("cat", ["bat", "hat"]) == "bat"


def test_the_nearer_of_two_is_meant() -> None:
    assert closest("conferense", ["conferences", "conference"]) == "conference"


def test_a_part_of_several_words_means_none_of_them() -> None:
    assert closest("network", ["network-mapped", "network-planned"]) is None


def test_a_suggestion_takes_the_place_of_its_line() -> None:
    assert corrected("a\nb\nc\n", 2, "B") == "a\nB\nc\n"
    assert corrected("a\nb\nc", 3, "c\nd") == "a\nb\nc\nd"


def test_a_suggestion_keeps_the_line_ends_of_its_file() -> None:
    assert corrected("a\r\nb\r\nc\r\n", 2, "B\nBB") == "a\r\nB\r\nBB\r\nc\r\n"
