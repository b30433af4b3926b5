"""Sends what waits in a database, as a process of its own that may be killed: python -m tests.channels.sender URL PORT MINUTES"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import timedelta

from cti.channels import email
from cti.core.messages import Message
from cti.post.outbox import LEASE, Failed, Outbox, Retry, Settled, Tally, send_out
from cti.store import outbox, sent
from cti.store.database import open_database
from tests.channels.build import NOW


def deliver(url: str, port: int, minutes: int) -> Tally:
    """Delivers what is due so many minutes after the time of the tests, as a tick does."""
    database = open_database(url)
    written = {"transport": "smtp", "host": "127.0.0.1", "port": port, "security": "none"}
    options = email.Options.model_validate({**written, "sender": "cti@example.org"})
    now = NOW + timedelta(minutes=minutes)

    def claim(most: int) -> Sequence[Message]:
        with database.write() as tx:
            return outbox.claim(tx, now, most, LEASE)

    def settle(ended: Sequence[Settled]) -> None:
        with database.write() as tx:
            for one, outcome in ended:
                match outcome:
                    case Retry(at, error):
                        outbox.mark_retry(tx, one, at, error)
                    case Failed(error):
                        outbox.mark_failed(tx, one, error)
                    case _:
                        sent.mark_sent(tx, [one.id or 0], now)

    def give_back(messages: Sequence[Message]) -> None:
        with database.write() as tx:
            outbox.give_back(tx, messages)

    try:
        with database.write() as tx:
            outbox.release_expired(tx, now)
        return send_out(Outbox(claim, settle, LEASE, give_back=give_back), email.channel(options), now)
    finally:
        database.close()


if __name__ == "__main__":
    deliver(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
