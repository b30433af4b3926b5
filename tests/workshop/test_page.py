"""The page of a comparison: whole in itself, in both languages, and with no count that could point at a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from itertools import pairwise, product

import pytest

from cti.workshop.compare import Comparison, Difference, Load
from cti.workshop.disclosure import BASE
from cti.workshop.page import page
from cti.workshop.weeks import HEIGHT, WIDTH, chart
from tests.core.build import book
from tests.workshop.test_compare import TODAY, compared

BOOKS = (book(TODAY), book(TODAY))
MONDAY = date(2026, 3, 2)


def counted(*counts: int) -> Comparison:
    """A comparison in which each of the counts stands wherever there is room for one."""
    found = compared(TODAY)
    pairs = [(count, counts[-1 - place]) for place, count in enumerate(counts)]
    steps = {("intake", f"step-{place}"): pair for place, pair in enumerate(pairs)}
    return replace(
        found,
        told=(sum(counts), sum(counts)),
        weeks={MONDAY + timedelta(weeks=place): pair for place, pair in enumerate(pairs)},
        steps=steps,
        late=steps,
        too_late=steps,
        roles={f"desk-{place}": pair for place, pair in enumerate(pairs)},
        teams={f"team-{place}": pair for place, pair in enumerate(pairs)},
        load=(Load(1.5, counts[0], 9), Load(1.5, counts[-1], 9)),
        differences=tuple(
            Difference("moved", f"client-{place}-{n}", "intake", f"step-{place}", MONDAY, MONDAY, knock_on)
            for place, count in enumerate(counts)
            for n, knock_on in product(range(count), (False, True))
        ),
    )


def numbers(made: str) -> Iterator[str]:
    """Every number that is written or drawn, but for days."""
    body = made.split("</style>")[1]
    yield from re.findall(r'<td class="n">([^<]+)</td>', body)
    yield from re.findall(r"\d{4}: ([^<]+)</title>", body)
    yield from re.findall(r"mail: ([^<.]+)\.", body)


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_it_is_whole_and_asks_for_nothing_from_elsewhere(lang: str) -> None:
    made = page(compared(TODAY), BOOKS, lang)
    HTMLParser().feed(made)
    assert f'<html lang="{lang}">' in made
    assert not re.search(r"(src|href|url\()", made)
    assert "<script" not in made
    assert "{{" not in made and "{%" not in made


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_no_client_is_on_it(lang: str) -> None:
    made = page(counted(3, 60), BOOKS, lang)
    assert "client-" not in made


def test_every_number_on_it_is_a_multiple_of_five_or_too_small_to_be_told() -> None:
    made = page(counted(1, 4, 5, 7, 58, 1234), BOOKS, "en")
    said = [number for number in numbers(made) if number != "1.5"]
    assert len(said) > 50
    assert "1,235" in said and f"&lt; {BASE}" in said
    for number in said:
        assert number == f"&lt; {BASE}" or int(number.replace(",", "")) % BASE == 0


@pytest.mark.parametrize(("one", "other"), [((1, 60, 62), (4, 58, 62)), ((2, 3, 41), (4, 1, 42))])
def test_what_is_too_small_to_be_told_is_not_in_the_difference_from_a_total_either(
    one: tuple[int, ...], other: tuple[int, ...]
) -> None:
    """Two organisations with other small counts, and other totals, have the same page."""
    assert sum(one) != sum(other)
    assert page(counted(*one), BOOKS, "en") == page(counted(*other), BOOKS, "en")


def test_a_table_that_tells_too_much_is_left_out() -> None:
    made = page(counted(4, 4), BOOKS, "en")
    assert made.count("Too few to be told without telling about someone.") == 6
    assert not re.findall(r"\d{4}: ([^<]+)</title>", made)


def test_the_week_of_a_handful_of_workers_is_not_told() -> None:
    found = counted(60, 70)
    assert "A worker&#39;s week" in page(found, BOOKS, "en")
    few = replace(found, load=(Load(1.5, 60, 4), Load(1.5, 60, 4)))
    assert "A worker&#39;s week" not in page(few, BOOKS, "en")


def test_the_rules_in_force_by_themselves_have_one_column() -> None:
    made = page(counted(60, 70), BOOKS, "en", alone=True)
    assert "draft" not in made.split("</style>")[1]
    assert 'class="before"' not in made
    assert made.count("<rect") == 2 * 6  # weeks, steps, roles, teams, late, too late


def test_what_happened_only_because_of_the_rest_is_told_apart() -> None:
    made = page(counted(30, 30), BOOKS, "en")
    assert "other prompts come on another day or in another&#39;s mail: 60." in made
    alike = replace(counted(30), differences=())
    assert "Nothing: nobody would have been told anything else" in page(alike, BOOKS, "en")


def test_a_removed_rule_keeps_its_title() -> None:
    made = page(counted(30), (book(TODAY), book()), "en")
    assert ">Rule intake<" in made or ">intake<" in made


@pytest.mark.parametrize("highest", [0, 1, 10, 11, 99, 230, 1000, 12345])
def test_a_scale_ends_at_its_highest_count_or_a_little_above_it(highest: int) -> None:
    drawn = chart({MONDAY: (highest,)}, {MONDAY: ("",)}, "en")
    top = int(drawn.scale[-1].text.replace(",", ""))
    assert highest <= top <= max(10, 1.6 * highest)
    assert drawn.bars[0].height == pytest.approx(HEIGHT * highest / top, abs=0.1)


@pytest.mark.parametrize("count", [1, 5, 53, 110])
def test_bars_and_months_keep_within_their_field(count: int) -> None:
    weeks = {MONDAY + timedelta(weeks=number): (number, 5) for number in range(count)}
    drawn = chart(weeks, dict.fromkeys(weeks, ("", "")), "nl")
    assert len(drawn.bars) == 2 * count
    assert all(bar.x >= 0 and bar.x + bar.width <= WIDTH and bar.y >= 0 for bar in drawn.bars)
    places = [month.at for month in drawn.months]
    assert places[0] == 0 and all(after - before > 30 for before, after in pairwise(places))
