"""The service as a whole, until a signal ends it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from datetime import timedelta
from types import FrameType

from cti import __version__, log
from cti.engine import System
from cti.service.beside import Beside
from cti.service.clock import clock_at
from cti.service.pages import Pages


def serve(
    system: System, ahead: timedelta = timedelta(), greet: Callable[[Pages], None] = lambda pages: None
) -> None:
    """Serves the pages, and has the passes made beside them, until SIGTERM or SIGINT. Raises Problems where the port is taken.

    `greet` is called once it is not, before anything begins; `ahead` is how far the service's clock is ahead of the real one.
    """
    beside = Beside(system.config, ahead)
    pages = Pages(system, clock_at(ahead), beside.hurry, beside.died, beside.pushed)
    greet(pages)
    stopping = threading.Event()

    def asked_to_stop(number: int, frame: FrameType | None) -> None:
        stopping.set()

    before = {number: signal.signal(number, asked_to_stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        _begun(system)
        beside.start()
        pages.start()
        stopping.wait()
        log.info("service stopping")
        beside.finish()
        pages.stop()
        beside.wait()
        log.info("service stopped")
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _begun(system: System) -> None:
    config = system.config
    log.info(
        "service started",
        version=__version__,
        sources=len(config.sources),
        people=len(config.staff.people),
        transport=config.mail.transport,
    )
    if config.mail.transport == "folder":
        log.warning("mail goes into a folder and reaches nobody", transport="folder")
    if config.warnings:
        log.warning("the config asks for a look", warnings=len(config.warnings))
