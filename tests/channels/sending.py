"""Sending what is on a shelf to a server on loopback."""

from __future__ import annotations

from datetime import datetime, timedelta

from aiosmtpd.smtp import Envelope

from cti.channels.email import Options, channel
from cti.post.outbox import Tally, send_out
from tests.channels.build import NOW, Shelf
from tests.channels.server import Server

MINUTE = timedelta(minutes=1)


def options(port: int, **more: object) -> Options:
    plain = {"transport": "smtp", "host": "127.0.0.1", "port": port, "security": "none"}
    return Options.model_validate(
        {**plain, "sender": "cti@example.org", "timeout": 5, "data_timeout": 5, **more}
    )


def run(full: Shelf, port: int, now: datetime = NOW, **more: object) -> Tally:
    """One run of the channel at that time."""
    return send_out(full.outbox(now), channel(options(port, **more)), now)


def refusing(address: str, reply: str) -> Server:
    """A server that says this to one recipient."""

    def at_rcpt(server: Server, envelope: Envelope) -> str | None:
        return reply if envelope.rcpt_tos[-1] == address else None

    return Server(at_rcpt=at_rcpt)
