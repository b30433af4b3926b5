"""Work that takes too long for a page, in a process beside the service: neither a page nor a pass waits for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


class Bench:
    """At most one work of a kind at a time; a new one ends the one before, of which nobody waits for the outcome any more."""

    def __init__(self) -> None:
        self._works: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, config: Path, what: str) -> None:
        """Begins a work of `cti.workshop.looking` for the organisation of this config, and returns at once."""
        self._end(what)
        command = [sys.executable, "-m", "cti.workshop.looking", str(config), what]
        self._works[what] = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def stop(self) -> None:
        """Ends what is under way."""
        for what in tuple(self._works):
            self._end(what)

    def wait(self) -> None:
        """Returns when what is under way is done."""
        for work in self._works.values():
            work.wait()

    def _end(self, what: str) -> None:
        work = self._works.pop(what, None)
        if work is not None:
            work.terminate()
            work.wait()
