"""The sign of life: an address that is asked, and what is said where it does not answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from cti.channels.ping import ping


class _Listener(BaseHTTPRequestHandler):
    heard: list[str]

    def do_GET(self) -> None:
        self.heard.append(self.path)
        self.send_response(500 if self.path == "/broken" else 204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def heard() -> Iterator[tuple[str, list[str]]]:
    """The address of someone who listens, and what they hear."""
    said: list[str] = []
    server = HTTPServer(("127.0.0.1", 0), type("Listener", (_Listener,), {"heard": said}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", said
    server.shutdown()
    server.server_close()


def test_an_address_that_listens_is_asked_once(heard: tuple[str, list[str]]) -> None:
    address, said = heard
    assert ping(f"{address}/alive") is None
    assert said == ["/alive"]


def test_what_goes_wrong_is_said_without_the_address(heard: tuple[str, list[str]], closed_port: int) -> None:
    address, _ = heard
    assert ping(f"{address}/broken") == "500"
    assert ping(f"http://127.0.0.1:{closed_port}/secret") == "ConnectError"
