"""The passes of one `cti run` under torture: the real thing, on a clock set from outside; may be told at which commit to die."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal, Protocol
from unittest.mock import patch

from sqlalchemy import Engine, event

from cti import log
from cti.config import load
from cti.engine import System, post
from cti.service import passes as service
from cti.service.passes import Passes
from cti.store import database

Moment = tuple[Literal["commit", "begin"], int]
"""The how-manieth commit that is not made any more, or the how-manieth transaction that is not begun any more: the moments just
before a commit, and just after one."""

Beat = tuple[datetime, Moment | None]


class Posting(Protocol):
    """A number that two processes see: 1 while mails are in hand."""

    value: int


def live(config: Path, url: str, said: Path, beats: Connection, first: Beat, posting: Posting) -> None:
    """Serves until it is killed. A beat sets the clock and asks for a pass; `posting` is 1 while mails are in hand."""
    os.dup2(os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), 2)
    log.start()
    # A kill is no power cut: what was written is with the operating system.
    database.SYNCHRONOUS = "OFF"
    called = f"replica-{os.getpid()}.example.org"  # by which the mail server knows whom to kill
    socket.getfqdn = lambda name="": called
    time, moment = first
    system = System(load(config, {}), database.open_database(url))
    doom = _Doom(system.database.engine)
    doom.at(moment)

    def now() -> datetime:
        return time

    def told(*about: Any) -> Any:
        posting.value = 1
        try:
            return post(*about)
        finally:
            posting.value = 0

    patch.object(service, "post", told).start()
    patch("cti.engine.posting.PORTION", 2).start()  # a few messages come in portions already
    passes = Passes(system, now)

    def listen() -> None:
        nonlocal time
        while True:
            try:
                time, moment = beats.recv()
            except EOFError:
                passes.stop()
                return
            doom.at(moment)
            passes.beat()

    threading.Thread(target=listen, daemon=True).start()
    passes.run()


class _Doom:
    """Kills its own process at a moment."""

    def __init__(self, engine: Engine) -> None:
        self._left: dict[str, int] = {}
        kinds: tuple[Literal["commit", "begin"], ...] = ("commit", "begin")
        for kind in kinds:
            event.listen(engine, kind, self._passing(kind))

    def at(self, moment: Moment | None) -> None:
        """From now on, at this one; None: whatever stood goes on to stand."""
        if moment is not None:
            self._left = {moment[0]: moment[1]}

    def _passing(self, kind: str) -> Callable[[Any], None]:
        def passing(connection: Any) -> None:
            if kind in self._left:
                self._left[kind] -= 1
                if self._left[kind] <= 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        return passing
