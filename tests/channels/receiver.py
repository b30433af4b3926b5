"""Someone whom webhooks are posted to: a real HTTP server that verifies what it gets with the library of the standard."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook

SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes, ok").decode()


@dataclass
class Receiver:
    """`answers` are the statuses of the next answers, 204 thereafter; 0: it hangs. `heard` is what arrived and was verified,
    whatever was answered, as (id, what the body says)."""

    address: str = ""
    answers: list[int] = field(default_factory=list)
    heard: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    asked: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def said(self) -> list[tuple[str, int]]:
        """What was told of which prompt."""
        return [(said["type"], said["data"]["prompt"]) for _, said in self.heard]


class _Handler(BaseHTTPRequestHandler):
    receiver: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.receiver.asked += 1
        status = self.receiver.answers.pop(0) if self.receiver.answers else 204
        said = Webhook(SECRET).verify(body, dict(self.headers.items()))
        self.receiver.bodies.append(body)
        self.receiver.heard.append((self.headers["webhook-id"], said))
        if status == 0:
            self.receiver.over.wait(30)
            return
        self.send_response(status)
        if status == 302:
            self.send_header("location", f"{self.receiver.address}/elsewhere")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@contextmanager
def receiver(port: int = 0) -> Iterator[Receiver]:
    """Someone who listens on this port (0: any that is free) for the time of the block."""
    found = Receiver()
    server = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (_Handler,), {"receiver": found}))
    server.daemon_threads = True
    found.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield found
    finally:
        found.over.set()
        server.shutdown()
        server.server_close()
