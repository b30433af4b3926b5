"""Chance from a seed: one stream of random numbers for each subject, so that a change in one leaves the others alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from random import Random

Quantiles = Sequence[tuple[float, float]]
"""Points (share, value), both rising, from share 0 to share 1."""


def stream(seed: int, *subject: object) -> Random:
    """The random numbers of one subject. Text seeds are hashed by the generator itself, so they are the same in each run."""
    return Random(":".join(map(str, (seed, *subject))))


def chance(rng: Random, share: float) -> bool:
    return rng.random() < share


def days(rng: Random, quantiles: Quantiles) -> int:
    """A number of days drawn by its quantiles, straight lines between the points."""
    share = rng.random()
    for (low, below), (high, above) in pairwise(quantiles):
        if share <= high:
            return round(below + (above - below) * (share - low) / (high - low))
    return round(quantiles[-1][1])


def pick(rng: Random, weights: Mapping[str, float]) -> str:
    """One of the keys, by weight."""
    return rng.choices(list(weights), list(weights.values()))[0]
