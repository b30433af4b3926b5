"""Noting who saw what, without making them wait: a pass may hold the database for a while, and a page must not wait for it.

What is noted is written by one thread, in order and many at a time. It is a moment behind; a process that is killed in that
moment loses it, as `docs/pages.md` says. (What people do is noted in the same transaction as the deed.)
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from cti import log
from cti.core.people import Person
from cti.engine import System
from cti.engine.auditing import audit


@dataclass(frozen=True, slots=True)
class Seen:
    """That a person saw something, a word of `cti.engine.auditing.WHAT`."""

    person: str
    what: str
    at: datetime
    client: int | None
    prompt: int | None


class Trail:
    """The notes of one process that wait to be written."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._waiting: deque[Seen] = deque()
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="trail")

    def saw(
        self,
        person: Person,
        what: str,
        at: datetime,
        client: int | None = None,
        prompt: int | None = None,
    ) -> None:
        """Notes that the person saw that client or prompt (our numbers)."""
        self._waiting.append(Seen(person.id, what, at, client, prompt))
        self._writer.submit(self._write)

    def flush(self) -> None:
        """Returns when all that was noted is written."""
        self._writer.submit(lambda: None).result()

    def _write(self) -> None:
        pieces = list(_taken(self._waiting.popleft))
        if not pieces:
            return
        try:
            with self._system.database.write() as tx:
                for one in pieces:
                    audit(tx, self._system, one.person, one.what, one.at, one.client, one.prompt)
        except Exception as failure:
            # They wait for the next; a full disk must not make them forgotten.
            self._waiting.extendleft(reversed(pieces))
            log.error("trail not written", failure)


def _taken(take: Callable[[], Seen]) -> list[Seen]:
    found: list[Seen] = []
    while True:
        try:
            found.append(take())
        except IndexError:
            return found
