"""Taking in what is pushed: one thread writes what many requests brought, many at a time, each with its answer.

A sender is told that we have an event only when it is on disk; to wait for the disk once for each request would be most of the
time of each. What comes while a write lasts is written together by the next.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from cti import log
from cti.store import inbox
from cti.store.database import Database
from cti.store.inbox import Delivery

MOST = 50_000
"""Deliveries of one source that wait to be read. Where there are more, their sender keeps the rest."""


@dataclass(frozen=True, slots=True)
class _Brought:
    """What one request brought, and its answer: how many of these are new, or None where there is no room for them."""

    source: str
    deliveries: Sequence[Delivery]
    at: datetime
    answer: Future[int | None] = field(default_factory=Future)


class Desk:
    """What is pushed to one process. `pushed` is called when something new is kept; `most` may wait of each source."""

    def __init__(self, database: Database, pushed: Callable[[], None], most: int = MOST) -> None:
        self._database, self._pushed, self.most = database, pushed, most
        self._waiting: deque[_Brought] = deque()
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="desk")

    def take(self, source: str, deliveries: Sequence[Delivery], now: datetime) -> Future[int | None]:
        """Keeps all of these or none. The answer comes when they are on disk: how many of them were not delivered before; None
        where too much waits already; what went wrong, where they could not be kept."""
        one = _Brought(source, deliveries, now)
        self._waiting.append(one)
        self._writer.submit(self._write)
        return one.answer

    def stop(self) -> None:
        """Returns when all that was brought is written; nothing is taken any more."""
        self._writer.shutdown()

    def _write(self) -> None:
        brought = []
        while self._waiting:
            one = self._waiting.popleft()
            if one.answer.set_running_or_notify_cancel():  # else its sender is gone, and sends it again
                brought.append(one)
        if not brought:
            return
        try:
            kept = self._keep(brought)
        except Exception as failure:
            log.error("events not kept", failure)
            for one in brought:
                one.answer.set_exception(failure)
            return
        for one, answer in zip(brought, kept, strict=True):
            one.answer.set_result(answer)
        if any(kept):
            self._pushed()

    def _keep(self, brought: Sequence[_Brought]) -> list[int | None]:
        """All of it, in one transaction."""
        room: dict[str, int] = {}
        kept: list[int | None] = []
        with self._database.write() as tx:
            for one in brought:
                if one.source not in room:
                    room[one.source] = self.most - inbox.count(tx, one.source)
                if len(one.deliveries) > room[one.source]:
                    kept.append(None)
                    continue
                new = inbox.put(tx, one.source, one.deliveries, one.at)
                room[one.source] -= new
                kept.append(new)
        return kept
