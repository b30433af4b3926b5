"""`cti run`: the service."""

from __future__ import annotations

from cti import log, service
from cti.cli.session import Session


def serve(asked: Session) -> None:
    """Logs and works until it is told to stop."""
    with asked.system() as system:
        log.start()
        service.serve(system)
