"""Plain values, and the word that was probably meant."""

from __future__ import annotations

from datetime import date

import pytest

from cti.rulebook.words import Wrong, guess_day, listed, nearest, read_number, read_yes_no, slug


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-01", date(2026, 3, 1)),
        ("1-3-2026", date(2026, 3, 1)),
        ("01/03/26", date(2026, 3, 1)),
        ("3.13.2026", date(2026, 3, 13)),
        ("2026-03-01T10:00", date(2026, 3, 1)),
        ("31-2-2026", None),
        ("soon", None),
    ],
)
def test_a_day_is_understood_as_europeans_write_it(text: str, day: date | None) -> None:
    assert guess_day(text) == day


def test_the_nearest_word_may_be_found_by_its_label_or_by_what_people_say() -> None:
    choices = ("crisis-shelter", "own-home")
    labels = {"crisisopvang": "crisis-shelter", "crisis shelter": "crisis-shelter"}
    assert nearest("crisis-sheltr", choices) == "crisis-shelter"
    assert nearest("Crisisopvang", choices, labels) == "crisis-shelter"
    assert nearest("shelter", choices, labels) == "crisis-shelter"
    assert nearest("thuis", choices, labels, {"thuis": "own-home"}) == "own-home"
    assert nearest("prison", choices, labels) is None
    assert nearest(3, choices) is None


@pytest.mark.parametrize("value", [True, "yes", "ja"])
def test_yes_is_yes(value: object) -> None:
    assert read_yes_no(value) is True


@pytest.mark.parametrize("value", [False, "no", "nee"])
def test_no_is_no(value: object) -> None:
    assert read_yes_no(value) is False


@pytest.mark.parametrize("value", ["x", "nan", "inf", float("nan"), float("inf"), True, [1]])
def test_what_is_no_number_gets_no_suggestion(value: object) -> None:
    with pytest.raises(Wrong) as wrong:
        read_number(value)
    assert wrong.value.better is None


@pytest.mark.parametrize(("value", "better"), [("3", 3), ("1,5", 1.5), ("two", 2), ("drie", 3)])
def test_a_number_between_quotes_is_understood(value: str, better: float) -> None:
    with pytest.raises(Wrong) as wrong:
        read_number(value)
    assert wrong.value.better == better


def test_an_id_is_made_of_what_people_write() -> None:
    assert slug("Één Gesprek (later)") == "een-gesprek-later"


def test_a_long_list_of_words_is_cut_off() -> None:
    assert listed(["a", "b"]) == '"a", "b"'
    assert listed([str(number) for number in range(20)]).endswith('"11", …')
