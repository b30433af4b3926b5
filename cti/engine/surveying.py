"""Planning as many clients as there are, a batch at a time, on all cores where there is much to do.

All that is found would not go into memory, so whoever keeps much of it packs it. Counted are the clients that it touches, since
a plan is judged as a whole before anything of it is written (design, law 7).
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
import zlib
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, islice, repeat

from sqlalchemy import URL, ColumnElement, Connection

from cti.collecting import without_collecting
from cti.core.limits import Group, touched
from cti.engine.working import Basis, Work, work_out
from cti.store import clients
from cti.store.database import Database

AT_ONCE = 200
"""Clients planned at once: their histories and prompts are in memory together, and what changes is written at once."""

MUCH = 50
"""From so many batches on, other processes help. They take seconds to begin, which is the work of many batches."""

MOST_HELPERS = 4


@dataclass(frozen=True, slots=True)
class Found:
    """What planning a batch found: the work, packed or as it is; the clients it touches, and by how many more are open."""

    what: Work | bytes
    touched: Counter[Group]
    opened: int

    def packed(self) -> Found:
        """The same in a fifth of the memory, and ready for a file or another process."""
        if isinstance(self.what, bytes):
            return self
        return replace(self, what=zlib.compress(pickle.dumps(self.what, pickle.HIGHEST_PROTOCOL), 1))

    def work(self) -> Work:
        """What was found."""
        if isinstance(self.what, Work):
            return self.what
        work: Work = pickle.loads(zlib.decompress(self.what))
        return work


Batch = Sequence[clients.Dirty]


def batch_of(tx: Connection, after: int, which: ColumnElement[bool] | None) -> Batch:
    """The next clients beyond that number: of those that wait so to be planned, or (None) of all."""
    if which is None:
        return [clients.Dirty(number, 0) for number in clients.client_ids(tx, AT_ONCE, after)]
    return clients.dirty_clients(tx, AT_ONCE, after, which)


def batches(database: Database, which: ColumnElement[bool] | None) -> Iterator[Batch]:
    """Clients in batches: those that wait so to be planned, or (None) all."""
    after = 0
    while True:
        with database.read() as tx:
            batch = batch_of(tx, after, which)
        if not batch:
            return
        after = batch[-1].id
        yield batch


def survey(
    database: Database, by: Basis, which: ColumnElement[bool] | None, now: datetime
) -> Iterator[Found]:
    """What planning these clients finds, batch by batch, in their order. Each batch is read in a transaction of its own."""
    rest = batches(database, which)
    first = list(islice(rest, MUCH))
    helpers = min(os.cpu_count() or 1, MOST_HELPERS)
    if len(first) < MUCH or helpers < 2:
        return (_found(database, by, batch, now) for batch in chain(first, rest))
    return _with_helpers(database, by, chain(first, rest), now, helpers)


def _found(database: Database, by: Basis, batch: Batch, now: datetime) -> Found:
    with without_collecting(), database.read() as tx:
        work = work_out(tx, by, batch)
    return Found(work, touched(work.changes, now), work.opened)


def _with_helpers(
    database: Database, by: Basis, all_batches: Iterable[Batch], now: datetime, helpers: int
) -> Iterator[Found]:
    """As many batches as keep the helpers busy are under way. What a helper that died was planning, is planned here."""
    # A process that is copied from one with threads may hang; these begin afresh.
    afresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(helpers, afresh, _begin, (database.url, by, now)) as pool:
        ahead: deque[tuple[Batch, Future[Found] | None]] = deque()
        for batch in chain(all_batches, repeat(None)):
            if batch is not None:
                ahead.append((batch, _asked(pool, batch)))
            if not ahead:
                return
            if batch is None or len(ahead) > 2 * helpers:
                mine, found = ahead.popleft()
                try:
                    if found is not None:
                        yield found.result()
                        continue
                except BrokenExecutor:
                    pass
                yield _found(database, by, mine, now)


def _asked(pool: ProcessPoolExecutor, batch: Batch) -> Future[Found] | None:
    try:
        return pool.submit(_help, batch)
    except BrokenExecutor:
        return None


# --- in a process that helps ----------------------------------------------------------------------------------------------

_given: list[tuple[Database, Basis, datetime]] = []


def _begin(url: URL, by: Basis, now: datetime) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who is helped says when it ends
    _given.append((Database(url), by, now))
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Nobody would tell a helper that waits for work that the process it helps was killed."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _help(batch: Batch) -> Found:
    database, by, now = _given[0]
    return _found(database, by, batch, now).packed()
