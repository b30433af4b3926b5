"""Cheap randomness for the laws: a string of bytes is thrown like dice, so that a whole history costs one draw.

Hypothesis shortens and lowers the bytes of a failing example; a die that was never thrown shows its lowest face, so what
remains is a small story.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st

T = TypeVar("T")

LONGER = 20 if os.environ.get("CTI_LONG") else 1
"""How many times more examples `make test-long` tries."""


def many(examples: int) -> settings:
    """That many examples, and many more in the long run."""
    return settings(max_examples=examples * LONGER)


class Dice:
    """Throws the bytes one after another."""

    def __init__(self, faces: bytes) -> None:
        self._faces = faces
        self._thrown = 0

    def below(self, number: int) -> int:
        """A number from 0 up to `number` (exclusive, at most 256)."""
        face = self._faces[self._thrown] if self._thrown < len(self._faces) else 0
        self._thrown += 1
        return face % number

    def between(self, low: int, high: int) -> int:
        """A number from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def one(self, things: Sequence[T]) -> T:
        """One of these; the first is the simplest."""
        return things[self.below(len(things))]

    def chance(self, of_ten: int) -> bool:
        """Yes in so many cases out of ten; no is the simplest."""
        return self.below(10) >= 10 - of_ten

    def __repr__(self) -> str:
        return f"Dice({self._faces!r})"


def dice(length: int) -> st.SearchStrategy[Dice]:
    """Dice for a story that needs up to so many throws."""
    return st.binary(min_size=length, max_size=length).map(Dice)
