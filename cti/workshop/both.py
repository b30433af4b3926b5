"""Replays two rulebooks over the same days at once: one of them in a process of its own, as each keeps a processor busy."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection

from cti.collecting import without_collecting
from cti.core.events import History
from cti.core.rules import Rulebook
from cti.workshop.replay import replay
from cti.workshop.replayed import Era, House, Reached, Replayed

Shown = Callable[[int, int], None]
"""Called with steps done and steps in all."""

WORTH_IT = 500
"""With fewer clients, starting another process takes longer than it saves."""


Rules = Rulebook | Sequence[Era]


@dataclass(frozen=True, slots=True)
class Past:
    """What is replayed, whatever the rules; `reached` as in `replay`."""

    histories: Sequence[History]
    house: House
    passes: Sequence[datetime]
    reached: Reached


def replay_both(
    past: Past, before: Rules, after: Rules, shown: Shown = lambda done, of: None
) -> tuple[Replayed, Replayed]:
    """Replays the passes with both rulebooks. Rulebooks that are equal are replayed once."""
    if before == after:
        one = _alone(past, after, shown)
        return one, one
    if len(past.histories) < WORTH_IT or (os.cpu_count() or 1) < 2:
        first = _alone(past, before, lambda done, of: shown(done, 2 * of))
        return first, _alone(past, after, lambda done, of: shown(of + done, 2 * of))
    return _at_once(past, before, after, shown)


def _at_once(past: Past, before: Rules, after: Rules, shown: Shown) -> tuple[Replayed, Replayed]:
    """Both together. Where the other process ends without a result (killed, out of memory), its part is done here."""
    # The calendar's caches are quicker made anew than sent along.
    task = replace(past, house=replace(past.house, calendar=replace(past.house.calendar)))
    count = len(past.passes)
    context = get_context("spawn")  # as on every system; a fork would copy open connections to the database
    ours, theirs = context.Pipe(duplex=False)
    worker = context.Process(target=_work, args=(theirs, task, before), daemon=True)
    worker.start()
    theirs.close()
    other = _Other(ours)
    try:
        second = _alone(past, after, lambda done, of: shown(done + other.done(), 2 * of))
        first = other.result(lambda done: shown(count + done, 2 * count))
    finally:
        worker.terminate()
        worker.join()
    if first is None:
        first = _alone(past, before, lambda done, of: shown(of + done, 2 * of))
    return first, second


class _Other:
    """What is heard from the other process: how far it is, and in the end what it found."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._done = 0
        self._result: Replayed | None = None
        self._over = False

    def done(self) -> int:
        """How many passes it has done, as far as it said by now."""
        while not self._over and self._pipe.poll():
            self._hear()
        return self._done

    def result(self, shown: Callable[[int], None]) -> Replayed | None:
        """Waits for its result; None where it ended without one."""
        while not self._over:
            self._hear()
            shown(self._done)
        return self._result

    def _hear(self) -> None:
        try:
            said = self._pipe.recv()
        except (EOFError, OSError):
            self._over = True
            return
        if isinstance(said, int):
            self._done = said
        else:
            self._result, self._over = said, True


def _work(pipe: Connection, past: Past, rules: Rules) -> None:
    """In the other process: says how far it is, then what it found. Who interrupts the command speaks to the first one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(BrokenPipeError):
        pipe.send(_alone(past, rules, lambda done, of: pipe.send(done)))


def _alone(past: Past, rules: Rules, shown: Shown) -> Replayed:
    with without_collecting():
        return replay(past.histories, rules, past.house, past.passes, shown, past.reached)
