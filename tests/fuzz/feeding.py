"""Feeding one target with the inputs of a seed, each within a time."""

from __future__ import annotations

import signal
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from types import FrameType

from tests.fuzz.targets import targets

MEMORY = Path("/dev/shm")
"""A folder in memory, where there is one: what is read is the same."""

PATIENCE = 20
"""Seconds on the processor that one input may take; most take less than a hundredth of one."""


@dataclass(frozen=True)
class Broken:
    """An input that broke a target, and how."""

    target: str
    seed: int
    number: int
    data: bytes
    what: str


class Hangs(BaseException):
    """The time is over. (No Exception, so that no reader takes it for one of its own.)"""


def feed(name: str, seed: int, numbers: Sequence[int]) -> list[Broken]:
    """Feeds the target with these inputs; gives those that broke it."""
    target = next(target for target in targets() if target.name == name)
    broken: list[Broken] = []
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as place, _patience() as begin:
        folder = Path(place)
        for number in numbers:
            data = target.rolled(Random(f"{name}/{seed}/{number}"))
            try:
                begin(PATIENCE)
                target.feed(folder, data)
                begin(0)
            except (Exception, Hangs):
                begin(0)
                broken.append(Broken(name, seed, number, data, traceback.format_exc(limit=-4)))
    return broken


@contextmanager
def _patience() -> Iterator[Callable[[float], object]]:
    """Gives what begins the time of an input, and ends it with 0: what takes longer is broken off by Hangs."""

    def over(signum: int, frame: FrameType | None) -> None:
        raise Hangs(f"longer than {PATIENCE} seconds")

    before = signal.signal(signal.SIGVTALRM, over)
    try:
        yield partial(signal.setitimer, signal.ITIMER_VIRTUAL)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
