"""The process of the passes, as the process of the pages sees it: begun, hurried, begun anew where it died, and ended.

A thread would not do: a pass that plans thousands of clients would hold the interpreter while people wait for a page.
"""

from __future__ import annotations

import logging
import pickle
import subprocess
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from cti import log
from cti.config import Config

PAUSES = (1, 2, 5, 15, 60)
"""Seconds until it is begun anew, after the first death, the second, and so on; the last holds for all that follow."""

LATELY = 3600
"""Deaths within this many seconds are counted: they lengthen the pause, and whoever looks after the service is shown them."""

HURRY, PUSHED = b"!", b"+"
"""What asks for a pass at once, and what tells that something was pushed. (The end of the input asks for the end.)"""


@dataclass(frozen=True, slots=True)
class Order:
    """What the process of the passes is told when it begins: the config as the pages have it, how far its clock is ahead, and
    from which level it logs."""

    config: Config
    ahead: timedelta
    level: int


class Beside:
    """The process of the passes. All methods may be called from any thread."""

    def __init__(self, config: Config, ahead: timedelta = timedelta()) -> None:
        self._order = Order(config, ahead, logging.getLogger("cti").getEffectiveLevel())
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._deaths: deque[float] = deque(maxlen=1000)
        self._watch = threading.Thread(target=self._keep, name="passes", daemon=True)

    def start(self) -> None:
        """Passes are made from now on."""
        self._watch.start()

    def hurry(self) -> None:
        """Asks for a pass at once; while the process is begun anew, that makes one by itself."""
        self._tell(HURRY)

    def pushed(self) -> None:
        """Tells that something was pushed; a process that is begun anew looks by itself."""
        self._tell(PUSHED)

    def died(self) -> int:
        """How often it has died within the last hour."""
        since = time.monotonic() - LATELY
        return sum(1 for at in tuple(self._deaths) if at >= since)

    def finish(self) -> None:
        """Asks for the end, and returns at once."""
        self._stopping.set()
        with self._lock:
            if self._process is not None:
                _close(self._process)

    def wait(self) -> None:
        """Returns when the pass in hand is done and the process is gone."""
        self._watch.join()

    def _tell(self, sign: bytes) -> None:
        with self._lock, suppress(OSError, ValueError):
            if self._process is not None and self._process.stdin is not None:
                self._process.stdin.write(sign)
                self._process.stdin.flush()

    def _keep(self) -> None:
        while not self._stopping.is_set():
            process = self._begin()
            code = process.wait()
            # A signal to all processes of the service reaches that one first.
            if self._stopping.wait(0.2):
                return
            self._deaths.append(time.monotonic())
            pause = PAUSES[min(self.died(), len(PAUSES)) - 1]
            log.error("passes died", code=code, seconds=pause)
            self._stopping.wait(pause)

    def _begin(self) -> subprocess.Popen[bytes]:
        # In a group of its own, so that Ctrl-C reaches the pages alone, which end both in order.
        process = subprocess.Popen(
            [sys.executable, "-m", "cti.service.apart"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            process_group=0,
        )
        assert process.stdin is not None
        with suppress(OSError):  # it died at once
            pickle.dump(self._order, process.stdin)
            process.stdin.flush()
        with self._lock:
            self._process = process
            if self._stopping.is_set():
                _close(process)
        return process


def _close(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None:
        with suppress(OSError):
            process.stdin.close()
