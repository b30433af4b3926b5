"""Waiting for what a service does by itself, and looking at its processes."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable

PATIENCE = 60
"""Seconds after which something that should have happened did not; a busy machine is slow."""


def wait_for(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def children(pid: int) -> list[int]:
    """The processes that this one began."""
    said = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], check=False, capture_output=True, text=True
    )
    return [int(number) for number in said.stdout.split()]
