"""How long a page takes with 5,000 clients on SQLite, asked of a real `cti run`: at rest, and while it plans all the time.

Each page is asked a hundred times over one connection, as its readers would: workers theirs, a team lead whose team has all
clients, a manager. The bound is that of the slower twentieth: 100 ms. A round in which the host of a virtual machine kept part
of the processors to itself tells of that machine's neighbours: it is made again, and the one that it disturbed least counts.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import func, select

from benchmarks.figures import Figure
from benchmarks.machine import share_kept, ticks
from cti.config import load
from cti.engine import System, tick
from cti.service.clock import clock, clock_at
from cti.service.pages import Pages
from cti.service.run import serve
from cti.store import clients, tables
from cti.store.database import open_database
from cti.web import links
from cti.web.site import Site
from tests.browser.visit import free_port
from tests.engine.house import House, when

CLIENTS, WORKERS, ASKED, AT_ONCE = 5_000, 100, 100, 1_000
MOST = 100.0
"""Milliseconds within which a page is there, but for one in twenty."""

LATER = (
    (("own-home", 120, None),),
    (("long-stay", 120, 300), ("own-home", 300, None)),
    (("own-home", 120, 250), ("at-risk", 250, 280), ("crisis-shelter", 280, None)),
)
"""What comes after the shelter: the situation, and the days since the beginning on which it begins and ends."""

NOW = when("3-17", 12)
ROUNDS, DISTURBED = 4, 0.02
"""So often a page is asked anew at most, and the share of the processors' time from which on a round counts as disturbed."""

MANAGER = '\n[[people]]\nid = "boss"\nname = "boss"\naddress = "boss@example.org"\nrole = "manager"\n'


def measure(small: bool) -> Iterator[Figure]:
    """Each page at rest and during passes: the time within which 95 of 100 were there."""
    with tempfile.TemporaryDirectory() as folder:
        house = lived_in(Path(folder) / "house", CLIENTS // 10 if small else CLIENTS)
        pages = list(asked_for(house))
        yield Figure("clients", count(house, tables.client), "")
        yield Figure("prompts", count(house, tables.prompt), "")
        readers: dict[str, Reader] = {}
        again = 0
        for state in ("at rest", "during passes"):
            with served(house, busy=state == "during passes") as site:
                readers = readers or {who: Reader(house, site, who) for _, _, of in pages for who in of}
                for name, path, whose in pages:
                    rounds = [Round.of([readers[who] for who in whose], path, 10 if small else ASKED)]
                    while rounds[-1].kept > DISTURBED and len(rounds) < (1 if small else ROUNDS):
                        time.sleep(1)
                        rounds.append(Round.of([readers[who] for who in whose], path, ASKED))
                    again += len(rounds) - 1
                    counts = min(rounds, key=lambda one: one.kept)
                    yield Figure(f"{name}, {state}", counts.slower_twentieth, "ms", most=MOST)
        yield Figure("passes made meanwhile", count_passes(house), "")
        yield Figure("rounds that were disturbed, and made again", again, "")


def asked_for(house: House) -> Iterator[tuple[str, str, list[str]]]:
    """The pages: what they are called, their address, and who ask."""
    workers = [f"p{number}" for number in range(5)]
    with house.system.database.read() as tx:
        mine = (
            select(tables.prompt.c.id, tables.prompt.c.client_id)
            .join(tables.assignment, tables.assignment.c.client_id == tables.prompt.c.client_id)
            .where(tables.assignment.c.worker == "p0", tables.prompt.c.sent_at.is_not(None))
        )
        prompt, client = tx.execute(mine.limit(1)).one()
    yield "my prompts", "/prompts", workers
    yield "a prompt", f"/prompts/{prompt}", workers[:1]
    yield "clients of mine", "/clients", workers
    yield "a client", f"/clients/{client}", workers[:1]
    yield "why, and why not", f"/clients/{client}/why", workers[:1]
    yield "clients of a lead", "/clients", ["lead"]
    yield "prompts of a lead", "/prompts", ["lead"]
    yield "the team", "/team", ["lead"]
    yield "counts", "/counts", ["boss"]
    yield "rules", "/rules", ["boss"]


def lived_in(folder: Path, number: int) -> House:
    """A house in whose registration each client was at risk and came into the shelter, and in whose lives it then went one of
    three ways; all of it begun within fourteen months, with what was prompted since: ten prompts a client."""
    house = House(folder, lead=people() + MANAGER, since="2025-01-01", port=free_port())
    house.base_url = f"http://localhost:{house.port}"
    house.web = 'host = "127.0.0.1"'
    house.configure()
    for n in range(number):
        begin = date(2025, 1, 6) + timedelta(days=n % 400)
        steps = (("at-risk", 0, 30), ("crisis-shelter", 30, 120), *LATER[n % len(LATER)])
        for place, (situation, first, end) in enumerate(steps):
            day, last = begin + timedelta(days=first), begin + timedelta(days=end) if end else ""
            if day <= date(2026, 3, 10):
                house.rows.append(
                    {"id": f"s{n}.{place}", "client": f"x{n}", "recorded": f"{day}T12:00:00", "begin": f"{day}",
                     "situation": situation, "end": f"{last}", "worker": f"p{n % WORKERS}"}
                )  # fmt: skip
    house.moves_in("3-2", "r1", "crisis-shelter")
    for now in (when("3-3", 12), NOW):
        tick(house.system, now, force=True)
    return house


def people() -> str:
    return "".join(
        f'\n[[people]]\nid = "p{n}"\nname = "p{n}"\naddress = "p{n}@example.org"\nteam = "north"\n'
        for n in range(WORKERS)
    )


@contextmanager
def served(house: House, busy: bool) -> Iterator[Site]:
    """The pages of the house, served by the real service at an hour of its own; `busy`: which plans all the while."""
    ahead = NOW - clock() if not busy else NOW + timedelta(hours=1) - clock()
    command = [
        sys.executable,
        "-m",
        "benchmarks.pages",
        str(house.folder),
        str(ahead.total_seconds()),
        "busy" if busy else "",
    ]
    with (house.folder / "log").open("a") as log:
        process = subprocess.Popen(command, cwd=Path(__file__).parent.parent, stderr=log)
    try:
        for _ in range(600):
            try:
                connection = HTTPConnection("localhost", house.port)
                connection.request("GET", "/ready")
                if connection.getresponse().status == 200:
                    break
            except OSError:
                time.sleep(0.1)
        time.sleep(5)  # the first pass reads the whole export once
        yield Site.of(house.system, clock_at(ahead))
    finally:
        process.terminate()
        process.wait()


def be_served(folder: Path, ahead: timedelta, busy: bool) -> None:
    """In a process of its own: `cti run`, for which a thousand clients are marked to be planned as soon as none is."""
    config = load(folder / "config.toml", {})
    system = System(config, open_database(config.database))
    passes = folder / "passes"

    def mark(pages: Pages) -> None:
        while True:
            with system.database.read() as tx:
                waiting = clients.count_dirty(tx)
                all_of_them = clients.client_ids(tx, AT_ONCE) if not waiting else []
            if not waiting:
                with system.database.write() as tx:
                    clients.mark_dirty(tx, all_of_them)
                with passes.open("a") as noted:
                    noted.write("!")
                pages.site.hurry()
            time.sleep(0.05)

    def begin(pages: Pages) -> None:
        if busy:
            threading.Thread(target=mark, args=(pages,), daemon=True).start()

    serve(system, ahead, begin)


class Reader:
    """Someone who came in and asks over one connection."""

    def __init__(self, house: House, site: Site, who: str) -> None:
        self._connection = HTTPConnection("localhost", house.port)
        link = links.made(site, house.system.config.staff.people[who], "/", site.now())
        page = self._asked("GET", link.removeprefix(house.base_url))[1]
        sign = re.search(r'name="sign" value="([^"]+)"', page)
        assert sign is not None
        form = f"sign={quote(sign[1])}"
        self._asked("POST", link.removeprefix(house.base_url), form)

    def time(self, path: str) -> float:
        """Asks for a page and gives the milliseconds until all of it was there."""
        began = time.perf_counter()
        status, _ = self._asked("GET", path)
        assert status == 200, f"{path}: {status}"
        return 1000 * (time.perf_counter() - began)

    _cookies: str = ""
    _last: float = 0

    def _asked(self, method: str, path: str, form: str | None = None) -> tuple[int, str]:
        headers = {"cookie": self._cookies, "content-type": "application/x-www-form-urlencoded"}
        if time.monotonic() - self._last > 1:  # the service hangs up on whoever is silent
            self._connection.close()
        self._connection.request(method, path, form, headers)
        answer = self._connection.getresponse()
        body = answer.read().decode()
        self._last = time.monotonic()
        jar = dict(one.split("=", 1) for one in self._cookies.split("; ") if one)
        for given in answer.headers.get_all("set-cookie") or ():
            name, _, value = given.partition(";")[0].partition("=")
            jar[name] = value
        self._cookies = "; ".join(f"{name}={value}" for name, value in jar.items())
        return answer.status, body


@dataclass(frozen=True, slots=True)
class Round:
    """A page asked so many times: milliseconds within which 95 of 100 were there, and the share of the processors' time that the
    host kept to itself meanwhile."""

    slower_twentieth: float
    kept: float

    @staticmethod
    def of(readers: Sequence[Reader], path: str, number: int) -> Round:
        """Asks, in turns where more than one would."""
        before = ticks()
        times = sorted(readers[n % len(readers)].time(path) for n in range(number))
        return Round(times[int(number * 0.95)], share_kept(before, ticks()))


def count(house: House, table: object) -> int:
    with house.system.database.read() as tx:
        return tx.scalar(select(func.count()).select_from(table)) or 0  # type: ignore[arg-type]


def count_passes(house: House) -> int:
    file = house.folder / "passes"
    return len(file.read_text()) if file.exists() else 0


if __name__ == "__main__":
    be_served(Path(sys.argv[1]), timedelta(seconds=float(sys.argv[2])), sys.argv[3] == "busy")
