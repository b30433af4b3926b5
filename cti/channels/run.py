"""What the connections of one run share: the messages in hand, those that come next, and whether to go on."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from concurrent.futures import Executor
from datetime import datetime

from aiosmtplib import SMTP

from cti.core.messages import Message
from cti.post.outbox import Outbox, retry

_AT_ONCE = 100
"""Claimed in one go: few enough to be sent long before the claim lapses. The next are claimed while the last half is sent."""
_STRIKES = 3
"""Failures in a row, whatever the message, after which the server is left alone for now."""


class Run:
    """A run that begins at `now`. `clerk` is the one thread in which the outbox is asked and told."""

    def __init__(self, outbox: Outbox, now: datetime, clerk: Executor) -> None:
        self.outbox = outbox
        self.now = now
        self.clerk = clerk
        self.error: str | None = None
        self.connections: list[SMTP] = []
        self.begun = asyncio.Event()
        self._strikes = 0
        self._over = False
        self._hand: deque[tuple[Message, float]] = deque()
        self._claim: asyncio.Task[int] | None = None
        self._more = False  # whether the last claim was given all it asked for

    @property
    def unfinished(self) -> bool:
        return bool(self._hand) and not self._over and not self.outbox.stopping()

    async def claim(self) -> int:
        """Takes messages in hand and says how many. Who asks while others wait for some is given the same answer."""
        self._claim_ahead()
        assert self._claim is not None
        return await self._claim

    def _claim_ahead(self) -> None:
        if self._claim is None or (self._claim.done() and self._claim.exception() is None):
            self._claim = asyncio.create_task(self._take())

    async def _take(self) -> int:
        since = _clock()
        loop = asyncio.get_running_loop()
        batch = await loop.run_in_executor(self.clerk, self.outbox.claim, _AT_ONCE)
        self._hand.extend((message, since) for message in batch)
        self._more = len(batch) == _AT_ONCE
        return len(batch)

    async def next(self) -> Message | None:
        """The next message to send; None at the end."""
        patience = self.outbox.lease.total_seconds() / 2
        while not self._over and not self.outbox.stopping():
            if not self._hand:
                if await self.claim() == 0:
                    return None
                continue
            if self._more and len(self._hand) <= _AT_ONCE // 2:
                self._claim_ahead()
            message, since = self._hand.popleft()
            # With a slow server a claim may lapse before its message's turn: then it may be another's, and comes back by itself.
            if _clock() - since < patience:
                return message
        return None

    def pass_on(self, message: Message) -> None:
        """Leaves a message that was just taken to another connection."""
        self._hand.appendleft((message, _clock()))

    def went_well(self) -> None:
        self._strikes = 0

    def strike(self, error: str) -> None:
        self._strikes += 1
        if self._strikes >= _STRIKES:
            self.stop(error)

    def stop(self, error: str) -> None:
        self._over = True
        self.error = self.error or error

    async def end(self) -> None:
        """The messages in hand that had no turn: after a trouble they wait as if tried, else they can go at once."""
        if self._claim is not None:
            await self._claim
        messages = [message for message, _ in self._hand]
        self._hand.clear()
        if self.error is None:
            self.outbox.give_back(messages)
            return
        if messages:
            self.outbox.settle([(message, retry(message, self.now, self.error)) for message in messages])


def _clock() -> float:
    """Seconds that go by while the machine is suspended too, as they do for a claim."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
