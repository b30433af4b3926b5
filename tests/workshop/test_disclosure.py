"""What a reader of a page can work out about a count that is not told: nothing but that it is below five."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from random import Random

import pytest

from cti.workshop.disclosure import is_small, rounded, withheld


@pytest.mark.parametrize(
    ("count", "told"), [(0, 0), (1, 5), (4, 5), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15)]
)
def test_a_count_is_told_as_a_multiple_of_five(count: int, told: int) -> None:
    assert rounded(count) == told


def test_an_ordinary_table_is_shown_with_its_small_counts_left_out() -> None:
    assert withheld(121, [(60, 58, 3), (40, 42, 36, 2, 1)]) == set()


def test_small_parts_that_fill_their_total_are_withheld() -> None:
    assert withheld(8, [(4, 4)]) == {0}
    assert withheld(7, [(1,) * 7]) == {0}


def test_what_another_table_tells_of_the_total_counts_as_well() -> None:
    assert withheld(22, [(13, 8, 1)]) == {0}
    assert withheld(21, [(13, 8)]) == set()


def as_told(count: int) -> object:
    return "small" if is_small(count) else rounded(count)


def possible(told: object) -> Sequence[int]:
    return [count for count in range(60) if as_told(count) == told]


def thought_up(rng: Random) -> tuple[int, list[tuple[int, ...]]]:
    """A total, and two ways to part it."""
    tables = [tuple(rng.choice((0, 1, 1, 2, 3, 4, 4, 6, 8, 13)) for _ in range(rng.randint(1, 4)))]
    total = sum(tables[0])
    cut = rng.randint(0, total)
    return total, [*tables, (cut, total - cut)]


def worlds(total: int, tables: Sequence[Sequence[int]]) -> Iterator[list[tuple[int, ...]]]:
    """Everything that may be behind what is shown: for each total, all tables that come to it."""
    for every in possible(as_told(total)):
        of_table = [
            [parts for parts in product(*(possible(as_told(part)) for part in table)) if sum(parts) == every]
            for table in tables
        ]
        if all(of_table):
            yield [tuple(set(values)) for table in of_table for values in zip(*table, strict=True)]


def test_of_a_small_count_anything_below_five_stays_possible() -> None:
    """Worked out again by trying everything that may be behind the numbers shown."""
    rng = Random(5)
    seen = 0
    for _ in range(150):
        total, tables = thought_up(rng)
        hidden = withheld(total, tables)
        shown = [table for place, table in enumerate(tables) if place not in hidden]
        found = [set().union(*values) for values in zip(*worlds(total, shown), strict=True)]
        for part, values in zip([part for table in shown for part in table], found, strict=True):
            if is_small(part):
                seen += 1
                assert values == {1, 2, 3, 4}, (total, tables)
    assert seen > 50
