"""The page of a comparison: whole in itself, in both languages, and with no count that could point at a person."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from cti.i18n import say
from cti.workshop.page import FEWER_THAN, bars, page, shown
from tests.core.build import book
from tests.workshop.test_compare import TODAY, compared


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_it_is_whole_and_asks_for_nothing_from_elsewhere(lang: str) -> None:
    made = page(compared(TODAY), book(TODAY), lang)
    HTMLParser().feed(made)
    assert f'<html lang="{lang}">' in made
    assert not re.search(r"(src|href|url\()", made)
    assert "<script" not in made


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_no_count_below_five_is_on_it_and_no_client(lang: str) -> None:
    made = page(compared(TODAY), book(TODAY), lang)
    cells = re.findall(r"<td>(\d+)</td>", made)
    assert all(int(cell) == 0 or int(cell) >= FEWER_THAN for cell in cells)
    assert not re.search(r"\bc[123]\b", made)


@pytest.mark.parametrize(("count", "words"), [(0, "0"), (1, None), (4, None), (5, "5"), (12, "12")])
def test_small_counts_are_said_in_words(count: int, words: str | None) -> None:
    assert shown(count, "nl") == (words or say("nl", "fewer than {n}", n=5))


def test_a_bar_of_a_small_count_does_not_tell_it_by_its_height() -> None:
    weeks = {compared(TODAY).first: (1, 4)}
    one, other = bars(weeks, "en")
    assert one.height == other.height
