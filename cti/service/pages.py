"""The web server, in a thread of its own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

import uvicorn

from cti import log
from cti.collecting import set_aside
from cti.engine import System
from cti.i18n import mark
from cti.problems import Problems, problem
from cti.service.clock import Clock, clock
from cti.web.app import create_app
from cti.web.site import Site

PATIENCE = 10
"""Seconds that requests in hand are given when the service stops."""


class Pages:
    """The pages of one organisation, served. Their port is taken at once, so that a clash is told before anything begins.

    `hurry` asks for a pass at once, `died` how often the process of the passes has died lately, `pushed` tells it that something
    was pushed. Raises Problems.
    """

    def __init__(
        self,
        system: System,
        now: Clock = clock,
        hurry: Callable[[], None] = lambda: None,
        died: Callable[[], int] = lambda: 0,
        pushed: Callable[[], None] = lambda: None,
    ) -> None:
        web = system.config.web
        self._socket = listen(web.host, web.port)
        self.port: int = self._socket.getsockname()[1]
        app = create_app(system, now, hurry, died, pushed)
        self.site: Site = app.state.site
        options = uvicorn.Config(
            app,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            forwarded_allow_ips=list(web.proxies),
            timeout_graceful_shutdown=PATIENCE,
        )
        self._server = uvicorn.Server(options)
        self._thread = threading.Thread(target=self._serve, name="pages", daemon=True)

    def start(self) -> None:
        """Serves from now on."""
        log.info("pages are served", port=self.port)
        set_aside()
        self._thread.start()

    def stop(self) -> None:
        """Takes no new requests, finishes those in hand, and returns."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(PATIENCE + 5)
        self.site.trail.flush()
        self.site.desk.stop()
        self.site.bench.stop()
        self._socket.close()

    def _serve(self) -> None:
        try:
            self._server.run(sockets=[self._socket])
        except Exception as failure:
            log.error("pages failed", failure)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there. Raises Problems."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends at once (TCP_NODELAY) only where the protocol is named; else the second part of an answer waits 40 ms.
    taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
        taken.listen(128)
    except OSError as error:
        taken.close()
        text = mark("[web] the pages cannot be served on {host}, port {port}: {error}")
        raise Problems([problem(text, host=host, port=port, error=error.strerror or str(error))]) from None
    return taken
