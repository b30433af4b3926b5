"""Pushing events to a real `cti run` on SQLite: how many a second are answered with 202, in batches of fifty and singly.

What is answered is on disk; the service reads and plans all the while, in its other process. Batches come from two senders,
single events from one and from sixteen at the same time. Then it is killed twice with `kill -9` in the midst of a push, and each
event that was answered is looked for in the journal.
"""

from __future__ import annotations

import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure
from tests.browser.visit import free_port
from tests.engine.house import House, simple_rule
from tests.service.pushing import Sender
from tests.service.test_pushing import count, end
from tests.service.test_run import start, until
from tests.web.sender import SOURCE, event

AT_ONCE = 50
LEAST = 1000.0
"""Events a second in batches of fifty, on two cores."""

Events = list[dict[str, Any]]


def measure(small: bool) -> Iterator[Figure]:
    """Events a second by how they are sent, and what a kill costs."""
    batches, singles = (40, 100) if small else (400, 1000)
    with tempfile.TemporaryDirectory() as folder:
        house = House(
            Path(folder) / "house", lead=SOURCE, web='host = "127.0.0.1"', port=free_port(), floor=10**6
        )
        house.only_rule("intake", simple_rule(), call="Bel het netwerk")
        sent = 0

        def made(requests: int, each: int) -> list[Events]:
            nonlocal sent
            found = [[event(sent + n * each + k) for k in range(each)] for n in range(requests)]
            sent += requests * each
            return found

        with served(house):
            push(house, made(4, AT_ONCE), 2)  # what is done once only
            rate = push(house, made(batches, AT_ONCE), 2) * AT_ONCE
            yield Figure("in batches of 50, two senders", rate, "events/s", least=LEAST)
            yield Figure("singly, one sender", push(house, made(singles, 1), 1), "events/s")
            yield Figure("singly, sixteen senders", push(house, made(singles, 1), 16), "events/s")
            began = time.perf_counter()
            wait_until(lambda: count(house) == sent)
            yield Figure("until all of it was in the journal", time.perf_counter() - began, "s")
        before = sent
        killed(house, made(batches // 4, AT_ONCE), lambda: count(house) == sent)
        yield Figure("answered in the midst of two kills", sent - before, "events")
        yield Figure("of these lost", sent - count(house), "events", most=0)


def push(house: House, requests: Sequence[Events], senders: int) -> float:
    """Requests a second, by so many senders at the same time."""
    mine = [requests[number::senders] for number in range(senders)]

    def send(some: Sequence[Events]) -> None:
        with closing(Sender(house.port)) as sender:
            for one in some:
                assert sender.push(one) == 202

    began = time.perf_counter()
    with ThreadPoolExecutor(senders) as pool:
        list(pool.map(send, mine))
    return len(requests) / (time.perf_counter() - began)


def killed(house: House, requests: Sequence[Events], is_read: Callable[[], bool]) -> None:
    """Pushes until all is taken, to a service that is killed twice meanwhile, and waits a minute until it is read."""

    def send() -> None:
        with closing(Sender(house.port)) as sender:
            for one in requests:
                sender.until_taken(one)

    pushing = threading.Thread(target=send)
    process = start(house)
    pushing.start()
    for _ in range(2):
        with closing(Sender(house.port)) as other:
            other.until_taken(requests[0])
        time.sleep(0.3)
        end(process, signal.SIGKILL)
        process = start(house)
    pushing.join()
    wait_until(is_read)
    end(process, signal.SIGTERM)


@contextmanager
def served(house: House) -> Iterator[None]:
    process = start(house)
    until(process, "pass done")
    # What else it logs is read, so that it never waits for a reader.
    assert process.stderr is not None
    threading.Thread(target=process.stderr.read, daemon=True).start()
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def wait_until(happened: Callable[[], bool]) -> None:
    """Returns when it happened, or after a minute in which it did not."""
    end = time.monotonic() + 60
    while not happened() and time.monotonic() < end:
        time.sleep(0.2)
