"""Counts that may be mailed: rounded to fives, none below five, and none that can be worked out from the others.

Rounding each count by itself hides what a total and its parts would tell together, but not always: two parts "below five" of a
total of about ten are four each. So a table of parts is withheld where the other numbers tell more of a small part than that it
is below five.
"""

from __future__ import annotations

from collections.abc import Sequence

BASE = 5
"""Smaller counts are not told, as in a small team they could say of whom; others are rounded to multiples of it."""

SMALL = (1, BASE - 1)
"""What may be known of a count that is not told."""


def is_small(count: int) -> bool:
    """Whether the count is not told. That there is nothing at all may be."""
    return 0 < count < BASE


def rounded(count: int) -> int:
    """The nearest multiple of five; of a small count, five, as high as it can be drawn."""
    return max(BASE, BASE * ((count + BASE // 2) // BASE)) if count else 0


def shown(count: int) -> str:
    """A count as it may be shown to anyone: nought, "< 5", or rounded."""
    return f"< {BASE}" if is_small(count) else f"{rounded(count)}"


def withheld(total: int, tables: Sequence[Sequence[int]]) -> set[int]:
    """Which of these tables, by place, may not stand beside the total and one another. Each has all parts of the total."""
    hidden: set[int] = set()
    while True:
        shown = [place for place in range(len(tables)) if place not in hidden]
        sums = [_known(total), *(_sum(tables[place]) for place in shown)]
        low, high = max(least for least, _ in sums), min(most for _, most in sums)
        telling = next((place for place in shown if _tells(tables[place], low, high)), None)
        if telling is None:
            return hidden
        hidden.add(telling)


def _tells(parts: Sequence[int], low: int, high: int) -> bool:
    """Whether more can be known of a small part than that it is small, where the total lies between these."""
    least, most = _sum(parts)
    return any(map(is_small, parts)) and (
        low - (most - SMALL[1]) > SMALL[0] or high - (least - SMALL[0]) < SMALL[1]
    )


def _sum(parts: Sequence[int]) -> tuple[int, int]:
    known = [_known(part) for part in parts]
    return sum(least for least, _ in known), sum(most for _, most in known)


def _known(count: int) -> tuple[int, int]:
    """Between what the count lies for someone who sees it as it is told."""
    if count == 0:
        return 0, 0
    if is_small(count):
        return SMALL
    told = rounded(count)
    return max(BASE, told - BASE // 2), told + BASE // 2
