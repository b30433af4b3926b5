"""The rulebook in force, as the engine and the pages work with it."""

from __future__ import annotations

from dataclasses import dataclass

from cti.core.limits import Held
from cti.core.rules import Rulebook
from cti.problems import Problem


@dataclass(frozen=True, slots=True)
class InForce:
    """The rulebook in force, the files it is made of, and whether it was adopted just now, `tested` by so many tests.

    `problems` say why a folder that was read just now was refused, `held` with which numbers.
    """

    rulebook: Rulebook
    files: dict[str, str]
    new: bool = False
    tested: int = 0
    problems: tuple[Problem, ...] = ()
    held: tuple[Held, ...] = ()
