"""Waiting for what a service does by itself."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 60
"""Seconds after which something that should have happened did not; a busy machine is slow."""


def wait_for(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)
