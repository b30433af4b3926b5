"""`cti run`: the service."""

from __future__ import annotations

from cti import log
from cti.cli.session import Session
from cti.cli.waiting import speak


def serve(asked: Session) -> None:
    """Logs and works until it is told to stop."""
    with asked.system() as system:
        # What cannot be served is refused before all that serves pages is loaded.
        from cti.service.run import serve as serve_until_told

        speak()
        log.start()
        serve_until_told(system)
