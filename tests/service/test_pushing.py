"""What is pushed to the real service is read soon, and none of what was answered with 202 is lost, whatever is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sqlalchemy import func, select

from cti.store import tables
from tests.browser.visit import free_port
from tests.engine.house import House, simple_rule
from tests.service.pushing import Sender
from tests.service.test_run import start, until
from tests.service.waiting import PATIENCE, children, wait_for
from tests.web.sender import SOURCE, event

BATCHES, AT_ONCE, KILLS = 30, 25, 2


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = House(tmp_path / "house", lead=SOURCE, web='host = "127.0.0.1"', port=free_port())
    house.only_rule("intake", simple_rule(), call="Bel het netwerk")
    return house


def count(house: House) -> int:
    """How many records of the sender the journal has, each with one version and no more."""
    with house.system.database.read() as tx:
        asked = select(func.count(), func.max(tables.record.c.seq)).where(tables.record.c.source == "ecd")
        number, versions = tx.execute(asked).one()
    assert versions in (None, 1), "nothing is taken twice"
    return int(number)


def end(process: subprocess.Popen[str], number: signal.Signals) -> None:
    """Ends a service: both of its processes where they are killed."""
    for pid in [*(children(process.pid) if number == signal.SIGKILL else ()), process.pid]:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
    process.communicate(timeout=PATIENCE)


def test_what_is_pushed_is_read_at_once_and_none_of_what_was_taken_is_lost_over_a_kill(house: House) -> None:
    batches = [[event(first + n) for n in range(AT_ONCE)] for first in range(0, BATCHES * AT_ONCE, AT_ONCE)]
    taken = threading.Semaphore(0)

    def push() -> None:
        with closing(Sender(house.port)) as sender:
            for one in batches:
                sender.until_taken(one)
                taken.release()
            # What is sent once more after all this is taken, and adds nothing.
            sender.until_taken(batches[0])

    process = start(house)
    pushing = threading.Thread(target=push)
    try:
        until(process, "pass done")
        with closing(Sender(house.port)) as sender:
            assert sender.push(batches[0]) == 202
        wait_for(lambda: count(house) == AT_ONCE)  # whatever the pace of the source
        pushing.start()
        for _ in range(KILLS):
            for _ in range(BATCHES // (KILLS + 1)):
                assert taken.acquire(timeout=PATIENCE)
            end(process, signal.SIGKILL)
            process = start(house)
        pushing.join()
        wait_for(lambda: count(house) == BATCHES * AT_ONCE)
    finally:
        end(process, signal.SIGTERM)
    assert process.returncode == 0
