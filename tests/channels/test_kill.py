"""A kill in the middle of sending loses nothing, and what it repeats bears the same Message-ID (with the real store)."""

from __future__ import annotations

import asyncio
import email
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from aiosmtpd.smtp import Envelope

from cti.core.calendar import Calendar
from cti.post.outbox import LEASE
from cti.store import outbox, schema
from cti.store.database import open_database
from tests.channels.build import NOW, message
from tests.channels.sender import deliver
from tests.channels.server import Server, serving

MAILS = 150
AFTER_THE_LEASE = int(LEASE.total_seconds() // 60) + 1


async def _leisurely(server: Server, envelope: Envelope) -> str:
    await asyncio.sleep(0.005)
    return "250 OK"


def _fill(url: str) -> set[str]:
    """Puts messages into the outbox and gives their Message-IDs."""
    database = open_database(url)
    schema.ensure(database)
    waiting = [message(n)._replace(id=None, items=()) for n in range(1, MAILS + 1)]
    with database.write() as tx:
        assert len(outbox.enqueue(tx, waiting, NOW, Calendar())) == MAILS
    database.close()
    return {one.message_id for one in waiting}


def _received(house: Server) -> Counter[str]:
    return Counter(str(email.message_from_bytes(letter)["Message-ID"]) for letter in house.letters)


def test_a_kill_in_the_middle_of_sending_loses_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'cti.db'}"
    expected = _fill(url)
    house = Server(at_data=_leisurely)
    with serving(house) as port:
        sender = [sys.executable, "-m", "tests.channels.sender", url, str(port), "0"]
        with subprocess.Popen(sender, cwd=Path(__file__).parents[2]) as child:
            for _ in range(3000):
                if len(house.letters) >= MAILS * 2 // 3:
                    break
                time.sleep(0.01)
            child.kill()
        first = len(house.letters)
        assert MAILS * 2 // 3 <= first < MAILS
        deliver(url, port, 1)  # what was claimed is still the dead one's
        deliver(url, port, AFTER_THE_LEASE)
    received = _received(house)
    assert set(received) == expected
    assert sum(received.values()) - MAILS <= 48, "at most twelve messages of each connection go twice"


def test_two_senders_at_once_send_each_mail_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'cti.db'}"
    expected = _fill(url)
    house = Server(at_data=_leisurely)
    with serving(house) as port:
        sender = [sys.executable, "-m", "tests.channels.sender", url, str(port), "0"]
        folder = Path(__file__).parents[2]
        with subprocess.Popen(sender, cwd=folder) as one, subprocess.Popen(sender, cwd=folder) as other:
            assert (one.wait(60), other.wait(60)) == (0, 0)
    assert _received(house) == Counter(expected)
