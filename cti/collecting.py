"""Work on very many values at once, without the collector of cycles going through all of them again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """Keeps Python from looking for cycles among the values that are in memory. For work that makes many values, no cycles, and
    comes to an end: an import takes a third less time so, a replay a sixth. What nobody refers to is let go of as ever."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def set_aside() -> None:
    """Takes all values that are in memory now as there to stay, so that Python no longer looks for cycles among them. For a
    service that has begun: going through all that was loaded takes a tenth of a second, while someone waits for a page."""
    gc.collect()
    gc.freeze()
