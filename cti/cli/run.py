"""`cti run`: the service."""

from __future__ import annotations

from cti import log, service
from cti.cli.session import Session
from cti.cli.waiting import speak


def serve(asked: Session) -> None:
    """Logs and works until it is told to stop."""
    with asked.system() as system:
        speak()
        log.start()
        service.serve(system)
