"""Two services on two machines that share one PostgreSQL: each thing is done once, and one goes on when the other dies."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from cti.service.clock import clock
from tests.engine.house import House, simple_rule, when
from tests.postgres import missing, postgres, postgres_database
from tests.service.waiting import PATIENCE, children, wait_for

pytestmark = pytest.mark.postgres

WORKERS = 12
NOW = when("3-17", 10)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Each worker has a client about whom something is due; the last has none yet."""
    if (why := missing()) is not None:
        pytest.skip(why)
    with postgres() as server, postgres_database(server) as url:
        people = "".join(
            f'\n[[people]]\nid = "p{n}"\nname = "p{n}"\naddress = "p{n}@example.org"\nteam = "north"\n'
            for n in range(WORKERS)
        )
        house = House(tmp_path / "house", url, lead=people, web='host = "127.0.0.1"')
        house.only_rule("intake", simple_rule(), call="Bel het netwerk")
        for n in range(WORKERS - 1):
            house.moves_in("3-3", f"s{n}", "crisis-shelter", client=f"c{n}", worker=f"p{n}")
        yield house
        house.system.database.close()


class Replica:
    """A service, and what it said."""

    def __init__(self, house: House, name: str) -> None:
        self.log = house.folder / f"{name}.log"
        config, ahead = house.folder / "config.toml", (NOW - clock()).total_seconds()
        with self.log.open("w") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.service.replica", str(config), str(ahead)],
                stdin=subprocess.PIPE,
                stderr=said,
            )

    def hurry(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(b"!\n")
        self.process.stdin.flush()

    def die(self) -> None:
        """As if its machine lost power: nothing of it ends in order."""
        for pid in (*children(self.process.pid), self.process.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        if self.process.stdin is not None:
            self.process.stdin.close()

    def counted(self, field: str) -> int:
        return sum(int(number) for number in re.findall(rf" {field}=(\d+)", self.log.read_text()))


def told(house: House) -> set[str]:
    return {row.plan.client for row in house.stored() if row.sent_at is not None}


def test_two_services_share_the_work_and_one_goes_on_when_the_other_dies(house: House) -> None:
    one, other = Replica(house, "one"), Replica(house, "other")
    try:
        wait_for(lambda: len(told(house)) == WORKERS - 1)
        wait_for(lambda: all('event="pass done"' in each.log.read_text() for each in (one, other)))
        assert sorted((one.counted("versions"), other.counted("versions"))) == [0, 2 * (WORKERS - 1)]
        one.die()
        house.moves_in("3-3", "late", "crisis-shelter", client="late", worker=f"p{WORKERS - 1}")
        other.hurry()
        wait_for(lambda: "late" in told(house))
        other.process.terminate()
        assert other.process.wait(PATIENCE) == 0
        assert one.counted("sent") + other.counted("sent") == WORKERS
        assert len({mail["Message-ID"] for mail in house.mails()}) == len(house.mails()) == WORKERS
        for each in (one, other):
            assert "level=error" not in each.log.read_text()
    finally:
        one.die()
        other.die()
