"""Work that takes too long for a page, in a process beside the service: neither a page nor a pass waits for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


class Bench:
    """At most one work at a time; a new one ends the one before, of which nobody waits for the outcome any more."""

    def __init__(self) -> None:
        self._work: subprocess.Popen[bytes] | None = None

    def start(self, config: Path, what: str) -> None:
        """Begins a work of `cti.workshop.looking` for the organisation of this config, and returns at once."""
        self.stop()
        command = [sys.executable, "-m", "cti.workshop.looking", str(config), what]
        self._work = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def stop(self) -> None:
        """Ends what is under way."""
        if self._work is not None:
            self._work.terminate()
            self._work.wait()
            self._work = None

    def wait(self) -> None:
        """Returns when what is under way is done."""
        if self._work is not None:
            self._work.wait()
