"""One `cti run` at an hour of the test's choosing. Each line on its input asks for a pass at once."""

from __future__ import annotations

import sys
import threading
from datetime import timedelta
from pathlib import Path

from cti import log
from cti.config import load
from cti.engine import System
from cti.service.pages import Pages
from cti.service.run import serve
from cti.store.database import open_database


def main(config: str, ahead: str) -> None:
    """Serves until it is told to stop, with a clock that is so many seconds ahead."""
    log.start()
    read = load(Path(config), {})

    def hear(pages: Pages) -> None:
        for _ in sys.stdin:
            pages.site.hurry()

    def listen(pages: Pages) -> None:
        threading.Thread(target=hear, args=(pages,), daemon=True).start()

    serve(System(read, open_database(read.database)), timedelta(seconds=float(ahead)), listen)


if __name__ == "__main__":
    main(*sys.argv[1:])
