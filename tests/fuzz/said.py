"""Whatever was found can be said, in each language."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

from cti.problems import Problem
from tests.rulebook.house import LANGUAGES


def problems_are_said(found: Sequence[Problem]) -> None:
    """Raises where a problem cannot be said."""
    all_said(*(problem.sentence(lang) for problem in found for lang in LANGUAGES))


def all_said(*sentences: str) -> None:
    assert all(sentences), "nothing is said"


def whole_way(data: bytes) -> bool:
    """One input in fifty goes the whole way: through a file, a database, a folder. For the others that would take most of the
    time, and never differs."""
    return crc32(data) % 50 == 0
