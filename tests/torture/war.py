"""The torture itself: a service on a clock that runs ahead, killed again and again, and then left in peace."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from random import Random

from cti.engine import LAST_POSTED, last_done
from cti.store import clients, sources
from tests.engine.house import House, when
from tests.project import ROOT
from tests.torture.post import VERBS
from tests.torture.reckoning import WINDOW, Reckoning, entries, reckon
from tests.torture.registration import FEW, LAST_ACT, MANY, Registration, furnish
from tests.torture.replica import Beat, Moment, Posting, live

HOURS = ((9, 5), (11, 0), (13, 0), (15, 0), (16, 30))
"""When the clock stops on a working day. A claim of one who was killed has lapsed by the next time."""

PATIENCE = 1200
"""Seconds in which a pass that nobody kills must be done: a pass takes one, but minutes where others have the processor."""

COMMITS = 24
"""A pass in which something is to be done has about as many transactions as this."""

_processes = get_context("forkserver")
# Each new process is a copy of one that has everything imported already.
_processes.set_forkserver_preload(["pytest", "tests.torture.__main__", "tests.torture.replica"])


class Stuck(Exception):
    """A pass did not come to its end though nobody killed it."""


@dataclass
class War:
    """How many processes were killed and how; `reckoning` is what came of it."""

    passes: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    cut: int = 0
    reckoning: Reckoning | None = None


class Replica:
    """A process that serves, and the one that takes its place."""

    def __init__(self, house: House, url: str, said: Path) -> None:
        self.house, self.url, self.said = house, url, said
        self.process: ForkServerProcess | None = None
        self.beats: Connection | None = None
        self.posting: Posting = _processes.Value("i", 0)

    @property
    def busy(self) -> bool:
        """Whether it has mails in hand: while it has, the clock stands, as its hold on them would lapse within seconds."""
        return self.alive and self.posting.value == 1

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.is_alive()

    @property
    def pid(self) -> int:
        return (self.process and self.process.pid) or 0

    def beat(self, beat: Beat) -> None:
        """A pass at that time, by a new process where there is none."""
        if self.alive and self.beats is not None:
            try:
                self.beats.send(beat)
                return
            except BrokenPipeError:
                pass
        self.bury()
        theirs, self.beats = _processes.Pipe(duplex=False)
        config = self.house.folder / "config.toml"
        self.posting = _processes.Value("i", 0)
        about = (config, self.url, self.said, theirs, beat, self.posting)
        self.process = _processes.Process(target=live, args=about, daemon=True)
        self.process.start()
        theirs.close()

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.join()

    def bury(self) -> None:
        if self.process is not None:
            self.process.join()
            self.process.close()
            self.process = None
        if self.beats is not None:
            self.beats.close()
            self.beats = None


class Torture:
    """Kills so many of a house's replicas, as the dice fall, and reckons up."""

    def __init__(
        self, house: House, url: str, replicas: int, post: Post, seed: int, rush: bool = False
    ) -> None:
        self.dice = Random(seed)
        self.post = post
        self.house = house
        pace, workers = (20, MANY) if rush else (2, FEW)
        self.registration = Registration(house.folder / "export", self.dice, pace, workers)
        self.window = WINDOW if rush else 1
        said = house.folder / "said.log"
        self.replicas = [Replica(house, url, said) for _ in range(replicas)]
        self.war = War()
        self.killed: set[int] = set()
        self._took = 0.3  # seconds that a pass takes
        self._turn = 0

    def run(self, kills: int, watch: Callable[[War], object]) -> War:
        """Goes on until so many were killed, then lets everything due be told in peace, and reckons up. `watch` is shown how far
        it is after each pass."""
        days = _stops(when("1-5"))
        now = next(days)
        while self.war.kills.total() < kills:
            self.registration.advance(now)
            self._attack(now)
            now = next(days)
            watch(self.war)
        peace = now + LAST_ACT + timedelta(days=7)
        for then in _stops(now.replace(hour=0) + timedelta(days=1), HOURS[:1]):
            if then > peace:
                break
            self.registration.advance(then, newcomers=False)
            self._beat(then)
            self._finish(then)
        for replica in self.replicas:
            replica.kill()
            replica.bury()
        self.war.reckoning = reckon(entries(self.post.log), self.registration.due, self.killed, self.window)
        return self.war

    def _attack(self, now: datetime) -> None:
        """A pass in which someone is killed: at a moment of its own, at a commit, or by what is said to the mail server."""
        kind = self.dice.choice(("moment", "moment", "commit", "begin", "verb"))
        victim = self.dice.choice(self.replicas)
        self._turn += 1
        moment: Moment | None = None
        if kind == "commit":
            moment = ("commit", self._turn % COMMITS + 1)
        elif kind == "begin":
            moment = ("begin", self._turn % COMMITS + 1)
        elif kind == "verb" and not self.post.armed:
            self.post.trap(
                VERBS[self._turn % len(VERBS)], self.dice.choice(("kill", "kill", "kill", "hang-up"))
            )
        self._beat(now, victim, moment)
        if kind == "moment":
            time.sleep(self.dice.uniform(0, 1.2 * self._took))
            if victim.alive:
                self.killed.add(victim.pid)
                self.war.kills["at a random moment"] += 1
                victim.kill()
        self._finish(now)

    def _beat(self, now: datetime, victim: Replica | None = None, moment: Moment | None = None) -> None:
        self._began = time.monotonic()
        self.war.passes += 1
        for replica in self.replicas:
            replica.beat((now, moment if replica is victim else None))

    def _finish(self, now: datetime) -> None:
        """Until a pass at this time is done, whoever does it, and no connection to the mail server is open."""
        while not self._done(now) or any(replica.busy for replica in self.replicas):
            if time.monotonic() - self._began > PATIENCE:
                raise Stuck(f"the pass at {now} did not end")
            self._count_dead(now)
            time.sleep(0.02)
        self._took += 0.1 * (time.monotonic() - self._began - self._took)
        self._count_dead(None)

    def _count_dead(self, now: datetime | None) -> None:
        """Who was killed is counted, and replaced where the pass at this time is still to be done."""
        self.post.look()
        for replica in self.replicas:
            if replica.process is not None and not replica.alive:
                if replica.pid not in self.killed:
                    code = replica.process.exitcode
                    if code != -signal.SIGKILL:
                        raise Stuck(f"a service ended by itself with {code}")
                    self.killed.add(replica.pid)
                    how = "at an SMTP verb" if replica.pid in self.post.killed else "at a commit"
                    self.war.kills[how] += 1
                replica.bury()
            if replica.process is None and now is not None:
                replica.beat((now, None))

    def _done(self, now: datetime) -> bool:
        self.post.look()
        self.war.cut = self.post.cut
        system = self.house.system
        with system.database.read() as tx:
            read = all(
                sources.source_state(tx, one.name).last_read_at == now for one in system.config.sources
            )
            planned = clients.count_dirty(tx) == 0
        return not self.post.open and read and planned and last_done(system, LAST_POSTED) == now


class Post:
    """The mail server's process, and its log as far as it was read."""

    def __init__(self, log: Path) -> None:
        self.log = log
        log.touch()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.torture.post", str(log)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        self._stream = log.open(encoding="utf-8")
        self.open: set[int] = set()
        self.killed: set[int] = set()
        self.stopped: set[int] = set()
        self.accepted = self.cut = 0
        self.armed = False

    def trap(self, verb: str, how: str) -> None:
        """The next who comes to this verb is killed or cut off."""
        assert self._process.stdin is not None
        print(json.dumps({"verb": verb, "how": how}), file=self._process.stdin, flush=True)
        self.armed = True

    def look(self) -> None:
        """Reads what was written down since the last look."""
        while True:
            place = self._stream.tell()
            line = self._stream.readline()
            if not line.endswith("\n"):
                self._stream.seek(place)
                return
            entry = json.loads(line)
            if entry["what"] == "connected":
                self.open.add(entry["line"])
            elif entry["what"] == "closed":
                self.open.discard(entry["line"])
            elif entry["what"] == "trapped":
                self.armed = False
                if entry["how"] == "kill":
                    self.killed.add(entry["pid"])
                elif entry["how"] == "hang-up":
                    self.cut += 1
                else:
                    self.stopped.add(entry["pid"])
            elif entry["what"] == "accepted":
                self.accepted += 1

    def close(self) -> None:
        self._stream.close()
        self._process.communicate()


@contextmanager
def post_office(log: Path) -> Iterator[Post]:
    """A mail server for the time of the block."""
    post = Post(log)
    try:
        yield post
    finally:
        post.close()


def torture(
    folder: Path,
    database: str,
    kills: int,
    replicas: int,
    seed: int,
    rush: bool = False,
    watch: Callable[[War], object] = lambda war: None,
) -> War:
    """The whole story on the database at that address; in a `rush`, more than fifty mails wait at once each morning. `watch` is
    shown how far it is after each pass."""
    folder.mkdir(parents=True, exist_ok=True)
    with post_office(folder / "post.log") as post:
        house = furnish(folder / "house", database, post.port, MANY if rush else FEW)
        url = house.database.replace("sqlite:///", f"sqlite:///{house.folder}/")
        campaign = Torture(house, url, replicas, post, seed, rush)
        try:
            return campaign.run(kills, watch)
        finally:
            for replica in campaign.replicas:
                replica.kill()
            house.system.database.close()


def _stops(first: datetime, hours: Sequence[tuple[int, int]] = HOURS) -> Iterator[datetime]:
    """The times at which the clock stops, from working day to working day."""
    day = first
    while True:
        if day.weekday() < 5:
            for hour, minute in hours:
                yield day.replace(hour=hour, minute=minute)
        day += timedelta(days=1)
