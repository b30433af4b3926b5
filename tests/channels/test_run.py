"""The next messages are claimed beside the sending, and given back where they get no turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from cti.channels.email import channel
from cti.core.messages import Message
from cti.post.outbox import send_out
from tests.channels.build import NOW, many
from tests.channels.sending import options, run
from tests.channels.server import Server, serving


def test_the_next_are_claimed_before_the_last_of_these_is_sent() -> None:
    house, full = Server(), many(150)
    outbox = full.outbox(NOW)
    arrived: list[int] = []

    def claim(most: int) -> Sequence[Message]:
        arrived.append(len(house.letters))
        return outbox.claim(most)

    with serving(house) as port:
        tally = send_out(replace(outbox, claim=claim), channel(options(port)), NOW)
    assert tally.sent == len(house.letters) == 150
    assert arrived[0] == 0 and arrived[1] < 100


def test_what_was_claimed_ahead_goes_back_where_the_service_is_stopped() -> None:
    house, full = Server(), many(150)
    with serving(house) as port:
        tally = send_out(full.outbox(NOW, stop_after=60), channel(options(port, connections=1)), NOW)
        assert 60 <= tally.sent == len(house.letters) < 100
        assert full.claimed == set()
        run(full, port)
    assert full.sent == list(range(1, 151)) and len(house.letters) == 150


def test_where_the_next_cannot_be_claimed_what_was_sent_is_written_down() -> None:
    house, full = Server(), many(150)
    outbox = full.outbox(NOW)

    def claim(most: int) -> Sequence[Message]:
        if house.letters:
            raise OSError("disk full")
        return outbox.claim(most)

    with serving(house) as port, pytest.raises(OSError, match="disk full"):
        send_out(replace(outbox, claim=claim), channel(options(port, connections=1)), NOW)
    assert full.sent == list(range(1, 101)) and len(house.letters) == 100
