"""What became of messages, written down beside the sending: a transaction takes as long as sending a few mails.

A transaction costs the same for one message as for twenty, so with much to send each waits a moment for others to join it. How
many may be between being handed to the mail server and being written down is limited: these are what a kill repeats (design, law
9).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import suppress

from cti.post.outbox import Settled

_MOMENT = 0.03
"""Seconds in which others may join a transaction, at most."""


class Settling:
    """Writes outcomes down by `write`, one transaction at a time and in the order in which they came.

    `ahead` is how many messages may be in hand or unwritten together, `clerk` the thread that writes (None: any). Where a
    transaction fails, all that waits for it or comes after it fails with it: what cannot be written down must not be sent.
    """

    def __init__(
        self, write: Callable[[Sequence[Settled]], None], ahead: int, clerk: Executor | None = None
    ) -> None:
        self._write = write
        self._clerk = clerk
        self._room = asyncio.Semaphore(ahead)
        self._enough = max(ahead // 2, 1)
        self._full = asyncio.Event()
        self._waiting: list[Settled] = []
        self._at_work: asyncio.Task[None] | None = None
        self._failed: BaseException | None = None

    async def room(self) -> None:
        """Waits until one more message may be taken in hand. Each is then settled or given `back`."""
        await self._room.acquire()
        if self._failed is not None:
            self._room.release()  # whoever waits for room too learns it next
            raise self._failed

    def back(self) -> None:
        """The message in hand was not handed to the server after all."""
        self._room.release()

    def settle(self, *ended: Settled) -> None:
        """Has this written down, at the latest when `end` returns."""
        self._waiting += ended
        if len(self._waiting) >= self._enough:
            self._full.set()
        if self._at_work is None or self._at_work.done():
            self._at_work = asyncio.create_task(self._work())

    async def end(self) -> None:
        """Waits until all is written down. Raises what went wrong in that."""
        if self._at_work is not None:
            await self._at_work
        if self._failed is not None:
            raise self._failed

    async def _work(self) -> None:
        while self._waiting and self._failed is None:
            # With half of them unwritten there is room for the others meanwhile: who sends need never wait.
            with suppress(TimeoutError):
                await asyncio.wait_for(self._full.wait(), _MOMENT)
            self._full.clear()
            some, self._waiting = self._waiting, []
            try:
                await asyncio.get_running_loop().run_in_executor(self._clerk, self._write, some)
            except BaseException as error:
                self._failed = error
            for _ in some:
                self._room.release()
