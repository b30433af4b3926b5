"""The process of the passes: `python -m cti.service.apart`, begun by the process of the pages and by nobody else.

On its input it is told what it works with, then when to hurry; where that input ends, the other process wants the end or is gone.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import time
from types import FrameType
from typing import IO

from cti import log
from cti.collecting import set_aside
from cti.engine import System
from cti.service.beside import PUSHED, Order
from cti.service.clock import clock_at
from cti.service.passes import Passes
from cti.store.database import open_database

SETTLING = 2.0
"""Seconds for which a changed rules folder must stay the same before it is read: whoever is saving files is done by then."""

GRACE = 60
"""Seconds in which a pass is finished though the process of the pages died. One that is cut off is made up for by the next."""

NICE = 10
"""How much this process lets those of the pages go before, where both want the processor."""


def main(said: IO[bytes]) -> int:
    """Works until it is told to end, finishes the pass in hand, and gives the exit code."""
    order = taken(said)
    log.start(level=order.level)
    if hasattr(os, "nice"):
        os.nice(NICE)
    try:
        database = open_database(order.config.database)
        passes = Passes(System(order.config, database, lambda: time.sleep(SETTLING)), clock_at(order.ahead))
        set_aside()
    except Exception as failure:
        log.error("passes cannot begin", failure)
        return 1

    def asked_to_stop(number: int, frame: FrameType | None) -> None:
        passes.stop()

    signal.signal(signal.SIGTERM, asked_to_stop)
    threading.Thread(target=_listen, args=(said, passes), name="orders", daemon=True).start()
    try:
        passes.run()
    finally:
        database.close()
    return 0


class _Whole:
    """Reads as many bytes as are asked for: a pipe gives at once only what is in it, and it holds 64 KiB."""

    def __init__(self, said: IO[bytes]) -> None:
        self._said = said
        self.readline = said.readline

    def read(self, size: int) -> bytes:
        found = b""
        while len(found) < size and (piece := self._said.read(size - len(found))):
            found += piece
        return found


def taken(said: IO[bytes]) -> Order:
    """What stands first on the input, and nothing of what follows it."""
    order = pickle.load(_Whole(said))
    assert isinstance(order, Order)
    return order


def _listen(said: IO[bytes], passes: Passes) -> None:
    pages = os.getppid()
    while sign := said.read(1):
        if sign == PUSHED:
            passes.pushed()
        else:
            passes.beat()
    passes.stop()
    # Nobody waits for a pass that hangs, once the process of the pages is gone; and the next service needs its locks.
    time.sleep(GRACE)
    while os.getppid() == pages:
        time.sleep(1)
    log.error("pass given up")
    os._exit(1)


if __name__ == "__main__":
    # Unbuffered, so that no thread holds a lock on it when the interpreter ends.
    sys.exit(main(open(0, "rb", buffering=0, closefd=False)))  # noqa: SIM115
